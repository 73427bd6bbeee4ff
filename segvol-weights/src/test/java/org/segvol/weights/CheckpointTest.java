package org.segvol.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.weights.PickleBytes.Tensor;

/** Opening, naming and closing. */
class CheckpointTest {
    private static final String CANONICAL = "image_encoder.norm.weight";

    @TempDir
    Path folder;

    private static Map<String, Tensor> state(String... names) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (String name : names) {
            state.put(name, Tensor.contiguous(3));
        }
        return state;
    }

    private Checkpoint open(String... names) throws IOException {
        return Checkpoint.open(TorchFiles.zip(folder.resolve("names.pth"), state(names)));
    }

    @Test
    void namesBecomeCanonical() throws IOException {
        try (Checkpoint checkpoint = open(
                "module.model.image_encoder.norm.weight",
                "module.text_encoder.clip_text_model.final_layer_norm.weight",
                "module.text_encoder.clip_text_model.text_model.final_layer_norm.bias",
                "module.text_encoder.clip_text_model.embeddings.position_ids",
                "module.image_encoder.blocks.0.norm_cross_attn.weight",
                "module.image_encoder.blocks.0.cross_attn.to_q.weight",
                "module.mask_decoder.transformer.layers.0.cross_attn_token_to_image.q_proj.weight",
                "module.other.weight")) {
            assertThat(checkpoint.tensors().keySet())
                    .containsExactly(
                            CANONICAL,
                            "text_encoder.clip_text_model.text_model.final_layer_norm.weight",
                            "text_encoder.clip_text_model.text_model.final_layer_norm.bias",
                            "mask_decoder.transformer.layers.0.cross_attn_token_to_image.q_proj.weight");
            assertThat(checkpoint.ignored())
                    .hasSize(4)
                    .anyMatch(line -> line.startsWith("module.other.weight: "))
                    .anyMatch(line -> line.contains("position_ids: "));
            assertThat(checkpoint.imageEncoderOnly()).isFalse();
        }
    }

    @Test
    void preTrainedEncodersAreFoundByTheirPrefix() throws IOException {
        try (Checkpoint checkpoint =
                open("model.encoder.norm.weight", "teacher.head", "module.model.encoder.norm.bias")) {
            assertThat(checkpoint.tensors().keySet()).containsExactly(CANONICAL, "image_encoder.norm.bias");
            assertThat(checkpoint.imageEncoderOnly()).isTrue();
        }
    }

    @Test
    void ambiguousOrForeignNamesAreRefused() {
        assertThatThrownBy(() -> open("model.image_encoder.norm.weight", "module.image_encoder.norm.weight"))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("names.pth: two tensors are named image_encoder.norm.weight");
        assertThatThrownBy(() -> open("conv1.weight", "conv1.bias"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("holds no tensor of a SegVol model; found conv1.weight: not part of SegVol");
    }

    @Test
    void foldersHoldOneIndexOrOneWeightsFile() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"hidden\": 48}");
        assertThatThrownBy(() -> Checkpoint.open(folder)).hasMessageContaining("found none");
        TorchFiles.zip(folder.resolve("b.bin"), state(CANONICAL));
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.source()).hasFileName("b.bin");
        }
        TorchFiles.legacy(folder.resolve("a.bin"), state(CANONICAL));
        assertThatThrownBy(() -> Checkpoint.open(folder)).hasMessageContaining("found 2 (a.bin, b.bin)");
    }

    @Test
    void closedCheckpointsAndUnknownNames() throws IOException {
        Checkpoint checkpoint = open(CANONICAL);
        assertThat(checkpoint.format().description()).isEqualTo("PyTorch zip");
        assertThatThrownBy(() -> checkpoint.read("nothing"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("names.pth: no tensor is named nothing");
        assertThatThrownBy(() -> checkpoint.read(CANONICAL, FloatBuffer.allocate(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected room for 3 elements, found 2");
        assertThat(checkpoint.sha256()).matches("[0-9a-f]{64}");
        checkpoint.close();
        checkpoint.close();
        assertThatThrownBy(() -> checkpoint.read(CANONICAL))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("names.pth: the checkpoint is closed");
    }

    @Test
    void mismatchesAreTyped() throws IOException {
        try (Checkpoint checkpoint = open(CANONICAL)) {
            ParameterTable table = ParameterTable.of(ModelConfig.RELEASED);
            assertThatThrownBy(() -> table.requireMatch(checkpoint))
                    .isInstanceOfSatisfying(CheckpointMismatchException.class, mismatch -> {
                        assertThat(mismatch).hasMessageStartingWith("names.pth: ");
                        assertThat(mismatch.comparison().missing()).hasSize(473);
                        assertThat(mismatch.comparison().misshapen()).hasSize(1);
                    });
        }
    }

    @Test
    void conversionNeverOverwritesItsSource() throws IOException {
        Path source = TorchFiles.zip(folder.resolve("source.pth"), state(CANONICAL));
        assertThatThrownBy(() -> Converter.convert(source, source, DType.F32, ConfigHints.NONE, ProgressListener.NONE))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("choose another name");
    }

    @Test
    void messagesCannotSteerATerminalAndKeepTheirEnd() throws IOException {
        Path file = TorchFiles.zip(folder.resolve("x.pth"), state("\u001b[2Jevil\u202e\n" + "y".repeat(3000)));
        assertThatThrownBy(() -> Checkpoint.open(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("found \\u{1b}[2Jevil\\u{202e}\\u{a}yyy")
                .hasMessageEndingWith("yyy: not part of SegVol")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1400));
        try (Checkpoint checkpoint = open(CANONICAL, "\u001b[31mred")) {
            assertThat(checkpoint.ignored()).containsExactly("\\u{1b}[31mred: not part of SegVol");
        }
    }

    @Test
    void shardsMustLieBesideTheirIndex() throws IOException {
        String huge = "x".repeat(100_000);
        Path longIndex = Files.writeString(
                folder.resolve("long.index.json"),
                "{\"weight_map\": {\"image_encoder.norm.weight\": \"" + huge + "\"}}");
        assertThatThrownBy(() -> Checkpoint.open(longIndex))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("expected file names of at most 255 characters");
        for (String name : List.of("../secret", "/etc/passwd", "a\\\\b", "", "..")) {
            Path index = Files.writeString(
                    folder.resolve("model.safetensors.index.json"),
                    "{\"weight_map\": {\"image_encoder.norm.weight\": \"" + name + "\"}}");
            assertThatThrownBy(() -> Checkpoint.open(index))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("expected plain file names");
        }
    }
}
