package org.segvol.pseudo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.segvol.weights.Extent;

/** Growing regions against a plain twin that sorts every edge and relabels the whole volume at every merger. */
class RegionsTest {
    private static final int[][] STEPS = {{0, 1, 0}, {1, 0, 0}, {1, 1, 0}, {1, -1, 0}, {0, 0, 1}};

    private record Edge(int from, int to, double cost) {}

    private static List<Edge> edges(float[] x, Extent size) {
        List<Edge> edges = new ArrayList<>();
        for (int[] step : STEPS) {
            for (int at = 0; at < x.length; at++) {
                int a = at / size.w() / size.h() + step[0], b = at / size.w() % size.h() + step[1];
                int c = at % size.w() + step[2];
                if (a < size.d() && b >= 0 && b < size.h() && c < size.w()) {
                    int to = (a * size.h() + b) * size.w() + c;
                    edges.add(new Edge(at, to, Math.abs(x[at] - x[to])));
                }
            }
        }
        return edges;
    }

    private static int[] plain(float[] image, Extent size, Regions rule) {
        List<Edge> edges = edges(new GaussianBlur(rule.sigma()).apply(image, size), size);
        double[] costs = edges.stream()
                .mapToDouble(Edge::cost)
                .filter(c -> c > 0)
                .sorted()
                .toArray();
        double limit = Double.POSITIVE_INFINITY;
        if (costs.length > 0) {
            double rank = (costs.length - 1) * rule.quantile();
            int low = (int) rank;
            double low0 = costs[low], high = costs[Math.min(low + 1, costs.length - 1)];
            limit = rank - low < 0.5 ? low0 + (high - low0) * (rank - low) : high - (high - low0) * (1 - (rank - low));
        }
        edges.sort(Comparator.comparingDouble(Edge::cost)); // stable
        int[] of = new int[image.length];
        Arrays.setAll(of, i -> i);
        for (Edge edge : edges) {
            if (edge.cost < limit) {
                merge(of, edge);
            }
        }
        for (Edge edge : edges) {
            if (size(of, of[edge.from]) < rule.smallest() || size(of, of[edge.to]) < rule.smallest()) {
                merge(of, edge);
            }
        }
        int[] distinct = Arrays.stream(of).distinct().sorted().toArray();
        return Arrays.stream(of).map(r -> Arrays.binarySearch(distinct, r)).toArray();
    }

    private static long size(int[] of, int region) {
        return Arrays.stream(of).filter(r -> r == region).count();
    }

    private static void merge(int[] of, Edge edge) {
        int a = Math.min(of[edge.from], of[edge.to]), b = Math.max(of[edge.from], of[edge.to]);
        for (int i = 0; i < of.length; i++) {
            of[i] = of[i] == b ? a : of[i];
        }
    }

    @Test
    void equalsThePlainTwin() {
        long seed = 20261124;
        Random random = new Random(seed);
        for (int trial = 0; trial < 60; trial++) {
            Extent size = new Extent(1 + random.nextInt(7), 1 + random.nextInt(7), 1 + random.nextInt(7));
            int levels = 1 + random.nextInt(6); // few levels: many ties and zero costs
            float[] image = new float[size.count()];
            for (int i = 0; i < image.length; i++) {
                image[i] = random.nextInt(levels) - (trial % 3 == 0 ? random.nextFloat() : 1);
            }
            Regions rule = new Regions(0.3 + random.nextDouble(), 1 + random.nextInt(30), random.nextDouble());
            assertThat(rule.of(image, size))
                    .as("seed %d, trial %d, %s, %s", seed, trial, size, rule)
                    .isEqualTo(plain(image, size, rule));
        }
    }

    @Test
    void aConstantImageIsOneRegion() {
        assertThat(Regions.PUBLISHED.of(new float[60], new Extent(3, 4, 5))).containsOnly(0);
    }

    @Test
    void noRegionStaysSmall() {
        Extent size = new Extent(20, 20, 20);
        Random random = new Random(3);
        float[] image = new float[size.count()]; // noise on four plateaus of different sizes
        for (int i = 0; i < image.length; i++) {
            image[i] = random.nextFloat() + (i % 20 < 7 ? 10 : 0) + (i / 400 < 12 ? 30 : 0);
        }
        int[] regions = new Regions(0.8, 500, 0.25).of(image, size);
        int[] sizes = new int[Arrays.stream(regions).max().orElseThrow() + 1];
        for (int id : regions) {
            sizes[id]++;
        }
        assertThat(sizes).hasSizeGreaterThan(1);
        assertThat(Arrays.stream(sizes).min().orElseThrow()).isGreaterThanOrEqualTo(500);
    }

    @Test
    void laterLabelsWinAndCountOnlyWhereTheyAreExactlyOne() {
        int[] regions = {0, 1, 1, 0, 0};
        RegionLabels.overwrite(regions, List.of(new float[] {0, 1, 1, 0.9f, 0}, new float[] {0, 0, 1, 1, 0}));
        assertThat(regions).containsExactly(0, 2, 3, 3, 0);
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> Regions.PUBLISHED.of(new float[5], new Extent(1, 2, 3)))
                .hasMessageContaining("1x2x3 has 6 values, found 5");
        assertThatThrownBy(() -> new Regions(0.8, 0, 0.25)).hasMessageContaining("at least 1 voxel");
        assertThatThrownBy(() -> new Regions(0.8, 10, 1.5)).hasMessageContaining("from 0 to 1");
        assertThatThrownBy(() -> new Regions(0, 10, 0.5).of(new float[1], new Extent(1, 1, 1)))
                .hasMessageContaining("sigma");
        assertThatThrownBy(() -> RegionLabels.overwrite(new int[3], List.of(new float[2])))
                .hasMessageContaining("3 voxels was expected, found 2");
    }
}
