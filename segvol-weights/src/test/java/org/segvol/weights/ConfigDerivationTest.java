package org.segvol.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Configurations from shapes alone, and from the metadata that the converter writes. */
class ConfigDerivationTest {
    private static final Path FILE = Path.of("model.pth");

    private static ModelConfig model(
            Extent window, int hidden, int mlp, int layers, int heads, int text, int textHeads) {
        return new ModelConfig(
                "derived",
                window,
                new Extent(4, 16, 16),
                hidden,
                mlp,
                layers,
                heads,
                2,
                8,
                64,
                4,
                32,
                3,
                16,
                100,
                text,
                2 * text,
                2,
                textHeads,
                77);
    }

    static List<ModelConfig> models() {
        return List.of(
                model(new Extent(8, 32, 32), 48, 96, 2, 4, 32, 4),
                model(new Extent(12, 32, 64), 48, 80, 2, 6, 32, 2),
                model(new Extent(32, 256, 256), 96, 192, 3, 6, 64, 4),
                ModelConfig.RELEASED);
    }

    @ParameterizedTest
    @MethodSource("models")
    void sizesFollowFromShapes(ModelConfig config) throws CheckpointException {
        Map<String, TensorInfo> tensors = ParameterTable.of(config).tensors();
        ConfigHints hints = new ConfigHints(config.heads(), config.textHeads(), null, null, null);
        assertThat(ConfigDerivation.derive(FILE, tensors, hints)).isEqualTo(config);
        String json = ConfigMetadata.text(config);
        assertThat(ConfigMetadata.parse(FILE, json, ConfigHints.NONE)).isEqualTo(config);
    }

    @Test
    void theReleasedModelNeedsNoHints() throws CheckpointException {
        ParameterTable table = ParameterTable.of(ModelConfig.RELEASED);
        assertThat(ConfigDerivation.derive(FILE, table.tensors(), ConfigHints.NONE))
                .isEqualTo(ModelConfig.RELEASED);
        assertThat(ConfigDerivation.derive(FILE, table.imageEncoder().tensors(), ConfigHints.NONE))
                .isEqualTo(ModelConfig.RELEASED);
    }

    @Test
    void whatIsMissingIsNamed() {
        for (String name : List.of(
                "image_encoder.patch_embedding.position_embeddings",
                "mask_decoder.output_upscaling.1.weight",
                "text_encoder.clip_text_model.text_model.embeddings.token_embedding.weight")) {
            Map<String, TensorInfo> tensors =
                    new LinkedHashMap<>(ParameterTable.of(ModelConfig.RELEASED).tensors());
            tensors.remove(name);
            assertThatThrownBy(() -> ConfigDerivation.derive(FILE, tensors, ConfigHints.NONE))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageStartingWith("model.pth: ")
                    .hasMessageContaining(name + " is missing");
        }
    }

    /** Else the first layer's other tensors, or the last layer, would be called unexpected. */
    @Test
    void aLayerCountsWhenAnyOfItsTensorsIsThere() throws CheckpointException {
        for (String name : List.of(
                "image_encoder.blocks.0.norm1.weight",
                "image_encoder.blocks.11.norm1.weight",
                "mask_decoder.transformer.layers.0.norm1.weight",
                "text_encoder.clip_text_model.text_model.encoder.layers.3.layer_norm1.weight")) {
            ParameterTable table = ParameterTable.of(ModelConfig.RELEASED);
            Map<String, TensorInfo> tensors = new LinkedHashMap<>(table.tensors());
            assertThat(tensors.remove(name)).as(name).isNotNull();
            assertThat(ConfigDerivation.derive(FILE, tensors, ConfigHints.NONE))
                    .as(name)
                    .isEqualTo(ModelConfig.RELEASED);
        }
    }

    @Test
    void hintsFillWhatShapesCannotTell() throws CheckpointException {
        ModelConfig odd = new ModelConfig(
                "derived",
                new Extent(6, 24, 24),
                new Extent(3, 8, 8),
                48,
                96,
                1,
                4,
                1,
                4,
                64,
                2,
                32,
                2,
                8,
                50,
                32,
                64,
                1,
                4,
                16);
        Map<String, TensorInfo> tensors = ParameterTable.of(odd).tensors();
        assertThatThrownBy(() -> ConfigDerivation.derive(FILE, tensors, ConfigHints.NONE))
                .hasMessageContaining("give its number of heads");
        assertThatThrownBy(() -> ConfigDerivation.derive(FILE, tensors, new ConfigHints(4, 4, 4, null, null)))
                .hasMessageContaining("give the patch or the window");
        assertThat(ConfigDerivation.derive(FILE, tensors, new ConfigHints(4, 4, 4, new Extent(3, 8, 8), null)))
                .isEqualTo(odd);
        assertThat(ConfigDerivation.derive(FILE, tensors, new ConfigHints(4, 4, 4, null, new Extent(6, 24, 24))))
                .isEqualTo(odd);
        assertThatThrownBy(() -> ConfigDerivation.derive(
                        FILE, tensors, new ConfigHints(4, 4, 4, new Extent(3, 8, 8), new Extent(6, 24, 32))))
                .hasMessageContaining("but 6x24x32 was given");
        assertThatThrownBy(() ->
                        ConfigDerivation.derive(FILE, tensors, new ConfigHints(5, 4, 4, new Extent(3, 8, 8), null)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("heads must divide hidden 48, found 5");
    }

    @Test
    void damagedMetadataIsRefused() {
        for (String json : List.of("", "{}", "[]", "{\"name\":\"x\"}", "{\"name\":1}")) {
            assertThatThrownBy(() -> ConfigMetadata.parse(FILE, json, ConfigHints.NONE))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(Metadata.CONFIG);
        }
    }
}
