package org.segvol.phantom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;
import org.segvol.image.Orientation;
import org.segvol.image.Volume;
import org.segvol.image.VoxelType;
import org.segvol.io.Volumes;

/** Phantoms are reproducible, anatomically plausible, and survive being written. Twenty seeds on a coarse grid. */
class PhantomTest {
    private static final int SEEDS = 20;
    private static final int IMAGE_OF_SEED_3 = -1408811007;
    private static final int LABELS_OF_SEED_3 = -1713963007;
    private static final PhantomOptions COARSE = PhantomOptions.DEFAULT.withSize(new GridSize(96, 96, 64));

    /** Plausible volumes in ml when the whole structure is seen (lungs, aorta and spine: the part that is). */
    private static final Map<Structure, double[]> MILLILITRES = new EnumMap<>(Map.of(
            Structure.LIVER, new double[] {900, 2600},
            Structure.SPLEEN, new double[] {50, 450},
            Structure.LEFT_KIDNEY, new double[] {80, 260},
            Structure.RIGHT_KIDNEY, new double[] {80, 260},
            Structure.STOMACH, new double[] {100, 750},
            Structure.AORTA, new double[] {30, 250},
            Structure.BLADDER, new double[] {40, 500},
            Structure.LUNGS, new double[] {250, 5000},
            Structure.SPINE, new double[] {350, 1100},
            Structure.LIVER_TUMOR, new double[] {1.5, 150}));

    private static final List<Phantom> PHANTOMS = new ArrayList<>();

    @TempDir
    Path folder;

    @BeforeAll
    static void make() {
        for (int seed = 0; seed < SEEDS; seed++) {
            PHANTOMS.add(Phantom.of(seed, COARSE));
        }
    }

    @Test
    void theSameSeedGivesTheSameBitsWithAnyNumberOfThreads() {
        PhantomOptions odd = COARSE.withSize(new GridSize(75, 61, 33));
        Phantom one = Phantom.of(11, odd.withThreads(1)), four = Phantom.of(11, odd.withThreads(4));
        assertThat(Arrays.equals(values(one.image()), values(four.image()))).isTrue();
        assertThat(Arrays.equals(values(one.labels()), values(four.labels()))).isTrue();
        assertThat(one.image().affine()).isEqualTo(four.image().affine());
        assertThat(Arrays.equals(values(Phantom.of(12, odd).image()), values(one.image())))
                .isFalse();
    }

    @Test
    void theBitsOfASeedStayWhatTheyAre() {
        Phantom phantom = Phantom.of(3, COARSE.withSize(new GridSize(40, 40, 32)));
        assertThat(Arrays.hashCode(values(phantom.image()))).isEqualTo(IMAGE_OF_SEED_3);
        assertThat(Arrays.hashCode(values(phantom.labels()))).isEqualTo(LABELS_OF_SEED_3);
    }

    @Test
    void organsHavePlausibleVolumesAndNoneIsMissing() {
        for (Phantom phantom : PHANTOMS) {
            phantom.masks().forEach((structure, mask) -> {
                double[] range = MILLILITRES.get(structure);
                assertThat(mask.volumeMillilitres(phantom.image().affine()))
                        .as("ml of %s, seed %d", structure, phantom.seed())
                        .isBetween(range[0], range[1]);
            });
        }
    }

    @Test
    void organsLieWhereTheyBelong() {
        for (Phantom phantom : PHANTOMS) {
            Map<Structure, double[]> at = new EnumMap<>(Structure.class);
            phantom.masks().forEach((structure, mask) -> {
                var centre = mask.centroid(phantom.image().affine());
                at.put(structure, new double[] {centre.right(), centre.anterior(), centre.superior()});
            });
            double middle = at.get(Structure.SPINE)[0];
            assertThat(at.get(Structure.LIVER)[0]).as("liver right").isGreaterThan(middle + 25);
            assertThat(at.get(Structure.RIGHT_KIDNEY)[0]).as("right kidney").isGreaterThan(middle + 35);
            assertThat(at.get(Structure.LEFT_KIDNEY)[0]).as("left kidney").isLessThan(middle - 35);
            assertThat(at.get(Structure.SPLEEN)[0]).as("spleen left").isLessThan(middle - 60);
            assertThat(at.get(Structure.STOMACH)[1])
                    .as("stomach before spine")
                    .isGreaterThan(at.get(Structure.SPINE)[1] + 30);
            assertThat(at.get(Structure.BLADDER)[2]).as("bladder below").isLessThan(at.get(Structure.LIVER)[2] - 150);
            assertThat(at.get(Structure.LUNGS)[2]).as("lungs above").isGreaterThan(at.get(Structure.LIVER)[2]);
        }
    }

