package org.segvol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.segvol.layers.Engine;
import org.segvol.layers.MaskDecoder.Masks;
import org.segvol.layers.MaskDecoder.Prompts;
import org.segvol.layers.Network;
import org.segvol.layers.NetworkDefinition;
import org.segvol.layers.NetworkParts;
import org.segvol.layers.Op;
import org.segvol.layers.Tensor;
import org.segvol.layers.Workload;
import org.segvol.prompt.SplitMixChooser;
import org.segvol.weights.ParameterTable;

/**
 * What a model's parts cost: parameters and multiply-accumulate operations, counted from the recorded operations, and time, measured.
 *
 * @param parts in the order in which they run
 * @param unused parameters of the checkpoint that no part reads when one mask is asked for, such as those of the other masks
 */
public record Complexity(List<Part> parts, long unused) {
    /** A name of at most 16 tokens: every one of the model's vocabulary. */
    private static final int TEXT_TOKENS = 16;
    /** One prompt of a name and a box, which is two point tokens. */
    private static final Prompts PROMPT = new Prompts(1, 2, true);

    private static final int RANDOM = 1 << 20;

    /**
     * A part of the model.
     *
     * @param name what it is
     * @param per what it runs once for
     * @param parameters that no earlier part has
     * @param multiplyAdds MACs of one run
     * @param seconds of one run, the median of those measured; NaN when none was
     */
    public record Part(String name, String per, long parameters, long multiplyAdds, double seconds) {}

    /** Copies the list. */
    public Complexity {
        parts = List.copyOf(parts);
    }

    /** All parameters of the checkpoint. */
    public long parameters() {
        return parts.stream().mapToLong(Part::parameters).sum() + unused;
    }

    /**
     * Counts, and measures each part on the model's engine with random input.
     *
     * @param runs how often each part is measured, after one run that is not; 0 for counting alone
     * @throws IllegalArgumentException when {@code runs} is negative
     */
    public static Complexity of(SegVol model, int runs) {
        if (runs < 0) {
            throw new IllegalArgumentException("the number of runs is 0 or more, found " + runs);
        }
        model.requireOpen();
        NetworkParts parts = new NetworkParts(model.config());
        Counting counting = new Counting(parts.parameters(), model.engine(), runs);
        counting.add("image encoder", "window", parts.imageEncoder());
        counting.add("text encoder", "name", parts.textEncoder(parts.textLength(TEXT_TOKENS)));
        counting.add("prompt encoder", "prompt and window", parts.promptEncoder(PROMPT));
        counting.add("mask decoder, image side", "window", parts.imageMemory());
        counting.add("mask decoder, prompt side", "prompt and window", parts.maskDecoder(PROMPT, Masks.SINGLE));
        return new Complexity(counting.parts, counting.unused());
    }

    private static final class Counting {
        private final List<Part> parts = new ArrayList<>();
        private final Set<String> counted = new HashSet<>();
        private final ParameterTable table;
        private final Engine engine;
        private final int runs;

        Counting(ParameterTable table, Engine engine, int runs) {
            this.table = table;
            this.engine = engine;
            this.runs = runs;
        }

        void add(String name, String per, NetworkDefinition network) {
            Workload workload = Workload.of(network);
            long parameters = 0;
            for (String parameter : workload.parameters()) {
                parameters += counted.add(parameter) ? size(parameter) : 0;
            }
            parts.add(new Part(name, per, parameters, workload.multiplyAdds(), seconds(network)));
        }

        private long size(String parameter) {
            return table.tensors().get(parameter).elementCount();
        }

        long unused() {
            return table.tensors().keySet().stream()
                    .filter(name -> !counted.contains(name))
                    .mapToLong(this::size)
                    .sum();
        }

        private double seconds(NetworkDefinition definition) {
            if (runs == 0) {
                return Double.NaN;
            }
            Map<String, float[]> inputs = randomInputs(definition);
            double[] seconds = new double[runs];
            try (Network network = engine.compile(definition)) {
                network.run(inputs);
                for (int n = 0; n < runs; n++) {
                    long start = System.nanoTime();
                    network.run(inputs);
                    seconds[n] = (System.nanoTime() - start) / 1e9;
                }
            }
            double[] rising = DoubleStream.of(seconds).sorted().toArray();
            return (rising[(runs - 1) / 2] + rising[runs / 2]) / 2;
        }
    }

    /** Values from 0 to 1, but the first row where rows of a table are looked up. */
    private static Map<String, float[]> randomInputs(NetworkDefinition definition) {
        Set<Integer> rows = new HashSet<>();
        for (Op op : definition.ops()) {
            if (op instanceof Op.Embedding lookup) {
                rows.add(lookup.ids().id());
            }
        }
        SplitMixChooser random = new SplitMixChooser(0);
        Map<String, float[]> inputs = new HashMap<>();
        for (Map.Entry<String, Tensor> input : definition.inputs().entrySet()) {
            float[] values = new float[input.getValue().count()];
            if (!rows.contains(input.getValue().id())) {
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) random.one(RANDOM) / RANDOM;
                }
            }
            inputs.put(input.getKey(), values);
        }
        return inputs;
    }
}
