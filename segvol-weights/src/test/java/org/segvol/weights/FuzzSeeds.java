package org.segvol.weights;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.segvol.testing.FuzzCorpus;
import org.segvol.weights.PickleBytes.Tensor;

/** Writes the first inputs of the fuzz targets for checkpoints: plain files and some attacks. */
final class FuzzSeeds {
    private FuzzSeeds() {}

    public static void main(String[] arguments) throws IOException {
        List<Attack> pickles = PickleAttacks.pickles(false).stream()
                .filter(attack -> attack.bytes().length < 600 && !attack.name().startsWith("opcode"))
                .toList();
        for (int i = 0; i < pickles.size(); i += 23) {
            write("pickle", "attack-" + i, pickles.get(i).bytes());
        }
        write("pickle", "state", PickleBytes.state(Map.of(ZipAttacks.TENSOR, Tensor.contiguous(2, 3)), false));
        write("checkpoint", "zip", ZipAttacks.plain().bytes());
        ZipBytes descriptors = ZipAttacks.plain();
        descriptors.entries().forEach(entry -> entry.withDescriptor(16));
        write("checkpoint", "zip-descriptors", descriptors.bytes());
        ZipBytes wide = ZipAttacks.plain();
        wide.end64 = true;
        wide.hide32 = true;
        write("checkpoint", "zip64", wide.bytes());
        Map<String, Tensor> state = Map.of(ZipAttacks.TENSOR, Tensor.contiguous(3));
        write(
                "checkpoint",
                "legacy",
                TorchFiles.legacyBytes(
                        TorchFiles.magicNumber(2), PickleBytes.state(state, true), TorchFiles.storages(state), true));
        write("checkpoint", "index", "{\"weight_map\":{\"a\":\"b\"}}".getBytes(StandardCharsets.UTF_8));
        List<Attack> headers = SafetensorsAttacks.all();
        for (int i = 0; i < headers.size(); i += 3) {
            byte[] bytes = headers.get(i).bytes();
            if (bytes.length < 600) {
                write(
                        "safetensors",
                        "whole-" + i,
                        new PickleBytes().op('w').raw(bytes).bytes());
                write("checkpoint", "safetensors-" + i, bytes);
            }
        }
        write(
                "safetensors",
                "text",
                (" {\"__metadata__\":{\"a\":\"b\"},\"x\":{\"dtype\":\"BF16\",\"shape\":[4,2],\"data_offsets\":[0,16]},"
                                + "\"image_encoder.norm.bias\":{\"dtype\":\"F32\",\"shape\":[12],\"data_offsets\":[16,64]}}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static void write(String target, String name, byte[] bytes) throws IOException {
        Path folder = Files.createDirectories(FuzzCorpus.folder(target));
        Files.write(folder.resolve("seed-" + name), bytes);
    }
}
