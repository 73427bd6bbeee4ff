package org.segvol.data;

import java.io.IOException;
import java.nio.file.Path;

/** Labelled data that cannot be used: files that are missing or do not belong together, names that are missing or stand twice. */
public final class DataSetException extends IOException {
    private static final long serialVersionUID = 1L;

    public DataSetException(Path where, String sentence) {
        super(where + ": " + sentence);
    }

    public DataSetException(Path where, String sentence, Exception cause) {
        super(where + ": " + sentence, cause);
    }
}
