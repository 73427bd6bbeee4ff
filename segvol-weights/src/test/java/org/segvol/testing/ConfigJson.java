package org.segvol.testing;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import org.segvol.weights.Extent;
import org.segvol.weights.ModelConfig;

/** Reads the model configurations of golden manifests. */
public final class ConfigJson {
    private ConfigJson() {}

    /** A configuration with the reference program's key names, such as {@code image_size}. */
    public static ModelConfig parse(JsonObject json) {
        return new ModelConfig(
                json.get("name").getAsString(),
                extent(json.getAsJsonArray("image_size")),
                extent(json.getAsJsonArray("patch_size")),
                json.get("hidden").getAsInt(),
                json.get("mlp").getAsInt(),
                json.get("layers").getAsInt(),
                json.get("heads").getAsInt(),
                json.get("dec_depth").getAsInt(),
                json.get("dec_heads").getAsInt(),
                json.get("dec_mlp").getAsInt(),
                json.get("mask_tokens").getAsInt(),
                json.get("iou_hidden").getAsInt(),
                json.get("iou_depth").getAsInt(),
                json.get("mask_in_chans").getAsInt(),
                json.get("clip_vocab").getAsInt(),
                json.get("clip_hidden").getAsInt(),
                json.get("clip_mlp").getAsInt(),
                json.get("clip_layers").getAsInt(),
                json.get("clip_heads").getAsInt(),
                json.get("clip_max_len").getAsInt());
    }

    private static Extent extent(JsonArray sides) {
        return new Extent(
                sides.get(0).getAsInt(), sides.get(1).getAsInt(), sides.get(2).getAsInt());
    }
}
