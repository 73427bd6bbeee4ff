package org.segvol.image;

import java.util.Arrays;
import java.util.Objects;
import java.util.Set;

/** A set of voxels of a grid, one bit each, in stored order. Immutable, so it may be read from many threads. */
public final class Mask {
    private final GridSize size;
    private final long[] bits;

    private Mask(GridSize size, long[] bits) {
        this.size = size;
        this.bits = bits;
    }

    /** A builder of an empty set. */
    public static Builder builder(GridSize size) {
        return new Builder(size);
    }

    /** The voxels of a label map that have one value. */
    public static Mask ofLabel(Volume labels, float value) {
        return where(labels, label -> label == value);
    }

    /** The voxels of a label map that have one of several values. */
    public static Mask ofLabels(Volume labels, Set<Integer> values) {
        int[] sought = values.stream().mapToInt(value -> value).toArray();
        return where(labels, label -> {
            for (int value : sought) {
                if (label == value) {
                    return true;
                }
            }
            return false;
        });
    }

    private interface Choice {
        boolean of(float value);
    }

    private static Mask where(Volume labels, Choice choice) {
        Builder builder = builder(labels.size());
        GridSize size = labels.size();
        float[] row = new float[size.ni()];
        int rows = size.nj() * size.nk();
        for (int r = 0; r < rows; r++) {
            labels.voxels().read(r * row.length, row.length, row, 0);
            for (int i = 0; i < row.length; i++) {
                if (choice.of(row[i])) {
                    builder.set(r * row.length + i);
                }
            }
        }
        return builder.build();
    }

    /** The grid. */
    public GridSize size() {
        return size;
    }

    /**
     * Whether voxel (i, j, k) belongs to the set.
     *
     * @throws IndexOutOfBoundsException when the voxel lies outside the grid
     */
    public boolean get(int i, int j, int k) {
        return get(size.checkedIndex(i, j, k));
    }

    /** Whether the voxel at a position in stored order belongs to the set. */
    public boolean get(int index) {
        return (bits[index >>> 6] >>> index & 1) != 0;
    }

    /** How many voxels belong to the set. */
    public long count() {
        long n = 0;
        for (long word : bits) {
            n += Long.bitCount(word);
        }
        return n;
    }

    /** How many voxels of a box, which lies in the grid, belong to the set. */
    public long countIn(VoxelBox box) {
        long n = 0;
        for (int k = box.min().k(); k <= box.max().k(); k++) {
            for (int j = box.min().j(); j <= box.max().j(); j++) {
                n += countIn(
                        size.index(box.min().i(), j, k), size.index(box.max().i(), j, k));
            }
        }
        return n;
    }

    /** How many positions belong to the set, from {@code first} to {@code last} inclusive. */
    private int countIn(int first, int last) {
        int w = first >>> 6, end = last >>> 6;
        long from = -1L << first, to = -1L >>> (63 - (last & 63));
        if (w == end) {
            return Long.bitCount(bits[w] & from & to);
        }
        int n = Long.bitCount(bits[w] & from) + Long.bitCount(bits[end] & to);
        while (++w < end) {
            n += Long.bitCount(bits[w]);
        }
        return n;
    }

    /** Whether no voxel belongs to the set. */
    public boolean isEmpty() {
        return nextSet(0) < 0;
    }

    /** The first position at or after {@code from} whose voxel belongs to the set, or -1. */
    public int nextSet(int from) {
        return nextSet(from, size.count());
    }

    /**
     * The first position at or after {@code from} and before {@code end} whose voxel belongs to the set, or -1; looks no further.
     *
     * @param end at most the number of voxels
     */
    public int nextSet(int from, int end) {
        if (from >= end) {
            return -1;
        }
        int w = from >>> 6, last = (end - 1) >>> 6;
        long word = bits[w] & -1L << from;
        while (word == 0) {
            if (++w > last) {
                return -1;
            }
            word = bits[w];
        }
        int at = (w << 6) + Long.numberOfTrailingZeros(word);
        return at < end ? at : -1;
    }

    /** The first position at or after {@code from} whose voxel does not belong to the set; the number of voxels when all do. */
    public int nextClear(int from) {
        int count = size.count();
        for (int w = from >>> 6; w < bits.length; w++) {
            long clear = ~bits[w] & (w == from >>> 6 ? -1L << from : -1L);
            if (clear != 0) {
                return (int) Math.min(count, ((long) w << 6) + Long.numberOfTrailingZeros(clear));
            }
        }
        return count;
    }

    /** The smallest box around the set, or null when it is empty. */
    public VoxelBox bounds() {
        int ni = size.ni();
        int[] low = {ni, size.nj(), size.nk()};
        int[] high = {-1, -1, -1};
        for (int from = nextSet(0); from >= 0; ) {
            int row = from / ni;
            int end = Math.min(nextClear(from), (row + 1) * ni);
            low[0] = Math.min(low[0], from - row * ni);
            high[0] = Math.max(high[0], end - 1 - row * ni);
            low[1] = Math.min(low[1], row % size.nj());
            high[1] = Math.max(high[1], row % size.nj());
            low[2] = Math.min(low[2], row / size.nj());
            high[2] = row / size.nj();
            from = nextSet(end);
        }
        return high[0] < 0 ? null : VoxelBox.of(low[0], low[1], low[2], high[0], high[1], high[2]);
    }

