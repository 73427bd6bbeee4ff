package org.segvol.layers.samediff;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.segvol.layers.Activation;
import org.segvol.layers.BlockOrder;
import org.segvol.layers.LinearResize;
import org.segvol.layers.Op;
import org.segvol.layers.Tensor;
import org.segvol.weights.Extent;

/**
 * Writes a recorded network into a SameDiff graph with stock operations that were checked against PyTorch. Layer norm and GELU are composed,
 * because ND4J's own are wrong (docs/nd4j-notes.md); matrix products are done on two axes, because others are slow or refused.
 */
final class SameDiffEmitter implements Op.Visitor {
    private static final double EPS = 1e-5;

    private final SameDiff sd;
    private final SameDiffParameters parameters;
    private final Map<Integer, SDVariable> results = new HashMap<>();

    SameDiffEmitter(SameDiff sd, SameDiffParameters parameters) {
        this.sd = sd;
        this.parameters = parameters;
    }

    /** The variable that holds a tensor already emitted. */
    SDVariable of(Tensor tensor) {
        return results.get(tensor.id());
    }

    private void put(Op op, SDVariable variable) {
        results.put(op.out().id(), variable);
    }

    static long[] shape(Tensor tensor) {
        int[] sizes = tensor.shape();
        long[] out = new long[sizes.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = sizes[i];
        }
        return out;
    }

    /** (..., I) to (rows, I). */
    private SDVariable flat(Tensor x) {
        return sd.reshape(of(x), x.count() / x.dim(-1), x.dim(-1));
    }

    @Override
    public void visit(Op.Input op) {
        put(op, sd.placeHolder(op.name(), DataType.FLOAT, shape(op.out())));
    }

    @Override
    public void visit(Op.Constant op) {
        put(op, sd.constant(Nd4j.create(op.values(), shape(op.out()), 'c')));
    }

    @Override
    public void visit(Op.Parameter op) {
        put(op, parameters.get(op.name()));
    }

    @Override
    public void visit(Op.Linear op) {
        SDVariable weight = parameters.get(op.name() + ".weight"); // (O,I)
        SDVariable y = sd.mmul(flat(op.x()), weight, false, true, false); // (rows,O)
        if (op.bias()) {
            y = y.add(parameters.get(op.name() + ".bias"));
        }
        y = sd.reshape(activate(y, op.activation()), shape(op.out()));
        if (op.residual() != null) {
            y = y.add(of(op.residual()));
        }
        put(op, y);
    }

    @Override
    public void visit(Op.LayerNorm op) {
        SDVariable x = flat(op.x());
        SDVariable centred = x.sub(x.mean(true, 1));
        SDVariable inverse = sd.math.rsqrt(sd.math.square(centred).mean(true, 1).add(EPS));
        SDVariable y = centred.mul(inverse)
                .mul(parameters.get(op.name() + ".weight"))
                .add(parameters.get(op.name() + ".bias"));
        put(op, sd.reshape(y, shape(op.out())));
    }

    @Override
    public void visit(Op.Attention op) {
        int batch = op.q().dim(0), queries = op.q().dim(1), keys = op.k().dim(1), heads = op.heads();
        double scale = 1 / Math.sqrt((double) op.q().dim(2) / heads);
        SDVariable q = split(op.q(), heads).mul(scale); // (BH,Nq,D)
        SDVariable scores = sd.mmul(q, split(op.k(), heads), false, true, false); // (BH,Nq,Nk)
        if (op.bias() != null) {
            SDVariable grouped = sd.reshape(scores, batch, heads, queries, keys);
            grouped = grouped.add(sd.reshape(of(op.bias()), batch, 1, queries, keys));
            scores = sd.reshape(grouped, (long) batch * heads, queries, keys);
        }
        SDVariable y = sd.mmul(sd.nn.softmax(scores, 2), split(op.v(), heads)); // (BH,Nq,D)
        int width = op.q().dim(2) / heads;
        if (batch == 1) {
            y = sd.permute(y, 1, 0, 2); // (Nq,H,D)
        } else {
            y = sd.permute(sd.reshape(y, batch, heads, queries, width), 0, 2, 1, 3); // (B,Nq,H,D)
        }
        put(op, sd.reshape(y, shape(op.out())));
    }

