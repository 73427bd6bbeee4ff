package org.segvol.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.data.PublishedCase;
import org.segvol.data.PublishedDataSet;
import org.segvol.image.Affine;
import org.segvol.image.Forms;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;
import org.segvol.image.Volume;
import org.segvol.image.Voxels;
import org.segvol.io.NumpyVolumes;
import org.segvol.io.SparseLabelsWriter;
import org.segvol.io.Volumes;
import org.segvol.preprocess.ForegroundVolume;
import org.segvol.testing.RandomStream;

/** {@code segvol pseudo-masks} as a user types it. */
class PseudoMasksCommandTest {
    private static final GridSize SIZE = new GridSize(30, 20, 16);
    private static final String[] SMALL = {"--size", "15,10,8", "--smallest", "20"};

    @TempDir
    Path folder;

    private Path images;
    private Path out;

    @BeforeEach
    void prepare() throws IOException {
        images = Files.createDirectory(folder.resolve("images"));
        out = folder.resolve("out");
        write("a", 1);
        write("b", 2);
    }

    private Volume volume(int seed) {
        float[] noise = RandomStream.units("pseudo masks " + seed, SIZE.count());
        float[] values = new float[SIZE.count()];
        for (int n = 0; n < values.length; n++) {
            values[n] = (float) Math.rint(-1000 + 300 * (n % 30 / 10) + 500 * (n / 300 % 2) + 40 * noise[n]);
        }
        return new Volume(SIZE, Voxels.of(values, 1, 0), Affine.scaling(-1, 1, 2), new Forms(1, 0, null));
    }

    private void write(String name, int seed) throws IOException {
        Volume volume = volume(seed);
        Volumes.writeFloats(
                (k, target) -> volume.voxels().read(k * target.length, target.length, target, 0),
                3000,
                volume,
                images.resolve(name + ".nii.gz"));
    }

    private Run pseudoMasks(Object... more) {
        List<Object> args = new ArrayList<>(List.of("pseudo-masks", "-o", out));
        args.addAll(List.of(SMALL));
        args.addAll(List.of(more));
        return Run.of(args.toArray());
    }

    private static Mask box(int from, int to) {
        Mask.Builder builder = Mask.builder(SIZE);
        for (int k = 4; k < 12; k++) {
            for (int j = 4; j < 12; j++) {
                builder.setRow(from, to, j, k);
            }
        }
        return builder.build();
    }

