package org.segvol.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.segvol.data.DataSetException;
import org.segvol.data.LabelledCase;
import org.segvol.data.LoadedCase;
import org.segvol.data.PublishedCase;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;
import org.segvol.image.Volume;
import org.segvol.image.VoxelType;
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

    /** Label values whose voxels belong to another value's structure too, by that value. */
    default SortedMap<Integer, SortedSet<Integer>> contains() {
        return Collections.emptySortedMap();
    }

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
     * @param pseudo region ids plus one in that grid, 0 for none; null without regions
     */
    record Content(NetworkVolume image, Voxels labels, Voxels pseudo) {}

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
        public SortedMap<Integer, SortedSet<Integer>> contains() {
            return files.contains();
        }

        @Override
        public Content load(Path regions, ModelConfig config) throws IOException {
            LoadedCase loaded = files.load();
            Voxels pseudo = null;
            Path file = regions == null ? null : regions.resolve(name() + ".nii.gz");
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
                    pseudo);
        }
    }

    /**
     * A case in the published layout: its image is normalised by its foreground already. Where structures overlap, the later channel has the
     * voxel.
     */
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
        public Content load(Path regions, ModelConfig config) throws IOException {
            Volume volume = files.readImage();
            short[] labels = new short[volume.size().count()];
            List<Mask> masks = files.readLabels();
            for (int channel = 0; channel < masks.size(); channel++) {
                Mask mask = masks.get(channel);
                if (!mask.size().equals(volume.size())) {
                    throw new DataSetException(
                            files.labels(), "expected the image's " + volume.size() + " voxels, found " + mask.size());
                }
                for (int at = mask.nextSet(0); at >= 0 && at < labels.length; at = mask.nextSet(at + 1)) {
                    labels[at] = (short) (channel + 1);
                }
            }
            return new Content(
                    Preprocessor.prepareNormalised(volume, config, Variant.GITHUB),
                    Voxels.of(labels, VoxelType.INT16, 1, 0),
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
