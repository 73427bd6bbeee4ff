package org.segvol.train;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import org.segvol.layers.GradientEngine;
import org.segvol.layers.SegVolGradients;
import org.segvol.prompt.SplitMixChooser;
import org.segvol.weights.ParameterTable;
import org.segvol.weights.TensorSource;

/**
 * What learns: the trained values, the optimiser that moves them and the gradients it is given. With adapters, the trained values of a
 * matrix are those of its adapter.
 */
final class Learner {
    private static final double BETA1 = 0.9;
    private static final double EPS = 1e-8;
    private static final String A = ".lora_a";
    private static final String B = ".lora_b";

    private final ParameterTable table;
    private final FineTuneOptions options;
    private final GradientSum sum;
    private final AdamW optimiser;
    private final Map<String, FloatBuffer> values = new TreeMap<>();
    private final Map<String, long[]> shapes = new TreeMap<>();
    private final Map<String, LowRankAdapter> adapters = new TreeMap<>();
    private final Map<String, FloatBuffer> parameters = new TreeMap<>();

    Learner(ParameterTable table, GradientEngine engine, SortedSet<String> trained, FineTuneOptions options) {
        this.table = table;
        this.options = options;
        this.sum = new GradientSum(table, trained);
        this.optimiser = new AdamW(new AdamW.Choices(
                BETA1,
                options.beta2(),
                EPS,
                options.decay(),
                options.decayMatricesOnly() ? ParameterChoice::isMatrix : name -> true));
        SplitMixChooser random = new SplitMixChooser(options.seed() ^ 0x10AAL);
        for (String name : trained) {
            FloatBuffer buffer = engine.parameter(name);
            long[] shape = table.shape(name);
            parameters.put(name, buffer);
            if (options.trained() == FineTuneOptions.Trained.LORA && ParameterChoice.adapted(name)) {
                int out = Math.toIntExact(shape[0]), in = Math.toIntExact(shape[1]);
                LowRankAdapter adapter = new LowRankAdapter(buffer, out, in, options.rank(), random);
                adapters.put(name, adapter);
                put(name + A, adapter.a(), options.rank(), in);
                put(name + B, adapter.b(), out, options.rank());
            } else {
                put(name, buffer, shape);
            }
        }
    }

    private void put(String name, FloatBuffer buffer, long... shape) {
        values.put(name, buffer);
        shapes.put(name, shape);
    }

    /** Where the parts of the network put their gradients. */
    SegVolGradients.Sink sink() {
        return sum;
    }

    /**
     * Moves the trained values and forgets the gradients.
     *
     * @param views that the gradients are the sum of
     * @return the norm of the mean gradient, before it was clipped
     */
    double update(int views, double rate) {
        Map<String, float[]> gradients = new LinkedHashMap<>();
        sum.values().forEach((name, gradient) -> {
            LowRankAdapter adapter = adapters.get(name);
            if (adapter == null) {
                gradients.put(name, gradient);
            } else {
                gradients.put(name + A, adapter.gradientOfA(gradient));
                gradients.put(name + B, adapter.gradientOfB(gradient));
            }
        });
        double norm = GradientSum.norm(gradients.values()) / views;
        double scale = 1.0 / views;
        if (options.clip() > 0 && norm > options.clip()) {
            scale *= options.clip() / norm;
        }
        optimiser.step(values, gradients, scale, rate);
        adapters.forEach((name, adapter) -> adapter.apply(parameters.get(name)));
        sum.clear();
        return norm;
    }

    /** The whole model as it is now, adapters merged; reads what is not trained from {@code source}. */
    TensorSource model(TensorSource source) {
        NamedValues all = new NamedValues(source, table.tensors());
        parameters.forEach((name, buffer) -> all.put(name, table.shape(name), buffer));
        return all;
    }

    /** The adapters alone. */
    TensorSource adapters() {
        NamedValues all = new NamedValues();
        values.forEach((name, buffer) -> {
            if (name.endsWith(A) || name.endsWith(B)) {
                all.put(name, shapes.get(name), buffer);
            }
        });
        return all;
    }

    /** Trained values and both moments of the optimiser. */
    TensorSource state() {
        NamedValues all = new NamedValues();
        values.forEach((name, buffer) -> all.put("value." + name, shapes.get(name), buffer));
        optimiser.firstMoments().forEach((name, m) -> all.put("first." + name, shapes.get(name), FloatBuffer.wrap(m)));
        optimiser
                .secondMoments()
                .forEach((name, m) -> all.put("second." + name, shapes.get(name), FloatBuffer.wrap(m)));
        return all;
    }

    /**
     * Continues from a state.
     *
     * @param updates that were made before it was saved
     * @throws IllegalArgumentException when it is of another run
     */
    void restore(TensorSource state, long updates) throws IOException {
        Map<String, float[]> first = new LinkedHashMap<>(), second = new LinkedHashMap<>();
        for (Map.Entry<String, FloatBuffer> value : values.entrySet()) {
            String name = value.getKey();
            if (!state.tensors().containsKey("value." + name)) {
                throw new IllegalArgumentException(
                        "the saved state has no " + name + "; it is of a run with other choices of what to train");
            }
            state.read("value." + name, value.getValue().duplicate().clear());
            if (updates > 0) {
                first.put(name, state.read("first." + name));
                second.put(name, state.read("second." + name));
            }
        }
        optimiser.restore(updates, first, second);
        adapters.forEach((name, adapter) -> adapter.apply(parameters.get(name)));
    }

    /** Updates made so far. */
    long updates() {
        return optimiser.steps();
    }
}