    /**
     * How many voxels belong to both sets.
     *
     * @throws IllegalArgumentException when the grids differ
     */
    public static long countCommon(Mask a, Mask b) {
        requireOneGrid(a, b);
        long n = 0;
        for (int i = 0; i < a.bits.length; i++) {
            n += Long.bitCount(a.bits[i] & b.bits[i]);
        }
        return n;
    }

    private static void requireOneGrid(Mask a, Mask b) {
        if (!a.size.equals(b.size)) {
            throw new IllegalArgumentException("masks of one grid can be compared, found " + a.size + " and " + b.size);
        }
    }

    /**
     * The smallest box around the voxels that belong to one set and not to the other, or null when the sets are equal.
     *
     * @throws IllegalArgumentException when the grids differ
     */
    public static VoxelBox differenceBounds(Mask a, Mask b) {
        requireOneGrid(a, b);
        long[] different = new long[a.bits.length];
        for (int i = 0; i < different.length; i++) {
            different[i] = a.bits[i] ^ b.bits[i];
        }
        return new Mask(a.size, different).bounds();
    }

    /** Whether a voxel of the set lies on a face of the grid, where the structure may go on outside. */
    public boolean touchesBorder() {
        VoxelBox box = bounds();
        if (box == null) {
            return false;
        }
        for (int axis = 0; axis < 3; axis++) {
            if (box.min().get(axis) == 0 || box.max().get(axis) == size.side(axis) - 1) {
                return true;
            }
        }
        return false;
    }

    /** Volume of the set in millilitres (cm3). */
    public double volumeMillilitres(Affine affine) {
        return count() * affine.voxelVolume() / 1000;
    }

    /** The mean (i, j, k) of the set's voxels, fractional, or null when it is empty. */
    public double[] centroid() {
        int ni = size.ni();
        long n = 0;
        double si = 0, sj = 0, sk = 0;
        for (int from = nextSet(0); from >= 0; ) {
            int row = from / ni;
            int end = Math.min(nextClear(from), (row + 1) * ni);
            int j = row % size.nj();
            int k = row / size.nj();
            long run = (long) end - from;
            n += run;
            si += ((double) from + end - 1 - 2.0 * row * ni) / 2 * run;
            sj += (double) j * run;
            sk += (double) k * run;
            from = nextSet(end);
        }
        return n == 0 ? null : new double[] {si / n, sj / n, sk / n};
    }

    /** The mean position of the set's voxels in mm, or null when it is empty. */
    public WorldPoint centroid(Affine affine) {
        double[] c = centroid();
        return c == null ? null : affine.toWorld(c[0], c[1], c[2]);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Mask other && size.equals(other.size) && Arrays.equals(bits, other.bits);
    }

    @Override
    public int hashCode() {
        return Objects.hash(size, Arrays.hashCode(bits));
    }

    @Override
    public String toString() {
        return count() + " of " + size + " voxels";
    }

    /** Collects voxels; belongs to one thread and can build once. */
    public static final class Builder {
        private final GridSize size;
        private long[] bits;

        private Builder(GridSize size) {
            this.size = size;
            this.bits = new long[(size.count() >>> 6) + ((size.count() & 63) == 0 ? 0 : 1)];
        }

        /**
         * Adds voxel (i, j, k).
         *
         * @throws IndexOutOfBoundsException when the voxel lies outside the grid
         */
        public Builder set(int i, int j, int k) {
            return set(size.checkedIndex(i, j, k));
        }

        /** Adds the voxel at a position in stored order. */
        public Builder set(int index) {
            Objects.checkIndex(index, size.count());
            bits[index >>> 6] |= 1L << index;
            return this;
        }

        /** Adds the voxels from one position in stored order up to, without, another: {@code from <= index < to}. */
        public Builder setRange(int from, int to) {
            Objects.checkFromToIndex(from, to, size.count());
            if (from == to) {
                return this;
            }
            int first = from >>> 6;
            int last = (to - 1) >>> 6;
            long head = -1L << from;
            long tail = -1L >>> -to;
            if (first == last) {
                bits[first] |= head & tail;
                return this;
            }
            bits[first] |= head;
            Arrays.fill(bits, first + 1, last, -1L);
            bits[last] |= tail;
            return this;
        }

        /**
         * Adds the voxels of row (j, k) from {@code i0} up to, without, {@code i1}.
         *
         * @throws IndexOutOfBoundsException when they do not lie in the grid
         */
        public Builder setRow(int i0, int i1, int j, int k) {
            Objects.checkFromToIndex(i0, i1, size.ni());
            int row = size.checkedIndex(0, j, k);
            return setRange(row + i0, row + i1);
        }

        /** The set; the builder cannot be used afterwards. */
        public Mask build() {
            if (bits == null) {
                throw new IllegalStateException("this builder has already built its mask");
            }
            Mask mask = new Mask(size, bits);
            bits = null;
            return mask;
        }
    }
}
