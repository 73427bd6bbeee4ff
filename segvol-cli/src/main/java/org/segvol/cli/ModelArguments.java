package org.segvol.cli;

import java.nio.file.Path;
import org.segvol.ModelOptions;
import org.segvol.layers.EngineOptions;
import org.segvol.layers.EngineOptions.Precision;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that say which model runs, and how. */
final class ModelArguments {
    @Option(
            names = {"-w", "--weights"},
            required = true,
            paramLabel = "WEIGHTS",
            description = "A checkpoint of any released format, or a converted one.")
    private Path weights;

    @Option(
            names = "--engine",
            defaultValue = "auto",
            paramLabel = "NAME",
            description = "auto, onednn or samediff (default: auto, the fastest that runs here).")
    private String engine;

    @Option(names = "--threads", defaultValue = "0", description = "Threads of the engine (default: all cores).")
    private int threads;

    @Option(
            names = "--precision",
            defaultValue = "f32",
            description = "f32 or bf16 (default: f32; bf16 is faster on CPUs that have it, and less exact).")
    private String precision;

    @Mixin
    private ConfigArguments config = new ConfigArguments();

    Path weights() {
        return weights;
    }

    ModelOptions options() {
        Precision chosen =
                switch (precision) {
                    case "f32" -> Precision.F32;
                    case "bf16" -> Precision.BF16;
                    default ->
                        throw new IllegalArgumentException(
                                "there is no precision " + precision + "; choose f32 or bf16");
                };
        return new ModelOptions(engine, new EngineOptions(chosen, threads), config.hints());
    }

    String precision() {
        return precision;
    }
}
