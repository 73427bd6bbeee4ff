package org.segvol.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segvol.files.PlainText;
import org.segvol.image.Affine;
import org.segvol.image.Forms;
import org.segvol.image.GridSize;
import org.segvol.image.Volume;
import org.segvol.image.VoxelType;
import org.segvol.image.Voxels;
import org.segvol.io.DicomSlice.Vector;

/**
 * A series of DICOM images in a folder: the slices of one volume. Read are images of 16 bits, one to a file, whose pixels are not compressed, in either
 * byte order, with or without value representations. Files are told by content, not by name; other files are passed over.
 */
public final class DicomSeries {
    /** The part of the distance between slices by which one may miss its place. */
    private static final double UNEVEN = 0.1;

    private static final int MOST_FILES = 100_000;
    private static final int DEEPEST = 8;

    private final Path folder;
    private final List<DicomFile> images;

    private DicomSeries(Path folder, List<DicomFile> images) {
        this.folder = folder;
        this.images = images;
    }

    /**
     * All series with images in a folder and the folders below it (at most 8 deep), by their numbers; their pixels are not read.
     *
     * @throws VolumeFormatException when a DICOM file is damaged or cut short, or there are more than 100000 files
     * @throws IOException when a file cannot be read
     */
    public static List<DicomSeries> in(Path folder) throws IOException {
        Map<String, List<DicomFile>> found = new TreeMap<>();
        for (Path path : files(folder)) {
            DicomParser.parse(path).filter(DicomFile::hasPixels).ifPresent(file -> found.computeIfAbsent(
                            file.text(DicomTags.SERIES_IDENTIFIER), id -> new ArrayList<>())
                    .add(file));
        }
        return found.values().stream()
                .map(images -> new DicomSeries(folder, images))
                .sorted(Comparator.comparingInt(
                                (DicomSeries series) -> series.number().length())
                        .thenComparing(DicomSeries::number))
                .toList();
    }

    private static List<Path> files(Path folder) throws IOException {
        if (folder.toAbsolutePath().normalize().getParent() == null) {
            throw new VolumeFormatException(
                    folder,
                    "expected a folder with DICOM images, found a whole file system; give the folder of the series");
        }
        List<Path> files = filesBelow(folder);
        if (files.size() > MOST_FILES) {
            throw new VolumeFormatException(
                    folder,
                    "expected a folder with DICOM images, found more than " + MOST_FILES
                            + " files; give the folder of the series");
        }
        return files;
    }

