package org.segvol.layers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.segvol.weights.TensorSource;

/** The control: every operation as plain loops in double, straight from the words of {@link Graph}. Slow and obvious. */
public final class PlainEngine implements Engine {
    private final TensorSource weights;

    public PlainEngine(TensorSource weights) {
        this.weights = weights;
    }

    @Override
    public String name() {
        return "plain";
    }

    @Override
    public String description() {
        return "plain loops";
    }

    @Override
    public Network compile(NetworkDefinition definition) {
        return new Network() {
            @Override
            public Map<String, float[]> run(Map<String, float[]> inputs) {
                definition.requireInputs(inputs);
                Interpreter interpreter = new Interpreter(inputs);
                definition.ops().forEach(op -> op.accept(interpreter));
                Map<String, float[]> out = new LinkedHashMap<>();
                definition.outputs().forEach((label, t) -> out.put(label, floats(interpreter.values.get(t.id()))));
                return out;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void close() {}

    private static float[] floats(double[] values) {
        float[] out = new float[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) values[i];
        }
        return out;
    }

    private static double[] doubles(float[] values) {
        double[] out = new double[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = values[i];
        }
        return out;
    }

    private double[] parameter(String name) {
        FloatBuffer values =
                FloatBuffer.allocate(Math.toIntExact(weights.tensors().get(name).elementCount()));
        try {
            weights.read(name, values);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return doubles(values.array());
    }

    static double apply(Activation activation, double x) {
        return switch (activation) {
            case NONE -> x;
            case RELU -> Math.max(x, 0);
            case GELU -> x * (1 + erf(x / Math.sqrt(2))) / 2;
            case QUICK_GELU -> x / (1 + Math.exp(-1.702 * x));
            case SIN -> Math.sin(x);
            case COS -> Math.cos(x);
        };
    }

    /** The error function by its Taylor series, or by its continued fraction where that converges better. */
    static double erf(double x) {
        double z = Math.abs(x);
        if (z < 3) {
            double term = z, sum = z;
            for (int n = 1; n < 100; n++) {
                term *= -z * z / n;
                sum += term / (2 * n + 1);
            }
            return Math.signum(x) * 2 / Math.sqrt(Math.PI) * sum;
        }
        double fraction = 0;
        for (int n = 60; n > 0; n--) {
            fraction = n / 2.0 / (z + fraction);
        }
        return Math.signum(x) * (1 - Math.exp(-z * z) / Math.sqrt(Math.PI) / (z + fraction));
    }

    private final class Interpreter implements Op.Visitor {
        private final Map<String, float[]> inputs;
        private final Map<Integer, double[]> values = new HashMap<>();

        Interpreter(Map<String, float[]> inputs) {
            this.inputs = inputs;
        }

        private double[] of(Tensor t) {
            return values.get(t.id());
        }

        private void put(Op op, double[] result) {
            if (result.length != op.out().count()) {
                throw new AssertionError(op + " gave " + result.length + " values");
            }
            values.put(op.out().id(), result);
        }

        @Override
        public void visit(Op.Input op) {
            put(op, doubles(inputs.get(op.name())));
        }

        @Override
        public void visit(Op.Constant op) {
            put(op, doubles(op.values()));
        }

        @Override
        public void visit(Op.Parameter op) {
            put(op, parameter(op.name()));
        }

        @Override
        public void visit(Op.Linear op) {
            double[] x = of(op.x()), w = parameter(op.name() + ".weight");
            double[] b = op.bias() ? parameter(op.name() + ".bias") : null;
            int in = op.x().dim(-1), out = op.out().dim(-1), rows = op.x().count() / in;
            double[] y = new double[rows * out];
            for (int r = 0; r < rows; r++) {
                for (int o = 0; o < out; o++) {
                    double sum = b == null ? 0 : b[o];
                    for (int i = 0; i < in; i++) {
                        sum += x[r * in + i] * w[o * in + i];
                    }
                    y[r * out + o] = apply(op.activation(), sum);
                }
            }
            put(op, op.residual() == null ? y : broadcast(y, op.out(), op.residual(), false));
        }

        /** y + b or y * b, with b of size one on some axes. */
        private double[] broadcast(double[] y, Tensor shape, Tensor other, boolean multiply) {
            double[] b = of(other), out = new double[y.length];
            int[] sizes = shape.shape(), own = other.shape();
            for (int i = 0; i < y.length; i++) {
                int rest = i, at = 0, stride = 1;
                for (int axis = sizes.length - 1; axis >= 0; axis--) {
                    int index = rest % sizes[axis];
                    rest /= sizes[axis];
                    at += own[axis] == 1 ? 0 : index * stride;
                    stride *= own[axis];
                }
                out[i] = multiply ? y[i] * b[at] : y[i] + b[at];
            }
            return out;
        }

        private double[] normalised(double[] x, int from, int length) {
            double mean = 0, variance = 0;
            for (int i = 0; i < length; i++) {
                mean += x[from + i] / length;
            }
            for (int i = 0; i < length; i++) {
                variance += (x[from + i] - mean) * (x[from + i] - mean) / length;
            }
            double[] out = new double[length];
            for (int i = 0; i < length; i++) {
                out[i] = (x[from + i] - mean) / Math.sqrt(variance + 1e-5);
            }
            return out;
        }

        @Override
        public void visit(Op.LayerNorm op) {
            double[] w = parameter(op.name() + ".weight"), b = parameter(op.name() + ".bias"), x = of(op.x());
            double[] y = new double[x.length];
            for (int r = 0; r < x.length; r += w.length) {
                double[] n = normalised(x, r, w.length);
                for (int i = 0; i < w.length; i++) {
                    y[r + i] = n[i] * w[i] + b[i];
                }
            }
            put(op, y);
        }

        @Override
        public void visit(Op.Attention op) {
            double[] q = of(op.q()), k = of(op.k()), v = of(op.v());
            int batch = op.q().dim(0),
                    nq = op.q().dim(1),
                    nk = op.k().dim(1),
                    c = op.q().dim(2),
                    d = c / op.heads();
            double[] y = new double[q.length], s = new double[nk];
            for (int b = 0; b < batch; b++) {
                for (int h = 0; h < op.heads(); h++) {
                    for (int i = 0; i < nq; i++) {
                        double max = Double.NEGATIVE_INFINITY, sum = 0;
                        for (int j = 0; j < nk; j++) {
                            double dot = 0;
                            for (int e = 0; e < d; e++) {
                                dot += q[(b * nq + i) * c + h * d + e] * k[(b * nk + j) * c + h * d + e];
                            }
                            s[j] = dot / Math.sqrt(d) + (op.bias() == null ? 0 : of(op.bias())[(b * nq + i) * nk + j]);
                            max = Math.max(max, s[j]);
                        }
                        for (int j = 0; j < nk; j++) {
                            s[j] = Math.exp(s[j] - max);
                            sum += s[j];
                        }
                        for (int j = 0; j < nk; j++) {
                            for (int e = 0; e < d; e++) {
                                y[(b * nq + i) * c + h * d + e] += s[j] / sum * v[(b * nk + j) * c + h * d + e];
                            }
                        }
                    }
                }
            }
            put(op, y);
        }

        @Override
        public void visit(Op.Add op) {
            put(op, broadcast(of(op.a()), op.out(), op.b(), false));
        }

        @Override
        public void visit(Op.Multiply op) {
            put(op, broadcast(of(op.a()), op.out(), op.b(), true));
        }

        @Override
        public void visit(Op.Scale op) {
            double[] y = of(op.x()).clone();
            for (int i = 0; i < y.length; i++) {
                y[i] = y[i] * op.factor() + op.shift();
            }
            put(op, y);
        }

        @Override
        public void visit(Op.Activate op) {
            double[] y = of(op.x()).clone();
            for (int i = 0; i < y.length; i++) {
                y[i] = apply(op.activation(), y[i]);
            }
            put(op, y);
        }

        @Override
        public void visit(Op.MatMul op) {
            int batch = op.a().dim(0),
                    m = op.a().dim(1),
                    inner = op.a().dim(2),
                    n = op.out().dim(2);
            double[] a = of(op.a()), b = of(op.b()), y = new double[batch * m * n];
            for (int i = 0; i < batch; i++) {
                for (int r = 0; r < m; r++) {
                    for (int c = 0; c < n; c++) {
                        double sum = 0;
                        for (int e = 0; e < inner; e++) {
                            int at = op.transposeB() ? (i * n + c) * inner + e : (i * inner + e) * n + c;
                            sum += a[(i * m + r) * inner + e] * b[at];
                        }
                        y[(i * m + r) * n + c] = sum;
                    }
                }
            }
            put(op, y);
        }

        @Override
        public void visit(Op.Concat op) {
            int inner = 1, outer = 1;
            for (int axis = 0; axis < op.out().rank(); axis++) {
                if (axis < op.axis()) {
                    outer *= op.out().dim(axis);
                } else if (axis > op.axis()) {
                    inner *= op.out().dim(axis);
                }
            }
            double[] y = new double[op.out().count()];
            int at = 0;
            for (int o = 0; o < outer; o++) {
                for (Tensor part : op.inputs()) {
                    int length = part.dim(op.axis()) * inner;
                    System.arraycopy(of(part), o * length, y, at, length);
                    at += length;
                }
            }
            put(op, y);
        }

        @Override
        public void visit(Op.Slice op) {
            int inner = 1;
            for (int axis = op.axis() + 1; axis < op.x().rank(); axis++) {
                inner *= op.x().dim(axis);
            }
            int length = (op.to() - op.from()) * inner, stride = op.x().dim(op.axis()) * inner;
            double[] y = new double[op.out().count()];
            for (int o = 0; o * length < y.length; o++) {
                System.arraycopy(of(op.x()), o * stride + op.from() * inner, y, o * length, length);
            }
            put(op, y);
        }

        @Override
        public void visit(Op.Reshape op) {
            put(op, of(op.x()));
        }

        @Override
        public void visit(Op.Repeat op) {
            double[] x = of(op.x()), y = new double[x.length * op.times()];
            for (int i = 0; i < op.times(); i++) {
                System.arraycopy(x, 0, y, i * x.length, x.length);
            }
            put(op, y);
        }

        @Override
        public void visit(Op.Embedding op) {
            double[] ids = of(op.ids()), table = parameter(op.name());
            int width = op.out().dim(2);
            double[] y = new double[op.out().count()];
            for (int i = 0; i < ids.length; i++) {
                System.arraycopy(table, ((int) ids[i]) * width, y, i * width, width);
            }
            put(op, y);
        }

        @Override
        public void visit(Op.ConvTranspose2x op) {
            double[] x = of(op.x()), w = parameter(op.name() + ".weight"), b = parameter(op.name() + ".bias");
            int in = op.x().dim(2), out = op.out().dim(2), rows = op.x().count() / in;
            double[] y = new double[op.out().count()];
            for (int r = 0; r < rows; r++) {
                for (int tap = 0; tap < 8; tap++) {
                    for (int o = 0; o < out; o++) {
                        double sum = b[o];
                        for (int i = 0; i < in; i++) {
                            sum += x[r * in + i] * w[(i * out + o) * 8 + tap];
                        }
                        y[(r * 8 + tap) * out + o] = apply(op.activation(), sum);
                    }
                }
            }
            put(op, y);
        }

        @Override
        public void visit(Op.BlockLayerNorm op) {
            double[] x = of(op.x()), w = parameter(op.name() + ".weight"), b = parameter(op.name() + ".bias");
            int voxels = op.x().dim(1), channels = op.x().dim(2);
            int[] raster = op.order().toRaster();
            double[] y = new double[x.length];
            for (int at = 0; at < x.length; at += w.length) {
                double[] n = normalised(x, at, w.length);
                for (int v = 0; v < voxels; v++) {
                    for (int c = 0; c < channels; c++) {
                        int p = c * voxels + raster[v];
                        y[at + v * channels + c] = apply(op.activation(), n[v * channels + c] * w[p] + b[p]);
                    }
                }
            }
            put(op, y);
        }

        @Override
        public void visit(Op.UnfoldBlocks op) {
            double[] x = of(op.x()), y = new double[x.length];
            int[] raster = op.order().toRaster();
            for (int at = 0; at < x.length; at += raster.length) {
                for (int v = 0; v < raster.length; v++) {
                    y[at + raster[v]] = x[at + v];
                }
            }
            put(op, y);
        }

        @Override
        public void visit(Op.Trilinear op) {
            double[] x = of(op.x()), y = new double[op.out().count()];
            int volume = op.from().count();
            int at = 0;
            for (int o = 0; o < x.length; o += volume) {
                for (int d = 0; d < op.to().d(); d++) {
                    for (int h = 0; h < op.to().h(); h++) {
                        for (int w = 0; w < op.to().w(); w++) {
                            y[at++] = sample(x, o, op, d, h, w);
                        }
                    }
                }
            }
            put(op, y);
        }

        private double sample(double[] x, int offset, Op.Trilinear op, int d, int h, int w) {
            int[] index = {d, h, w}, lower = new int[3], upper = new int[3];
            double[] weight = new double[3];
            for (int axis = 0; axis < 3; axis++) {
                int in = op.from().side(axis), out = op.to().side(axis);
                double source = Math.max(0, (index[axis] + 0.5) * in / out - 0.5);
                lower[axis] = (int) source;
                upper[axis] = Math.min(lower[axis] + 1, in - 1);
                weight[axis] = source - lower[axis];
            }
            double sum = 0;
            for (int corner = 0; corner < 8; corner++) {
                double share = 1;
                int[] at = new int[3];
                for (int axis = 0; axis < 3; axis++) {
                    boolean high = (corner >> axis & 1) == 1;
                    share *= high ? weight[axis] : 1 - weight[axis];
                    at[axis] = high ? upper[axis] : lower[axis];
                }
                sum += share
                        * x[offset + (at[0] * op.from().h() + at[1]) * op.from().w() + at[2]];
            }
            return sum;
        }
    }
}
