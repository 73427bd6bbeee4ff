package org.segvol.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.segvol.image.Mask;
import org.segvol.image.Volume;

/**
 * Reads and writes volumes as NIfTI: version 1 and 2, one file or a pair of {@code .hdr} and {@code .img}, plain or gzipped (told by
 * content, not by name), either byte order, every integer and floating point type up to 8 bytes. Reads folders with a series of DICOM
 * images ({@link DicomSeries}).
 */
public final class Volumes {
    private Volumes() {}

    /**
     * Reads what holds one volume. Voxels stay in their stored type; axes of length one after the third are dropped.
     *
     * @param path a NIfTI file, or either file of a pair, or a folder with one series of DICOM images
     * @throws SeveralVolumesException when the file holds several
     * @throws SeveralSeriesException when the folder holds several
     * @throws VolumeFormatException when it is not a three-dimensional volume, or damaged, or cut short
     * @throws IOException when it cannot be read
     */
    public static Volume read(Path path) throws IOException {
        return Files.isDirectory(path) ? DicomSeries.choose(path, null).read() : NiftiReader.read(path);
    }

    /**
     * Reads one volume of a file that may hold several.
     *
     * @param file a NIfTI file, or either file of a pair
     * @param volume which one, counted from 0 over all axes after the third
     * @throws IllegalArgumentException when the file holds fewer volumes
     * @throws VolumeFormatException when it is not a NIfTI file, or damaged, or cut short
     * @throws IOException when it cannot be read
     */
    public static Volume read(Path file, int volume) throws IOException {
        return NiftiReader.read(file, volume);
    }

    /**
     * Reads one series of a folder with DICOM images.
     *
     * @param folder searched with the folders below it
     * @param series its number, or its identifier (Series Instance UID)
     * @throws IllegalArgumentException when there is no such series, or several have this number
     * @throws VolumeFormatException when its images are not one volume, or an image is damaged, or stored in a way that is not read here
     * @throws IOException when it cannot be read
     */
    public static Volume readSeries(Path folder, String series) throws IOException {
        return DicomSeries.choose(folder, Objects.requireNonNull(series, "series"))
                .read();
    }

    /**
     * Whether a file is NIfTI by its name, or starts as a NIfTI header does. Whether it is a sound one, {@link #read(Path)} tells.
     *
     * @throws IOException when it cannot be read
     */
    public static boolean isNifti(Path file) throws IOException {
        return !Files.isDirectory(file) && (NiftiPair.isNamedNifti(file) || NiftiReader.startsNifti(file));
    }

    /**
     * Writes a volume: 8 and 16 bit integers without a scale in their type, everything else as float32 values.
     *
     * @param volume the voxels, their grid and transforms
     * @param file ends with {@code .nii} or {@code .nii.gz}; replaced as a whole or left as it was
     * @throws IllegalArgumentException when the name has another ending
     * @throws IOException when it cannot be written
     */
    public static void write(Volume volume, Path file) throws IOException {
        NiftiWriter.volume(volume, file);
    }

    /**
     * Writes a mask in the grid of the volume that it belongs to: 1 inside, 0 outside, uint8, with the volume's affine.
     *
     * @param mask voxels of the same grid
     * @param like the volume
     * @param file ends with {@code .nii} or {@code .nii.gz}; replaced as a whole or left as it was
     * @throws IllegalArgumentException when the grids differ, or the name has another ending
     * @throws IOException when it cannot be written
     */
    public static void write(Mask mask, Volume like, Path file) throws IOException {
        if (!mask.size().equals(like.size())) {
            throw new IllegalArgumentException(
                    "the mask's grid " + mask.size() + " is not the volume's, " + like.size());
        }
        int slice = like.size().ni() * like.size().nj();
        LabelSlices labels = (k, target) -> {
            int start = k * slice;
            int end = start + slice;
            for (int from = mask.nextSet(start); from >= 0 && from < end; ) {
                int to = Math.min(mask.nextClear(from), end);
                Arrays.fill(target, from - start, to - start, (short) 1);
                from = to < end ? mask.nextSet(to) : -1;
            }
        };
        writeLabels(labels, 1, like, file);
    }

    /**
     * Writes a label map in the grid of a volume, with the volume's affine: uint8, or uint16 when labels exceed 255.
     *
     * @param labels gives the slices
     * @param largest the largest label that can come, at most 65535
     * @param like the volume whose grid and transforms the file takes
     * @param file ends with {@code .nii} or {@code .nii.gz}; replaced as a whole or left as it was
     * @throws IllegalArgumentException when a label exceeds {@code largest}, or the name has another ending
     * @throws IOException when it cannot be written
     */
    public static void writeLabels(LabelSlices labels, int largest, Volume like, Path file) throws IOException {
        if (largest < 0 || largest > 0xFFFF) {
            throw new IllegalArgumentException("labels from 0 to 65535 can be written, found " + largest);
        }
        NiftiWriter.labels(labels, largest, like, file);
    }

    /**
     * Writes float32 values, such as probabilities, in the grid of a volume, with the volume's affine.
     *
     * @param values gives the slices
     * @param largest the largest value that viewers should show, 1 for probabilities
     * @param like the volume whose grid and transforms the file takes
     * @param file ends with {@code .nii} or {@code .nii.gz}; replaced as a whole or left as it was
     * @throws IllegalArgumentException when the name has another ending
     * @throws IOException when it cannot be written
     */
    public static void writeFloats(FloatSlices values, double largest, Volume like, Path file) throws IOException {
        NiftiWriter.floats(values, largest, like, file);
    }
}
