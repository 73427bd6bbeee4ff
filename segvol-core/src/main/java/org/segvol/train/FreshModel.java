package org.segvol.train;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.segvol.prompt.SplitMixChooser;
import org.segvol.weights.Converter;
import org.segvol.weights.DType;
import org.segvol.weights.Extent;
import org.segvol.weights.ModelConfig;
import org.segvol.weights.ParameterTable;
import org.segvol.weights.SafetensorsWriter;
import org.segvol.weights.TensorInfo;

/**
 * Weights of a model that has learnt nothing, to train from scratch.
 *
 * <p>Matrices are normal with variance 1 / fan-in, half as wide where they end a residual branch; positions start as sines and cosines. The
 * Fourier matrix is not random: each of its columns reads one axis, and the frequencies of depth and height differ by the factor by which
 * clicks and boxes see those two axes differently (spec 1.4.3), so that the encodings of prompts and of the grid share all frequencies.
 */
public final class FreshModel {
    /** A small model with the whole pipeline, for training on a laptop. */
    public static final ModelConfig DEMO = new ModelConfig(
            "demo",
            new Extent(32, 96, 96),
            new Extent(8, 8, 8),
            96,
            192,
            4,
            4,
            2,
            8,
            192,
            4,
            16,
            3,
            4,
            49408,
            32,
            64,
            2,
            4,
            77);

    private static final double GRID_GAIN = 0.3;

    private final ModelConfig config;
    private final SplitMixChooser random;

    private FreshModel(ModelConfig config, long seed) {
        this.config = config;
        this.random = new SplitMixChooser(seed);
    }

    /**
     * Writes a fresh model.
     *
     * @param file safetensors, replaced as a whole
     */
    public static void write(ModelConfig config, long seed, Path file) throws IOException {
        FreshModel fresh = new FreshModel(config, seed);
        NamedValues values = new NamedValues();
        for (TensorInfo info : ParameterTable.of(config).tensors().values()) {
            values.put(info.name(), info.shape(), FloatBuffer.wrap(fresh.values(info)));
        }
        SafetensorsWriter.write(values, file, DType.F32, Map.copyOf(Converter.metadata(config)));
    }

    private float[] values(TensorInfo info) {
        String name = info.name();
        long[] shape = info.shape();
        int count = Math.toIntExact(info.elementCount());
        boolean norm = name.contains("norm")
                || name.contains("output_upscaling.1.")
                || name.contains("downscaling.1.")
                || name.contains("downscaling.4.");
        if (name.endsWith("positional_encoding_gaussian_matrix")) {
            return fourier(count / 3);
        } else if (name.endsWith("patch_embedding.position_embeddings")) {
            return positions();
        } else if (norm) {
            return constant(count, name.endsWith(".weight") ? 1 : 0);
        } else if (name.endsWith(".bias")) {
            return constant(count, 0);
        } else if ((name.contains("embed") && shape.length == 2 && !name.contains("align"))
                || name.contains("token.weight")
                || name.contains("mask_tokens")) {
            return normal(count, 0.5);
        }
        return normal(count, gain(name) / Math.sqrt(fanIn(name, shape)));
    }

    private static double fanIn(String name, long[] shape) {
        if (name.contains("output_upscaling")) {
            return shape[0]; // kernel equals stride: each output sees every input channel once
        }
        double product = 1;
        for (int i = 1; i < shape.length; i++) {
            product *= shape[i];
        }
        return product;
    }

    private static double gain(String name) {
        boolean endsBranch = name.endsWith("out_proj.weight")
                || name.endsWith("mlp.linear2.weight")
                || name.endsWith("mlp.lin2.weight")
                || name.endsWith("mlp.fc2.weight");
        return endsBranch ? 0.5 : name.contains("patch_embeddings") ? 2 : 1;
    }

    private static float[] constant(int count, float value) {
        float[] values = new float[count];
        Arrays.fill(values, value);
        return values;
    }

    /** Normal numbers cut off at two standard deviations. */
    private float[] normal(int count, double deviation) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            double z;
            do {
                z = Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit());
            } while (Math.abs(z) > 2);
            values[i] = (float) (deviation * z);
        }
        return values;
    }

    /** (3, columns): a third of the columns for each axis. */
    private float[] fourier(int columns) {
        int k = columns / 3;
        double ratio = (double) config.window().h() / config.window().d();
        float[] matrix = new float[3 * columns];
        for (int i = 0; i < k; i++) {
            double t = k == 1 ? 0 : (double) i / (k - 1);
            double frequency = Math.pow(2, -2.5 + 4 * t);
            matrix[i] = (float) (ratio * frequency);
            matrix[columns + k + i] = (float) frequency;
            matrix[2 * columns + 2 * k + i] = (float) Math.pow(2, -2 + 4 * t);
        }
        return matrix;
    }

    /** (tokens, hidden): sines and cosines of each axis, a third of the channels each, as a start for learnt positions. */
    private float[] positions() {
        Extent grid = config.grid();
        int c = config.hidden(), third = c / 3 / 2 * 2;
        float[] values = new float[grid.count() * c];
        int at = 0;
        for (int d = 0; d < grid.d(); d++) {
            for (int h = 0; h < grid.h(); h++) {
                for (int w = 0; w < grid.w(); w++) {
                    double[] place = {(d + 0.5) / grid.d(), (h + 0.5) / grid.h(), (w + 0.5) / grid.w()};
                    for (int channel = 0; channel < 3 * third; channel++) {
                        int axis = channel / third, i = channel % third / 2;
                        double angle = Math.PI * place[axis] * Math.pow(2, 4.0 * i / Math.max(1, third / 2 - 1));
                        values[at + channel] =
                                (float) (GRID_GAIN * (channel % 2 == 0 ? Math.sin(angle) : Math.cos(angle)));
                    }
                    at += c;
                }
            }
        }
        return values;
    }
}
