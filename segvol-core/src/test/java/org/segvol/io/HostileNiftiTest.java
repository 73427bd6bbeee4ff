package org.segvol.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.image.VoxelType;

/** Damaged and lying files: each is refused with its sentence, and none makes the reader take memory. */
class HostileNiftiTest {
    @TempDir
    Path folder;

    private void refused(NiftiBytes bytes, String sentence) throws IOException {
        refused(bytes.file(0), sentence);
    }

    private void refused(byte[] bytes, String sentence) throws IOException {
        Path file = Files.write(folder.resolve("x.nii"), bytes);
        assertThatThrownBy(() -> Volumes.read(file))
                .isInstanceOf(VolumeFormatException.class)
                .hasMessage("x.nii: " + sentence);
    }

    @Test
    void otherFormats() throws IOException {
        refused(new byte[0], "expected a NIfTI file, found an empty file");
        refused(new byte[] {1, 2}, "expected a NIfTI file, found something else (the first bytes are 01 02)");
        refused(
                "just some words".getBytes(StandardCharsets.US_ASCII),
                "expected a NIfTI file, found something else (the first bytes are 6a 75 73 74)");
        refused(
                "NRRD0004".getBytes(StandardCharsets.US_ASCII),
                "expected a NIfTI file, found an NRRD file; convert it first");
        refused(
                "PK\3\4".getBytes(StandardCharsets.US_ASCII),
                "expected a NIfTI file, found a zip archive; unpack it first");
        byte[] dicom = new byte[400];
        System.arraycopy("DICM".getBytes(StandardCharsets.US_ASCII), 0, dicom, 128, 4);
        refused(
                dicom,
                "expected a NIfTI file, found a DICOM file; give the folder that holds its series, or convert it, for instance with dcm2niix");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThatThrownBy(() -> Volumes.read(empty))
                .hasMessageEndingWith(
                        ": expected a NIfTI file or a folder with DICOM images, found a folder without any");
        assertThatThrownBy(() -> Volumes.read(folder.resolve("none.nii")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageEndingWith("none.nii: there is no such file");
    }

    @Test
    void marks() throws IOException {
        refused(
                NiftiBytes.small().magic("abc\0"),
                "expected a NIfTI-1 mark (n+1 or ni1) at byte 344, found 61 62 63 00; Analyze 7.5 files and damaged headers are not read");
    }

    @Test
    void types() throws IOException {
        String start = "expected integer or floating point voxels of at most 8 bytes, found ";
        refused(NiftiBytes.small().datatype(1), start + "single bits (datatype 1)");
        refused(NiftiBytes.small().datatype(32), start + "complex numbers (datatype 32)");
        refused(NiftiBytes.small().datatype(128), start + "RGB colours (datatype 128)");
        refused(NiftiBytes.small().datatype(1536), start + "float128 (datatype 1536)");
        refused(NiftiBytes.small().datatype(77), start + "an unknown kind (datatype 77)");
    }

    @Test
    void dimensions() throws IOException {
        refused(NiftiBytes.small().dim(0, 0), "expected 1 to 7 dimensions in dim[0], found 0");
        refused(NiftiBytes.small().dim(0, 8), "expected 1 to 7 dimensions in dim[0], found 8");
        refused(NiftiBytes.small().dim(0, -3), "expected 1 to 7 dimensions in dim[0], found -3");
        refused(NiftiBytes.small().dim(2, 0), "expected a positive length in dim[2], found 0");
        refused(NiftiBytes.small().dim(3, -4), "expected a positive length in dim[3], found -4");
        refused(NiftiBytes.small().dims(4, 6), "expected a volume of at least two slices, found one (4x6x1)");
        refused(NiftiBytes.small().dims(4, 6, 1), "expected a volume of at least two slices, found one (4x6x1)");
        refused(NiftiBytes.small().dims(24, 1, 1, 1), "expected a volume of at least two slices, found one (24x1x1)");
        refused(
                NiftiBytes.small().dims(2000, 2000, 2000),
                "at most 2147483639 voxels are supported, found 2000x2000x2000");
        NiftiBytes two = new NiftiBytes(2, ByteOrder.LITTLE_ENDIAN).counting(VoxelType.INT16, 24, 1);
        refused(
                two.dims(1L << 40, 1L << 40, 2),
                "the dimensions multiply to more than a file can hold (dim[2] is 1099511627776)");
        refused(two.dims(1L << 32, 2, 2), "at most 2147483639 voxels are supported, found 4294967296x2x2");
    }

    @Test
    void offsetsScalesAndAffines() throws IOException {
        refused(
                NiftiBytes.small().offset(100),
                "expected the voxels to start at a whole byte from 352 on, found vox_offset 100.0");
        refused(
                NiftiBytes.small().offset(-352),
                "expected the voxels to start at a whole byte from 352 on, found vox_offset -352.0");
        refused(
                NiftiBytes.small().offset(352.5),
                "expected the voxels to start at a whole byte from 352 on, found vox_offset 352.5");
        refused(
                NiftiBytes.small().offset(Double.NaN),
                "expected the voxels to start at a whole byte from 352 on, found vox_offset NaN");
        refused(
                NiftiBytes.small().offset(1e30),
                "expected the voxels to start at a whole byte from 352 on, found vox_offset 1.0000000150474662E30");
        refused(NiftiBytes.small().scale(2, Double.NaN), "expected a finite scl_inter beside scl_slope 2.0, found NaN");
        Path file = NiftiBytes.small().sform(1, Double.NaN, 0, 0, 0).write(folder.resolve("x.nii"));
        assertThatThrownBy(() -> Volumes.read(file))
                .isInstanceOf(VolumeFormatException.class)
                .hasMessageStartingWith("x.nii: expected a finite affine, found that an affine needs finite numbers");
    }

    @Test
    void moreVoxelsThanTheFileHolds() throws IOException {
        refused(
                NiftiBytes.small().dims(500, 500, 500),
                "the header announces 500x500x500 int16 from byte 352 on, more than a file of this size can hold; it is cut short or damaged");
    }

    @Test
    void everyTruncationOfAPlainFileIsNoticed() throws IOException {
        byte[] whole = NiftiBytes.small().file(0);
        for (int length = 0; length < whole.length; length++) {
            Path file = Files.write(folder.resolve("t.nii"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Volumes.read(file))
                    .as("%d bytes", length)
                    .isInstanceOf(VolumeFormatException.class);
        }
        refused(
                Arrays.copyOf(whole, 200),
                "expected a NIfTI header of 348 bytes, found only 200; the file is cut short, copy it again");
    }

    @Test
    void everyTruncationOfAGzippedFileIsNoticed() throws IOException {
        byte[] whole = NiftiBytes.gzip(new NiftiBytes(2, ByteOrder.BIG_ENDIAN)
                .dims(5, 7, 9)
                .counting(VoxelType.INT32, 315, 178_956_971L)
                .file(0));
        for (int length = 0; length < whole.length; length++) {
            Path file = Files.write(folder.resolve("t.nii.gz"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Volumes.read(file))
                    .as("%d bytes", length)
                    .isInstanceOf(VolumeFormatException.class);
        }
        Path file = Files.write(folder.resolve("t.nii.gz"), Arrays.copyOf(whole, whole.length - 4));
        assertThatThrownBy(() -> Volumes.read(file))
                .hasMessage("t.nii.gz: the gzip data break off after 1804 bytes; the file is cut short, copy it again");
    }

    @Test
    void aChangedByteInAGzippedFileIsNoticed() throws IOException {
        byte[] whole = NiftiBytes.gzip(NiftiBytes.small().file(0));
        whole[whole.length - 6] ^= 1; // in the checksum
        Path file = Files.write(folder.resolve("c.nii.gz"), whole);
        assertThatThrownBy(() -> Volumes.read(file))
                .isInstanceOf(VolumeFormatException.class)
                .hasMessage(
                        "c.nii.gz: the gzip data are damaged after 400 bytes (the checksum or the length is wrong); copy the file again");
    }

    /** Zeros pack 1000 to 1; a header above them that claims more than there are must not be believed. */
    @Test
    void aLyingHeaderAboveADecompressionBombTakesNoMemory() throws IOException {
        NiftiBytes bytes = NiftiBytes.small().dims(1290, 1000, 800);
        byte[] bomb = NiftiBytes.gzip(Arrays.copyOf(bytes.file(0), 40_000_000));
        Path file = Files.write(folder.resolve("bomb.nii.gz"), bomb);
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> Volumes.read(file))
                .isInstanceOf(VolumeFormatException.class)
                .hasMessageStartingWith("bomb.nii.gz: the header announces 1290x1000x800 int16 from byte 352 on, ");
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000_000);
        bytes.dims(100, 1000, 250);
        Path likely =
                Files.write(folder.resolve("likely.nii.gz"), NiftiBytes.gzip(Arrays.copyOf(bytes.file(0), 50_000_000)));
        before = threads.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> Volumes.read(likely))
                .isInstanceOf(VolumeFormatException.class)
                .hasMessage("likely.nii.gz: the header announces 100x1000x250 int16 from byte 352 on, "
                        + "but the data end after 50000000 bytes; the file is cut short, copy it again");
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000_000);
    }

    @Test
    void readingTakesTheArrayAndLittleMore() throws IOException {
        NiftiBytes bytes =
                new NiftiBytes(1, ByteOrder.LITTLE_ENDIAN).dims(200, 200, 250).counting(VoxelType.INT16, 10_000_000, 7);
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (boolean gzip : new boolean[] {false, true}) {
            Path file = Files.write(folder.resolve("m.nii"), gzip ? NiftiBytes.gzip(bytes.file(0)) : bytes.file(0));
            long before = threads.getCurrentThreadAllocatedBytes();
            assertThat(Volumes.read(file).voxels().count()).isEqualTo(10_000_000);
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isBetween(20_000_000L, 23_000_000L);
        }
    }
}
