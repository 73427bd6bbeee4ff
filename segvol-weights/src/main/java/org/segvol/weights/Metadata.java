package org.segvol.weights;

/** Keys of the text entries that make a converted file self-describing. */
public final class Metadata {
    /** {@value}: what every key begins with. */
    static final String PREFIX = "segvol.";

    /** {@value}: the model's configuration as JSON. */
    public static final String CONFIG = "segvol.config";
    /** {@value}: the SHA-256 of the file that was converted. */
    public static final String SOURCE_SHA256 = "segvol.source.sha256";
    /** {@value}: name and version of the program that wrote the file. */
    public static final String CONVERTER = "segvol.converter";
    /** {@value}: version of these entries; see {@link #FORMAT_VERSION_1}. */
    public static final String FORMAT_VERSION = "segvol.format-version";
    /** {@value}: {@code image-encoder} or {@code model}. */
    public static final String CONTENT = "segvol.content";

    /** The only format version so far. */
    public static final String FORMAT_VERSION_1 = "1";
    /** Content: every tensor of the model. */
    public static final String CONTENT_MODEL = "model";
    /** Content: the image encoder alone; the configuration's other sizes are only assumed. */
    public static final String CONTENT_IMAGE_ENCODER = "image-encoder";

    private Metadata() {}
}
