package org.segvol.weights;

import java.io.Serial;
import java.nio.file.Path;
import java.util.List;

/** A readable checkpoint whose tensors are not those of the expected model: some are missing, unexpected or misshapen. */
public final class CheckpointMismatchException extends CheckpointException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient ParameterTable.Comparison comparison;

    /** Reports a comparison that does not match. */
    public CheckpointMismatchException(Path file, ParameterTable.Comparison comparison) {
        super(file, comparison.message());
        this.comparison = comparison;
    }

    /** What differs; empty lists after deserialisation. */
    public ParameterTable.Comparison comparison() {
        return comparison == null ? new ParameterTable.Comparison(List.of(), List.of(), List.of()) : comparison;
    }
}
