package org.segvol.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.image.Affine;
import org.segvol.image.Forms;
import org.segvol.image.GridSize;
import org.segvol.image.Volume;
import org.segvol.image.VoxelType;
import org.segvol.image.Voxels;
import org.segvol.io.Volumes;
import org.segvol.testing.RandomStream;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TestConfigs;

/** {@code segvol evaluate} and {@code segvol complexity} as a user types them. */
class EvaluateCommandTest {
    private static final GridSize SIZE = new GridSize(40, 30, 13);

    @TempDir
    static Path data;

    @TempDir
    Path folder;

    private static Path weights;

    @BeforeAll
    static void prepare() throws IOException {
        weights = SyntheticWeights.fullSizeFile(TestConfigs.MINI, 2);
        writeCase("case 1", 3);
        writeCase("case 2", 9);
        Files.writeString(data.resolve("labels.json"), "{\"1\": \"liver\", \"2\": \"spleen, upper\"}");
    }

    /** A slab of value 1 and beside it a slab of value 2. */
    private static void writeCase(String name, int start) throws IOException {
        short[] labels = new short[SIZE.count()], values = new short[SIZE.count()];
        float[] noise = RandomStream.units(name, SIZE.count());
        for (int at = 0; at < labels.length; at++) {
            int i = SIZE.point(at).i() - start, j = SIZE.point(at).j();
            labels[at] = (short) (i < 0 || j < 8 || j > 22 ? 0 : i < 15 ? 1 : i < 22 ? 2 : 0);
            values[at] = (short) (100 * labels[at] + 50 * noise[at]);
        }
        Volume like = new Volume(
                SIZE, Voxels.of(values, VoxelType.INT16, 1, 0), Affine.scaling(1, 1, 2.5), new Forms(1, 0, null));
        Path own = Files.createDirectory(data.resolve(name));
        int slice = SIZE.ni() * SIZE.nj();
        Volumes.writeLabels(
                (k, to) -> System.arraycopy(values, k * slice, to, 0, slice), 999, like, own.resolve("ct.nii.gz"));
        Volumes.writeLabels(
                (k, to) -> System.arraycopy(labels, k * slice, to, 0, slice), 2, like, own.resolve("labels.nii.gz"));
    }

    private static Run run(String command, Object... more) {
        List<Object> args = new ArrayList<>(List.of(command, "-w", weights));
        args.addAll(List.of(more));
        return Run.of(args.toArray());
    }

