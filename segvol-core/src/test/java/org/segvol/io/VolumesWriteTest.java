package org.segvol.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.image.Affine;
import org.segvol.image.Forms;
import org.segvol.image.GridSize;
import org.segvol.image.LengthUnit;
import org.segvol.image.Mask;
import org.segvol.image.Volume;
import org.segvol.image.VoxelType;
import org.segvol.image.Voxels;

class VolumesWriteTest {
    private static final Affine OBLIQUE = Affine.ofRows(0.9, -0.2, 0, 5, 0.3, 0.7, 0, 6, 0, 0, 2, 7);

    @TempDir
    Path folder;

    private static Volume volume(GridSize size, Affine affine, Forms forms) {
        return new Volume(size, Voxels.of(new byte[size.count()], VoxelType.UINT8, 1, 0), affine, forms);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void labelsAndValuesComeBack() throws IOException {
        Volume like = volume(new GridSize(5, 7, 9), OBLIQUE, new Forms(3, 0, null));
        for (String name : List.of("a.nii", "a.nii.gz", "A.NII.GZ")) {
            Path file = folder.resolve(name);
            Volumes.writeLabels((k, target) -> target[4] = (short) (200 + k), 208, like, file);
            Volume small = Volumes.read(file);
            assertThat(small.voxels().type()).isEqualTo(VoxelType.UINT8);
            assertThat(small.at(4, 0, 8)).isEqualTo(208);
            assertThat(small.at(3, 0, 8)).isZero();
            assertThat(small.forms().sformCode()).isEqualTo(3);
            Volumes.writeLabels((k, target) -> target[4] = (short) (60000 + k), 65535, like, file);
            Volume large = Volumes.read(file);
            assertThat(large.voxels().type()).isEqualTo(VoxelType.UINT16);
            assertThat(large.at(4, 0, 8)).isEqualTo(60008);
            Volumes.writeFloats((k, target) -> target[4] = k + 0.25f, 1, like, file);
            assertThat(Volumes.read(file).at(4, 0, 8)).isEqualTo(8.25f);
        }
        assertThat(files()).containsExactly("A.NII.GZ", "a.nii", "a.nii.gz");
    }

    @Test
    void masksComeBack() throws IOException {
        GridSize size = new GridSize(13, 11, 7);
        Mask.Builder builder = Mask.builder(size);
        for (int n = 0; n < size.count(); n++) {
            if (n % 3 == 0 || n % 64 == 63 || n > 900) {
                builder.set(n);
            }
        }
        Mask mask = builder.build();
        Volume like = volume(size, OBLIQUE, Forms.NONE);
        Path file = folder.resolve("m.nii.gz");
        Volumes.write(mask, like, file);
        assertThat(Mask.ofLabel(Volumes.read(file), 1)).isEqualTo(mask);
        Volume other = volume(new GridSize(13, 7, 11), OBLIQUE, Forms.NONE);
        assertThatThrownBy(() -> Volumes.write(mask, other, file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the mask's grid 13x11x7 is not the volume's, 13x7x11");
    }

    @Test
    void theSameInputGivesTheSameBytes() throws Exception {
        Volume like = volume(new GridSize(20, 20, 20), OBLIQUE, Forms.NONE);
        Path a = folder.resolve("a.nii.gz");
        Path b = folder.resolve("b.nii.gz");
        Volumes.writeLabels((k, target) -> target[k] = 1, 1, like, a);
        Volumes.writeLabels((k, target) -> target[k] = 1, 1, like, b);
        assertThat(Files.mismatch(a, b)).isEqualTo(-1);
        byte[] bytes = Files.readAllBytes(a);
        assertThat(List.of(bytes[4], bytes[5], bytes[6], bytes[7])).containsOnly((byte) 0); // gzip's time
    }

    /** Millimetres in memory, the file's own unit and numbers in what is written for it. */
    @Test
    void unitsAreKept() throws IOException {
        GridSize size = new GridSize(4, 6, 5);
        Path file = folder.resolve("u.nii");
        Affine affine = Affine.ofRows(0, -750, 0, 300, 500, 0, 0, 250, 0, 0, 2000, 100);
        for (LengthUnit unit : LengthUnit.values()) {
            double numbers = unit == LengthUnit.METRE ? 1e-3 : unit == LengthUnit.MICROMETRE ? 1e3 : 1;
            Forms forms = new Forms(2, 0, null, unit);
            Volumes.writeLabels((k, target) -> {}, 1, volume(size, affine, forms), file);
            ByteBuffer header = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            assertThat(header.get(123))
                    .isEqualTo((byte) (unit == LengthUnit.METRE ? 1 : unit == LengthUnit.MICROMETRE ? 3 : 2));
            assertThat(header.getFloat(284)).isEqualTo((float) (-750 * numbers));
            assertThat(header.getFloat(80)).isEqualTo((float) (500 * numbers));
            Volume read = Volumes.read(file);
            assertThat(read.forms()).isEqualTo(forms);
            assertThat(read.affine().spacing()).containsExactly(new double[] {500, 750, 2000}, within(1e-3));
            byte[] first = Files.readAllBytes(file);
            Volumes.writeLabels((k, target) -> {}, 1, read, file);
            assertThat(Files.readAllBytes(file)).isEqualTo(first);
        }
    }

    @Test
    void transformsAreKept() throws IOException {
        GridSize size = new GridSize(4, 6, 5);
        Path file = folder.resolve("t.nii");
        Affine fallback = Affine.ofRows(-2, 0, 0, 3, 0, 1, 0, -2.5, 0, 0, 3, -6);
        Volumes.writeLabels((k, target) -> {}, 1, volume(size, fallback, Forms.NONE), file);
        assertThat(Volumes.read(file).affine()).isEqualTo(fallback);
        assertThat(Volumes.read(file).forms()).isEqualTo(Forms.NONE);
        Affine floats = Affine.ofRows(0.5, 0.25, 0, 5, 0, 0.75, 0, 6, 0, 0, 2, 7);
        Volumes.writeLabels((k, target) -> {}, 1, volume(size, floats, Forms.NONE), file);
        assertThat(Volumes.read(file).affine()).isEqualTo(floats);
        assertThat(Volumes.read(file).forms()).isEqualTo(new Forms(1, 0, null));
        // a quaternion cannot say shear, so a caller's own sheared qform becomes an sform with its code
        Volumes.writeLabels((k, target) -> {}, 1, volume(size, floats, new Forms(0, 4, floats)), file);
        assertThat(Volumes.read(file).affine()).isEqualTo(floats);
        assertThat(Volumes.read(file).forms()).isEqualTo(new Forms(4, 0, null));
    }

    @Test
    void longSidesTakeVersionTwo() throws IOException {
        Volume like = volume(new GridSize(2, 40000, 2), Affine.scaling(1, 1, 1), new Forms(1, 0, null));
        Path file = folder.resolve("long.nii");
        Volumes.writeLabels((k, target) -> target[79999] = 1, 1, like, file);
        assertThat(Files.readAllBytes(file)[0]).isEqualTo((byte) (540 & 255));
        assertThat(Volumes.read(file).size()).isEqualTo(like.size());
        assertThat(Volumes.read(file).at(1, 39999, 1)).isEqualTo(1);
    }

    @Test
    void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
        Volume like = volume(new GridSize(4, 4, 4), OBLIQUE, Forms.NONE);
        Path file = folder.resolve("r.nii.gz");
        Volumes.writeLabels((k, target) -> target[0] = 1, 1, like, file);
        byte[] old = Files.readAllBytes(file);
        assertThatThrownBy(() -> Volumes.writeLabels((k, target) -> target[0] = (short) k, 2, like, file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("labels up to 2 were announced, found 3 in slice 3");
        assertThat(Files.readAllBytes(file)).isEqualTo(old);
        assertThat(files()).containsExactly("r.nii.gz");
        assertThatThrownBy(() -> Volumes.writeLabels((k, target) -> {}, 1, like, folder.resolve("r.img")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("r.img: expected a name that ends with .nii or .nii.gz to write to");
        assertThatThrownBy(() -> Volumes.writeLabels((k, target) -> {}, 1, like, folder.resolve("no/r.nii")))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith(
                        "r.nii: cannot be written: its folder does not exist; create it and try again (what was there before is unchanged)");
        assertThat(files()).containsExactly("r.nii.gz");
    }

    /** Quaternions of many rotations, mirrored or not, survive a file in either version. */
    @Test
    void quaternionsSurvive() throws IOException {
        Path source = folder.resolve("q.nii");
        Path target = folder.resolve("w.nii");
        for (int n = 0; n < 60; n++) {
            double b = Math.sin(n * 1.3) * 0.6;
            double c = Math.cos(n * 0.7) * 0.5;
            double d = n % 5 == 0 ? Math.sqrt(1 - b * b - c * c) : Math.sin(n * 2.1) * 0.5;
            new NiftiBytes(1, ByteOrder.LITTLE_ENDIAN)
                    .dims(2, 3, 4)
                    .counting(VoxelType.UINT8, 24, 1)
                    .pixdim(0, n % 2 == 0 ? 1 : -1)
                    .pixdim(1, 0.7)
                    .pixdim(2, 0.9)
                    .pixdim(3, 2.5)
                    .qform(1, b, c, d, -11.3, 40.7, 1000.1)
                    .write(source);
            Volume volume = Volumes.read(source);
            Volumes.writeLabels((k, t) -> {}, 1, volume, target);
            Volume written = Volumes.read(target);
            for (int m = 0; m < 12; m++) {
                assertThat(Math.abs(written.affine().get(m / 4, m % 4)
                                - volume.affine().get(m / 4, m % 4)))
                        .as("rotation %d entry %d", n, m)
                        .isLessThan(2e-6);
            }
            assertThat(written.forms().sformCode()).isZero();
            assertThat(written.forms().qformCode()).isEqualTo(1);
        }
    }

    /** Near half a turn, the fourth part of a quaternion is the square root of what rounding leaves; NIfTI-1 would lose it. */
    @Test
    void quaternionsThatNeedDoublePrecisionGetIt() throws IOException {
        Path source = folder.resolve("q.nii");
        Path target = folder.resolve("w.nii");
        double w = 3e-4;
        new NiftiBytes(2, ByteOrder.LITTLE_ENDIAN)
                .dims(2, 3, 4)
                .counting(VoxelType.UINT8, 24, 1)
                .qform(2, 0.6 * Math.sqrt(1 - w * w), 0.8 * Math.sqrt(1 - w * w), 0, 0, 0, 0)
                .write(source);
        Volume volume = Volumes.read(source);
        Volumes.writeLabels((k, t) -> {}, 1, volume, target);
        Volume written = Volumes.read(target);
        for (int m = 0; m < 12; m++) {
            assertThat(written.affine().get(m / 4, m % 4))
                    .isCloseTo(volume.affine().get(m / 4, m % 4), within(1e-9));
        }
        assertThat(written.forms().qformCode()).isEqualTo(2);
    }
}