    @Test
    void severalCasesGiveTheSameFilesHoweverManyAtATime() throws IOException {
        Run run = pseudoMasks("--data", images, "--jobs", "2");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out().lines().toList()).hasSize(2);
        assertThat(run.out()).containsPattern("(?s)a: \\d+ regions in .*b: \\d+ regions in ");
        byte[] first = Files.readAllBytes(out.resolve("b.nii.gz"));
        Volume regions = Volumes.read(out.resolve("b.nii.gz"));
        assertThat(regions.size()).isEqualTo(SIZE);
        assertThat(regions.affine()).isEqualTo(volume(2).affine());
        assertThat(pseudoMasks("--data", images.resolve("b.nii.gz"), "--jobs", "1")
                        .code())
                .isZero();
        assertThat(Files.readAllBytes(out.resolve("b.nii.gz"))).isEqualTo(first);
    }

    @Test
    void bothFormatsHoldTheSameRegions() throws IOException {
        assertThat(pseudoMasks("--data", images.resolve("a.nii.gz")).code()).isZero();
        assertThat(pseudoMasks("--data", images.resolve("a.nii.gz"), "--format", "npy")
                        .code())
                .isZero();
        Volume grid = Volumes.read(out.resolve("a.nii.gz")),
                array = NumpyVolumes.read(out.resolve("a/pseudo_mask.npy"));
        assertThat(array.size()).isEqualTo(new GridSize(15, 10, 8));
        for (int n = 0; n < SIZE.count(); n++) {
            var p = SIZE.point(n);
            assertThat(grid.voxels().get(n)).isEqualTo(array.at(p.i() / 2, p.j() / 2, p.k() / 2) + 1);
        }
    }

    @Test
    void everyLabelIsARegionOfItsOwn() throws IOException {
        Path labels = Files.createDirectory(folder.resolve("labels"));
        Mask one = box(2, 8), two = box(6, 14);
        Volumes.writeLabels(
                (k, target) -> {
                    for (int n = 0; n < target.length; n++) {
                        int at = k * target.length + n;
                        target[n] = (short) (two.get(at) ? 7 : one.get(at) ? 3 : 0);
                    }
                },
                7,
                volume(1),
                labels.resolve("a.nii.gz"));
        Run run = pseudoMasks("--data", images.resolve("a.nii.gz"), "--labels", labels, "--format", "npy");
        assertThat(run.code()).as(run.err()).isZero();
        Volume ids = NumpyVolumes.read(out.resolve("a/pseudo_mask.npy"));
        float largest = 0;
        for (int n = 0; n < ids.size().count(); n++) {
            largest = Math.max(largest, ids.voxels().get(n));
        }
        for (int n = 0; n < ids.size().count(); n++) {
            var p = ids.size().point(n);
            boolean inside = p.j() >= 2 && p.j() < 6 && p.k() >= 2 && p.k() < 6 && p.i() >= 1 && p.i() < 7;
            float id = ids.voxels().get(n);
            if (inside) {
                assertThat(id).isEqualTo(p.i() < 3 ? largest - 1 : largest);
            } else {
                assertThat(id).isLessThan(largest - 1);
            }
        }
        Run missing = pseudoMasks("--data", images, "--labels", labels);
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.err()).contains("there are no labels of this name for " + images.resolve("b.nii.gz"));
    }

    @Test
    void thePublishedLayoutGivesTheSameRegionsAsItsSources() throws IOException {
        Path labels = Files.createDirectory(folder.resolve("labels"));
        Volumes.write(box(2, 8), volume(1), labels.resolve("a.nii.gz"));
        Path dataset = folder.resolve("dataset");
        Path one = Files.createDirectories(dataset.resolve("a"));
        ForegroundVolume foreground = ForegroundVolume.of(volume(1));
        NumpyVolumes.writeFloats(foreground::slice, SIZE, one.resolve("image.npy"));
        SparseLabelsWriter.write(List.of(box(2, 8)), one);
        assertThat(pseudoMasks("--data", images.resolve("a.nii.gz"), "--labels", labels, "--format", "npy")
                        .code())
                .isZero();
        Run run = Run.of(
                "pseudo-masks",
                "--data",
                dataset,
                "-o",
                dataset,
                "--format",
                "npy",
                "--size",
                "15,10,8",
                "--smallest",
                "20");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(one.resolve("pseudo_mask.npy")).hasSameBinaryContentAs(out.resolve("a/pseudo_mask.npy"));
    }

    @Test
    void aLabelledDataSetBecomesAPublishedOne() throws IOException {
        Path set = Files.createDirectory(folder.resolve("set"));
        for (String name : List.of("a", "b")) {
            Path one = Files.createDirectory(set.resolve(name));
            Files.copy(images.resolve(name + ".nii.gz"), one.resolve("ct.nii.gz"));
            Mask mask = name.equals("a") ? box(2, 8) : box(4, 9);
            Volumes.write(mask, volume(1), one.resolve("labels.nii.gz"));
        }
        Files.writeString(set.resolve("labels.json"), "{\"1\": \"liver\", \"2\": \"spleen\"}");
        Run run = pseudoMasks("--data", set, "--format", "published");
        assertThat(run.code()).as(run.err()).isZero();
        List<PublishedCase> cases = PublishedDataSet.training(out);
        assertThat(cases.stream().map(PublishedCase::name)).containsExactly("a", "b");
        for (PublishedCase one : cases) {
            assertThat(one.names()).containsExactly("liver", "spleen");
            assertThat(one.readLabels().get(0)).isEqualTo(one.name().equals("a") ? box(2, 8) : box(4, 9));
            assertThat(one.readLabels().get(1).isEmpty()).isTrue();
            assertThat(one.readPseudoMask().size()).isEqualTo(new GridSize(15, 10, 8));
            Volume image = one.readImage();
            ForegroundVolume expected = ForegroundVolume.of(volume(one.name().equals("a") ? 1 : 2));
            float[] wanted = new float[600], slice = new float[600];
            for (int k = 0; k < 16; k++) {
                expected.slice(k, wanted);
                image.voxels().read(k * 600, 600, slice, 0);
                assertThat(slice).isEqualTo(wanted);
            }
        }
        Run again = Run.of(
                "pseudo-masks",
                "--data",
                out,
                "-o",
                folder.resolve("other"),
                "--format",
                "npy",
                "--size",
                "15,10,8",
                "--smallest",
                "20");
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(folder.resolve("other/b/pseudo_mask.npy"))
                .hasSameBinaryContentAs(cases.get(1).pseudoMask());
        assertRefused(pseudoMasks("--data", images, "--format", "published"), "needs labels with the same names");
    }

    @Test
    void aPublishedCaseIsReplacedAlsoWhenAStructureWasAdded() throws IOException {
        Path one = Files.createDirectories(folder.resolve("set/a"));
        Files.copy(images.resolve("a.nii.gz"), one.resolve("ct.nii.gz"));
        Volumes.write(box(2, 8), volume(1), one.resolve("labels.nii.gz"));
        Path names = one.resolveSibling("labels.json");
        for (String json : List.of("{\"1\": \"liver\"}", "{\"1\": \"liver\", \"2\": \"spleen\"}")) {
            Files.writeString(names, json);
            Run run = pseudoMasks("--data", folder.resolve("set"), "--format", "published");
            assertThat(run.code()).as(run.err()).isZero();
        }
        PublishedCase written = PublishedDataSet.training(out).get(0);
        assertThat(written.names()).containsExactly("liver", "spleen");
        assertThat(written.readLabels())
                .containsExactly(box(2, 8), Mask.builder(SIZE).build());
    }

    @Test
    void theChannelOfAStructureHasWhatTheStructureContains() throws IOException {
        Path one = Files.createDirectories(folder.resolve("set/a"));
        Files.copy(images.resolve("a.nii.gz"), one.resolve("ct.nii.gz"));
        Volumes.write(box(2, 8), volume(1), one.resolve("labels.nii.gz"));
        Files.writeString(
                one.resolveSibling("labels.json"),
                "{\"labels\": {\"liver tumor\": 1, \"liver\": 2}, \"contains\": {\"liver\": [\"liver tumor\"]}}");
        Run run = pseudoMasks("--data", folder.resolve("set"), "--format", "published");
        assertThat(run.code()).as(run.err()).isZero();
        PublishedCase written = PublishedDataSet.training(out).get(0);
        assertThat(written.names()).containsExactly("liver tumor", "liver");
        assertThat(written.readLabels()).containsExactly(box(2, 8), box(2, 8));
    }

    @Test
    void cleansingLeavesFewerRegionsAndSomeVoxelsWithout() throws IOException {
        assertThat(pseudoMasks("--data", images.resolve("a.nii.gz"), "--cleanse")
                        .code())
                .isZero();
        Volume clean = Volumes.read(out.resolve("a.nii.gz"));
        boolean none = false;
        for (int n = 0; n < SIZE.count(); n++) {
            none |= clean.voxels().get(n) == 0;
        }
        assertThat(none).isTrue();
    }

    @Test
    void aCaseThatFailsDoesNotStopTheOthers() throws IOException {
        Files.writeString(images.resolve("aa.nii"), "this is not an image");
        Run run = pseudoMasks("--data", images);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().lines().filter(line -> line.startsWith("segvol: ")))
                .hasSize(1);
        assertThat(run.err()).contains("aa.nii").doesNotContain("Exception");
        assertThat(run.out()).contains("a: ").contains("b: ");
        try (Stream<Path> files = Files.list(out)) {
            assertThat(files.map(f -> f.getFileName().toString())).containsExactlyInAnyOrder("a.nii.gz", "b.nii.gz");
        }
    }

    @Test
    void wrongInputIsRefused() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertRefused(pseudoMasks("--data", empty), "empty");
        assertRefused(pseudoMasks("--data", images.resolve("a.nii.gz"), images), "results of the same name");
        assertRefused(
                pseudoMasks("--data", images, "--format", "x"), "there is no format x; choose nifti, npy or published");
        assertRefused(pseudoMasks("--data", images, "--jobs", "0"), "--jobs must be at least 1");
        assertRefused(pseudoMasks("--data", folder.resolve("none.nii")), "there is no such file");
        assertRefused(
                Run.of("pseudo-masks", "--data", images, "-o", out, "--size", "4,5"),
                "--size needs 3 numbers, found 2");
        assertRefused(Run.of("pseudo-masks", "--data", images, "-o", out, "--size", "4,5,0"), "at least 1");
        assertRefused(Run.of("pseudo-masks", "--data", images, "-o", images), "the output is also an input");
        assertThat(Run.of("pseudo-masks").code()).isEqualTo(2);
    }

    @Test
    void labelsAreNotReplacedByRegions() throws IOException {
        Path labels = Files.createDirectory(folder.resolve("labels"));
        for (String name : List.of("a", "b")) {
            Volumes.write(box(2, 8), volume(1), labels.resolve(name + ".nii.gz"));
        }
        byte[] before = Files.readAllBytes(labels.resolve("a.nii.gz"));
        assertRefused(
                Run.of("pseudo-masks", "--data", images, "--labels", labels, "-o", labels),
                labels.resolve("a.nii.gz") + ": the output is also an input");
        assertThat(labels.resolve("a.nii.gz")).hasBinaryContent(before);
        out = labels; // nothing of what npy files are called is there
        Run beside = pseudoMasks("--data", images, "--labels", labels, "--format", "npy");
        assertThat(beside.code()).as(beside.err()).isZero();
        assertThat(labels.resolve("a/pseudo_mask.npy")).exists();
        assertThat(labels.resolve("a.nii.gz")).hasBinaryContent(before);
    }

    private static void assertRefused(Run run, String sentence) {
        assertThat(run.err()).contains(sentence).doesNotContain("Exception");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
    }
}