    @Test
    void tissuesHaveTheirHounsfieldUnits() {
        for (Phantom phantom : PHANTOMS) {
            Map<Structure, Mask> masks = phantom.masks();
            double liver = median(phantom, masks.get(Structure.LIVER));
            assertThat(liver).as("liver, seed %d", phantom.seed()).isBetween(20.0, 130.0);
            assertThat(median(phantom, masks.get(Structure.SPLEEN)))
                    .as("spleen")
                    .isBetween(30.0, 140.0);
            assertThat(median(phantom, masks.get(Structure.AORTA))).as("aorta").isBetween(30.0, 350.0);
            assertThat(median(phantom, masks.get(Structure.LUNGS))).as("lungs").isBetween(-900.0, -650.0);
            assertThat(median(phantom, masks.get(Structure.SPINE))).as("spine").isBetween(90.0, 420.0);
            assertThat(Math.abs(median(phantom, masks.get(Structure.LIVER_TUMOR)) - liver))
                    .as("lesion")
                    .isGreaterThan(5);
            float least = Float.MAX_VALUE, most = -Float.MAX_VALUE;
            for (float hu : values(phantom.image())) {
                least = Math.min(least, hu);
                most = Math.max(most, hu);
            }
            assertThat(least).isBetween(-1024f, -980f);
            assertThat(most).isBetween(400f, 3071f);
        }
    }

    @Test
    void noLabelTouchesTheAirAroundTheBody() {
        for (Phantom phantom : PHANTOMS) {
            boolean[] air = airAround(phantom);
            float[] labels = values(phantom.labels());
            int seen = 0, wrong = 0;
            for (int n = 0; n < air.length; n++) {
                seen += air[n] ? 1 : 0;
                wrong += air[n] && labels[n] != 0 ? 1 : 0;
            }
            assertThat(wrong).as("labels in air, seed %d", phantom.seed()).isZero();
            assertThat(seen).as("air around").isGreaterThan(air.length / 10);
        }
    }

    /** What can be reached from the sides of axial slices through voxels that are darker than fat. */
    private static boolean[] airAround(Phantom phantom) {
        GridSize size = phantom.image().size();
        float[] hu = values(phantom.image());
        boolean[] air = new boolean[hu.length];
        ArrayDeque<Integer> open = new ArrayDeque<>();
        for (int k = 0; k < size.nk(); k++) {
            open.add(size.index(0, 0, k));
            open.add(size.index(size.ni() - 1, size.nj() - 1, k));
        }
        while (!open.isEmpty()) {
            int at = open.remove();
            if (air[at] || hu[at] > -400) {
                continue;
            }
            air[at] = true;
            int i = at % size.ni(), j = at / size.ni() % size.nj();
            if (i > 0) {
                open.add(at - 1);
            }
            if (i < size.ni() - 1) {
                open.add(at + 1);
            }
            if (j > 0) {
                open.add(at - size.ni());
            }
            if (j < size.nj() - 1) {
                open.add(at + size.ni());
            }
        }
        return air;
    }

    @Test
    void aLesionLiesInTheLiver() {
        for (Phantom phantom : PHANTOMS) {
            Mask liver = phantom.mask(Structure.LIVER), tumor = phantom.mask(Structure.LIVER_TUMOR);
            int outside = 0;
            for (int n = tumor.nextSet(0); n >= 0; n = tumor.nextSet(n + 1)) {
                outside += liver.get(n) ? 0 : 1;
            }
            assertThat(outside).isZero();
            assertThat(liver.count()).isGreaterThan(tumor.count());
        }
    }

    @Test
    void patientsAndScansDiffer() {
        assertThat(PHANTOMS.stream()
                        .map(p -> Orientation.of(p.image().affine()).codes())
                        .distinct()
                        .count())
                .isGreaterThan(3);
        assertThat(PHANTOMS.stream()
                        .mapToDouble(p -> p.image().affine().spacing()[0])
                        .distinct()
                        .count())
                .isEqualTo(SEEDS);
        double[] livers = PHANTOMS.stream()
                .mapToDouble(
                        p -> p.mask(Structure.LIVER).volumeMillilitres(p.image().affine()))
                .sorted()
                .toArray();
        assertThat(livers[SEEDS - 1]).isGreaterThan(1.3 * livers[0]);
    }

