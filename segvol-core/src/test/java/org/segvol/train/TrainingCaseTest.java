package org.segvol.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.data.LabelledCase;
import org.segvol.data.LoadedCase;
import org.segvol.data.PublishedDataSet;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;
import org.segvol.phantom.Phantom;
import org.segvol.phantom.PhantomFolder;
import org.segvol.phantom.PhantomOptions;
import org.segvol.testing.TestConfigs;
import org.segvol.weights.Extent;

class TrainingCaseTest {
    private static final Extent WINDOW = TestConfigs.MINI.window();
    private static final int BOTH = 100; // a value without voxels
    private static final int NEITHER = 101;

    @TempDir
    static Path data;

    private static LabelledCase phantom;
    private static int first;
    private static int second;

    @BeforeAll
    static void makePhantom() throws IOException {
        Phantom made = Phantom.of(
                1, PhantomOptions.DEFAULT.withSize(new GridSize(40, 36, 20)).withOrientation("RAS"));
        Path folder = Files.createDirectories(data.resolve("one"));
        PhantomFolder.write(made, folder);
        SortedMap<Integer, String> names = new TreeMap<>(Phantom.names());
        Path image = folder.resolve("ct.nii.gz"), label = folder.resolve("labels.nii.gz");
        LoadedCase loaded = new LabelledCase("one", image, label, names).load();
        first = loaded.structures().firstKey();
        second = loaded.structures().lastKey();
        names.put(BOTH, "both");
        names.put(NEITHER, "neither");
        SortedMap<Integer, SortedSet<Integer>> contains = new TreeMap<>();
        contains.put(BOTH, new TreeSet<>(List.of(first, second)));
        phantom = new LabelledCase("one", image, label, names, contains);
    }

    private static TrainingCase load() throws IOException {
        return TrainingCase.load(new TrainingSource.Nifti(phantom), null, TestConfigs.MINI);
    }

    @Test
    void aStructureWithoutVoxelsOfItsOwnOccursWhereItsPartsDo() throws IOException {
        TrainingCase loaded = load();
        assertThat(loaded.structures()).containsEntry(BOTH, "both").doesNotContainKey(NEITHER);
        float[] both = targets(loaded).get(BOTH);
        float[] one = targets(loaded).get(first), other = targets(loaded).get(second);
        for (int i = 0; i < both.length; i++) {
            assertThat(both[i]).isEqualTo(Math.max(one[i], other[i]));
        }
        int[][] extent = loaded.extent(BOTH), a = loaded.extent(first), b = loaded.extent(second);
        for (int axis = 0; axis < 3; axis++) {
            assertThat(extent[0][axis]).isEqualTo(Math.min(a[0][axis], b[0][axis]));
            assertThat(extent[1][axis]).isEqualTo(Math.max(a[1][axis], b[1][axis]));
        }
        Extent n = loaded.image().extent();
        for (int at : loaded.centres(BOTH)) {
            assertThat(loaded.label(at / (n.h() * n.w()), at / n.w() % n.h(), at % n.w()))
                    .isIn(first, second);
        }
        assertThat(loaded.smallest()).isNotEqualTo(BOTH);
    }

    @Test
    void channelsOfThePublishedLayoutMayOverlap() throws IOException {
        LoadedCase loaded = phantom.load();
        List<Mask> masks = List.of(loaded.mask(first), loaded.mask(BOTH), loaded.mask(second), loaded.mask(NEITHER));
        Path set = Files.createDirectories(data.resolve("0001_made"));
        PublishedDataSet.writeCase(set, "one", loaded.image(), masks);
        PublishedDataSet.writeList(set, List.of("first", "both", "second", "neither"), List.of("one"), List.of());
        TrainingCase published = TrainingCase.load(
                new TrainingSource.Numpy(PublishedDataSet.training(set).get(0)), null, TestConfigs.MINI);
        assertThat(published.structures().values()).containsExactly("first", "both", "second");
        SortedMap<Integer, float[]> found = targets(published), wanted = targets(load());
        assertThat(found.keySet()).containsExactly(1, 2, 3);
        assertThat(found.get(1)).isEqualTo(wanted.get(first));
        assertThat(found.get(2)).isEqualTo(wanted.get(BOTH));
        assertThat(found.get(3)).isEqualTo(wanted.get(second));
    }

    @Test
    void aVoxelBelongsToEveryChannelThatHasIt() throws IOException {
        GridSize size = new GridSize(4, 2, 1);
        int[] channels = {0b001, 0b011, 0b111, 0b110, 0b100, 0b000, 0b101, 0b010};
        List<Mask> masks = new ArrayList<>();
        for (int channel = 0; channel < 3; channel++) {
            Mask.Builder mask = Mask.builder(size);
            for (int at = 0; at < channels.length; at++) {
                if ((channels[at] >> channel & 1) != 0) {
                    mask.set(at);
                }
            }
            masks.add(mask.build());
        }
        LabelChannels together = LabelChannels.of(masks, size, Path.of("mask.npz"));
        for (int at = 0; at < channels.length; at++) {
            int set = 0;
            for (int owner :
                    together.owners().getOrDefault((int) together.values().get(at), new int[0])) {
                set |= 1 << (owner - 1);
            }
            assertThat(set).as("voxel %d", at).isEqualTo(channels[at]);
        }
        assertThatThrownBy(() -> LabelChannels.of(masks, new GridSize(4, 2, 2), Path.of("mask.npz")))
                .hasMessageContaining("mask.npz: expected the image's 4x2x2 voxels, found 4x2x1");
    }

    private static SortedMap<Integer, float[]> targets(TrainingCase of) {
        return new ViewSampler(WINDOW, FineTuneOptions.DEFAULT).zoomOut(of).targets();
    }
}
