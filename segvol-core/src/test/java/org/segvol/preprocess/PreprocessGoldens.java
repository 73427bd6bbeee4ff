package org.segvol.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.segvol.weights.Extent;

/** What the manifests of preprocessing groups say of a prepared volume. */
public final class PreprocessGoldens {
    /** Means and deviations are summed in another order than the published float32 sums: a few units in the last place. */
    private static final double RELATIVE = 2e-6;

    private PreprocessGoldens() {}

    /** A JSON array of integers. */
    public static List<Integer> integers(JsonArray array) {
        List<Integer> out = new ArrayList<>();
        array.forEach(e -> out.add(e.getAsInt()));
        return out;
    }

    private static List<Integer> list(int[] values) {
        List<Integer> out = new ArrayList<>();
        for (int v : values) {
            out.add(v);
        }
        return out;
    }

    /** Checks geometry and statistics of a case. */
    public static void check(JsonObject golden, NetworkVolume prepared) {
        geometry(golden, prepared.geometry());
        statistics(golden.getAsJsonObject("stats"), prepared.statistics());
    }

    private static void geometry(JsonObject golden, NetworkGeometry geometry) {
        assertThat(list(geometry.padBefore()))
                .as("pad before")
                .isEqualTo(integers(golden.getAsJsonArray("pad_before")));
        assertThat(geometry.padded().toList()).as("padded").isEqualTo(integers(golden.getAsJsonArray("padded")));
        assertThat(list(geometry.cropStart()))
                .as("crop start")
                .isEqualTo(integers(golden.getAsJsonArray("crop_start")));
        assertThat(list(geometry.cropEnd())).as("crop end").isEqualTo(integers(golden.getAsJsonArray("crop_end")));
    }

    private static void statistics(JsonObject golden, ForegroundStatistics actual) {
        assertThat(actual.count())
                .as("foreground")
                .isEqualTo(golden.get("count").getAsInt());
        close("threshold", actual.threshold(), golden);
        close("lower", actual.lower(), golden);
        close("upper", actual.upper(), golden);
        close("mean", actual.mean(), golden);
        close("std", actual.std(), golden);
    }

    private static void close(String what, double actual, JsonObject golden) {
        double expected = golden.get(what).getAsDouble();
        // relative to the data's spread, because a mean near zero has no scale of its own
        double scale = Math.max(Math.abs(expected), golden.get("std").getAsDouble());
        assertThat(actual).as(what).isCloseTo(expected, within(RELATIVE * scale));
    }

    /** The whole volume as the network sees it, (d,h,w). */
    public static float[] image(NetworkVolume volume) {
        Extent extent = volume.extent();
        float[] out = new float[extent.count()];
        volume.copy(0, 0, 0, extent, out);
        return out;
    }
}
