package org.segvol.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.segvol.layers.EngineOptions.Precision;
import org.segvol.layers.NetworkDefinition;
import org.segvol.layers.NetworkParts;
import org.segvol.layers.Op;
import org.segvol.onednn.Formats.Columns;
import org.segvol.testing.TestConfigs;

/** What of the image encoder is computed in bfloat16. */
class FormatsTest {
    private final NetworkDefinition encoder = new NetworkParts(TestConfigs.MINI).imageEncoder();

    private List<Op.Linear> layers(String end) {
        List<Op.Linear> found = encoder.ops().stream()
                .filter(op -> op instanceof Op.Linear linear && linear.name().endsWith(end))
                .map(Op.Linear.class::cast)
                .toList();
        assertThat(found).as(end).isNotEmpty();
        return found;
    }

    @Test
    void queriesAndKeysAreRoundedValuesAreNot() {
        Formats formats = new Formats(encoder, Precision.BF16);
        int hidden = TestConfigs.MINI.hidden();
        for (Op.Linear layer : layers("attn.qkv")) {
            assertThat(formats.columns(layer))
                    .containsExactly(new Columns(0, 2 * hidden, false), new Columns(2 * hidden, 3 * hidden, true));
            assertThat(formats.of(layer.x())).isEqualTo(ElementType.F32);
            assertThat(formats.of(layer.out())).isEqualTo(ElementType.BF16);
        }
    }

    @Test
    void otherLayersAreRoundedWhole() {
        Formats formats = new Formats(encoder, Precision.BF16);
        for (String end : List.of("attn.out_proj", "mlp.linear1", "mlp.linear2")) {
            for (Op.Linear layer : layers(end)) {
                assertThat(formats.columns(layer))
                        .containsExactly(new Columns(0, layer.out().dim(-1), false));
            }
        }
    }

    @Test
    void theWindowIsNotRounded() {
        Formats formats = new Formats(encoder, Precision.BF16);
        Op.Linear first = layers("patch_embeddings.1").get(0);
        assertThat(formats.columns(first))
                .containsExactly(new Columns(0, first.out().dim(-1), true));
    }

    @Test
    void nothingIsRoundedInFloat32() {
        Formats formats = new Formats(encoder, Precision.F32);
        assertThat(formats.factors()).isEqualTo(ElementType.F32);
        for (Op op : encoder.ops()) {
            assertThat(formats.of(op.out())).isEqualTo(ElementType.F32);
        }
        for (Op.Linear layer : layers("attn.qkv")) {
            assertThat(formats.columns(layer)).hasSize(1);
        }
    }
}
