package org.segvol.io;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures as PNG files. */
public final class PngFile {
    private PngFile() {}

    /**
     * Writes a picture; the file is replaced as a whole or left as it was.
     *
     * @param picture any picture that PNG can hold
     * @param file the target
     * @throws IOException when it cannot be written
     */
    public static void write(BufferedImage picture, Path file) throws IOException {
        AtomicFile.write(file, out -> {
            // in memory: ImageIO's own cache is a file that it cannot have while the JVM goes down
            try (ImageOutputStream cache = new MemoryCacheImageOutputStream(out)) {
                if (!ImageIO.write(picture, "png", cache)) {
                    throw new IOException(file.getFileName() + ": this kind of picture cannot be written as PNG");
                }
            }
        });
    }
}
