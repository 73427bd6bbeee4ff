package org.segvol.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.image.Affine;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;
import org.segvol.image.Volume;
import org.segvol.image.VoxelType;

/** Folders with DICOM images become volumes in the right place, or are refused with a sentence. */
class DicomSeriesTest {
    static final Path WRITTEN_BY_PYDICOM =
            Path.of(System.getProperty("segvol.root", "."), "segvol-core/src/test/resources/dicom");

    @TempDir
    Path folder;

    /** Files of another program, with nested sequences, private attributes, a second data set for an icon, and rubbish in unused bits. */
    @TestFactory
    List<DynamicTest> seriesOfAnotherProgram() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        String expected = Files.readString(WRITTEN_BY_PYDICOM.resolve("expected.json"));
        for (JsonElement element : JsonParser.parseString(expected).getAsJsonArray()) {
            JsonObject one = element.getAsJsonObject();
            String name = one.get("name").getAsString();
            tests.add(DynamicTest.dynamicTest(name, () -> {
                Volume volume = Volumes.read(WRITTEN_BY_PYDICOM.resolve(name));
                JsonArray size = one.getAsJsonArray("size");
                assertThat(volume.size())
                        .isEqualTo(new GridSize(
                                size.get(0).getAsInt(),
                                size.get(1).getAsInt(),
                                size.get(2).getAsInt()));
                double[] affine = numbers(one.getAsJsonArray("affine"));
                for (int n = 0; n < 12; n++) {
                    assertThat(volume.affine().get(n / 4, n % 4))
                            .isCloseTo(affine[n], org.assertj.core.data.Offset.offset(1e-9));
                }
                double[] values = numbers(one.getAsJsonArray("values"));
                for (int n = 0; n < values.length; n++) {
                    assertThat(volume.voxels().get(n)).as("voxel %d", n).isEqualTo((float) values[n]);
                }
                assertThat(DicomSeries.in(WRITTEN_BY_PYDICOM.resolve(name))
                                .get(0)
                                .description())
                        .isEqualTo("Thörax 1.25");
            }));
        }
        return tests;
    }

    private static double[] numbers(JsonArray array) {
        double[] numbers = new double[array.size()];
        Arrays.setAll(numbers, n -> array.get(n).getAsDouble());
        return numbers;
    }

    private void write(int series, int count) throws IOException {
        for (int k = 0; k < count; k++) {
            DicomBytes.slice(series, k).write(folder.resolve("s" + series + "/" + (count - k) + ".dcm"));
        }
    }

    @Test
    void slicesAreOrderedByTheirPlaceAndKeepTheirType() throws IOException {
        write(1, 3);
        Files.writeString(folder.resolve("s1/notes.txt"), "no image");
        DicomBytes.slice(9, 0).without(DicomTags.PIXELS).write(folder.resolve("s1/report"));
        Volume volume = Volumes.read(folder);
        assertThat(volume.size()).isEqualTo(new GridSize(4, 3, 3));
        assertThat(volume.voxels().type()).isEqualTo(VoxelType.INT16);
        assertThat(volume.at(3, 2, 1)).isEqualTo(111f - 1024);
        assertThat(volume.affine()).isEqualTo(Affine.ofRows(-0.8, 0, 0, 10, 0, -0.7, 0, 20, 0, 0, 2.5, 30));
    }

    @Test
    void masksAreWrittenInTheSeriesGrid() throws IOException {
        write(1, 3);
        Volume volume = Volumes.read(folder);
        Path file = folder.resolve("mask.nii.gz");
        Volumes.write(Mask.builder(volume.size()).set(5).build(), volume, file);
        Volume mask = Volumes.read(file);
        for (int n = 0; n < 12; n++) {
            assertThat(mask.affine().get(n / 4, n % 4))
                    .isEqualTo((float) volume.affine().get(n / 4, n % 4));
        }
        assertThat(mask.at(1, 1, 0)).isEqualTo(1);
    }

    @Test
    void implicitFilesAreRead() throws IOException {
        DicomBytes.slice(1, 0).implicit().write(folder.resolve("a"));
        DicomBytes.slice(1, 1).implicit().write(folder.resolve("b"));
        assertThat(Volumes.read(folder).at(0, 0, 1)).isEqualTo(100f - 1024);
    }

    @Test
    void oneOfSeveralSeriesIsChosenByNumberOrIdentifier() throws IOException {
        write(1, 2);
        write(20, 3);
        assertThatThrownBy(() -> Volumes.read(folder))
                .isInstanceOfSatisfying(SeveralSeriesException.class, several -> assertThat(several.series())
                        .extracting(DicomSeries::number)
                        .containsExactly("1", "20"))
                .hasMessageEndingWith(
                        ": expected one series, found 2: 1 (CT \"Abdomen\", 2 images); 20 (CT \"Abdomen\", 3 images); choose one");
        assertThat(Volumes.readSeries(folder, "20").size().nk()).isEqualTo(3);
        assertThat(Volumes.readSeries(folder, "1.2.3.1").size().nk()).isEqualTo(2);
        assertThatThrownBy(() -> Volumes.readSeries(folder, "2"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is no series 2; it holds 1 (CT \"Abdomen\", 2 images); 20");
        DicomBytes.slice(20, 0).text(DicomTags.SERIES_IDENTIFIER, "UI", "1.2.4").write(folder.resolve("other"));
        assertThatThrownBy(() -> Volumes.readSeries(folder, "20"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "several series have the number 20; choose by identifier: 1.2.3.20 (CT \"Abdomen\", 3 images); 1.2.4 (");
    }

    @Test
    void whatFilesSayDoesNotSteerATerminal() throws IOException {
        DicomBytes.slice(1, 0)
                .text(DicomTags.SERIES_DESCRIPTION, "LO", "a\u001b[2Jb")
                .write(folder.resolve("a"));
        assertThat(DicomSeries.in(folder).get(0)).hasToString("1 (CT \"a\\u{1b}[2Jb\", 1 image)");
        assertThatThrownBy(() -> Volumes.readSeries(folder, "2")).hasMessageContaining("it holds 1 (CT \"a\\u{1b}[2Jb");
    }

    @Test
    void imagesWithScalesOfTheirOwnBecomeFloats() throws IOException {
        DicomBytes.slice(1, 0).write(folder.resolve("a"));
        DicomBytes.slice(1, 1).text(DicomTags.SLOPE, "DS", "0.5").write(folder.resolve("b"));
        Volume volume = Volumes.read(folder);
        assertThat(volume.voxels().type()).isEqualTo(VoxelType.FLOAT32);
        assertThat(volume.at(1, 0, 0)).isEqualTo(1 - 1024f);
        assertThat(volume.at(1, 0, 1)).isEqualTo(101 * 0.5f - 1024);
    }

    @Test
    void aSingleImageIsAsThickAsItSays() throws IOException {
        DicomBytes.slice(1, 0).write(folder.resolve("a"));
        assertThat(Volumes.read(folder).affine().spacing()[2]).isEqualTo(3);
        DicomBytes.slice(1, 0).without(DicomTags.SLICE_THICKNESS).write(folder.resolve("a"));
        assertThatThrownBy(() -> Volumes.read(folder))
                .isInstanceOf(VolumeFormatException.class)
                .hasMessage("a: a single image is a volume only with a slice thickness above 0, found none");
    }

    @Test
    void slicesThatAreNoVolumeAreRefused() throws IOException {
        write(1, 7);
        Files.delete(folder.resolve("s1/4.dcm"));
        assertThatThrownBy(() -> Volumes.read(folder))
                .isInstanceOf(VolumeFormatException.class)
                .hasMessageContaining(
                        "usually 2.500 mm, found 5.000 mm between s1/5.dcm and s1/3.dcm; images are missing");
        DicomBytes.slice(1, 3).write(folder.resolve("s1/4.dcm"));
        DicomBytes.slice(1, 3).write(folder.resolve("s1/again.dcm"));
        assertThatThrownBy(() -> Volumes.read(folder))
                .hasMessageContaining("found 0.000 mm between s1/4.dcm and s1/again.dcm");
        DicomBytes.slice(1, 9).whole(DicomTags.ROWS, 2).write(folder.resolve("s1/again.dcm"));
        assertThatThrownBy(() -> Volumes.read(folder))
                .hasMessageContaining("found that s1/again.dcm differs from s1/7.dcm");
    }

    @Test
    void filesThatAreNoVolumeAreRefused() throws IOException {
        assertThatThrownBy(() -> Volumes.read(folder))
                .isInstanceOf(VolumeFormatException.class)
                .hasMessageEndingWith(
                        "expected a NIfTI file or a folder with DICOM images, found a folder without any");
        Path one = DicomBytes.slice(1, 0).write(folder.resolve("a"));
        assertThatThrownBy(() -> Volumes.read(one))
                .isInstanceOf(VolumeFormatException.class)
                .hasMessageStartingWith(
                        "a: expected a NIfTI file, found a DICOM file; give the folder that holds its series");
        Files.write(one, Arrays.copyOf(Files.readAllBytes(one), 300));
        assertThatThrownBy(() -> Volumes.read(folder))
                .isInstanceOf(VolumeFormatException.class)
                .hasMessageStartingWith("a: the DICOM attributes break off after ");
    }

    @TestFactory
    List<DynamicTest> imagesThatAreNotReadAreRefused() {
        Map<String, UnaryOperator<DicomBytes>> cases = Map.ofEntries(
                Map.entry(
                        "its pixels are compressed (transfer syntax 1.2.840.10008.1.2.4.70)",
                        file -> file.calledSyntax("1.2.840.10008.1.2.4.70")),
                Map.entry("its attributes are compressed", file -> file.calledSyntax("1.2.840.10008.1.2.1.99")),
                Map.entry("expected one image, found 3 frames", file -> file.text(DicomTags.FRAMES, "IS", "3")),
                Map.entry("found 3 samples of 'MONOCHROME2'", file -> file.whole(DicomTags.SAMPLES_PER_PIXEL, 3)),
                Map.entry(
                        "found 1 samples of 'MONOCHROME1'",
                        file -> file.text(DicomTags.PHOTOMETRIC, "CS", "MONOCHROME1")),
                Map.entry("found 16 of 8 bits", file -> file.whole(DicomTags.BITS_ALLOCATED, 8)),
                Map.entry("up to bit 13", file -> file.whole(DicomTags.HIGH_BIT, 13)),
                Map.entry("found 4x300 in 24 bytes", file -> file.whole(DicomTags.ROWS, 300)),
                Map.entry("found 0x3 in 24 bytes", file -> file.whole(DicomTags.COLUMNS, 0)),
                Map.entry("it does not say its rows", file -> file.without(DicomTags.ROWS)),
                Map.entry(
                        "expected 3 numbers as the image's position, found ''",
                        file -> file.without(DicomTags.POSITION)),
                Map.entry(
                        "expected 3 numbers as the image's position, found '1\\NaN\\3'",
                        file -> file.text(DicomTags.POSITION, "DS", "1\\NaN\\3")),
                Map.entry(
                        "expected 2 numbers as pixel spacing, found '1\\1e300'",
                        file -> file.text(DicomTags.PIXEL_SPACING, "DS", "1\\1e300")),
                Map.entry(
                        "expected two distances above 0 as pixel spacing, found '1\\-1'",
                        file -> file.text(DicomTags.PIXEL_SPACING, "DS", "1\\-1")),
                Map.entry(
                        "expected two directions of length 1 at right angles",
                        file -> file.text(DicomTags.ORIENTATION, "DS", "1\\0\\0\\1\\0\\0")),
                Map.entry("expected a rescale slope that is not 0", file -> file.text(DicomTags.SLOPE, "DS", "0.0")));
        return cases.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    Path own = Files.createTempDirectory(folder, "case");
                    entry.getValue().apply(DicomBytes.slice(1, 0)).write(own.resolve("a"));
                    assertThatThrownBy(() -> Volumes.read(own))
                            .isInstanceOf(VolumeFormatException.class)
                            .hasMessageStartingWith("a: ")
                            .hasMessageContaining(entry.getKey());
                }))
                .toList();
    }

    /** Every byte of a file changed, and the file cut everywhere: refused with a sentence, or read. */
    @Test
    void damagedFilesDoNoHarm() throws IOException {
        byte[] nested = {
            (byte) 0xFE,
            (byte) 0xFF,
            0,
            (byte) 0xE0,
            -1,
            -1,
            -1,
            -1, // an item that ends with a delimiter
            0x08,
            0,
            0,
            1,
            'S',
            'H',
            2,
            0,
            'a',
            'b',
            (byte) 0xFE,
            (byte) 0xFF,
            0x0D,
            (byte) 0xE0,
            0,
            0,
            0,
            0,
            (byte) 0xFE,
            (byte) 0xFF,
            (byte) 0xDD,
            (byte) 0xE0,
            0,
            0,
            0,
            0
        };
        byte[] sound = DicomBytes.slice(1, 0).bytes(0x0008_1032, "SQ", nested).file();
        int at = new String(sound, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("SQ") + 4;
        Arrays.fill(sound, at, at + 4, (byte) 0xFF); // the sequence, too, ends with a delimiter
        Path file = folder.resolve("a");
        Files.write(file, sound);
        assertThat(Volumes.read(folder).size()).isEqualTo(new GridSize(4, 3, 1));
        int read = 0, refused = 0;
        for (int n = 128; n < sound.length; n++) {
            for (int value : new int[] {0, 1, 0x7F, 0xFE, 0xFF}) {
                byte[] damaged = sound.clone();
                damaged[n] = (byte) value;
                Files.write(file, damaged);
                if (isRead()) {
                    read++;
                } else {
                    refused++;
                }
            }
            Files.write(file, Arrays.copyOf(sound, n));
            assertThat(isRead()).as("cut after %d bytes", n).isFalse();
        }
        assertThat(read).isPositive();
        assertThat(refused).isPositive();
    }

    private boolean isRead() throws IOException {
        try {
            return Volumes.read(folder).size().count() > 0;
        } catch (VolumeFormatException e) {
            assertThat(e.getMessage()).contains(": ").hasSizeLessThan(1300);
            return false;
        }
    }
}
