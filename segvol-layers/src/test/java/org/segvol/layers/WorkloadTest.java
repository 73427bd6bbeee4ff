package org.segvol.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.segvol.layers.MaskDecoder.Masks;
import org.segvol.layers.MaskDecoder.Prompts;
import org.segvol.testing.TestConfigs;
import org.segvol.weights.ModelConfig;

/** Counted operations against the formulas of transformers, written down here by hand. */
class WorkloadTest {
    private static final Prompts TEXT_AND_BOX = new Prompts(1, 2, true);

    static List<ModelConfig> configs() {
        return List.of(TestConfigs.MINI, ModelConfig.RELEASED);
    }

    @ParameterizedTest
    @MethodSource("configs")
    void imageEncoder(ModelConfig config) {
        long n = config.grid().count(), c = config.hidden(), p = config.patch().count();
        long block = 4 * n * c * c + 2 * n * n * c + 2 * n * c * config.mlp();
        Workload workload = Workload.of(new NetworkParts(config).imageEncoder());
        assertThat(workload.multiplyAdds()).isEqualTo(n * p * c + config.layers() * block);
        assertThat(workload.parameters())
                .isEqualTo(new NetworkParts(config)
                        .parameters()
                        .imageEncoder()
                        .tensors()
                        .keySet());
    }

    @ParameterizedTest
    @MethodSource("configs")
    void textEncoder(ModelConfig config) {
        NetworkParts parts = new NetworkParts(config);
        long l = parts.textLength(9), e = config.textHidden();
        assertThat(l).isEqualTo(16);
        long layer = 4 * l * e * e + 2 * l * l * e + 2 * l * e * config.textMlp();
        long pooling = l * e, projection = e * config.hidden();
        assertThat(Workload.of(parts.textEncoder((int) l)).multiplyAdds())
                .isEqualTo(config.textLayers() * layer + pooling + projection);
    }

    @ParameterizedTest
    @MethodSource("configs")
    void maskDecoder(ModelConfig config) {
        NetworkParts parts = new NetworkParts(config);
        long n = config.grid().count(), c = config.hidden(), half = c / 2;
        assertThat(Workload.of(parts.imageMemory()).multiplyAdds()).isEqualTo(3 * n * c * half);
        long t = 1L + config.maskTokens() + 3; // quality and mask tokens; two corners and the text
        // an attention between a and b tokens: projections to and from the inner width, scores, sums
        long tokensAndImage = 2 * t * c * half + 2 * t * n * half;
        long imageAndTokens = 2 * t * c * half + n * half * c + 2 * t * n * half;
        long self = 4 * t * c * c + 2 * t * t * c;
        long mlp = 2 * t * c * config.decoderMlp();
        long imageSide = 3 * n * c * half; // of the first layer it is not done for each prompt
        long layers = config.decoderDepth() * (self + tokensAndImage + mlp + imageAndTokens)
                + (config.decoderDepth() - 1) * imageSide;
        long last = tokensAndImage + 2 * n * c * half;
        long upscaling = 8 * n * c * (c / 4) + 64 * n * (c / 4) * (c / 8);
        long head = c * c + c * c + c * (c / 8), similarity = c * (c / 8), masks = 64 * n * (c / 8);
        assertThat(Workload.of(parts.maskDecoder(TEXT_AND_BOX, Masks.SINGLE)).multiplyAdds())
                .isEqualTo(layers + last + upscaling + head + similarity + masks);
    }

    static Stream<Prompts> forms() {
        return Stream.of(TEXT_AND_BOX, new Prompts(1, 0, true), new Prompts(3, 7, false));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void promptEncoderAndMaskDecoderAreTheDecoder(Prompts form) {
        NetworkParts parts = new NetworkParts(TestConfigs.MINI);
        for (Masks masks : Masks.values()) {
            Workload prompt = Workload.of(parts.promptEncoder(form));
            Workload decoder = Workload.of(parts.maskDecoder(form, masks));
            Workload together = Workload.of(parts.decoder(form, masks));
            assertThat(together.multiplyAdds()).isEqualTo(prompt.multiplyAdds() + decoder.multiplyAdds());
            Set<String> union = new HashSet<>(prompt.parameters());
            union.addAll(decoder.parameters());
            assertThat(together.parameters()).isEqualTo(union);
        }
    }

    @Test
    void promptsCostWhatTheirPointsCost() {
        NetworkParts parts = new NetworkParts(TestConfigs.MINI);
        long c = TestConfigs.MINI.hidden();
        assertThat(Workload.of(parts.promptEncoder(new Prompts(1, 0, true))).multiplyAdds())
                .isZero();
        assertThat(Workload.of(parts.promptEncoder(new Prompts(1, 7, false))).multiplyAdds())
                .isEqualTo(7 * (3 * c / 2 + 5 * c));
    }
}
