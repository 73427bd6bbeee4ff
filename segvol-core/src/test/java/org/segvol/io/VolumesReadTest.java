package org.segvol.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.image.Affine;
import org.segvol.image.Forms;
import org.segvol.image.GridSize;
import org.segvol.image.Volume;
import org.segvol.image.VoxelType;

class VolumesReadTest {
    private static final int COUNT = 24;

    @TempDir
    Path folder;

    /** Every type, byte order, version and packing; values reach into the upper half of the unsigned types. */
    @TestFactory
    List<DynamicTest> everyKindOfFile() {
        List<DynamicTest> tests = new ArrayList<>();
        for (VoxelType type : VoxelType.values()) {
            for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
                for (int version = 1; version <= 2; version++) {
                    NiftiBytes bytes =
                            new NiftiBytes(version, order).dims(2, 3, 4).counting(type, COUNT, step(type));
                    String name = type.label() + " " + order + " version " + version;
                    tests.add(DynamicTest.dynamicTest(name, () -> {
                        Path plain = Files.write(folder.resolve("plain"), bytes.file(0));
                        Path packed = Files.write(folder.resolve("packed"), NiftiBytes.gzip(bytes.file(0)));
                        check(Volumes.read(plain), type, 1, 0);
                        check(Volumes.read(packed), type, 1, 0);
                        Path scaled = bytes.scale(0.25, -7.5).write(folder.resolve("scaled"));
                        check(Volumes.read(scaled), type, 0.25, -7.5);
                    }));
                }
            }
        }
        return tests;
    }

    private static long step(VoxelType type) {
        return switch (type.bytes()) {
            case 1 -> 11;
            case 2 -> 2801;
            case 4 -> type == VoxelType.FLOAT32 ? 3 : 178_956_971L;
            default -> type == VoxelType.FLOAT64 ? 5 : 768_614_336_404_564_651L;
        };
    }

    /** Values as a double-precision calculation on the raw numbers gives them. */
    private static void check(Volume volume, VoxelType type, double slope, double intercept) {
        assertThat(volume.size()).isEqualTo(new GridSize(2, 3, 4));
        assertThat(volume.voxels().type()).isEqualTo(type);
        float[] read = new float[COUNT + 2];
        volume.voxels().read(0, COUNT, read, 1);
        for (int n = 0; n < COUNT; n++) {
            long raw = n * step(type);
            double value =
                    switch (type) {
                        case UINT8 -> raw & 0xFF;
                        case INT8 -> (byte) raw;
                        case UINT16 -> raw & 0xFFFF;
                        case INT16 -> (short) raw;
                        case UINT32 -> raw & 0xFFFFFFFFL;
                        case INT32 -> (int) raw;
                        case UINT64 -> Double.parseDouble(Long.toUnsignedString(raw));
                        default -> raw;
                    };
            float expected = (float) (slope == 1 && intercept == 0 ? value : value * slope + intercept);
            assertThat(read[n + 1]).as("voxel %d", n).isEqualTo(expected);
            assertThat(volume.voxels().get(n)).as("voxel %d alone", n).isEqualTo(expected);
        }
        assertThat(read[0]).isZero();
        assertThat(read[COUNT + 1]).isZero();
    }

    @Test
    void pairsOpenByEitherNameAndEitherPacking() throws IOException {
        for (int version = 1; version <= 2; version++) {
            NiftiBytes bytes = new NiftiBytes(version, ByteOrder.BIG_ENDIAN)
                    .dims(2, 3, 4)
                    .counting(VoxelType.INT16, COUNT, 1)
                    .offset(0)
                    .magic("ni" + version + "\0");
            byte[] header = bytes.header().array();
            for (String names :
                    List.of("a.hdr a.img", "b.hdr.gz b.img", "c.hdr c.img.gz", "d.hdr.gz d.img.gz", "E.HDR E.IMG")) {
                int gap = names.indexOf(' ');
                Path hdr = folder.resolve(version + names.substring(0, gap));
                Path img = folder.resolve(version + names.substring(gap + 1));
                Files.write(hdr, hdr.toString().endsWith("gz") ? NiftiBytes.gzip(header) : header);
                Files.write(img, img.toString().endsWith("gz") ? NiftiBytes.gzip(bytes.voxels()) : bytes.voxels());
                assertThat(Volumes.read(hdr).at(1, 2, 3)).isEqualTo(23);
                assertThat(Volumes.read(img).at(1, 2, 3)).isEqualTo(23);
            }
        }
        Path lonely = NiftiBytes.small().magic("ni1\0").write(folder.resolve("lonely.hdr"));
        assertThatThrownBy(() -> Volumes.read(lonely))
                .isInstanceOf(VolumeFormatException.class)
                .hasMessage("lonely.hdr: expected its voxels in lonely.img or lonely.img.gz beside it, found neither");
    }

    @Test
    void extensionsAreSkipped() throws IOException {
        NiftiBytes bytes = NiftiBytes.small().offset(352 + 48);
        Path file = Files.write(folder.resolve("x.nii"), bytes.file(48));
        assertThat(Volumes.read(file).at(0, 0, 1)).isEqualTo(6);
    }

    @Test
    void uselessScalesAreIgnoredWithTheirIntercept() throws IOException {
        for (double slope : new double[] {0, Double.NaN, Double.POSITIVE_INFINITY}) {
            Path file = NiftiBytes.small().scale(slope, 9).write(folder.resolve("s.nii"));
            assertThat(Volumes.read(file).at(1, 0, 0)).isEqualTo(1);
            assertThat(Volumes.read(file).voxels().intercept()).isZero();
        }
    }

    @Test
    void oneOfSeveralVolumesCanBeChosen() throws IOException {
        NiftiBytes bytes =
                new NiftiBytes(1, ByteOrder.LITTLE_ENDIAN).dims(2, 3, 4, 12).counting(VoxelType.INT16, 288, 1);
        for (boolean gzip : new boolean[] {false, true}) {
            Path file = Files.write(folder.resolve("ct.nii.gz"), gzip ? NiftiBytes.gzip(bytes.file(0)) : bytes.file(0));
            assertThatThrownBy(() -> Volumes.read(file))
                    .isInstanceOfSatisfying(SeveralVolumesException.class, several -> assertThat(several.volumes())
                            .isEqualTo(12))
                    .hasMessage("ct.nii.gz: expected 3 dimensions, found 4 (12 volumes); choose one");
            assertThat(Volumes.read(file, 11).at(1, 2, 3)).isEqualTo(287);
            assertThat(Volumes.read(file, 3).at(0, 0, 0)).isEqualTo(72);
            assertThatThrownBy(() -> Volumes.read(file, 12))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("ct.nii.gz: volume 12 was asked for, but the file holds 12 (counted from 0)");
        }
    }

    @Test
    void axesOfLengthOneAtTheEndAreDropped() throws IOException {
        Path file = new NiftiBytes(1, ByteOrder.LITTLE_ENDIAN)
                .dims(2, 3, 4, 1, 1)
                .counting(VoxelType.UINT8, COUNT, 1)
                .write(folder.resolve("d.nii"));
        assertThat(Volumes.read(file).size()).isEqualTo(new GridSize(2, 3, 4));
    }

    /** A quarter turn about the head-foot axis with a mirrored third axis; the numbers follow from the standard's formula. */
    @Test
    void quaternions() throws IOException {
        double half = Math.sqrt(0.5);
        Path file = new NiftiBytes(2, ByteOrder.LITTLE_ENDIAN)
                .dims(2, 3, 4)
                .counting(VoxelType.UINT8, COUNT, 1)
                .pixdim(0, -1)
                .pixdim(1, 2)
                .pixdim(2, 3)
                .pixdim(3, 5)
                .qform(1, 0, 0, half, 10, 20, 30)
                .write(folder.resolve("q.nii"));
        Volume volume = Volumes.read(file);
        Affine expected = Affine.ofRows(0, -3, 0, 10, 2, 0, 0, 20, 0, 0, -5, 30);
        for (int n = 0; n < 12; n++) {
            assertThat(volume.affine().get(n / 4, n % 4)).isCloseTo(expected.get(n / 4, n % 4), within(1e-14));
        }
        assertThat(volume.forms().qformCode()).isEqualTo(1);
    }

    @Test
    void quaternionsALittleTooLongAreClampedAndOthersRefused() throws IOException {
        NiftiBytes bytes = NiftiBytes.small();
        Path file = bytes.qform(1, 1.0000001, 0, 0, 0, 0, 0).write(folder.resolve("q.nii"));
        assertThat(Volumes.read(file).affine().get(1, 1)).isCloseTo(-1, within(1e-12));
        bytes.qform(1, 0.8, 0.8, 0, 0, 0, 0).write(file);
        assertThatThrownBy(() -> Volumes.read(file))
                .isInstanceOf(VolumeFormatException.class)
                .hasMessageStartingWith("q.nii: expected a usable qform, found that the quaternion (0.8")
                .hasMessageEndingWith("is longer than 1");
        bytes.sform(2, 1, 0, 0, 5, 0, 1, 0, 6, 0, 0, 1, 7).write(file);
        assertThat(Volumes.read(file).forms()).isEqualTo(new Forms(2, 0, null));
    }

    @Test
    void withoutTransformsTheVolumeIsCentredAndItsFirstAxisPointsLeft() throws IOException {
        Path file = NiftiBytes.small().pixdim(1, -2).pixdim(2, 0).pixdim(3, 4).write(folder.resolve("n.nii"));
        assertThat(Volumes.read(file).affine()).isEqualTo(Affine.ofRows(-2, 0, 0, 1, 0, 1, 0, -1, 0, 0, 4, -6));
    }
}