    private static List<Path> filesBelow(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder, DEEPEST)) {
            return paths.filter(Files::isRegularFile)
                    .limit(MOST_FILES + 1)
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * The only series of a folder, or the one of a number or identifier.
     *
     * @param asked the number or identifier, or null
     * @throws IllegalArgumentException when there is no such series, or several have this number
     */
    static DicomSeries choose(Path folder, String asked) throws IOException {
        List<DicomSeries> all = in(folder);
        if (all.isEmpty()) {
            throw new VolumeFormatException(
                    folder, "expected a NIfTI file or a folder with DICOM images, found a folder without any");
        }
        if (asked == null && all.size() > 1) {
            throw new SeveralSeriesException(folder, all);
        }
        List<DicomSeries> chosen = all.stream()
                .filter(series -> asked == null || asked.equals(series.identifier()) || asked.equals(series.number()))
                .toList();
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException(
                    folder.getFileName() + ": there is no series " + asked + "; it holds " + listed(all));
        }
        if (chosen.size() > 1) {
            throw new IllegalArgumentException(folder.getFileName() + ": several series have the number " + asked
                    + "; choose by identifier: " + listed(chosen));
        }
        return chosen.get(0);
    }

    /** What there is to choose from: by number where that tells it from the others. */
    static String listed(List<DicomSeries> series) {
        return series.stream()
                .map(one -> {
                    long called = series.stream()
                            .filter(other -> other.number().equals(one.number()))
                            .count();
                    return one.described(called > 1 ? one.identifier() : one.name());
                })
                .collect(Collectors.joining("; "));
    }

    /** The identifier that no other series has (Series Instance UID). */
    public String identifier() {
        return text(DicomTags.SERIES_IDENTIFIER);
    }

    /** The number within its study; empty when the files say none. */
    public String number() {
        return text(DicomTags.SERIES_NUMBER);
    }

    /** What the scanner's user called it; may be empty. */
    public String description() {
        return text(DicomTags.SERIES_DESCRIPTION);
    }

    /** Kind of images, such as {@code CT}. */
    public String modality() {
        return text(DicomTags.MODALITY);
    }

    /** How many images it has. */
    public int images() {
        return images.size();
    }

    private String text(int tag) {
        return images.get(0).text(tag);
    }

    /**
     * Reads the volume: i runs along the images' rows, j down their columns, k from image to image along the cross product of these directions
     * (upwards for the usual transverse images). Voxels stay in their stored type, with the scale of the images; when the
     * images differ in their scale, they are scaled to float32.
     *
     * @throws VolumeFormatException when the images are not the equally spaced slices of one volume, or stored in a way that is not read here
     * @throws IOException when a file cannot be read
     */
    public Volume read() throws IOException {
        List<DicomSlice> slices = new ArrayList<>();
        for (DicomFile image : images) {
            slices.add(DicomSlice.of(image));
        }
        slices.sort(Comparator.comparingDouble(DicomSlice::height));
        DicomSlice first = slices.get(0);
        for (DicomSlice slice : slices) {
            if (!slice.matches(first)) {
                throw new VolumeFormatException(
                        folder,
                        "expected images of one size, spacing, orientation and type in series " + this + ", found that "
                                + name(slice) + " differs from " + name(first)
                                + "; move what does not belong to the volume, such as a scout, to another folder");
            }
        }
        Vector step = step(slices);
        GridSize size = size(first, slices.size());
        return new Volume(
                size, voxels(slices, size), affine(first, step), new Forms(1, 0, null)); // in the scanner's space
    }

    private GridSize size(DicomSlice first, int slices) throws VolumeFormatException {
        try {
            return new GridSize(first.columns(), first.rows(), slices);
        } catch (IllegalArgumentException e) {
            throw new VolumeFormatException(folder, "the series is too large: " + e.getMessage());
        }
    }

    /** From one slice to the next. It need not stand on the images' plane, as with a tilted gantry. */
    private Vector step(List<DicomSlice> slices) throws VolumeFormatException {
        DicomSlice first = slices.get(0);
        Vector normal = first.across().cross(first.down());
        if (slices.size() == 1) {
            double thickness = first.file().number(DicomTags.SLICE_THICKNESS, "slice thickness", 0);
            if (!(thickness > 0)) {
                throw new VolumeFormatException(
                        first.file().file(),
                        "a single image is a volume only with a slice thickness above 0, found none");
            }
            return normal.times(thickness / normal.length());
        }
        Vector origin = first.position();
        Vector step = slices.get(slices.size() - 1).position().minus(origin).times(1.0 / (slices.size() - 1));
        double distance = step.dot(normal) / normal.length();
        for (int k = 1; k < slices.size(); k++) {
            Vector missed = slices.get(k).position().minus(origin.plus(step.times(k)));
            boolean above = slices.get(k).height() > slices.get(k - 1).height();
            if (!(above && missed.length() <= UNEVEN * distance)) {
                throw uneven(slices);
            }
        }
        return step;
    }

    private VolumeFormatException uneven(List<DicomSlice> slices) {
        double[] distances = new double[slices.size() - 1];
        for (int k = 0; k < distances.length; k++) {
            distances[k] = slices.get(k + 1).height() - slices.get(k).height();
        }
        double[] sorted = distances.clone();
        Arrays.sort(sorted);
        double usual = sorted[sorted.length / 2];
        int worst = 0;
        for (int k = 1; k < distances.length; k++) {
            if (Math.abs(distances[k] - usual) > Math.abs(distances[worst] - usual)) {
                worst = k;
            }
        }
        return new VolumeFormatException(
                folder,
                String.format(
                        Locale.ROOT,
                        "expected slices one above the other at equal distances in series %s, usually %.3f mm, found %.3f mm between %s"
                                + " and %s; images are missing, or there are several volumes, which need a folder each",
                        this,
                        usual,
                        distances[worst],
                        name(slices.get(worst)),
                        name(slices.get(worst + 1))));
    }

    private static Affine affine(DicomSlice first, Vector step) {
        Vector i = first.across().toRas(), j = first.down().toRas(), k = step.toRas();
        Vector at = first.position().toRas();
        return Affine.ofRows(i.x(), j.x(), k.x(), at.x(), i.y(), j.y(), k.y(), at.y(), i.z(), j.z(), k.z(), at.z());
    }

    private static Voxels voxels(List<DicomSlice> slices, GridSize size) throws IOException {
        DicomSlice first = slices.get(0);
        int plane = size.ni() * size.nj();
        boolean one = slices.stream()
                .allMatch(slice -> slice.slope() == first.slope() && slice.intercept() == first.intercept());
        VoxelType type = first.signed() ? VoxelType.INT16 : VoxelType.UINT16;
        if (one) {
            short[] values = new short[size.count()];
            for (int k = 0; k < slices.size(); k++) {
                slices.get(k).read(values, k * plane);
            }
            return Voxels.of(values, type, first.slope(), first.intercept());
        }
        float[] values = new float[size.count()];
        for (int k = 0; k < slices.size(); k++) {
            DicomSlice slice = slices.get(k);
            short[] stored = new short[plane];
            slice.read(stored, 0);
            Voxels.of(stored, type, slice.slope(), slice.intercept()).read(0, plane, values, k * plane);
        }
        return Voxels.of(values, 1, 0);
    }

    private String name(DicomSlice slice) {
        return folder.relativize(slice.file().file()).toString();
    }

    private String name() {
        return number().isEmpty() ? identifier() : number();
    }

    /** The files' texts must not steer a terminal. */
    private String described(String name) {
        String text = name + " (" + modality() + (description().isEmpty() ? "" : " \"" + description() + "\"") + ", "
                + images() + (images() == 1 ? " image)" : " images)");
        return PlainText.of(text);
    }

    /** For people: number, kind, description and how many images; control characters are escaped. */
    @Override
    public String toString() {
        return described(name());
    }
}