    /** The same patient in another grid and orientation: volumes and places stay. */
    @Test
    void theScanDoesNotChangeThePatient() {
        PhantomOptions options =
                COARSE.withSpacing(new PhantomOptions.Spacing(4, 4, 6)).withNoise(0.0);
        Phantom axial = Phantom.of(5, options.withOrientation("RAS"));
        Phantom turned = Phantom.of(
                5,
                options.withOrientation("PSL")
                        .withSize(new GridSize(96, 64, 96))
                        .withSpacing(new PhantomOptions.Spacing(4, 6, 4)));
        assertThat(Orientation.of(axial.image().affine()).codes()).isEqualTo("RAS");
        assertThat(Orientation.of(turned.image().affine()).codes()).isEqualTo("PSL");
        for (Structure structure : List.of(Structure.LIVER, Structure.LEFT_KIDNEY, Structure.BLADDER)) {
            Mask a = axial.mask(structure), b = turned.mask(structure);
            assertThat((double) b.count()).as("%s", structure).isBetween(0.97 * a.count(), 1.03 * a.count());
        }
    }

    @Test
    void noiseIsWhatWasAskedFor() {
        PhantomOptions options = COARSE.withSpacing(new PhantomOptions.Spacing(4, 4, 7));
        Phantom quiet = Phantom.of(8, options.withNoise(0.0)), noisy = Phantom.of(8, options.withNoise(15.0));
        Mask liver = quiet.mask(Structure.LIVER);
        assertThat(liver).isEqualTo(noisy.mask(Structure.LIVER));
        double sum = 0;
        for (int n = liver.nextSet(0); n >= 0; n = liver.nextSet(n + 1)) {
            double d = noisy.image().voxels().get(n) - quiet.image().voxels().get(n);
            sum += d * d;
        }
        assertThat(Math.sqrt(sum / liver.count())).isBetween(14.0, 16.0);
    }

    @Test
    void filesGiveTheSameVolumesBack() throws IOException {
        Phantom phantom = PHANTOMS.get(7);
        Path target = folder.resolve("a/b");
        PhantomFolder.write(phantom, target);
        Volume ct = Volumes.read(target.resolve("ct.nii.gz")), labels = Volumes.read(target.resolve("labels.nii.gz"));
        assertThat(ct.voxels().type()).isEqualTo(VoxelType.INT16);
        assertThat(labels.voxels().type()).isEqualTo(VoxelType.UINT8);
        assertThat(Arrays.equals(values(ct), values(phantom.image()))).isTrue();
        assertThat(Arrays.equals(values(labels), values(phantom.labels()))).isTrue();
        assertThat(ct.affine()).isEqualTo(phantom.image().affine());
        assertThat(labels.affine()).isEqualTo(phantom.image().affine());
        JsonObject names = JsonParser.parseString(Files.readString(target.resolve("labels.json")))
                .getAsJsonObject();
        assertThat(names.get("seed").getAsLong()).isEqualTo(7);
        Phantom.names().forEach((label, name) -> assertThat(
                        names.getAsJsonObject("labels").get(name).getAsInt())
                .isEqualTo(label));
        assertThat(names.getAsJsonObject("contains")
                        .getAsJsonArray("liver")
                        .get(0)
                        .getAsString())
                .isEqualTo("liver tumor");
    }

    @Test
    void wrongOptionsAreRefused() {
        assertRefused(() -> COARSE.withOrientation("RAX"), "found RAX");
        assertRefused(() -> COARSE.withOrientation("RLS"), "found RLS");
        assertRefused(() -> COARSE.withNoise(-1.0), "found -1.0");
        assertRefused(() -> COARSE.withNoise(Double.NaN), "found NaN");
        assertRefused(() -> COARSE.withThreads(-1), "found -1");
        assertRefused(() -> COARSE.withSize(new GridSize(96, 96, 8)), "found 96x96x8");
        assertRefused(() -> new PhantomOptions.Spacing(1, 0, 1), "found 1.0 x 0.0 x 1.0");
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String sentence) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(sentence);
    }

    /** Of voxels that are surrounded by their structure in the slice: on a coarse grid much of a thin organ is edge. */
    private static double median(Phantom phantom, Mask mask) {
        int ni = mask.size().ni();
        double[] hu = new double[(int) mask.count()];
        int inside = 0;
        for (int n = mask.nextSet(0); n >= 0; n = mask.nextSet(n + 1)) {
            if (mask.get(n - 1) && mask.get(n + 1) && mask.get(n - ni) && mask.get(n + ni)) {
                hu[inside++] = phantom.image().voxels().get(n);
            }
        }
        assertThat(inside).isPositive();
        Arrays.sort(hu, 0, inside);
        return hu[inside / 2];
    }

    private static float[] values(Volume volume) {
        float[] values = new float[volume.size().count()];
        volume.voxels().read(0, values.length, values, 0);
        return values;
    }
}
