package org.segvol;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.segvol.image.Volume;
import org.segvol.io.Volumes;

/** Finds the labels that go with a golden CT: the file beside it with "seg" in its name and the same grid. */
public final class GoldenLabels {
    private GoldenLabels() {}

    /** The label volume of a CT, if there is one. */
    public static Optional<Volume> of(Path ct, Volume volume) throws IOException {
        try (Stream<Path> files = Files.list(ct.toAbsolutePath().getParent())) {
            for (Path file : files.filter(f -> f.getFileName().toString().contains("seg"))
                    .sorted()
                    .toList()) {
                Volume labels = Volumes.read(file);
                if (labels.size().equals(volume.size())) {
                    return Optional.of(labels);
                }
            }
        }
        return Optional.empty();
    }
}
