package org.segvol.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class OrientationTest {
    private static final String[] AXES = {"RL", "AP", "SI"};

    /** All 48 axis-aligned orientations, straight and tilted by 20 degrees. */
    @TestFactory
    List<DynamicTest> everyOrientation() {
        List<DynamicTest> tests = new ArrayList<>();
        int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
        for (int[] order : orders) {
            for (int signs = 0; signs < 8; signs++) {
                StringBuilder codes = new StringBuilder();
                double[] straight = new double[12];
                for (int stored = 0; stored < 3; stored++) {
                    int sign = signs >> stored & 1;
                    codes.append(AXES[order[stored]].charAt(sign));
                    straight[order[stored] * 4 + stored] = (sign == 0 ? 1 : -1) * (0.5 + stored);
                }
                tests.add(DynamicTest.dynamicTest(codes.toString(), () -> {
                    check(straight, codes.toString(), order);
                    check(tilted(straight), codes.toString(), order);
                }));
            }
        }
        return tests;
    }

    private static void check(double[] rows, String codes, int[] order) {
        Orientation orientation = Orientation.of(Affine.ofRows(rows));
        assertThat(orientation.codes()).isEqualTo(codes);
        assertThat(orientation.complete()).isTrue();
        for (int stored = 0; stored < 3; stored++) {
            assertThat(orientation.worldAxis(stored)).isEqualTo(order[stored]);
            assertThat(orientation.storedAxis(order[stored])).isEqualTo(stored);
            assertThat(orientation.flipped(order[stored])).isEqualTo("LPI".indexOf(codes.charAt(stored)) >= 0);
        }
    }

    private static double[] tilted(double[] rows) {
        double cos = Math.cos(Math.toRadians(20));
        double sin = Math.sin(Math.toRadians(20));
        double[] tilted = new double[12];
        for (int c = 0; c < 3; c++) {
            double x = cos * rows[c] - sin * rows[4 + c];
            double y = sin * rows[c] + cos * rows[4 + c];
            tilted[c] = x;
            tilted[4 + c] = cos * y - sin * rows[8 + c];
            tilted[8 + c] = sin * y + cos * rows[8 + c];
        }
        return tilted;
    }

    /** A zero column says nothing, and the strongest axis chooses first; nibabel gives the same letters. */
    @Test
    void damagedAffines() {
        Orientation orientation = Orientation.of(Affine.ofRows(0, 0, 3, 0, 0, 2, 0, 0, 0, 0, 0, 0));
        assertThat(orientation.codes()).isEqualTo("?AR");
        assertThat(orientation.complete()).isFalse();
        assertThatThrownBy(() -> orientation.storedAxis(2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the volume's affine is singular, so no stored axis runs along S");
        assertThat(Orientation.of(Affine.scaling(0, 0, 0)).codes()).isEqualTo("???");
    }
}