    /** (B,N,I) to (BH,N,D). */
    private SDVariable split(Tensor x, int heads) {
        int batch = x.dim(0), tokens = x.dim(1), width = x.dim(2) / heads;
        if (batch == 1) {
            return sd.permute(sd.reshape(of(x), tokens, heads, width), 1, 0, 2);
        }
        SDVariable y = sd.permute(sd.reshape(of(x), batch, tokens, heads, width), 0, 2, 1, 3);
        return sd.reshape(y, (long) batch * heads, tokens, width);
    }

    @Override
    public void visit(Op.Add op) {
        put(op, of(op.a()).add(of(op.b())));
    }

    @Override
    public void visit(Op.Multiply op) {
        put(op, of(op.a()).mul(of(op.b())));
    }

    @Override
    public void visit(Op.Scale op) {
        SDVariable y = of(op.x()).mul(op.factor());
        put(op, op.shift() == 0 ? y : y.add(op.shift()));
    }

    @Override
    public void visit(Op.Activate op) {
        put(op, activate(of(op.x()), op.activation()));
    }

    private SDVariable activate(SDVariable x, Activation activation) {
        return switch (activation) {
            case NONE -> x;
            case RELU -> sd.nn.relu(x, 0);
            case GELU -> x.mul(sd.math.erf(x.mul(1 / Math.sqrt(2))).add(1.0)).mul(0.5);
            case QUICK_GELU -> sd.nn.gelu(x); // in ND4J this is x * sigmoid(1.702 x)
            case SIN -> sd.math.sin(x);
            case COS -> sd.math.cos(x);
        };
    }

    @Override
    public void visit(Op.MatMul op) {
        if (op.a().dim(0) > 1) {
            put(op, sd.mmul(of(op.a()), of(op.b()), false, op.transposeB(), false));
            return;
        }
        SDVariable a = sd.reshape(of(op.a()), op.a().dim(1), op.a().dim(2));
        SDVariable b = sd.reshape(of(op.b()), op.b().dim(1), op.b().dim(2));
        put(op, sd.reshape(sd.mmul(a, b, false, op.transposeB(), false), shape(op.out())));
    }

    @Override
    public void visit(Op.Concat op) {
        put(op, sd.concat(op.axis(), op.inputs().stream().map(this::of).toArray(SDVariable[]::new)));
    }

