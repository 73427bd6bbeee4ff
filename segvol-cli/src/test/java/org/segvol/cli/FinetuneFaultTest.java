package org.segvol.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.image.GridSize;
import org.segvol.phantom.Phantom;
import org.segvol.phantom.PhantomFolder;
import org.segvol.phantom.PhantomOptions;
import org.segvol.testing.ChildJvm;
import org.segvol.testing.TestConfigs;
import org.segvol.weights.Checkpoint;
import org.segvol.weights.ConfigFile;
import org.segvol.weights.ConfigHints;
import org.segvol.weights.ParameterTable;
import org.segvol.weights.SafetensorsFile;

/**
 * Training from scratch in a process of its own that is killed at random moments and resumed, again and again: what stands under a final name
 * is whole, and the run that comes to its end equals one that was left alone. {@code -Dsegvol.kills=100} kills more often.
 */
class FinetuneFaultTest {
    private static final int KILLS = Integer.getInteger("segvol.kills", 3);
    private static final long SEED = 20261126;
    private static final String STATE = "state.safetensors";
    /** A JVM's exit code after a signal to terminate. */
    private static final int TERMINATED = 128 + 15;

    private static final Set<String> MODELS = Set.of("fresh.safetensors", "last.safetensors", "best.safetensors");
    private static final Set<String> EQUAL =
            Set.of("fresh.safetensors", "last.safetensors", "best.safetensors", STATE, "epochs.json");

    @TempDir
    static Path shared;

    private static Path config;
    private static Path whole;
    private static long millis;

    private final Random random = new Random(SEED);
    private int finished;
    private int beforeTheFirstState;
    private int whileWriting;

    @BeforeAll
    static void trainWithoutKills() throws Exception {
        PhantomOptions small = PhantomOptions.DEFAULT.withSize(new GridSize(40, 36, 20));
        PhantomFolder.write(Phantom.of(1, small), shared.resolve("cases/one"));
        config = Files.writeString(shared.resolve("config.json"), ConfigFile.text(TestConfigs.MINI));
        whole = shared.resolve("whole");
        long start = System.nanoTime();
        ChildJvm.Result result = ChildJvm.run(shared, command(whole, false));
        millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        assertThat(result.exit()).as(result.output()).isZero();
        assertWhole(whole);
        assertThat(names(whole)).containsAll(EQUAL).contains("log.csv", "curves.png");
    }

    private static List<String> command(Path out, boolean resumed) {
        return command(out, resumed, 2, "1e-6");
    }

    private static List<String> command(Path out, boolean resumed, int epochs, String saveEvery) {
        List<String> options = new ArrayList<>(List.of("-Xmx1g", "-Xss4m", "-Dsegvol.test=fault"));
        if (Runtime.version().feature() >= 22) {
            options.add("--enable-native-access=ALL-UNNAMED");
        }
        List<String> arguments = new ArrayList<>(List.of("finetune", "--data", "cases", "--from-scratch"));
        arguments.addAll(List.of(config.toString(), "-o", out.toString(), "--epochs", "" + epochs, "--views", "3"));
        arguments.addAll(List.of("--organs", "2", "--masks", "2", "--batch", "4", "--rate", "1e-3", "--threads", "1"));
        arguments.addAll(List.of("--save-every", saveEvery, "-q"));
        if (resumed) {
            arguments.add("--resume");
        }
        return ChildJvm.command(Main.class.getName(), options, arguments.toArray(String[]::new));
    }

