package org.segvol.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.segvol.weights.Checkpoint;
import org.segvol.weights.Converter;
import org.segvol.weights.DType;
import org.segvol.weights.ParameterTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Converts a checkpoint. */
@Command(
        name = "convert",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Converts a checkpoint into one self-describing safetensors file, which loads faster, or into a PyTorch file.",
        footer = {
            "",
            "Examples:  segvol convert SegVol_v1.pth segvol.safetensors",
            "           segvol convert fine-tuned.safetensors --out fine-tuned.pth"
        })
final class ConvertCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "SOURCE",
            description = "A checkpoint of any released format, or the folder or index of a sharded one.")
    private Path source;

    @Parameters(index = "1", arity = "0..1", paramLabel = "DEST", description = "The file to write.")
    private Path positional;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DEST",
            description = "The same, as an option.")
    private Path option;

    @Option(
            names = "--format",
            description =
                    "safetensors, or torch: a PyTorch zip in the layout of SegVol_v1.pth (default: by DEST's ending,"
                            + " .safetensors, .pth or .pt).")
    private String format;

    @Option(names = "--dtype", defaultValue = "f32", description = "f32, f16 or bf16 (default: f32).")
    private String dtype;

    @Mixin
    private ConfigArguments config = new ConfigArguments();

    @Mixin
    private ProgressArguments progress = new ProgressArguments();

    @Override
    public Integer call() throws IOException {
        DType chosen =
                switch (dtype) {
                    case "f32" -> DType.F32;
                    case "f16" -> DType.F16;
                    case "bf16" -> DType.BF16;
                    default ->
                        throw new IllegalArgumentException(
                                "there is no element type " + dtype + "; choose f32, f16 or bf16");
                };
        Path destination = destination();
        Converter.Target target = target(destination);
        OutputFiles.requireWritable(destination, List.of(source));
        ConsoleProgress console = progress.of(spec);
        Converter.convert(
                source,
                destination,
                target,
                chosen,
                config.hints(),
                (done, total) -> console.update("converting, MB", (int) (done >> 20), (int) (total >> 20)));
        console.finish();
        PrintWriter out = spec.commandLine().getOut();
        try (Checkpoint before = Checkpoint.open(source);
                Checkpoint after = Checkpoint.open(destination)) {
            out.printf(
                    Locale.ROOT,
                    "%s (%s)%n  to %s (%s, %s, %.1f MB)%n",
                    source,
                    before.format().description(),
                    destination,
                    after.format().description(),
                    dtype,
                    Files.size(destination) / 1e6);
            long parameters = after.tensors().values().stream()
                    .mapToLong(t -> t.elementCount())
                    .sum();
            out.printf(
                    Locale.ROOT,
                    "  %d tensors, %,d parameters%n",
                    after.tensors().size(),
                    parameters);
            if (after.tensors().size()
                    < ParameterTable.of(after.config()).tensors().size()) {
                out.println("  the image encoder alone: it can be fine-tuned, not used for segmenting");
            }
            out.println("  source SHA-256 " + before.sha256());
            if (!before.ignored().isEmpty()) {
                out.println("  not carried over: " + InfoCommand.some(before.ignored()));
            }
        }
        return 0;
    }

    private Path destination() {
        if ((positional == null) == (option == null)) {
            throw new ParameterException(
                    spec.commandLine(), "name the file to write once, as the second argument or with --out");
        }
        return positional == null ? option : positional;
    }

    private Converter.Target target(Path destination) {
        String name = destination.getFileName().toString();
        String wanted = format != null
                ? format
                : name.endsWith(".safetensors")
                        ? "safetensors"
                        : name.endsWith(".pth") || name.endsWith(".pt") ? "torch" : "";
        return switch (wanted) {
            case "safetensors" -> Converter.Target.SAFETENSORS;
            case "torch" -> Converter.Target.TORCH;
            case "" ->
                throw new IllegalArgumentException(
                        destination + ": its ending does not say what to write; add --format safetensors or torch");
            default ->
                throw new IllegalArgumentException("there is no format " + wanted + "; choose safetensors or torch");
        };
    }
}