    @Override
    public void visit(Op.Slice op) {
        SDIndex[] indices = new SDIndex[op.x().rank()];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = i == op.axis() ? SDIndex.interval(op.from(), op.to()) : SDIndex.all();
        }
        put(op, of(op.x()).get(indices));
    }

    @Override
    public void visit(Op.Reshape op) {
        put(op, sd.reshape(of(op.x()), shape(op.out())));
    }

    @Override
    public void visit(Op.Repeat op) {
        int[] times = new int[op.x().rank()];
        Arrays.fill(times, 1);
        times[0] = op.times();
        put(op, sd.tile(of(op.x()), times));
    }

    @Override
    public void visit(Op.Embedding op) {
        put(op, parameters.rows(op, of(op.ids())));
    }

    @Override
    public void visit(Op.ConvTranspose2x op) {
        int in = op.x().dim(2), out = op.out().dim(2);
        // (in,out,taps) to (in, taps*out): one product gives every voxel's block, channels fastest
        SDVariable weight = parameters.reordered(
                op.name() + ".weight", new long[] {in, out, 8}, new int[] {0, 2, 1}, new long[] {in, 8L * out});
        SDVariable y = sd.mmul(flat(op.x()), weight); // (BN, 8*out)
        y = sd.reshape(y, (long) op.out().dim(0) * op.out().dim(1), out).add(parameters.get(op.name() + ".bias"));
        put(op, sd.reshape(activate(y, op.activation()), shape(op.out())));
    }

    @Override
    public void visit(Op.BlockLayerNorm op) {
        int batch = op.x().dim(0), voxels = op.x().dim(1), channels = op.x().dim(2);
        SDVariable x = of(op.x());
        SDVariable centred = x.sub(meanOfAll(x));
        SDVariable y =
                centred.mul(sd.math.rsqrt(meanOfAll(sd.math.square(centred)).add(EPS)));
        y = sd.reshape(y, batch, (long) voxels * channels);
        y = y.mul(blockOrdered(op.name() + ".weight", op.order(), channels))
                .add(blockOrdered(op.name() + ".bias", op.order(), channels));
        put(op, sd.reshape(activate(y, op.activation()), shape(op.out())));
    }

    /** The mean over voxels and channels, in two steps: ND4J adds up millions of numbers in float32 with an error of 4e-4. */
    private static SDVariable meanOfAll(SDVariable x) {
        return x.mean(true, 2).mean(true, 1);
    }

    /** (C,d,h,w) in raster order to (1, voxels*C) in block order. */
    private SDVariable blockOrdered(String name, BlockOrder order, int channels) {
        long[] spatial = spatialSplit(order);
        long[] split = new long[spatial.length + 1];
        split[0] = channels;
        System.arraycopy(spatial, 0, split, 1, spatial.length);
        int[] axes = new int[split.length]; // cells, then one (d,h,w) tap triple per level, channels last
        int[] blockAxes = blockAxes(order);
        for (int i = 0; i < blockAxes.length; i++) {
            axes[i] = blockAxes[i] + 1;
        }
        axes[axes.length - 1] = 0;
        return parameters.reordered(
                name, split, axes, new long[] {1, (long) order.fine().count() * channels});
    }

    /** Sizes of raster axes with the taps of every level split off: d,2..,h,2..,w,2... */
    private static long[] spatialSplit(BlockOrder order) {
        int per = order.levels() + 1;
        long[] split = new long[3 * per];
        for (int axis = 0; axis < 3; axis++) {
            split[axis * per] = order.grid().side(axis);
            for (int level = 1; level < per; level++) {
                split[axis * per + level] = 2;
            }
        }
        return split;
    }

    /** For each axis of block order (d,h,w, then triples per level) its place among the axes of {@link #spatialSplit}. */
    private static int[] blockAxes(BlockOrder order) {
        int per = order.levels() + 1;
        int[] axes = new int[3 * per];
        for (int level = 0; level < per; level++) {
            for (int axis = 0; axis < 3; axis++) {
                axes[level * 3 + axis] = axis * per + level;
            }
        }
        return axes;
    }

    @Override
    public void visit(Op.UnfoldBlocks op) {
        int rows = op.x().dim(0) * op.x().dim(1);
        long[] raster = spatialSplit(op.order());
        int[] blockAxes = blockAxes(op.order());
        long[] split = new long[raster.length + 1];
        int[] back = new int[raster.length + 1];
        split[0] = rows;
        for (int i = 0; i < blockAxes.length; i++) {
            split[i + 1] = raster[blockAxes[i]];
            back[blockAxes[i] + 1] = i + 1;
        }
        put(op, sd.reshape(sd.permute(sd.reshape(of(op.x()), split), back), shape(op.out())));
    }

    @Override
    public void visit(Op.Trilinear op) {
        Extent from = op.from(), to = op.to();
        long rows = (long) op.x().dim(0) * op.x().dim(1);
        // each turn resizes the last axis and brings it to the front; three turns restore the order
        SDVariable y = sd.reshape(of(op.x()), rows, from.d(), from.h(), from.w());
        int[] in = {from.d(), from.h(), from.w()};
        int[] out = {to.d(), to.h(), to.w()};
        for (int axis = 2; axis >= 0; axis--) {
            if (in[axis] != out[axis]) {
                SDVariable flat = sd.reshape(y, others(rows, in, out, axis), in[axis]);
                y = sd.mmul(flat, sd.constant(Nd4j.create(LinearResize.matrix(in[axis], out[axis]))));
            }
            int next = (axis + 2) % 3; // the axis before this one
            int prior = (axis + 1) % 3;
            long nextSize = next < axis ? in[next] : out[next];
            long priorSize = prior < axis ? in[prior] : out[prior];
            y = sd.permute(sd.reshape(y, rows, priorSize, nextSize, out[axis]), 0, 3, 1, 2);
        }
        put(op, sd.reshape(y, shape(op.out())));
    }

    /** Rows of the matrix product that resizes an axis, when the axes after it are resized already. */
    private static long others(long rows, int[] in, int[] out, int axis) {
        long n = rows;
        for (int a = 0; a < 3; a++) {
            if (a != axis) {
                n *= a < axis ? in[a] : out[a];
            }
        }
        return n;
    }
}
