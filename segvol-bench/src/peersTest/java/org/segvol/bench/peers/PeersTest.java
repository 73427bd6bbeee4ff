package org.segvol.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.layers.NetworkParts;
import org.segvol.weights.ModelConfig;

/** What the report is computed from. The measurement itself is the command's. */
class PeersTest {
    @TempDir
    private Path folder;

    @Test
    void optionsAreReadAndMistakesNamed() throws IOException {
        Path file = Files.createFile(folder.resolve("w.safetensors"));
        PeersOptions options = parse("--weights", file.toString(), "--rounds", "3", "--threads", "4");
        assertThat(options.weights()).isEqualTo(file);
        assertThat(options.rounds()).isEqualTo(3);
        assertThat(options.threads()).isEqualTo(4);
        assertThat(options.coldCt()).isNull();
        assertThat(options.training()).isFalse();
        assertThat(parse("--training", "--weights", file.toString()).training()).isTrue();
        String[] both = {"--weights", file.toString(), "--training", "--cold-start", file.toString(), file.toString()};
        refused("--cold-start and --training measure different things", both);
        refused("--weights is missing");
        refused("--rounds needs a number from 1 to 9999, found 0", "--rounds", "0");
        refused("--weights needs a value", "--weights");
        refused("there is no", "--weights", folder.resolve("none").toString());
        refused("unknown option --fast", "--fast");
    }

    private PeersOptions parse(String... args) {
        return PeersOptions.parse(List.of(args), folder);
    }

    private void refused(String message, String... args) {
        assertThatIllegalArgumentException().isThrownBy(() -> parse(args)).withMessageContaining(message);
    }

    @Test
    void medianAndBest() {
        assertThat(new Times(new long[] {5_000_000_000L, 1_000_000_000L, 2_000_000_000L}).median())
                .isEqualTo(2);
        assertThat(new Times(new long[] {4_000_000_000L, 1_000_000_000L}).median())
                .isEqualTo(2.5);
        assertThat(new Times(new long[] {4_000_000_000L, 1_000_000_000L}).best())
                .isEqualTo(1);
    }

    @Test
    void roundsTakeTurns() throws Exception {
        List<String> order = new ArrayList<>();
        Rounds rounds = new Rounds();
        for (String name : List.of("a", "b")) {
            rounds.add(name, () -> {
                order.add(name);
                return order.size();
            });
        }
        Map<String, Times> times = rounds.run(2);
        assertThat(order).containsExactly("a", "b", "a", "b");
        assertThat(times.get("b").nanos()).containsExactly(2, 4);
    }

    @Test
    void tokensAreTurnedWrittenAndCompared() throws IOException {
        float[] turned = Tokens.fromChannelsFirst(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
        assertThat(turned).containsExactly(1, 4, 2, 5, 3, 6);
        Path file = folder.resolve("t.f32");
        Tokens.write(turned, file);
        assertThat(Tokens.read(file)).isEqualTo(turned);
        assertThat(Tokens.relativeError(new float[] {3, 4}, new float[] {3, 5})).isCloseTo(0.2, within(1e-12));
        assertThat(Tokens.relativeError(new float[] {3, 4}, new float[] {3, Float.NaN}))
                .isNaN();
    }

    @Test
    void theEncodersProductsAreCounted() {
        double n = 2048, c = 768, mlp = 3072, voxels = 1024, blocks = 12; // spec 1.2
        double linear = 2 * n * voxels * c + blocks * 2 * n * (c * 3 * c + c * c + 2 * c * mlp);
        double attention = blocks * 4 * n * n * c;
        assertThat(EncoderWork.flop()).isEqualTo(linear + attention);
        assertThat(EncoderWork.gradientFlop()).isEqualTo(3 * (linear + attention) - 2 * n * voxels * c);
        long[] nanos = new long
                [new NetworkParts(ModelConfig.RELEASED).imageEncoder().ops().size()];
        Arrays.fill(nanos, 1);
        Map<String, EncoderWork.Kind> kinds = EncoderWork.byKind(nanos);
        assertThat(kinds.get("attention").flop()).isEqualTo(attention);
        assertThat(kinds.get("linear mlp.linear1").nanos()).isEqualTo(12);
        assertThat(kinds.values().stream()
                        .filter(EncoderWork.Kind::linear)
                        .mapToDouble(EncoderWork.Kind::flop)
                        .sum())
                .isEqualTo(linear);
    }
}
