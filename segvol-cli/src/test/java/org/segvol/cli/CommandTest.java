package org.segvol.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.image.Affine;
import org.segvol.image.Forms;
import org.segvol.image.GridSize;
import org.segvol.image.Volume;
import org.segvol.image.Voxels;
import org.segvol.io.Volumes;
import org.segvol.testing.RandomStream;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TestConfigs;
import org.segvol.weights.Checkpoint;

/** The command as a user types it: results, files, exit codes, and one clear sentence for every wrong input. */
class CommandTest {
    private static final GridSize SIZE = new GridSize(70, 40, 20);

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static Path weights;
    private static Path ct;

    @BeforeAll
    static void prepare() throws IOException {
        weights = SyntheticWeights.fullSizeFile(TestConfigs.MINI, 2);
        ct = shared.resolve("ct.nii.gz");
        float[] noise = RandomStream.units("command test", SIZE.count());
        float[] values = new float[SIZE.count()];
        for (int k = 0; k < SIZE.nk(); k++) {
            for (int j = 0; j < SIZE.nj(); j++) {
                for (int i = 0; i < SIZE.ni(); i++) {
                    double x = i / 70.0 - 0.5, y = j / 40.0 - 0.5, z = k / 20.0 - 0.5;
                    int at = SIZE.index(i, j, k);
                    values[at] = (float) Math.rint(-1000 + 1200 / (1 + 30 * (x * x + y * y + z * z)) + 60 * noise[at]);
                }
            }
        }
        write(values, ct);
    }

    private static void write(float[] values, Path file) throws IOException {
        Volume volume = new Volume(SIZE, Voxels.of(values, 1, 0), Affine.scaling(-1, 1, 2), new Forms(1, 0, null));
        int slice = SIZE.ni() * SIZE.nj();
        Volumes.writeFloats((k, target) -> System.arraycopy(values, k * slice, target, 0, slice), 3000, volume, file);
    }

    private Run segment(Object... more) {
        List<Object> args = new ArrayList<>(List.of("segment", ct, "-w", weights, "-o", folder.resolve("out.nii.gz")));
        args.addAll(List.of(more));
        return Run.of(args.toArray());
    }

    private void assertRefused(Run run, String sentence) throws IOException {
        assertThat(run.err()).contains(sentence);
        assertThat(run.err().lines().filter(line -> line.startsWith("segvol: ")))
                .hasSize(1);
        assertThat(run.err()).doesNotContain("\tat ").doesNotContain("Exception");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        try (var files = Files.list(folder)) {
            assertThat(files.filter(f -> f.toString().contains("out"))).isEmpty();
        }
    }

