package org.segvol.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.segvol.data.DataSetException;
import org.segvol.data.LabelledCase;
import org.segvol.data.LoadedCase;
import org.segvol.data.PublishedCase;
import org.segvol.image.GridSize;
import org.segvol.image.Volume;
import org.segvol.image.Voxels;
import org.segvol.io.Volumes;
import org.segvol.preprocess.NearestIndex;
import org.segvol.preprocess.NetworkVolume;
import org.segvol.preprocess.Preprocessor;
import org.segvol.preprocess.Variant;
import org.segvol.weights.ModelConfig;

/** Where a training case comes from. Nothing is read before {@link #load}. */
sealed interface TrainingSource {
    /** Its name, unique in its data set. */
    String name();

    /** The file of its image. */
    Path image();

    /** Names of its label values. */
    SortedMap<Integer, String> names();

    /** What its labels say of structures, in words. */
    String structures();

    /**
     * The files that it is read from.
     *
     * @param regions folder of pseudo masks, or null
     */
    List<Path> files(Path regions);

    /** The file of its regions in a folder of them, or null when it brings regions of its own. */
    Path regionsIn(Path folder);

    /**
     * Reads it.
     *
     * @param regions folder of pseudo masks, or null
     */
    Content load(Path regions, ModelConfig config) throws IOException;

    /**
     * A case that was read.
     *
     * @param image ready for the network
     * @param labels values in the image's stored grid, 0 for background
     * @param owners for each label value, those of the named structures that its voxels belong to; values that are missing belong to none
     * @param pseudo region ids plus one in that grid, 0 for none; null without regions
     */
    record Content(NetworkVolume image, Voxels labels, SortedMap<Integer, int[]> owners, Voxels pseudo) {}

    /** A CT and its labels as NIfTI. */
    record Nifti(LabelledCase files) implements TrainingSource {
        @Override
        public String name() {
            return files.name();
        }

        @Override
        public Path image() {
            return files.image();
        }

        @Override
        public SortedMap<Integer, String> names() {
            return files.names();
        }

        @Override
        public String structures() {
            return names() + (files.contains().isEmpty() ? "" : ", containing " + files.contains());
        }

        @Override
        public List<Path> files(Path regions) {
            Path pseudo = regions == null ? null : regionsIn(regions);
            return pseudo != null && Files.exists(pseudo)
                    ? List.of(image(), files.label(), pseudo)
                    : List.of(image(), files.label());
        }

        @Override
        public Path regionsIn(Path folder) {
            return folder.resolve(name() + ".nii.gz");
        }

        @Override
        public Content load(Path regions, ModelConfig config) throws IOException {
            LoadedCase loaded = files.load();
            Voxels pseudo = null;
            Path file = regions == null ? null : regionsIn(regions);
            if (file != null && Files.exists(file)) {
                Volume read = Volumes.read(file);
                if (!read.size().equals(loaded.image().size())) {
                    throw new DataSetException(
                            file,
                            "expected the grid of " + image().getFileName() + ", "
                                    + loaded.image().size() + " voxels, found " + read.size()
                                    + "; make the regions from this CT");
                }
                pseudo = read.voxels();
            }
            return new Content(
                    Preprocessor.prepare(loaded.image(), config, Variant.GITHUB),
                    loaded.labels().voxels(),
                    owners(),
                    pseudo);
        }

        private SortedMap<Integer, int[]> owners() {
            SortedMap<Integer, SortedSet<Integer>> found = new TreeMap<>();
            for (int structure : names().keySet()) {
                for (int value : files.values(structure)) {
                    found.computeIfAbsent(value, v -> new TreeSet<>()).add(structure);
                }
            }
            SortedMap<Integer, int[]> owners = new TreeMap<>();
            found.forEach((value, structures) ->
                    owners.put(value, structures.stream().mapToInt(i -> i).toArray()));
            return owners;
        }
    }

    /** A case in the published layout: its image is normalised by its foreground already, and structures may overlap. */
    record Numpy(PublishedCase files) implements TrainingSource {
        @Override
        public String name() {
            return files.name();
        }

        @Override
        public Path image() {
            return files.image();
        }

        @Override
        public SortedMap<Integer, String> names() {
            SortedMap<Integer, String> names = new TreeMap<>();
            for (int channel = 0; channel < files.names().size(); channel++) {
                names.put(channel + 1, files.names().get(channel));
            }
            return names;
        }

        @Override
        public String structures() {
            return names().toString();
        }

        @Override
        public List<Path> files(Path regions) {
            return files.hasPseudoMask()
                    ? List.of(image(), files.labels(), files.pseudoMask())
                    : List.of(image(), files.labels());
        }

        @Override
        public Path regionsIn(Path folder) {
            return null;
        }

        @Override
        public Content load(Path regions, ModelConfig config) throws IOException {
            Volume volume = files.readImage();
            LabelChannels channels = LabelChannels.of(files.readLabels(), volume.size(), files.labels());
            return new Content(
                    Preprocessor.prepareNormalised(volume, config, Variant.GITHUB),
                    channels.values(),
                    channels.owners(),
                    files.hasPseudoMask() ? enlarged(files.readPseudoMask(), volume.size()) : null);
        }

        /** Region ids plus one, by nearest index. */
        private static Voxels enlarged(Volume ids, GridSize to) {
            int[] is = NearestIndex.exact(ids.size().ni(), to.ni());
            int[] js = NearestIndex.exact(ids.size().nj(), to.nj());
            int[] ks = NearestIndex.exact(ids.size().nk(), to.nk());
            float[] values = new float[to.count()];
            for (int k = 0, at = 0; k < to.nk(); k++) {
                for (int j = 0; j < to.nj(); j++) {
                    for (int i = 0; i < to.ni(); i++, at++) {
                        values[at] = ids.voxels().get(ids.size().index(is[i], js[j], ks[k])) + 1;
                    }
                }
            }
            return Voxels.of(values, 1, 0);
        }
    }
}
