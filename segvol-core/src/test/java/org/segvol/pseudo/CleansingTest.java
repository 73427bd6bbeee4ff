package org.segvol.pseudo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.segvol.weights.Extent;

/** Cleansing against a plain twin that works on the whole volume, one boolean a voxel, at widths around the size of a word. */
class CleansingTest {
    private static final int[][] CROSS = {{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}, {0, 0, 1}, {0, 0, -1}};

    private static float[] plain(float[] ids, Extent size, double share) {
        float[] out = ids.clone();
        double limit = ids.length * share;
        for (float id : distinct(out)) {
            if (count(where(out, id)) < limit) {
                fill(out, where(out, id), -1);
            }
        }
        for (float id : distinct(out)) {
            if (id == -1) {
                continue;
            }
            boolean[] own = where(out, id);
            boolean[] kept = step(step(step(step(own, size, true), size, false), size, false), size, true);
            boolean[] seen = new boolean[kept.length];
            for (int i = 0; i < kept.length; i++) {
                if (kept[i] && !seen[i]) {
                    boolean[] part = part(kept, size, i);
                    for (int n = 0; n < part.length; n++) {
                        seen[n] |= part[n];
                        kept[n] &= !part[n] || count(part) >= limit;
                    }
                }
            }
            fill(out, own, -1);
            fill(out, kept, id);
        }
        return out;
    }

    private static float[] distinct(float[] ids) {
        float[] sorted = ids.clone();
        Arrays.sort(sorted);
        int count = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (i == 0 || sorted[i] != sorted[i - 1]) {
                sorted[count++] = sorted[i];
            }
        }
        return Arrays.copyOf(sorted, count);
    }

    private static boolean[] where(float[] ids, float id) {
        boolean[] where = new boolean[ids.length];
        for (int i = 0; i < ids.length; i++) {
            where[i] = ids[i] == id;
        }
        return where;
    }

    private static int count(boolean[] set) {
        int n = 0;
        for (boolean in : set) {
            n += in ? 1 : 0;
        }
        return n;
    }

    private static void fill(float[] ids, boolean[] where, float id) {
        for (int i = 0; i < ids.length; i++) {
            ids[i] = where[i] ? id : ids[i];
        }
    }

    private static boolean neighbour(boolean[] set, Extent size, int at, int[] step) {
        int d = at / size.w() / size.h() + step[0], h = at / size.w() % size.h() + step[1], w = at % size.w() + step[2];
        boolean inside = d >= 0 && h >= 0 && w >= 0 && d < size.d() && h < size.h() && w < size.w();
        return inside && set[(d * size.h() + h) * size.w() + w];
    }

    private static boolean[] step(boolean[] set, Extent size, boolean erode) {
        boolean[] out = new boolean[set.length];
        for (int i = 0; i < set.length; i++) {
            int neighbours = set[i] ? 1 : 0;
            for (int[] step : CROSS) {
                neighbours += neighbour(set, size, i, step) ? 1 : 0;
            }
            out[i] = neighbours >= (erode ? 7 : 1);
        }
        return out;
    }

    private static boolean[] part(boolean[] set, Extent size, int start) {
        boolean[] part = new boolean[set.length];
        part[start] = true;
        for (int before = 0, now = 1; before != now; ) {
            before = now;
            boolean[] grown = step(part, size, false);
            for (int i = 0; i < part.length; i++) {
                part[i] = grown[i] && set[i];
            }
            now = count(part);
        }
        return part;
    }

    @Test
    void equalsThePlainTwin() {
        long seed = 20261124;
        Random random = new Random(seed);
        int[] widths = {1, 2, 5, 63, 64, 65, 127, 130};
        for (int trial = 0; trial < 80; trial++) {
            Extent size = new Extent(1 + random.nextInt(6), 1 + random.nextInt(8), widths[trial % widths.length]);
            float[] ids = blobs(random, size);
            double share = random.nextInt(3) * 0.01;
            assertThat(Cleansing.cleanse(ids, size, share))
                    .as("seed %d, trial %d, %s", seed, trial, size)
                    .isEqualTo(plain(ids, size, share));
        }
    }

    /** Boxes of random ids over each other, some fractional, some without a region. */
    private static float[] blobs(Random random, Extent size) {
        float[] ids = new float[size.count()];
        for (int n = 0; n < 12; n++) {
            float id = n % 4 == 3 ? -1 : random.nextInt(12) / 2f;
            int[] from = new int[3], to = new int[3];
            for (int axis = 0; axis < 3; axis++) {
                from[axis] = random.nextInt(size.side(axis));
                to[axis] = Math.min(size.side(axis), from[axis] + 1 + random.nextInt(size.side(axis)));
            }
            for (int i = 0; i < ids.length; i++) {
                int d = i / size.w() / size.h(), h = i / size.w() % size.h(), w = i % size.w();
                boolean inside = d >= from[0] && d < to[0] && h >= from[1] && h < to[1] && w >= from[2] && w < to[2];
                ids[i] = inside && random.nextInt(9) > 0 ? id : ids[i];
            }
        }
        return ids;
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> Cleansing.cleanse(new float[5], new Extent(1, 2, 3), 0.1))
                .hasMessageContaining("1x2x3 has 6 ids, found 5");
        assertThatThrownBy(() -> Cleansing.cleanse(new float[] {0, Float.NaN}, new Extent(1, 1, 2), 0.1))
                .hasMessageContaining("finite");
    }
}