    @Test
    void oneStructureGivesAMaskInTheGridOfTheCt() throws IOException {
        Run run = segment("--text", "liver", "--preview", folder.resolve("p.png"));
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).startsWith("liver: ").contains(" ml (").contains("encoder passes with");
        Volume mask = Volumes.read(folder.resolve("out.nii.gz"));
        assertThat(mask.size()).isEqualTo(SIZE);
        assertThat(mask.affine()).isEqualTo(Volumes.read(ct).affine());
        assertThat(mask.forms().sformCode()).isEqualTo(1);
        assertThat(ImageIO.read(folder.resolve("p.png").toFile()).getWidth()).isGreaterThan(300);
    }

    @Test
    void jsonHasWhatMachinesNeed() {
        Run run = segment("--text", "liver", "--json", "--seed", "7", "--stability");
        assertThat(run.code()).as(run.err()).isZero();
        JsonObject json = JsonParser.parseString(run.out()).getAsJsonObject();
        assertThat(json.keySet())
                .contains(
                        "engine",
                        "precision",
                        "variant",
                        "mode",
                        "weights_sha256",
                        "seed",
                        "encoder_passes",
                        "timings_s");
        assertThat(json.get("seed").getAsLong()).isEqualTo(7);
        JsonObject one = json.getAsJsonArray("structures").get(0).getAsJsonObject();
        assertThat(one.keySet()).contains("name", "prompt", "voxels", "ml", "box", "region", "windows", "file");
        assertThat(one.get("windows").getAsInt() + 1)
                .isEqualTo(json.get("encoder_passes").getAsInt());
        assertThat(json.getAsJsonObject("timings_s").keySet())
                .containsExactly("load", "preprocess", "encode", "text", "decode", "postprocess", "write", "total");
    }

    @Test
    void stabilityOfATextAloneIsNotDefined() {
        String line = "stability under small shifts of the prompt: ";
        assertThat(segment("--text", "liver", "--stability").out())
                .contains(line + "not defined for a text without a box or point")
                .doesNotContain("NaN");
        assertThat(segment("--point", "30,20,10", "--stability").out()).containsPattern(line + "[01]\\.\\d\\d\\R");
    }

    @Test
    void severalStructuresGiveALabelMapWithNames() throws IOException {
        Run run = segment("--text", "liver", "--text", "spleen", "--probabilities");
        assertThat(run.code()).as(run.err()).isZero();
        JsonObject labels = JsonParser.parseString(Files.readString(folder.resolve("out.json")))
                .getAsJsonObject()
                .getAsJsonObject("labels");
        assertThat(labels.get("liver").getAsInt()).isEqualTo(1);
        assertThat(labels.get("spleen").getAsInt()).isEqualTo(2);
        Volume map = Volumes.read(folder.resolve("out.nii.gz"));
        Volume liver = Volumes.read(folder.resolve("out.liver.probability.nii.gz"));
        Volume spleen = Volumes.read(folder.resolve("out.spleen.probability.nii.gz"));
        for (int i = 0; i < SIZE.count(); i++) {
            float a = liver.voxels().get(i), b = spleen.voxels().get(i);
            if (Math.abs(a - b) > 1e-5 && Math.abs(Math.max(a, b) - 0.5) > 1e-5) { // away from ties
                float expected = Math.max(a, b) <= 0.5 ? 0 : a > b ? 1 : 2;
                assertThat(map.voxels().get(i)).isEqualTo(expected);
            }
        }
    }

    @Test
    void voxelsThatAnotherStructureHasInTheMapAreSaid() throws IOException {
        Run run = segment("--text", "liver", "--text", "spleen", "--json");
        assertThat(run.code()).as(run.err()).isZero();
        long[] inFile = new long[3];
        Volume map = Volumes.read(folder.resolve("out.nii.gz"));
        for (int i = 0; i < SIZE.count(); i++) {
            inFile[(int) map.voxels().get(i)]++;
        }
        String text = segment("--text", "liver", "--text", "spleen").out();
        long lost = 0;
        for (JsonElement element :
                JsonParser.parseString(run.out()).getAsJsonObject().getAsJsonArray("structures")) {
            JsonObject one = element.getAsJsonObject();
            int value = one.get("value").getAsInt();
            long own = one.get("voxels").getAsLong();
            assertThat(one.get("voxels_in_map").getAsLong()).isEqualTo(inFile[value]);
            lost += own - inFile[value];
            String note = "note: " + inFile[value] + " of its " + own + " voxels have its value " + value;
            assertThat(text.contains(note)).as(text).isEqualTo(inFile[value] < own);
        }
        assertThat(lost).as("the structures of this test must overlap").isPositive();
        Run separate = segment("--text", "liver", "--text", "spleen", "--json", "--separate");
        assertThat(separate.out()).doesNotContain("voxels_in_map");
    }

    @Test
    void separateGivesOneFileEach() {
        Run run = segment("--text", "liver", "--text", "left kidney", "--separate");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(folder.resolve("out.liver.nii.gz")).exists();
        assertThat(folder.resolve("out.left_kidney.nii.gz")).exists();
        assertThat(folder.resolve("out.nii.gz")).doesNotExist();
    }

    @Test
    void worldCoordinatesEqualVoxels() throws IOException {
        assertThat(segment("--point", "30,20,10").code()).isZero();
        byte[] voxels = Files.readAllBytes(folder.resolve("out.nii.gz"));
        assertThat(segment("--world", "--point", "-30,20,20").code()).isZero();
        assertThat(Files.readAllBytes(folder.resolve("out.nii.gz"))).isEqualTo(voxels);
        assertThat(segment("--box", "10,5,3,50,30,15").code()).isZero();
        voxels = Files.readAllBytes(folder.resolve("out.nii.gz"));
        assertThat(segment("--world", "--box", "-50,5,6,-10,30,30").code()).isZero();
        assertThat(Files.readAllBytes(folder.resolve("out.nii.gz"))).isEqualTo(voxels);
    }

    @Test
    void promptsFromAFile() throws IOException {
        Path prompts = folder.resolve("prompts.json");
        Files.writeString(
                prompts,
                "[{\"text\": \"liver\"}, {\"name\": \"lesion\", \"box\": [10,5,3,50,30,15]}, {\"points\": [[30,20,10]]}]");
        Run run = segment("--prompts", prompts, "--json");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("\"lesion\"").contains("\"structure 3\"");
        Files.writeString(prompts, "[{\"txt\": \"liver\"}]");
        Files.delete(folder.resolve("out.nii.gz"));
        Files.delete(folder.resolve("out.json"));
        assertRefused(segment("--prompts", prompts), "unknown key txt");
    }

    @Test
    void structuresOfOneNameAreNumbered() throws IOException {
        Path prompts = folder.resolve("prompts.json");
        Files.writeString(
                prompts,
                "[{\"text\": \"liver tumor\", \"box\": [10,5,3,30,20,10]}, {\"text\": \"liver tumor\", \"box\": [40,20,8,60,35,16]}]");
        Run map = segment("--prompts", prompts);
        assertThat(map.code()).as(map.err()).isZero();
        JsonObject labels = JsonParser.parseString(Files.readString(folder.resolve("out.json")))
                .getAsJsonObject()
                .getAsJsonObject("labels");
        assertThat(labels.get("liver tumor").getAsInt()).isEqualTo(1);
        assertThat(labels.get("liver tumor 2").getAsInt()).isEqualTo(2);
        Run separate = segment("--prompts", prompts, "--separate", "--probabilities");
        assertThat(separate.code()).as(separate.err()).isZero();
        assertThat(separate.out())
                .contains("in " + folder.resolve("out.liver_tumor.nii.gz"))
                .contains("in " + folder.resolve("out.liver_tumor_2.nii.gz"));
        for (String slug : List.of("liver_tumor", "liver_tumor_2")) {
            assertThat(folder.resolve("out." + slug + ".nii.gz")).exists();
            assertThat(folder.resolve("out." + slug + ".probability.nii.gz")).exists();
        }
    }

    /** A prompt file may come from a stranger. */
    @Test
    void promptFilesCannotSteerTheTerminal() throws IOException {
        Path prompts = folder.resolve("prompts.json");
        String steering = "\\u001b[2J\\nsegvol: all is well\\u009b\\u202e";
        Files.writeString(prompts, "[{\"" + steering + "\": 1}]");
        Run refused = segment("--prompts", prompts);
        assertRefused(refused, "unknown key \\u{1b}[2J\\u{a}segvol: all is well\\u{9b}\\u{202e}; known are");
        assertThat(refused.err().strip()).doesNotContainPattern("\\p{C}");
        Files.writeString(prompts, "[{\"name\": \"" + steering + "\", \"text\": \"li\\u001b\\u009bver\"}]");
        Run text = segment("--prompts", prompts);
        assertThat(text.code()).as(text.err()).isZero();
        assertThat(text.out())
                .startsWith("\\u{1b}[2J\\u{a}segvol: all is well\\u{9b}\\u{202e}: ")
                .contains("note: \"li\\u{1b}\\u{9b}ver\" is not among the names");
        Run json = segment("--prompts", prompts, "--json");
        assertThat(json.out().replace("\n", "")).doesNotContainPattern("\\p{C}");
        assertThat(text.out().replace("\n", "")).doesNotContainPattern("\\p{C}");
        JsonObject one = JsonParser.parseString(json.out())
                .getAsJsonObject()
                .getAsJsonArray("structures")
                .get(0)
                .getAsJsonObject();
        assertThat(one.get("name").getAsString()).isEqualTo("\u001b[2J\nsegvol: all is well\u009b\u202e");
    }

    @Test
    void everyModeAndEngineWorks() {
        for (String mode : List.of("zoom", "refined", "resize", "sliding-window")) {
            assertThat(segment("--text", "liver", "--mode", mode).code())
                    .as(mode)
                    .isZero();
        }
        Run run = segment("--text", "liver", "--engine", "samediff", "--json");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("\"engine\": \"samediff\"");
    }

    @Test
    void convertInfoDoctor() throws IOException {
        Path converted = folder.resolve("small.safetensors");
        Run convert = Run.of("convert", weights, converted, "--dtype", "bf16");
        assertThat(convert.code()).as(convert.err()).isZero();
        assertThat(convert.out()).contains("tensors").contains("source SHA-256");
        Run info = Run.of("info", converted);
        assertThat(info.code()).isZero();
        assertThat(info.out()).contains("window      12x32x64").contains("complete    yes");
        Run image = Run.of("info", ct);
        assertThat(image.out()).contains("70x40x20").contains("orientation LAS").contains("CT in HU");
        Run doctor = Run.of("doctor");
        assertThat(doctor.code()).as(doctor.out() + doctor.err()).isZero();
        assertThat(doctor.out())
                .contains("self-test passed")
                .contains("All is well.")
                .contains("\nGPU       ");
        Files.writeString(folder.resolve("text.txt"), "hello");
        assertRefused(Run.of("info", folder.resolve("text.txt")), "neither weights nor an image");
        assertRefused(Run.of("convert", weights, weights), "the output is also an input");
    }

    @Test
    void convertToPyTorchAndBack() throws IOException {
        Path torch = folder.resolve("w.pth"), back = folder.resolve("back.safetensors"), bin = folder.resolve("w.bin");
        Run convert = Run.of("convert", weights, "--out", torch);
        assertThat(convert.code()).as(convert.err()).isZero();
        assertThat(convert.out()).contains("w.pth (PyTorch zip, f32, ");
        assertThat(Run.of("info", torch).out()).contains("PyTorch zip").contains("complete    yes");
        assertThat(Run.of("convert", torch, back).code()).isZero();
        try (Checkpoint before = Checkpoint.open(weights);
                Checkpoint after = Checkpoint.open(back)) {
            assertThat(after.tensors().keySet()).isEqualTo(before.tensors().keySet());
            for (String name : before.tensors().keySet()) {
                assertThat(after.read(name)).as(name).isEqualTo(before.read(name));
            }
        }
        assertThat(Run.of("convert", weights, bin, "--format", "torch").code()).isZero();
        assertThat(Files.readAllBytes(bin)).isEqualTo(Files.readAllBytes(torch));
        assertRefused(Run.of("convert", weights, folder.resolve("w.ckpt")), "its ending does not say what to write");
        assertRefused(Run.of("convert", weights, back, "--format", "onnx"), "there is no format onnx");
        assertThat(Run.of("convert", weights).code()).isEqualTo(2);
        assertThat(Run.of("convert", weights, torch, "--out", torch).code()).isEqualTo(2);
    }

    @Test
    void wrongUsageIsTwo() {
        assertThat(Run.of("segment").code()).isEqualTo(2);
        assertThat(Run.of().code()).isEqualTo(2);
        assertThat(Run.of("nonsense").code()).isEqualTo(2);
        assertThat(segment("--text", "liver", "--seed", "x").code()).isEqualTo(2);
        assertThat(Run.of("segment", "--help").out()).contains("Examples:");
        assertThat(Run.of("info", "--help").out())
                .containsSubsequence(
                        "Image encoder heads, where", "Text encoder heads, likewise", "Mask decoder heads");
    }

    @Test
    void wrongPromptsAreRefused() throws IOException {
        assertRefused(segment(), "there is no prompt");
        assertRefused(segment("--text", "liver ".repeat(80)), "77 tokens");
        assertRefused(segment("--text", ""), "the text of a prompt is blank");
        assertRefused(segment("--text", "liver", "--text", "  "), "the text of a prompt is blank");
        assertRefused(
                segment("--negative-point", "1,1,1"), "--negative-point alone says only what the structure is not");
        assertRefused(segment("--point", "70,0,0"), "the point 70,0,0 lies outside the volume of 70x40x20 voxels");
        assertRefused(segment("--box", "0,0,0,5,5,20"), "lies outside the volume");
        assertRefused(segment("--box", "5,0,0,4,5,5"), "must not exceed its second corner");
        assertRefused(segment("--box", "5,0,0"), "--box needs 6 numbers");
        assertRefused(segment("--point", "1,2,x"), "--point needs whole numbers");
        assertRefused(segment("--box", "0,0,0,5,5,5", "--point", "1,1,1"), "only defined for the segfm variant");
        assertRefused(segment("--text", "liver", "--variant", "segfm"), "needs a box");
        assertRefused(segment("--text", "liver", "--variant", "x"), "choose one of github, hf, segfm, ras");
        assertRefused(segment("--text", "liver", "--mode", "x"), "there is no mode x");
        assertRefused(segment("--text", "liver", "--engine", "x"), "there is no engine x");
        assertRefused(segment("--text", "liver", "--threshold", "2"), "between 0 and 1");
        assertRefused(segment("--text", "liver", "--precision", "f8"), "there is no precision f8");
    }

    private Run segmentImage(Path image) {
        return Run.of("segment", image, "-w", weights, "-o", folder.resolve("out.nii.gz"), "--text", "liver");
    }

    @Test
    void wrongImagesAreRefused() throws IOException {
        assertRefused(segmentImage(folder.resolve("missing.nii.gz")), "missing.nii.gz: there is no such file");
        Path file = folder.resolve("image.nii");
        Files.writeString(file, "this is not an image");
        assertRefused(segmentImage(file), "image.nii: ");
        byte[] whole = Files.readAllBytes(ct);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        assertRefused(segmentImage(file), "image.nii: ");
        float[] constant = new float[SIZE.count()];
        write(constant, file);
        assertRefused(segmentImage(file), "constant");
        constant[17] = Float.NaN;
        write(constant, file);
        assertRefused(segmentImage(file), "NaN");
        write(new float[SIZE.count()], file);
        byte[] plain = Files.readAllBytes(file);
        assertRefused(
                segmentImage(edited(plain, file, 40, 2)),
                "expected a volume of at least two slices, found one (70x40x1)");
        assertRefused(segmentImage(edited(plain, file, 48, 4)), "");
        byte[] four = plain.clone();
        ByteBuffer header = ByteBuffer.wrap(four).order(ByteOrder.LITTLE_ENDIAN);
        header.putShort(40, (short) 4).putShort(46, (short) 10).putShort(48, (short) 2);
        Files.write(file, four);
        assertRefused(segmentImage(file), "expected 3 dimensions, found 4 (2 volumes); choose one with --volume");
        assertThat(Run.of("info", file).out()).contains(": 2 volumes; number 0 of them", "70x40x10");
        assertThat(Run.of("info", file, "--volume", 1).out()).contains(": 2 volumes; number 1 of them");
        assertRefused(Run.of("info", file, "--volume", 2), "volume 2 was asked for, but the file holds 2");
        assertRefused(Run.of("info", ct, "--volume", 1), "volume 1 was asked for, but the file holds 1");
        Files.write(file, Arrays.copyOf(four, four.length / 2));
        Run damaged = Run.of("info", file, "--volume", 1);
        assertRefused(damaged, "segvol: image.nii: the header announces");
        assertThat(damaged.err()).doesNotContain("neither weights nor an image");
        Path unnamed = Files.copy(file, folder.resolve("unnamed"));
        assertThat(Run.of("info", unnamed, "--volume", 1).err()).startsWith("segvol: unnamed: the header announces");
        Path text = Files.writeString(folder.resolve("text.nii.gz"), "hello");
        assertThat(Run.of("info", text).err())
                .startsWith("segvol: text.nii.gz: expected a NIfTI file, found something");
        header.putShort(42, (short) 32767)
                .putShort(44, (short) 32767)
                .putShort(46, (short) 32767)
                .putShort(48, (short) 1);
        Files.write(file, four);
        assertRefused(segmentImage(file), "image.nii: ");
    }

    /** A copy of a NIfTI file with another 16-bit number at a place of its header. */
    private static Path edited(byte[] plain, Path file, int at, int value) throws IOException {
        byte[] copy = plain.clone();
        ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).putShort(at, (short) value);
        Files.write(file, copy);
        return file;
    }

    @Test
    void wrongWeightsAreRefused() throws IOException {
        Path out = folder.resolve("out.nii.gz");
        Path missing = folder.resolve("w.pth");
        assertRefused(Run.of("segment", ct, "-w", missing, "-o", out, "--text", "a"), "w.pth: no such file");
        Path broken = folder.resolve("w.safetensors");
        byte[] whole = Files.readAllBytes(weights);
        Files.write(broken, Arrays.copyOf(whole, whole.length / 2));
        assertRefused(Run.of("segment", ct, "-w", broken, "-o", out, "--text", "a"), "w.safetensors: ");
        Files.write(broken, renamed(whole, "image_encoder.norm.bias", "image_encoder.norm.bia2"));
        assertRefused(Run.of("segment", ct, "-w", broken, "-o", out, "--text", "a"), "image_encoder.norm.bia");
        Files.write(broken, renamed(whole, "\"shape\":[48,1024]", "\"shape\":[1024,48]"));
        assertRefused(Run.of("segment", ct, "-w", broken, "-o", out, "--text", "a"), "patch_embeddings.1.weight");
    }

    /** A safetensors file with a change of the same length in its header. */
    private static byte[] renamed(byte[] file, String from, String to) {
        byte[] out = file.clone(), old = from.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] now = to.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        for (int i = 0; i + old.length < Math.min(file.length, 1 << 17); i++) {
            if (Arrays.equals(Arrays.copyOfRange(file, i, i + old.length), old)) {
                System.arraycopy(now, 0, out, i, now.length);
                return out;
            }
        }
        throw new AssertionError(from + " is not in the header");
    }

    @Test
    void wrongOutputsAreRefused() throws IOException {
        assertRefused(
                Run.of("segment", ct, "-w", weights, "-o", folder.resolve("no/out.nii.gz"), "--text", "a"),
                "its folder does not exist");
        assertRefused(
                Run.of("segment", ct, "-w", weights, "-o", folder.resolve("out.png"), "--text", "a"),
                "must end with .nii");
        byte[] before = Files.readAllBytes(ct);
        assertRefused(Run.of("segment", ct, "-w", weights, "-o", ct, "--text", "a"), "the output is also an input");
        assertThat(Files.readAllBytes(ct)).isEqualTo(before);
    }

    @Test
    void gzippedRubbishIsRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(new byte[1000]);
        }
        Path file = folder.resolve("image.nii.gz");
        Files.write(file, bytes.toByteArray());
        assertRefused(segmentImage(file), "image.nii.gz: ");
    }
}
