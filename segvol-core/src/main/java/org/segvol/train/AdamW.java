package org.segvol.train;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Adam with decoupled weight decay. Holds two moments for every trained value (8 bytes each). Runs in parallel; the result does not depend
 * on the number of threads.
 */
final class AdamW {
    private static final int CHUNK = 1 << 16;

    private final Choices choices;
    private final Map<String, float[]> first = new LinkedHashMap<>();
    private final Map<String, float[]> second = new LinkedHashMap<>();
    private long steps;

    /**
     * Its constants.
     *
     * @param beta1 decay of the mean of gradients
     * @param beta2 decay of the mean of their squares
     * @param eps added to the root of the squares
     * @param decay weight decay, times the learning rate
     * @param decayed which parameters are decayed
     */
    record Choices(double beta1, double beta2, double eps, double decay, Predicate<String> decayed) {}

    AdamW(Choices choices) {
        this.choices = choices;
    }

    /** Steps taken. */
    long steps() {
        return steps;
    }

    /** Continues where another left off. */
    void restore(long stepsTaken, Map<String, float[]> firstMoments, Map<String, float[]> secondMoments) {
        steps = stepsTaken;
        first.clear();
        second.clear();
        first.putAll(firstMoments);
        second.putAll(secondMoments);
    }

    /** Means of gradients, live. */
    Map<String, float[]> firstMoments() {
        return first;
    }

    /** Means of squared gradients, live. */
    Map<String, float[]> secondMoments() {
        return second;
    }

    /**
     * One step.
     *
     * @param values what is trained, changed in place
     * @param gradients of each; a value without a gradient stays untouched, also by decay
     * @param scale what gradients are multiplied with first
     */
    void step(Map<String, FloatBuffer> values, Map<String, float[]> gradients, double scale, double rate) {
        steps++;
        double correction1 = 1 - Math.pow(choices.beta1(), (double) steps);
        double correction2 = Math.sqrt(1 - Math.pow(choices.beta2(), (double) steps));
        for (Map.Entry<String, float[]> entry : gradients.entrySet()) {
            String name = entry.getKey();
            float[] gradient = entry.getValue();
            float[] m = first.computeIfAbsent(name, key -> new float[gradient.length]);
            float[] v = second.computeIfAbsent(name, key -> new float[gradient.length]);
            FloatBuffer value = values.get(name);
            double keep = choices.decayed().test(name) ? 1 - rate * choices.decay() : 1;
            int chunks = (gradient.length + CHUNK - 1) / CHUNK;
            IntStream.range(0, chunks).parallel().forEach(c -> {
                int end = Math.min(gradient.length, (c + 1) * CHUNK);
                for (int i = c * CHUNK; i < end; i++) {
                    double g = gradient[i] * scale;
                    double mean = choices.beta1() * m[i] + (1 - choices.beta1()) * g;
                    double square = choices.beta2() * v[i] + (1 - choices.beta2()) * g * g;
                    m[i] = (float) mean;
                    v[i] = (float) square;
                    double change = rate / correction1 * mean / (Math.sqrt(square) / correction2 + choices.eps());
                    value.put(i, (float) (value.get(i) * keep - change));
                }
            });
        }
    }
}
