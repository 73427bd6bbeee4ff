package org.segvol.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.image.Affine;
import org.segvol.image.Forms;
import org.segvol.image.GridSize;
import org.segvol.image.Volume;
import org.segvol.image.Voxels;
import org.segvol.io.Volumes;
import org.segvol.testing.ChildJvm;
import org.segvol.testing.RandomStream;
import org.segvol.testing.SyntheticWeights;
import org.segvol.testing.TestConfigs;

/**
 * The command in a process of its own when the machine fails it: killed, without disk space, without memory, beside itself.
 * {@code -Dsegvol.kills=100} kills more often.
 */
class FaultTest {
    private static final int KILLS = Integer.getInteger("segvol.kills", 6);
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
        float[] noise = RandomStream.units("fault test", SIZE.count());
        float[] values = new float[SIZE.count()];
        for (int at = 0; at < values.length; at++) {
            values[at] = (float) Math.rint(-1000 + 1100.0 * at / values.length + 60 * noise[at]);
        }
        Volume volume = new Volume(SIZE, Voxels.of(values, 1, 0), Affine.scaling(1, 1, 2), new Forms(1, 0, null));
        int slice = SIZE.ni() * SIZE.nj();
        Volumes.writeFloats((k, target) -> System.arraycopy(values, k * slice, target, 0, slice), 3000, volume, ct);
    }

    private static List<String> command(List<String> options, Object... arguments) {
        List<String> all = new ArrayList<>(List.of("-Xmx1g", "-Xss4m", "-Dsegvol.test=fault"));
        all.addAll(options);
        if (Runtime.version().feature() >= 22) {
            all.add("--enable-native-access=ALL-UNNAMED");
        }
        String[] texts = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
        return ChildJvm.command(Main.class.getName(), all, texts);
    }

    private Object[] segment(Path out) {
        return new Object[] {"segment", ct, "-w", weights, "-o", out, "--text", "liver", "-q"};
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /**
     * Kills a command again and again, mostly while it writes; its output is then the old file or the whole new one, and nothing else stands
     * under a name that does not end in .part.
     */
    private void survivesKills(Path target, byte[] wanted, Object... arguments) throws Exception {
        long seed = 20261124;
        Random random = new Random(seed);
        byte[] old = "the file that was there before".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        int killed = 0;
        int unchanged = 0;
        for (int n = 0; n < KILLS; n++) {
            Files.write(target, old);
            Process process = ChildJvm.start(folder, command(List.of(), arguments), shared.resolve("killed.txt"));
            boolean whileWriting = n % 3 != 0;
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(whileWriting ? 60_000 : random.nextInt(3000));
            while (System.nanoTime() < end && process.isAlive() && !(whileWriting && isWriting())) {
                Thread.onSpinWait();
            }
            if (whileWriting) {
                process.waitFor(random.nextInt(20), TimeUnit.MILLISECONDS);
            }
            killed += process.isAlive() ? 1 : 0;
            process.destroyForcibly().waitFor();
            byte[] found = Files.readAllBytes(target);
            unchanged += Arrays.equals(found, old) ? 1 : 0;
            assertThat(Arrays.equals(found, old) || Arrays.equals(found, wanted))
                    .as("kill %d of seed %d", n, seed)
                    .isTrue();
            for (Path file : files()) {
                if (file.toString().endsWith(".part")) {
                    Files.delete(file);
                }
            }
            assertThat(files()).containsExactly(target);
        }
        assertThat(killed).isPositive();
        Path report =
                Files.createDirectories(Path.of("target", "robustness")).resolve("kills-" + arguments[0] + ".txt");
        Files.writeString(
                report,
                String.format(
                        "%s: %d runs, %d killed before their end, %d left the old file, the others the whole new one%n",
                        arguments[0], KILLS, killed, unchanged));
    }

    private boolean isWriting() throws IOException {
        return files().stream().anyMatch(file -> file.toString().endsWith(".part"));
    }

    /** SIGTERM; Ctrl-C takes the same way through the JVM. */
    @Test
    void convertThatIsToldToEndLeavesNothing() throws Exception {
        Path target = folder.resolve("out.safetensors");
        int ended = 0;
        for (int n = 0; n < 20 && ended < 3; n++) {
            Process process = ChildJvm.start(
                    folder, command(List.of(), "convert", weights, target, "-q"), shared.resolve("ended.txt"));
            while (process.isAlive() && !isWriting()) {
                Thread.onSpinWait();
            }
            process.destroy();
            ended += process.waitFor() == 0 ? 0 : 1;
            assertThat(isWriting()).as("a .part file in %s", files()).isFalse();
            Files.deleteIfExists(target);
        }
        assertThat(ended).isPositive();
    }

    @Test
    void convertSurvivesKills() throws Exception {
        Path target = folder.resolve("out.safetensors");
        Object[] arguments = {"convert", weights, target, "-q"};
        assertThat(ChildJvm.run(folder, command(List.of(), arguments)).exit()).isZero();
        survivesKills(target, Files.readAllBytes(target), arguments);
    }

    @Test
    void segmentSurvivesKills() throws Exception {
        Path target = folder.resolve("out.nii");
        ChildJvm.Result result = ChildJvm.run(folder, command(List.of(), segment(target)));
        assertThat(result.exit()).as(result.output()).isZero();
        survivesKills(target, Files.readAllBytes(target), segment(target));
    }

    private void assertSentence(ChildJvm.Result result, String sentence) {
        assertThat(result.output()).contains(sentence).doesNotContain("\tat ");
        assertThat(result.output().lines().filter(line -> line.startsWith("segvol: ")))
                .hasSize(1);
        assertThat(result.exit()).isEqualTo(1);
    }

    /** A limit on the size of files stands for a full disk: the same system call fails in the same way. */
    @Test
    void outputsThatDoNotFitLeaveTheOldFile() throws IOException {
        Path target = folder.resolve("out.safetensors");
        Files.writeString(target, "old");
        List<String> limited = new ArrayList<>(List.of("bash", "-c", "ulimit -f 200; exec \"$@\"", "limited"));
        limited.addAll(command(List.of("-XX:-UsePerfData"), "convert", weights, target, "-q"));
        assertSentence(ChildJvm.run(folder, limited), "out.safetensors: cannot be written: File too large");
        assertThat(target).hasContent("old");
        assertThat(files()).containsExactly(target);
    }

    /** Zeros pack a thousand to one: an honest file that is larger than the heap. */
    @Test
    void tooLittleHeapIsSaid() throws IOException {
        ByteBuffer header =
                ByteBuffer.allocate(352).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 348);
        short[] dims = {3, 700, 600, 500};
        for (int n = 0; n < dims.length; n++) {
            header.putShort(40 + 2 * n, dims[n]);
        }
        header.putShort(70, (short) 4).putFloat(108, 352).put(344, new byte[] {'n', '+', '1', 0});
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(header.array());
            byte[] slice = new byte[2 * 700 * 600];
            for (int k = 0; k < 500; k++) {
                gzip.write(slice);
            }
        }
        Path large = Files.write(folder.resolve("large.nii.gz"), bytes.toByteArray());
        ChildJvm.Result result = ChildJvm.run(folder, command(List.of("-Xmx100m"), "info", large));
        assertSentence(result, "give Java more with SEGVOL_JAVA_OPTS=-Xmx");
    }

    @Test
    void tooLittleNativeMemoryIsSaid() {
        assertThat(Sentences.of(new OutOfMemoryError("oneDNN could not get 9 MB of native memory")))
                .startsWith("out of memory outside of Java's heap (oneDNN could not get 9 MB of native memory); ")
                .contains("give Java less");
        assertThat(Sentences.of(new OutOfMemoryError("Java heap space"))).contains("give Java more");
        assertThat(Sentences.of(new UnsatisfiedLinkError("no jnidnnl")))
                .isEqualTo(
                        "a native library cannot be loaded (no jnidnnl); segvol doctor says what is missing, --engine samediff may work");
    }

    @Test
    void processesUnpackNativeLibrariesAtTheSameTime() throws Exception {
        Path cache = Files.createDirectories(shared.resolve("native"));
        List<Process> processes = new ArrayList<>();
        for (int n = 0; n < 3; n++) {
            List<String> command = command(
                    List.of("-Dorg.bytedeco.javacpp.cachedir=" + cache), segment(folder.resolve(n + ".nii.gz")));
            processes.add(ChildJvm.start(folder, command, shared.resolve(n + ".txt")));
        }
        for (int n = 0; n < 3; n++) {
            assertThat(processes.get(n).waitFor(4, TimeUnit.MINUTES)).isTrue();
            assertThat(processes.get(n).exitValue())
                    .as(Files.readString(shared.resolve(n + ".txt")))
                    .isZero();
            assertThat(Files.readAllBytes(folder.resolve(n + ".nii.gz")))
                    .isEqualTo(Files.readAllBytes(folder.resolve("0.nii.gz")));
        }
    }
}
