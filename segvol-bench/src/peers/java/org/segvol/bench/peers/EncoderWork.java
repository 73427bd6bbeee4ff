package org.segvol.bench.peers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.segvol.layers.NetworkParts;
import org.segvol.layers.Op;
import org.segvol.weights.ModelConfig;

/** What the image encoder of released size computes: matrix products of linear layers and of attention; the rest is not counted. */
final class EncoderWork {
    private static final List<Op> OPS =
            new NetworkParts(ModelConfig.RELEASED).imageEncoder().ops();

    private EncoderWork() {}

    /**
     * The layers of one kind, all blocks together.
     *
     * @param flop floating-point operations of matrix products
     * @param nanos time
     * @param linear whether they are linear layers
     */
    record Kind(double flop, long nanos, boolean linear) {
        Kind plus(Kind other) {
            return new Kind(flop + other.flop, nanos + other.nanos, linear);
        }
    }

    /** Floating-point operations of one pass. */
    static double flop() {
        return OPS.stream().mapToDouble(EncoderWork::flop).sum();
    }

    /** The same forwards and backwards: each product has two on its way back, but for the first, whose input is the window. */
    static double gradientFlop() {
        Op first =
                OPS.stream().filter(op -> op instanceof Op.Linear).findFirst().orElseThrow();
        return 3 * flop() - flop(first);
    }

    /** Times of all operations, summed by kind, in forward order. */
    static Map<String, Kind> byKind(long[] nanos) {
        if (nanos.length != OPS.size()) {
            throw new IllegalArgumentException("expected " + OPS.size() + " times, found " + nanos.length);
        }
        Map<String, Kind> kinds = new LinkedHashMap<>();
        for (int i = 0; i < nanos.length; i++) {
            Op op = OPS.get(i);
            if (nanos[i] > 0) {
                kinds.merge(name(op), new Kind(flop(op), nanos[i], op instanceof Op.Linear), Kind::plus);
            }
        }
        return kinds;
    }

    private static double flop(Op op) {
        if (op instanceof Op.Linear linear) {
            return 2.0 * linear.out().count() * linear.x().dim(-1);
        }
        if (op instanceof Op.Attention attention) {
            return 4.0 * attention.out().count() * attention.k().dim(1); // q k^T, and its product with v
        }
        return 0;
    }

    private static String name(Op op) {
        if (op instanceof Op.Linear linear) {
            return "linear " + linear.name().replaceFirst("^image_encoder\\.(blocks\\.\\d+\\.)?", "");
        }
        return op instanceof Op.Attention ? "attention" : op instanceof Op.LayerNorm ? "layer norms" : "other";
    }
}
