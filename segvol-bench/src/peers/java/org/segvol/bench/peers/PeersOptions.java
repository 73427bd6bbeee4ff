package org.segvol.bench.peers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What the command was asked for.
 *
 * @param weights a checkpoint of the released size
 * @param oracle folder of the reference program, or null
 * @param python a Python with torch, or null
 * @param folder for exported files and what the processes say
 * @param rounds in which every engine has one turn
 * @param threads of every engine
 * @param training whether gradients are measured instead of encoder passes
 * @param coldWeights converted checkpoint of the cold start, or null
 * @param coldCt volume of the cold start, or null
 */
record PeersOptions(
        Path weights,
        Path oracle,
        String python,
        Path folder,
        int rounds,
        int threads,
        boolean training,
        Path coldWeights,
        Path coldCt) {
    /** What is printed when the arguments cannot be understood. */
    static final String USAGE = """
            Usage: segvol-bench/peers/run --weights FILE [options]
              --weights FILE         a checkpoint of the released size, .pth, .bin or .safetensors
              --oracle DIR           folder of the reference program (segvol_oracle.py); needed to export and for PyTorch's rows
              --python PATH          a Python with torch, and onnx to export (default: python3 if it has torch)
              --folder DIR           for exported files and logs (default: segvol-bench/target/peers/files)
              --rounds N             turns of every engine (default: 5)
              --threads N            threads of every engine (default: 2)
              --training             time the image encoder forwards and backwards instead, here and in PyTorch (10 GB of memory)
              --cold-start FILE CT   also time the whole command on a converted checkpoint and a CT
            """;

    /**
     * Reads arguments.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    static PeersOptions parse(List<String> args, Path defaultFolder) {
        Path weights = null, oracle = null, folder = defaultFolder, coldWeights = null, coldCt = null;
        String python = null;
        int rounds = 5, threads = 2;
        boolean training = false;
        Deque<String> rest = new ArrayDeque<>(args);
        while (!rest.isEmpty()) {
            String name = rest.pop();
            switch (name) {
                case "--weights" -> weights = existing(name, rest);
                case "--oracle" -> oracle = existing(name, rest);
                case "--python" -> python = value(name, rest);
                case "--folder" -> folder = Path.of(value(name, rest)).toAbsolutePath();
                case "--rounds" -> rounds = count(name, rest);
                case "--threads" -> threads = count(name, rest);
                case "--training" -> training = true;
                case "--cold-start" -> {
                    coldWeights = existing(name, rest);
                    coldCt = existing(name, rest);
                }
                default -> throw new IllegalArgumentException("unknown option " + name);
            }
        }
        if (weights == null) {
            throw new IllegalArgumentException("--weights is missing");
        }
        if (training && coldCt != null) {
            throw new IllegalArgumentException(
                    "--cold-start and --training measure different things; name one of them");
        }
        return new PeersOptions(weights, oracle, python, folder, rounds, threads, training, coldWeights, coldCt);
    }

    private static String value(String name, Deque<String> rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(name + " needs a value");
        }
        return rest.pop();
    }

    private static Path existing(String name, Deque<String> rest) {
        Path path = Path.of(value(name, rest)).toAbsolutePath();
        if (!Files.exists(path)) {
            throw new IllegalArgumentException(name + ": there is no " + path);
        }
        return path;
    }

    private static int count(String name, Deque<String> rest) {
        String text = value(name, rest);
        if (!text.matches("[1-9]\\d{0,3}")) {
            throw new IllegalArgumentException(name + " needs a number from 1 to 9999, found " + text);
        }
        return Integer.parseInt(text);
    }
}