    private static Set<String> names(Path folder) throws IOException {
        Set<String> names = new TreeSet<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                files.forEach(file -> names.add(file.getFileName().toString()));
            }
        }
        return names;
    }

    private static boolean isWriting(Path folder) throws IOException {
        return names(folder).stream().anyMatch(name -> name.endsWith(".part"));
    }

    /** Looks into every file under a final name. */
    private static void assertWhole(Path folder) throws IOException {
        for (String name : names(folder)) {
            Path file = folder.resolve(name);
            if (MODELS.contains(name)) {
                try (Checkpoint model = Checkpoint.open(file)) {
                    ParameterTable.of(model.config(ConfigHints.NONE)).requireMatch(model);
                }
            } else if (name.equals(STATE)) {
                try (SafetensorsFile state = SafetensorsFile.open(file)) {
                    assertThat(state.metadata()).containsKeys("segvol.updates", "segvol.options");
                    for (String tensor : state.tensors().keySet()) {
                        for (float value : state.read(tensor)) {
                            assertThat(Float.isFinite(value)).as(tensor).isTrue();
                        }
                    }
                }
            } else if (name.equals("log.csv")) {
                assertThat(Files.readString(file)).startsWith("step,").endsWith("\n");
            } else if (name.equals("epochs.json")) {
                assertThat(JsonParser.parseString(Files.readString(file))).isInstanceOf(JsonArray.class);
            } else if (name.equals("curves.png")) {
                assertThat(ImageIO.read(file.toFile())).isNotNull();
            } else {
                assertThat(name).satisfiesAnyOf(n -> assertThat(n).isEqualTo("embeddings"), n -> assertThat(n)
                        .endsWith(".part"));
            }
        }
    }

    /** Starts a run or goes on with it, and kills it at some moment, two of three times while a file is written. */
    private boolean endsBeforeItIsKilled(Path out, int number) throws Exception {
        Path output = shared.resolve("killed.txt");
        Process process = ChildJvm.start(shared, command(out, Files.exists(out.resolve(STATE))), output);
        long moment = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextLong(millis));
        while (System.nanoTime() < moment && process.isAlive()) {
            process.waitFor(5, TimeUnit.MILLISECONDS);
        }
        while (number % 3 != 0 && process.isAlive() && !isWriting(out)) {
            Thread.onSpinWait();
        }
        if (number % 3 != 0) {
            process.waitFor(random.nextInt(20), TimeUnit.MILLISECONDS);
        }
        boolean alive = process.isAlive();
        process.destroyForcibly().waitFor();
        if (!alive) {
            assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        }
        return !alive;
    }

    private void sweep(Path out) throws IOException {
        if (isWriting(out)) {
            whileWriting++;
        }
        for (String name : names(out)) {
            if (name.endsWith(".part")) {
                Files.delete(out.resolve(name));
            }
        }
    }

    private void assertEqualToTheUninterrupted(Path out) throws IOException {
        finished++;
        assertThat(names(out)).isEqualTo(names(whole));
        for (String name : EQUAL) {
            assertThat(Files.mismatch(out.resolve(name), whole.resolve(name)))
                    .as("%s, seed %d", name, SEED)
                    .isEqualTo(-1);
        }
        assertThat(untimed(out)).isEqualTo(untimed(whole));
    }

    /** The log without its last column, the seconds that a step took. */
    private static List<String> untimed(Path folder) throws IOException {
        return Files.readAllLines(folder.resolve("log.csv")).stream()
                .map(row -> row.substring(0, row.lastIndexOf(',')))
                .toList();
    }

    /** A signal starts the JVM's end, in which less is allowed than before; nothing was saved or painted until then. */
    @Test
    void aSignalBeforeTheFirstSaveSavesTheState() throws Exception {
        Path out = shared.resolve("stopped"), output = shared.resolve("stopped.txt");
        Process process = ChildJvm.start(shared, command(out, false, 1000, "60"), output);
        while (!Files.exists(out.resolve("best.safetensors")) && process.isAlive()) { // after the first epoch
            process.waitFor(5, TimeUnit.MILLISECONDS);
        }
        process.destroy();
        int exit = process.waitFor();
        assertThat(exit).as(Files.readString(output)).isEqualTo(TERMINATED);
        assertThat(Files.readString(output))
                .endsWith("segvol: stopped; the state is in " + out + ", --resume goes on\n");
        assertThat(names(out)).containsAll(EQUAL).contains("log.csv", "curves.png");
        assertWhole(out);
    }

    @Test
    void trainingSurvivesKills() throws Exception {
        int killed = 0;
        int run = 0;
        Path out = shared.resolve("run0");
        while (killed < KILLS) {
            boolean ended = endsBeforeItIsKilled(out, killed);
            assertWhole(out);
            if (ended) {
                assertEqualToTheUninterrupted(out);
                out = shared.resolve("run" + ++run);
            } else {
                killed++;
                beforeTheFirstState += Files.exists(out.resolve(STATE)) ? 0 : 1;
                sweep(out);
            }
        }
        ChildJvm.Result result = ChildJvm.run(shared, command(out, Files.exists(out.resolve(STATE))));
        assertThat(result.exit()).as(result.output()).isZero();
        assertWhole(out);
        assertEqualToTheUninterrupted(out);
        Files.writeString(
                Files.createDirectories(Path.of("target", "robustness")).resolve("kills-finetune.txt"),
                String.format(
                        "finetune: %d kills, %d of them left a file half written, %d came before the first state;"
                                + " %d runs came to their end, all equal to the uninterrupted one%n",
                        killed, whileWriting, beforeTheFirstState, finished));
    }
}
