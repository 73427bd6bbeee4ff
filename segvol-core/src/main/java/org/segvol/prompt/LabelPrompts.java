package org.segvol.prompt;

import java.util.ArrayList;
import java.util.List;
import org.segvol.weights.Extent;

/** Prompts derived from masks as the published programs derive them (spec 2.1, 2.2, 7.3). Masks are (d,h,w), 1 inside and 0 outside; see
 * {@link #certain} for soft ones. */
public final class LabelPrompts {
    /** What {@link #certain} makes of values that are neither inside nor outside. */
    public static final byte UNCERTAIN = -1;

    private LabelPrompts() {}

    /** The extent of a mask, or {@link NetworkBox#EMPTY}. */
    public static NetworkBox box(byte[] mask, Extent size) {
        return box(mask, size, 0, size.d());
    }

    /** The extent of a soft mask's values above 0, or {@link NetworkBox#EMPTY}. */
    public static NetworkBox box(float[] values, Extent size) {
        byte[] mask = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            mask[i] = (byte) (values[i] > 0 ? 1 : 0);
        }
        return box(mask, size);
    }

    private static NetworkBox box(byte[] mask, Extent size, int from, int to) {
        int d0 = -1, d1 = -1, h0 = size.h(), h1 = -1, w0 = size.w(), w1 = -1;
        for (int d = from; d < to; d++) {
            for (int h = 0; h < size.h(); h++) {
                int row = (d * size.h() + h) * size.w();
                int first = 0;
                while (first < size.w() && mask[row + first] == 0) {
                    first++;
                }
                if (first < size.w()) {
                    int last = size.w() - 1;
                    while (mask[row + last] == 0) {
                        last--;
                    }
                    d0 = d0 < 0 ? d : d0;
                    d1 = d;
                    h0 = Math.min(h0, h);
                    h1 = Math.max(h1, h);
                    w0 = Math.min(w0, first);
                    w1 = Math.max(w1, last);
                }
            }
        }
        return d0 < 0 ? NetworkBox.EMPTY : new NetworkBox(d0, h0, w0, d1, h1, w1);
    }

    /** The depth extent of a mask with the in-plane extent of the slice that holds its median voxel, or {@link NetworkBox#EMPTY}. */
    public static NetworkBox middleBox(byte[] mask, Extent size) {
        NetworkBox whole = box(mask, size);
        if (whole.equals(NetworkBox.EMPTY)) {
            return whole;
        }
        int at = indexOf(mask, count(mask, (byte) 1) / 2, (byte) 1);
        int middle = at / (size.h() * size.w());
        NetworkBox plane = box(mask, size, middle, middle + 1);
        return new NetworkBox(whole.d0(), plane.h0(), plane.w0(), whole.d1(), plane.h1(), plane.w1());
    }

    /**
     * A soft mask as far as it is certain enough for clicks: 1 above 0.9, 0 below 0.1, else {@link #UNCERTAIN}.
     *
     * @param values (d,h,w), nominally in 0..1
     * @param bounded whether values outside 0..1 are uncertain, too (spec 7.8)
     */
    public static byte[] certain(float[] values, boolean bounded) {
        byte[] mask = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            float v = values[i];
            boolean in = v > 0.9f && !(bounded && v > 1), out = v < 0.1f && !(bounded && v < 0);
            mask[i] = in ? 1 : out ? 0 : UNCERTAIN;
        }
        return mask;
    }

    /**
     * Random clicks: one inside, more inside, some outside, then fillers (spec 2.2).
     *
     * @param mask 1 inside, 0 outside, {@link #UNCERTAIN} for voxels that are never clicked
     * @param extraPositive clicks inside beyond the first
     * @param extraNegative clicks outside
     * @param fixedExtra clicks beyond the first in all, fillers included; negative for {@code extraPositive + extraNegative}, of which a
     *     mask without voxels gets only the negative ones
     */
    public static Clicks clicks(
            byte[] mask, Extent size, int extraPositive, int extraNegative, int fixedExtra, PointChooser chooser) {
        int positives = count(mask, (byte) 1);
        List<int[]> points = new ArrayList<>(); // index and label
        int morePositive = positives == 0 ? 0 : extraPositive;
        points.add(positives == 0 ? new int[] {-1, -1} : new int[] {chooser.one(positives), 1});
        add(points, morePositive > 0 ? chooser.some(positives, morePositive) : new int[0], 1);
        add(points, extraNegative > 0 ? chooser.some(count(mask, (byte) 0), extraNegative) : new int[0], 0);
        int total = 1 + (fixedExtra < 0 ? morePositive + extraNegative : fixedExtra);
        while (points.size() < total) {
            points.add(new int[] {-1, -1});
        }
        float[] coordinates = new float[3 * points.size()], labels = new float[points.size()];
        for (int i = 0; i < labels.length; i++) {
            int rank = points.get(i)[0], label = points.get(i)[1];
            int at = label < 0 ? -1 : indexOf(mask, rank, (byte) label);
            labels[i] = label;
            coordinates[3 * i] = label < 0 ? -1 : at / (size.h() * size.w());
            coordinates[3 * i + 1] = label < 0 ? -1 : at / size.w() % size.h();
            coordinates[3 * i + 2] = label < 0 ? -1 : at % size.w();
        }
        return new Clicks(coordinates, labels);
    }

    private static void add(List<int[]> points, int[] ranks, int label) {
        for (int rank : ranks) {
            points.add(new int[] {rank, label});
        }
    }

    private static int count(byte[] mask, byte value) {
        int count = 0;
        for (byte b : mask) {
            count += b == value ? 1 : 0;
        }
        return count;
    }

    /** Position of the voxel with this rank among those of a value, in C order. */
    private static int indexOf(byte[] mask, int rank, byte value) {
        int at = -1;
        for (int left = rank; left >= 0; left--) {
            do {
                at++;
            } while (mask[at] != value);
        }
        return at;
    }
}
