package org.segvol.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.segvol.image.Mask;
import org.segvol.image.Volume;
import org.segvol.io.NumpyVolumes;
import org.segvol.io.SparseLabels;

/**
 * A case in the published layout (spec 5.1). Nothing is read before it is asked for.
 *
 * @param name of the case, its folder's
 * @param image {@code image.npy}
 * @param labels {@code mask_(...).npz}
 * @param names of the label channels, in their order, without background
 */
public record PublishedCase(String name, Path image, Path labels, List<String> names) {
    /** Copies the names. */
    public PublishedCase {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(labels, "labels");
        names = List.copyOf(names);
    }

    /** Where the case's pseudo mask is, or would be. */
    public Path pseudoMask() {
        return image.resolveSibling(PublishedDataSet.PSEUDO_MASK);
    }

    /** Whether a pseudo mask was made for the case. */
    public boolean hasPseudoMask() {
        return Files.isRegularFile(pseudoMask());
    }

    /** Reads the image: float32 after foreground normalisation, in voxels of 1 mm, since the layout knows no spacing. */
    public Volume readImage() throws IOException {
        return NumpyVolumes.read(image);
    }

    /**
     * Reads the labels, one mask for each name.
     *
     * @throws DataSetException when there are not as many channels as names
     */
    public List<Mask> readLabels() throws IOException {
        List<Mask> masks = SparseLabels.read(labels);
        if (masks.size() != names.size()) {
            throw new DataSetException(
                    labels,
                    "expected " + names.size() + " label channels, one for each name of the data set, found "
                            + masks.size());
        }
        return masks;
    }

    /** Reads the pseudo mask: region ids, usually of another size than the image. */
    public Volume readPseudoMask() throws IOException {
        return NumpyVolumes.read(pseudoMask());
    }
}
