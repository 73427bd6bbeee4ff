package org.segvol.pseudo;

import org.segvol.weights.Extent;

/**
 * The edges between neighbouring voxels (a,b,c) that regions grow along (spec 5.5), in the published order: b+1; a+1; (a+1,b+1); (a+1,b-1); c+1.
 * An edge is named by its kind times the number of voxels plus the voxel that it starts at, so that names rise in the published order. Its cost is
 * the absolute difference of the two values in float32.
 */
final class GridEdges {
    /** How an edge leads from its first voxel. */
    private enum Kind {
        B(0, 1, 0),
        A(1, 0, 0),
        AB(1, 1, 0),
        A_BACK_B(1, -1, 0),
        C(0, 0, 1);

        private final int a;
        private final int b;
        private final int c;

        Kind(int a, int b, int c) {
            this.a = a;
            this.b = b;
            this.c = c;
        }
    }

    private static final Kind[] KINDS = Kind.values();

    private final float[] values;
    private final Extent size;
    private final int count;
    private final int[] steps = new int[KINDS.length];

    GridEdges(float[] values, Extent size) {
        this.values = values;
        this.size = size;
        this.count = size.count();
        Math.multiplyExact(count, KINDS.length);
        for (int k = 0; k < KINDS.length; k++) {
            Kind kind = KINDS[k];
            steps[k] = (kind.a * size.h() + kind.b) * size.w() + kind.c;
        }
    }

    /** Hears of edges. */
    @FunctionalInterface
    interface Visitor {
        /**
         * One edge.
         *
         * @param edge its name
         * @param from its first voxel
         * @param to its second voxel
         * @param cost not negative
         */
        void edge(int edge, int from, int to, float cost);
    }

    /** Tells all edges in the order of their names. */
    void forEach(Visitor visitor) {
        for (int k = 0; k < KINDS.length; k++) {
            Kind kind = KINDS[k];
            int firstB = Math.max(0, -kind.b);
            int endB = size.h() - Math.max(0, kind.b);
            for (int a = 0; a < size.d() - kind.a; a++) {
                for (int b = firstB; b < endB; b++) {
                    int row = (a * size.h() + b) * size.w();
                    row(k, row, row + size.w() - kind.c, visitor);
                }
            }
        }
    }

    private void row(int kind, int start, int end, Visitor visitor) {
        int step = steps[kind];
        for (int from = start; from < end; from++) {
            int to = from + step;
            visitor.edge(kind * count + from, from, to, Math.abs(values[to] - values[from]));
        }
    }

    /** An edge's first voxel. */
    int from(int edge) {
        return edge % count;
    }

    /** An edge's second voxel. */
    int to(int edge) {
        return edge % count + steps[edge / count];
    }
}