    @Test
    void tablesAndFiguresAreWritten() throws IOException {
        Path out = folder.resolve("new").resolve("results");
        Run run = run(
                "evaluate", "--data", data, "--prompts", "text,box", "--modes", "zoom,resize", "--out", out, "--quiet");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .startsWith("# Evaluation")
                .contains("| zoom | text | 4 |", "| resize | spleen, upper | box | 2 |", "weights sha256: ");
        try (Stream<Path> files = Files.list(out)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "summary.md",
                            "measurements.csv",
                            "report.json",
                            "dice-zoom.png",
                            "dice-resize.png",
                            "nsd-zoom.png",
                            "nsd-resize.png",
                            "modes.png");
        }
        assertThat(Files.readString(out.resolve("summary.md"))).isEqualTo(run.out());
        assertThat(Files.readAllLines(out.resolve("measurements.csv")))
                .hasSize(1 + 2 * 2 * 2 * 2)
                .anyMatch(line -> line.startsWith("case 2,\"spleen, upper\",resize,box,"));
        BufferedImage picture = ImageIO.read(out.resolve("modes.png").toFile());
        assertThat(picture.getWidth()).isGreaterThan(400);
    }

    @Test
    void jsonIsWholeAndTheSameForTheSameSeed() {
        Object[] args = {"--data", data, "--prompts", "point", "--names", "\"spleen, upper\"", "--json", "--seed", 3};
        Run run = run("evaluate", args);
        assertThat(run.code()).as(run.err()).isZero();
        JsonObject first = JsonParser.parseString(run.out()).getAsJsonObject();
        assertThat(first.get("seed").getAsInt()).isEqualTo(3);
        assertThat(first.getAsJsonArray("measurements")).hasSize(2);
        assertThat(first.getAsJsonArray("cases")).hasSize(2);
        JsonObject second = JsonParser.parseString(run("evaluate", args).out()).getAsJsonObject();
        assertThat(dices(second)).isEqualTo(dices(first));
    }

    private static List<Double> dices(JsonObject report) {
        List<Double> dices = new ArrayList<>();
        for (JsonElement one : report.getAsJsonArray("measurements")) {
            dices.add(one.getAsJsonObject().get("dice").getAsDouble());
        }
        return dices;
    }

    @Test
    void wrongInputGetsOneSentenceAndNoFile() throws IOException {
        Path out = folder.resolve("out");
        assertRefused(run("evaluate", "--data", folder, "--out", out), "found no labelled case");
        assertRefused(run("evaluate", "--data", data, "--out", out, "--prompts", "word"), "no kind of prompt word");
        assertRefused(run("evaluate", "--data", data, "--out", out, "--modes", "zoom,big"), "there is no mode big");
        assertRefused(
                run("evaluate", "--data", data, "--out", out, "--tolerance", "-1"), "the tolerance is a distance");
        assertRefused(run("evaluate", "--data", data, "--out", out, "--extra-clicks", "1"), "needs two numbers P,N");
        assertRefused(run("evaluate", "--data", data, "--out", out, "--variant", "segfm"), "needs a box");
        assertRefused(run("evaluate", "--data", data, "--out", out, "--names", "heart"), "no structure \"heart\"");
        Path file = Files.createFile(folder.resolve("file"));
        assertRefused(run("evaluate", "--data", data, "--out", file), "file: a file of this name exists already");
    }

    private void assertRefused(Run run, String sentence) throws IOException {
        assertThat(run.err()).contains(sentence).doesNotContain("Exception");
        assertThat(run.err().lines().filter(line -> line.startsWith("segvol: ")))
                .hasSize(1);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        if (Files.isDirectory(folder.resolve("out"))) {
            try (Stream<Path> files = Files.list(folder.resolve("out"))) {
                assertThat(files).isEmpty();
            }
        }
    }

    @Test
    void ambiguousPromptsAreAskedWithBothNames() throws IOException {
        Path results = folder.resolve("ambiguity");
        Path list = Files.writeString(
                folder.resolve("list.json"),
                "[{\"image\": \"" + data.resolve("case 1/ct.nii.gz") + "\", \"label\": \""
                        + data.resolve("case 1/labels.nii.gz")
                        + "\", \"names\": {\"1\": \"liver\", \"2\": \"spleen\"}}]");
        Run run =
                run("ambiguity", "--data", list, "--pairs", "liver/spleen", "--mode", "resize", "--out", results, "-q");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).startsWith("# Ambiguous prompts").contains("| liver | spleen | box | none | 1 |");
        assertThat(Files.readString(results.resolve("ambiguity.md"))).isEqualTo(run.out());
        assertThat(Files.readAllLines(results.resolve("ambiguity.csv"))).hasSize(4);
        assertThat(ImageIO.read(results.resolve("ambiguity.png").toFile()).getWidth())
                .isGreaterThan(1000);
        assertThat(run("ambiguity", "--data", list, "--pairs", "liver").err())
                .contains("a pair is two names with a slash between them");
        assertThat(run("ambiguity", "--data", list, "--pairs", "liver/heart").err())
                .contains("the data names no structure \"heart\"; it names [liver, spleen]");
        assertThat(run("ambiguity", "--data", list, "--pairs", "liver/spleen,liver/splen", "--mode", "resize"))
                .extracting(Run::code, Run::out)
                .containsExactly(1, "");
    }

    @Test
    void complexityCountsAndMeasures() {
        Run run = run("complexity", "--runs", 1);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("image encoder ", "mask decoder, prompt side", "not read for one mask");
        Run counted = run("complexity", "--runs", 0, "--json");
        assertThat(counted.code()).as(counted.err()).isZero();
        JsonObject json = JsonParser.parseString(counted.out()).getAsJsonObject();
        long parameters = json.get("parameters_not_read_for_one_mask").getAsLong();
        for (JsonElement part : json.getAsJsonArray("parts")) {
            JsonObject one = part.getAsJsonObject();
            assertThat(one.get("macs").getAsLong()).isPositive();
            assertThat(one.get("seconds").isJsonNull()).isTrue();
            parameters += one.get("parameters").getAsLong();
        }
        assertThat(json.get("parameters").getAsLong()).isEqualTo(parameters);
        assertThat(run("complexity", "--runs", -1).err()).contains("the number of runs is 0 or more");
    }
}
