package org.segvol.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import org.segvol.data.PublishedDataSet;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;
import org.segvol.image.Volume;
import org.segvol.io.NumpyVolumes;
import org.segvol.io.SparseLabels;
import org.segvol.io.Volumes;
import org.segvol.preprocess.ForegroundVolume;
import org.segvol.pseudo.Cleansing;
import org.segvol.pseudo.Planes;
import org.segvol.pseudo.PseudoMask;
import org.segvol.pseudo.PseudoMasks;
import org.segvol.weights.Extent;

/**
 * Makes and writes pseudo masks, several at once.
 *
 * @param maker how they are made
 * @param cleanse whether small parts are dropped
 * @param format what is written
 * @param output the folder to write to
 */
record PseudoMaskWriter(PseudoMasks maker, boolean cleanse, Format format, Path output) {
    /** What is written for a case. */
    enum Format {
        NIFTI,
        NPY,
        PUBLISHED
    }

    static Format format(String name) {
        return switch (name) {
            case "nifti" -> Format.NIFTI;
            case "npy" -> Format.NPY;
            case "published" -> Format.PUBLISHED;
            default ->
                throw new IllegalArgumentException("there is no format " + name + "; choose nifti, npy or published");
        };
    }

    /** Refuses what would fail later or damage an input, and makes the folder. */
    void check(List<PseudoMaskCase> cases) throws IOException {
        SortedMap<Integer, String> names = cases.get(0).names();
        for (PseudoMaskCase one : cases) {
            if (format == Format.PUBLISHED
                    && (one.names().isEmpty() || !one.names().equals(names))) {
                throw new IllegalArgumentException(one.image()
                        + ": a published data set needs labels with the same names in all cases, such as the"
                        + " labels.json of a labelled data set gives");
            }
        }
        Files.createDirectories(output);
        if (format != Format.NIFTI) { // their files have names that no NIfTI input has
            OutputFiles.requireWritable(output.resolve(PublishedDataSet.PSEUDO_MASK), List.of());
            return;
        }
        for (PseudoMaskCase one : cases) {
            List<Path> inputs = one.labels() == null ? List.of(one.image()) : List.of(one.image(), one.labels());
            OutputFiles.requireWritable(nifti(one.name()), inputs);
        }
    }

    /** Makes and writes one; the line that tells of it. */
    String write(PseudoMaskCase one) throws IOException {
        long start = System.nanoTime();
        Volume volume = one.published() ? NumpyVolumes.read(one.image()) : Volumes.read(one.image());
        Iterable<Mask> labels = labels(one, volume.size());
        PseudoMask made = maker.of(slices(volume, one.published()), volume.size(), labels);
        PseudoMask mask = cleanse ? made.cleansed(Cleansing.PUBLISHED_SHARE) : made;
        if (format == Format.PUBLISHED) {
            List<Mask> channels = new ArrayList<>();
            labels.forEach(channels::add);
            PublishedDataSet.writeCase(output, one.name(), volume, channels);
        }
        Path file = write(mask, volume, one.name());
        return String.format(
                Locale.ROOT,
                "%s: %d regions in %s, %.1f s",
                one.name(),
                mask.regions(),
                file,
                (System.nanoTime() - start) / 1e9);
    }

    /** Writes what belongs to all cases. */
    void finish(List<PseudoMaskCase> cases) throws IOException {
        if (format == Format.PUBLISHED) {
            List<String> names = List.copyOf(cases.get(0).names().values());
            PublishedDataSet.writeList(
                    output, names, cases.stream().map(PseudoMaskCase::name).toList(), List.of());
        }
    }

    private static Planes slices(Volume volume, boolean normalised) {
        if (normalised) {
            return (k, target) -> volume.voxels().read(k * target.length, target.length, target, 0);
        }
        ForegroundVolume foreground = ForegroundVolume.of(volume);
        return foreground::slice;
    }

    private Iterable<Mask> labels(PseudoMaskCase one, GridSize grid) throws IOException {
        if (one.labels() == null) {
            return List.of();
        }
        if (one.published()) {
            return SparseLabels.read(one.labels());
        }
        Volume volume = Volumes.read(one.labels());
        if (!volume.size().equals(grid)) {
            throw new IllegalArgumentException(one.labels() + " has " + volume.size() + " voxels, its image " + grid
                    + "; both need the same grid");
        }
        return LabelValues.masks(volume, one.values());
    }

    private Path nifti(String name) {
        return output.resolve(name + ".nii.gz");
    }

    private Path write(PseudoMask mask, Volume volume, String name) throws IOException {
        if (format == Format.NIFTI) {
            Path file = nifti(name);
            Volumes.writeLabels(mask.labels(volume.size()), mask.largest() + 1, volume, file);
            return file;
        }
        Path folder = Files.createDirectories(output.resolve(name));
        Path file = folder.resolve(PublishedDataSet.PSEUDO_MASK);
        Extent extent = mask.size();
        NumpyVolumes.writeInts(mask.ids(), new GridSize(extent.d(), extent.h(), extent.w()), file);
        return file;
    }
}
