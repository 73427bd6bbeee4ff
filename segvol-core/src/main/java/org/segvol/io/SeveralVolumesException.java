package org.segvol.io;

import java.nio.file.Path;

/** A file that holds several volumes where one is expected. {@link Volumes#read(Path, int)} reads one of them. */
public final class SeveralVolumesException extends VolumeFormatException {
    private static final long serialVersionUID = 1L;

    private final long volumes;

    SeveralVolumesException(Path file, String sentence, long volumes) {
        super(file, sentence);
        this.volumes = volumes;
    }

    /** How many it holds. */
    public long volumes() {
        return volumes;
    }
}
