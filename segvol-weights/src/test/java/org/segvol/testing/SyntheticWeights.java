package org.segvol.testing;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.segvol.testing.SyntheticRule.Kind;
import org.segvol.weights.Converter;
import org.segvol.weights.DType;
import org.segvol.weights.Extent;
import org.segvol.weights.ModelConfig;
import org.segvol.weights.ParameterTable;
import org.segvol.weights.SafetensorsWriter;
import org.segvol.weights.TensorInfo;
import org.segvol.weights.TensorSource;

/**
 * Weights that are computed from a configuration and a seed, bit for bit as the reference program does (spec 9.1). They make masks that are
 * compact regions around the middle of the window.
 */
public final class SyntheticWeights implements TensorSource {
    private static final int BLOCK = 1 << 20;
    private static final int PART = 1 << 14;
    private static final float UP0 = 4;
    private static final double SPOT = 4;
    private static final double BUMP = 2;
    private static final Map<Key, Path> FILES = new HashMap<>();

    private final ModelConfig config;
    private final long seed;
    private final ParameterTable table;

    private record Key(ModelConfig config, long seed) {}

    /** One element's value before overrides. */
    @FunctionalInterface
    private interface Formula {
        double at(int i);
    }

    /** The weights of one configuration and seed. */
    public SyntheticWeights(ModelConfig config, long seed) {
        this.config = config;
        this.seed = seed;
        this.table = ParameterTable.of(config);
    }

    /** The model's sizes. */
    public ModelConfig config() {
        return config;
    }

    /** The model's tensors, in the order of its {@link ParameterTable}. */
    @Override
    public Map<String, TensorInfo> tensors() {
        return table.tensors();
    }

    /** All values of one tensor, in C order. */
    public float[] values(String name) {
        float[] values = new float[count(name)];
        read(name, FloatBuffer.wrap(values));
        return values;
    }

    @Override
    public void read(String name, FloatBuffer target) {
        int count = count(name);
        Formula formula = formula(name);
        float[] block = new float[Math.min(count, BLOCK)];
        for (int start = 0; start < count; start += BLOCK) {
            int first = start;
            int size = Math.min(BLOCK, count - start);
            IntStream.range(0, (size + PART - 1) / PART).parallel().forEach(part -> {
                int end = Math.min((part + 1) * PART, size);
                for (int i = part * PART; i < end; i++) {
                    block[i] = (float) formula.at(first + i);
                }
            });
            override(name, block, first, size);
            target.put(block, 0, size);
        }
    }

    /**
     * A safetensors file with all these weights as float32 and the configuration in its metadata, for models too large to hold twice.
     * It is written once per Java process and deleted when that ends.
     */
    public static synchronized Path fullSizeFile(ModelConfig config, long seed) throws IOException {
        Path file = FILES.get(new Key(config, seed));
        if (file == null) {
            file = Files.createTempFile("segvol-" + config.name() + "-" + seed + "-", ".safetensors");
            file.toFile().deleteOnExit();
            SafetensorsWriter.write(new SyntheticWeights(config, seed), file, DType.F32, Converter.metadata(config));
            FILES.put(new Key(config, seed), file);
        }
        return file;
    }

    private int count(String name) {
        return Math.toIntExact(info(name).elementCount());
    }

    private TensorInfo info(String name) {
        return new TensorInfo(name, DType.F32, table.shape(name));
    }

    private Formula formula(String name) {
        long[] shape = table.shape(name);
        SyntheticRule rule = SyntheticRule.of(name, shape);
        double offset = rule.offset();
        double scale = rule.scale();
        String key = seed + ":" + name;
        RandomStream own = new RandomStream(key);
        if (rule.kind() == Kind.TAP) {
            RandomStream shared = new RandomStream(key + "#shared");
            return i -> offset + scale * (0.9 * shared.signedUnit(i / 8) + 0.4 * own.signedUnit(i));
        }
        if (rule.kind() == Kind.BUMP) {
            RandomStream direction = new RandomStream(key + "#direction");
            double[] bell = bell(config.grid());
            int channels = (int) shape[2];
            return i -> (offset + scale * own.signedUnit(i))
                    + BUMP * ((bell[i / channels] - 0.4) * direction.signedUnit(i % channels));
        }
        if (rule.kind() == Kind.SPOT) {
            double[] bell = bell(config.grid().times(2));
            return i -> {
                double value = offset + scale * own.signedUnit(i);
                return i < bell.length ? value + SPOT * bell[i] : value;
            };
        }
        return i -> offset + scale * own.signedUnit(i);
    }

    /** Values that are set whatever the formula gives: feature 0 depends on channel 0 alone, and every mask subtracts it. */
    private void override(String name, float[] block, int first, int size) {
        if (name.equals("mask_decoder.output_upscaling.3.weight")) {
            int channelTaps = config.hidden() / 8 * 8;
            for (int i = 0; i < size; i++) {
                if ((first + i) % channelTaps < 8) {
                    block[i] = first + i < 8 ? -1 : 0;
                }
            }
        } else if (first == 0 && name.equals("mask_decoder.output_upscaling.3.bias")) {
            block[0] = UP0;
        } else if (first == 0 && name.matches("mask_decoder\\.output_hypernetworks_mlps\\.\\d+\\.layers\\.2\\.bias")) {
            block[0] = -headOffset();
        }
    }

    private float headOffset() {
        return switch (config.name()) {
            case "full" -> 6f;
            case "small" -> 2f;
            default -> 0.5f;
        };
    }

    /** 1 / (1 + 16 q), where q is the squared distance from the middle in units of the extents. */
    private static double[] bell(Extent size) {
        double[] bell = new double[size.count()];
        int at = 0;
        for (int i = 0; i < size.d(); i++) {
            double a = (i + 0.5) / size.d() - 0.5;
            for (int j = 0; j < size.h(); j++) {
                double b = (j + 0.5) / size.h() - 0.5;
                for (int k = 0; k < size.w(); k++) {
                    double c = (k + 0.5) / size.w() - 0.5;
                    bell[at++] = 1.0 / (1.0 + 16.0 * (a * a + b * b + c * c));
                }
            }
        }
        return bell;
    }
}
