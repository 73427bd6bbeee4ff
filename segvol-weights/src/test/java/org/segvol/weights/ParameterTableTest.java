package org.segvol.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The released model's table, and what comparisons say. */
class ParameterTableTest {
    private static TensorSource source(Map<String, TensorInfo> infos) {
        return new TensorSource() {
            @Override
            public Map<String, TensorInfo> tensors() {
                return infos;
            }

            @Override
            public void read(String name, FloatBuffer target) {
                throw new IllegalArgumentException("names and shapes only");
            }
        };
    }

    @Test
    void theReleasedModelHasTheKnownSize() {
        ParameterTable table = ParameterTable.of(ModelConfig.RELEASED);
        assertThat(table.tensors()).hasSize(474);
        assertThat(table.parameterCount()).isEqualTo(180_891_216);
        assertThat(table.shape("image_encoder.blocks.11.attn.qkv.weight")).containsExactly(2304, 768);
        assertThat(table.compare(source(table.tensors())).matches()).isTrue();
    }

    @Test
    void differencesAreListedInOneSentence() {
        ParameterTable table = ParameterTable.of(ModelConfig.RELEASED);
        Map<String, TensorInfo> infos = new LinkedHashMap<>(table.tensors());
        infos.remove("image_encoder.norm.weight");
        infos.put("image_encoder.norm.bias", new TensorInfo("image_encoder.norm.bias", DType.F32, 12));
        infos.put("mask_decoder.extra", new TensorInfo("mask_decoder.extra", DType.F32, 1));
        ParameterTable.Comparison comparison = table.compare(source(infos));
        assertThat(comparison.matches()).isFalse();
        assertThat(comparison.message())
                .isEqualTo(
                        "the tensors are not those of the model's configuration: 1 missing (image_encoder.norm.weight); "
                                + "1 unexpected (mask_decoder.extra); 1 misshapen (image_encoder.norm.bias (12) instead of (768))");
    }

    @Test
    void longListsAreCut() {
        ParameterTable table = ParameterTable.of(ModelConfig.RELEASED);
        assertThat(table.compare(source(Map.of())).message())
                .contains("474 missing (image_encoder.patch_embedding.position_embeddings, ")
                .contains(" and 469 more)");
    }
}
