package org.segvol.preprocess;

/** Resizing by index: which input position every output position takes (spec 3.7), in float32 as the published programs compute it. */
public final class NearestIndex {
    private NearestIndex() {}

    /** "nearest-exact": half-pixel centres, with a fused multiply-add. */
    public static int[] exact(int in, int out) {
        float scale = (float) in / (float) out;
        int[] index = new int[out];
        for (int o = 0; o < out; o++) {
            float source = Math.max(0, Math.fma(scale, o + 0.5f, -0.5f));
            index[o] = Math.min((int) Math.floor(source + 0.5f), in - 1);
        }
        return index;
    }

    /** Legacy "nearest": the lower corner of each output cell. */
    public static int[] legacy(int in, int out) {
        float scale = (float) in / (float) out;
        int[] index = new int[out];
        for (int o = 0; o < out; o++) {
            index[o] = Math.min((int) Math.floor(o * scale), in - 1);
        }
        return index;
    }
}
