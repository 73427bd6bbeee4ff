package org.segvol.train;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import org.segvol.layers.SegVolGradients;
import org.segvol.weights.ParameterTable;

/** The gradients of all trained parameters, summed over the parts of a step. A parameter that nothing reached has zeros. */
final class GradientSum implements SegVolGradients.Sink {
    private final Map<String, float[]> sums = new LinkedHashMap<>();

    GradientSum(ParameterTable table, SortedSet<String> trained) {
        for (String name : trained) {
            sums.put(name, new float[Math.toIntExact(table.tensors().get(name).elementCount())]);
        }
    }

    /** The sums by parameter name, live. */
    Map<String, float[]> values() {
        return sums;
    }

    @Override
    public void add(String parameter, float[] gradient) {
        float[] sum = sums.get(parameter);
        for (int i = 0; i < sum.length; i++) {
            sum[i] += gradient[i];
        }
    }

    /** The Euclidean norm of several gradients together. */
    static double norm(Collection<float[]> gradients) {
        double squares = 0;
        for (float[] gradient : gradients) {
            double part = 0;
            for (float g : gradient) {
                part += (double) g * g;
            }
            squares += part;
        }
        return Math.sqrt(squares);
    }

    /** Makes all sums zero. */
    void clear() {
        for (float[] sum : sums.values()) {
            Arrays.fill(sum, 0);
        }
    }
}
