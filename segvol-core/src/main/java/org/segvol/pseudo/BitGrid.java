package org.segvol.pseudo;

import org.segvol.weights.Extent;

/** A set of voxels of a small box, 64 of a row in one word; all voxels outside the box are outside the set. Belongs to one thread. */
final class BitGrid {
    private final Extent size;
    private final int rowWords;
    private final long lastMask;
    private long[] bits;

    BitGrid(Extent size) {
        this.size = size;
        this.rowWords = (size.w() + 63) / 64;
        this.lastMask = -1L >>> -size.w();
        this.bits = new long[size.d() * size.h() * rowWords];
    }

    void set(int d, int h, int w) {
        bits[word(d, h, w)] |= 1L << w;
    }

    private void clear(int d, int h, int w) {
        bits[word(d, h, w)] &= ~(1L << w);
    }

    private boolean get(int d, int h, int w) {
        return (bits[word(d, h, w)] >>> w & 1) != 0;
    }

    private int word(int d, int h, int w) {
        return (d * size.h() + h) * rowWords + (w >>> 6);
    }

    /** Keeps voxels whose six neighbours all belong to the set. */
    void erode() {
        step(true);
    }

    /** Adds the six neighbours of every voxel. */
    void dilate() {
        step(false);
    }

    private void step(boolean erode) {
        long[] out = new long[bits.length];
        int planeWords = size.h() * rowWords;
        for (int d = 0; d < size.d(); d++) {
            for (int h = 0; h < size.h(); h++) {
                int row = (d * size.h() + h) * rowWords;
                for (int x = 0; x < rowWords; x++) {
                    int at = row + x;
                    long here = bits[at];
                    long lower = here << 1 | (x > 0 ? bits[at - 1] >>> 63 : 0);
                    long higher = here >>> 1 | (x < rowWords - 1 ? bits[at + 1] << 63 : 0);
                    long up = h > 0 ? bits[at - rowWords] : 0, down = h < size.h() - 1 ? bits[at + rowWords] : 0;
                    long before = d > 0 ? bits[at - planeWords] : 0,
                            after = d < size.d() - 1 ? bits[at + planeWords] : 0;
                    out[at] = erode
                            ? here & lower & higher & up & down & before & after
                            : here | lower | higher | up | down | before | after;
                }
                out[row + rowWords - 1] &= lastMask;
            }
        }
        bits = out;
    }

    /** Removes every part connected by faces that has fewer voxels than {@code limit}. */
    void dropParts(double limit) {
        BitGrid unseen = new BitGrid(size);
        unseen.bits = bits.clone();
        IntList part = new IntList();
        forEach((d, h, w) -> {
            if (unseen.get(d, h, w)) {
                unseen.takePart(d, h, w, part);
                for (int i = 0; i < part.count() && part.count() < limit; i++) {
                    int voxel = part.get(i), row = voxel / size.w();
                    clear(row / size.h(), row % size.h(), voxel % size.w());
                }
            }
        });
    }

    /** Moves the part that a voxel belongs to out of the set and into a list. */
    private void takePart(int d, int h, int w, IntList part) {
        part.clear();
        take(d, h, w, part);
        for (int next = 0; next < part.count(); next++) {
            int voxel = part.get(next), row = voxel / size.w();
            int vd = row / size.h(), vh = row % size.h(), vw = voxel % size.w();
            take(vd, vh, vw - 1, part);
            take(vd, vh, vw + 1, part);
            take(vd, vh - 1, vw, part);
            take(vd, vh + 1, vw, part);
            take(vd - 1, vh, vw, part);
            take(vd + 1, vh, vw, part);
        }
    }

    private void take(int d, int h, int w, IntList part) {
        boolean inside = d >= 0 && h >= 0 && w >= 0 && d < size.d() && h < size.h() && w < size.w();
        if (inside && get(d, h, w)) {
            clear(d, h, w);
            part.add((d * size.h() + h) * size.w() + w);
        }
    }

    /** Hears of voxels. */
    @FunctionalInterface
    interface Visitor {
        void voxel(int d, int h, int w);
    }

    /** Tells all voxels of the set, the third axis fastest. */
    void forEach(Visitor visitor) {
        for (int word = 0; word < bits.length; word++) {
            int row = word / rowWords;
            for (long rest = bits[word]; rest != 0; rest &= rest - 1) {
                int w = word % rowWords * 64 + Long.numberOfTrailingZeros(rest);
                visitor.voxel(row / size.h(), row % size.h(), w);
            }
        }
    }
}
