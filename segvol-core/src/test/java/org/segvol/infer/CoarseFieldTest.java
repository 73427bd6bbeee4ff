package org.segvol.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.segvol.layers.LinearResize;
import org.segvol.preprocess.NearestIndex;
import org.segvol.weights.Extent;

/** Enlarged views against the whole enlarged volume. */
class CoarseFieldTest {
    private static final Extent WINDOW = new Extent(4, 12, 10);

    static Stream<Arguments> cases() {
        return Stream.of(
                        new Extent(9, 40, 71),
                        new Extent(4, 12, 10),
                        new Extent(3, 7, 5),
                        new Extent(1, 90, 10),
                        new Extent(13, 5, 33))
                .flatMap(volume -> Stream.of(-4f, -1f, 0f).map(shift -> Arguments.of(volume, shift)));
    }

    private static float[] view(float shift) {
        Random random = new Random(7);
        float[] view = new float[WINDOW.count()];
        for (int i = 0; i < view.length; i++) {
            view[i] = shift + (float) random.nextGaussian();
        }
        return view;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void trilinear(Extent volume, float shift) {
        float[] view = view(shift);
        check(new TrilinearCoarse(view, WINDOW, volume), LinearResize.trilinear(view, WINDOW, volume));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void nearest(Extent volume, float shift) {
        float[] view = view(shift), whole = new float[volume.count()];
        int[] ds = NearestIndex.legacy(WINDOW.d(), volume.d());
        int[] hs = NearestIndex.legacy(WINDOW.h(), volume.h());
        int[] ws = NearestIndex.legacy(WINDOW.w(), volume.w());
        for (int at = 0; at < whole.length; at++) {
            int d = at / volume.w() / volume.h(), h = at / volume.w() % volume.h(), w = at % volume.w();
            whole[at] = view[(ds[d] * WINDOW.h() + hs[h]) * WINDOW.w() + ws[w]];
        }
        check(new NearestCoarse(view, WINDOW, volume), whole);
    }

    private static void check(CoarseField field, float[] whole) {
        Extent volume = field.volume();
        int size = volume.h() * volume.w();
        float[] plane = new float[size];
        int[][] bounds = {{volume.d(), volume.h(), volume.w()}, {-1, -1, -1}};
        for (int at = 0; at < whole.length; at++) {
            int[] where = {at / size, at / volume.w() % volume.h(), at % volume.w()};
            for (int axis = 0; axis < 3 && Decision.PUBLISHED.positive(whole[at]); axis++) {
                bounds[0][axis] = Math.min(bounds[0][axis], where[axis]);
                bounds[1][axis] = Math.max(bounds[1][axis], where[axis]);
            }
        }
        assertArrayEquals(bounds[1][0] < 0 ? null : bounds, field.bounds());
        for (int d = 0; d < volume.d(); d++) {
            field.plane(d, plane);
            assertArrayEquals(Arrays.copyOfRange(whole, d * size, (d + 1) * size), plane, 0, "plane " + d);
        }
        NetworkRegion most =
                new NetworkRegion(0, volume.h() > 6 ? 2 : 0, 0, volume.d(), volume.h(), Math.max(1, volume.w() - 1));
        for (VolumeView part : new VolumeView[] {
            new VolumeView(0, 0, 0, WINDOW, NetworkRegion.all(volume)),
            new VolumeView(-1, -3, -2, WINDOW, most),
            new VolumeView(volume.d() - 2, volume.h() - 5, volume.w() - 7, WINDOW, most)
        }) {
            byte[] found = field.positives(part);
            for (int at = 0; at < found.length; at++) {
                int d = part.d0() + at / WINDOW.w() / WINDOW.h();
                int h = part.h0() + at / WINDOW.w() % WINDOW.h(), w = part.w0() + at % WINDOW.w();
                NetworkRegion seen = part.visible();
                boolean inside = d >= seen.d0()
                        && d < seen.d1()
                        && h >= seen.h0()
                        && h < seen.h1()
                        && w >= seen.w0()
                        && w < seen.w1();
                boolean expected = inside && Decision.PUBLISHED.positive(whole[d * size + h * volume.w() + w]);
                assertEquals(expected ? 1 : 0, found[at], part + " at " + d + "," + h + "," + w);
            }
        }
    }
}
