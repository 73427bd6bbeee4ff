package org.segvol.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;
import org.segvol.image.Volume;
import org.segvol.testing.Python;

/** The published data set's files: read as numpy and scipy wrote them (src/test/python/make_numpy_fixtures.py), and hostile ones refused. */
class NumpyFilesTest {
    private static final GridSize SIZE = new GridSize(5, 4, 3);
    private static final String MASK = "mask_(4, 5, 4, 3).npz";

    @TempDir
    Path folder;

    private static Path fixture(String name) {
        return Path.of("src/test/resources/numpy").resolve(name);
    }

    private static boolean labelled(int label, int i, int j, int k) {
        return label != 2 && (i + 2 * j + 3 * k + label) % 4 == 0;
    }

    private static List<Mask> labels() {
        List<Mask> masks = new ArrayList<>();
        for (int label = 0; label < 4; label++) {
            Mask.Builder builder = Mask.builder(SIZE);
            for (int n = 0; n < SIZE.count(); n++) {
                var p = SIZE.point(n);
                if (labelled(label, p.i(), p.j(), p.k())) {
                    builder.set(n);
                }
            }
            masks.add(builder.build());
        }
        return masks;
    }

    @ParameterizedTest
    @CsvSource({
        "image_c_f4.npy, -50.5",
        "image_fortran_f8.npy, -50.5",
        "numbers_i8.npy, 0",
        "numbers_big_endian_i2.npy, 0",
        "numbers_fortran_u2.npy, 0",
        "numbers_version2_i4.npy, 0"
    })
    void readsArrays(String name, float offset) throws IOException {
        Volume volume = NumpyVolumes.read(fixture(name));
        assertThat(volume.size()).isEqualTo(SIZE);
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 4; j++) {
                for (int k = 0; k < 3; k++) {
                    assertThat(volume.at(i, j, k)).isEqualTo(100 * i + 10 * j + k + offset);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {MASK, "stored_" + MASK, "wide_" + MASK})
    void readsLabels(String name) throws IOException {
        assertThat(SparseLabels.read(fixture(name))).isEqualTo(labels());
    }

    private void writeAll() throws IOException {
        int slice = SIZE.ni() * SIZE.nj();
        NumpyVolumes.writeFloats(
                (k, target) -> {
                    for (int n = 0; n < slice; n++) {
                        target[n] = 100 * (n % 5) + 10 * (n / 5) + k - 50.5f;
                    }
                },
                SIZE,
                folder.resolve("image.npy"));
        int[] numbers = new int[SIZE.count()];
        for (int n = 0; n < numbers.length; n++) {
            numbers[n] = 100 * (n / 12) + 10 * (n / 3 % 4) + n % 3;
        }
        NumpyVolumes.writeInts(numbers, SIZE, folder.resolve("pseudo_mask.npy"));
        assertThat(SparseLabelsWriter.write(labels(), folder)).isEqualTo(folder.resolve(MASK));
    }

    @Test
    void readsWhatItWrites() throws IOException {
        writeAll();
        Volume image = NumpyVolumes.read(folder.resolve("image.npy"));
        Volume ids = NumpyVolumes.read(folder.resolve("pseudo_mask.npy"));
        for (int n = 0; n < SIZE.count(); n++) {
            var p = SIZE.point(n);
            int expected = 100 * p.i() + 10 * p.j() + p.k();
            assertThat(image.voxels().get(n)).isEqualTo(expected - 50.5f);
            assertThat(ids.voxels().get(n)).isEqualTo(expected);
        }
        assertThat(SparseLabels.read(folder.resolve(MASK))).isEqualTo(labels());
        byte[] first = Files.readAllBytes(folder.resolve(MASK));
        SparseLabelsWriter.write(labels(), folder);
        assertThat(Files.readAllBytes(folder.resolve(MASK)))
                .as("the same bytes again")
                .isEqualTo(first);
    }

    /** Runs where a Python with numpy and scipy is named by {@code -Dsegvol.python}. */
    @TestFactory
    List<DynamicTest> numpyReadsWhatWeWrite() {
        return Python.tests("numpy and scipy read our files", python -> {
            writeAll();
            assertThat(python.run("src/test/python/check_numpy_files.py", folder.toString()))
                    .contains("read what was written");
        });
    }

    private static void assertRefused(ThrowingCallable read, String sentence) {
        assertThatThrownBy(read).isInstanceOf(VolumeFormatException.class).hasMessageContaining(sentence);
    }

    @Test
    void refusesOtherArrays() {
        assertRefused(() -> NumpyVolumes.read(fixture("text.npy")), "elements of type <U2");
        assertRefused(() -> NumpyVolumes.read(fixture("half.npy")), "elements of type <f2");
        assertRefused(() -> NumpyVolumes.read(fixture("objects.npy")), "elements of type |O");
        assertRefused(() -> NumpyVolumes.read(fixture("flat.npy")), "found (60,)");
        assertRefused(() -> NumpyVolumes.read(fixture(MASK)), "not in numpy's npy format");
        assertThatThrownBy(() -> NumpyVolumes.read(fixture("none.npy"))).isInstanceOf(NoSuchFileException.class);
    }

    private Path npy(String dictionary, int dataBytes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] text = dictionary.getBytes(StandardCharsets.ISO_8859_1);
        bytes.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
        bytes.write(text.length & 0xFF);
        bytes.write(text.length >> 8);
        bytes.writeBytes(text);
        bytes.writeBytes(new byte[dataBytes]);
        return Files.write(folder.resolve("hostile.npy"), bytes.toByteArray());
    }

    @Test
    void refusesHostileHeaders() throws IOException {
        String start = "{'descr': '<f4', 'fortran_order': False, ";
        Path cut = npy(start + "'shape': (2000, 1000, 1000), }", 100);
        assertRefused(() -> NumpyVolumes.read(cut), "announces 8000000000 bytes of elements, the file has 100");
        Path large = npy(start + "'shape': (2000, 2000, 2000), }", 100);
        assertRefused(() -> NumpyVolumes.read(large), "is no volume");
        Path overflow = npy(start + "'shape': (999999999999999999, 999999999999999999, 2), }", 100);
        assertRefused(() -> NumpyVolumes.read(overflow), "impossible shape");
        Path empty = npy(start + "'shape': (2, 0, 2), }", 100);
        assertRefused(() -> NumpyVolumes.read(empty), "every side must be at least 1");
        for (String dictionary : List.of(
                "{'descr': '<f4', 'fortran_order': False}",
                start + "'shape': (2, 2, 2), 'more': 1}",
                start + "'shape': (2, 2, 2), 'shape': (2, 2, 2)}",
                start + "'shape': (2, -2, 2)}",
                start + "'shape': (2,,2)}",
                start + "'shape': __import__('os')}",
                start + "'shape': (" + "1,".repeat(2000) + ")}",
                "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2, 2, 2)}",
                "")) {
            Path file = npy(dictionary, 32);
            assertRefused(() -> NumpyVolumes.read(file), "not the one of a plain array of numbers");
        }
        byte[] whole = Files.readAllBytes(fixture("image_c_f4.npy"));
        for (int length : new int[] {0, 5, 9, 50, whole.length - 1}) {
            Path file = Files.write(folder.resolve("cut.npy"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> NumpyVolumes.read(file)).isInstanceOf(VolumeFormatException.class);
        }
    }

    @Test
    void refusesOtherLabels() throws IOException {
        assertRefused(
                () -> SparseLabels.read(fixture("columns_" + MASK)),
                "expected a sparse matrix in rows (csr), found csc");
        assertRefused(() -> SparseLabels.read(fixture("threes_" + MASK)), "labels are 0 or 1, found 3.0 in row 0");
        byte[] whole = Files.readAllBytes(fixture(MASK));
        Path nameless = Files.write(folder.resolve("labels.npz"), whole);
        assertRefused(() -> SparseLabels.read(nameless), "the name must say the shape");
        Path other = Files.write(folder.resolve("mask_(4, 5, 4, 4).npz"), whole);
        assertRefused(() -> SparseLabels.read(other), "the matrix has 4 rows and 60 columns");
        Path many = Files.write(folder.resolve("mask_(99999999, 5, 4, 3).npz"), whole);
        assertRefused(() -> SparseLabels.read(many), "from 1 to 65536 labels");
        Path large = Files.write(folder.resolve("mask_(4, 99999, 99999, 99999).npz"), whole);
        assertRefused(() -> SparseLabels.read(large), "is no volume");
        Path text = Files.writeString(folder.resolve(MASK), "this is no zip file");
        assertRefused(() -> SparseLabels.read(text), "the zip file is damaged");
    }

    private static Map<String, byte[]> members(Path file) throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                members.put(entry.getName(), zip.readAllBytes());
            }
        }
        return members;
    }

    private Path zipped(Map<String, byte[]> members) throws IOException {
        Path file = folder.resolve(MASK);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> member : members.entrySet()) {
                zip.putNextEntry(new ZipEntry(member.getKey()));
                zip.write(member.getValue());
                zip.closeEntry();
            }
        }
        return file;
    }

    private void assertRefusedWith(String member, byte[] content, String sentence) throws IOException {
        Map<String, byte[]> members = members(fixture(MASK));
        members.put(member, content);
        members.values().removeIf(bytes -> bytes.length == 0);
        Path file = zipped(members);
        assertRefused(() -> SparseLabels.read(file), sentence);
    }

    private static byte[] array(String descr, long count, byte... data) {
        byte[] header = NpyHeader.bytes(descr, false, count);
        byte[] whole = Arrays.copyOf(header, header.length + data.length);
        System.arraycopy(data, 0, whole, header.length, data.length);
        return whole;
    }

    @Test
    void refusesHostileMembers() throws IOException {
        assertRefusedWith("data.npy", new byte[0], "the member data.npy is missing");
        assertRefusedWith("indices.npy", new byte[] {1, 2, 3}, "indices.npy is not in numpy's npy format");
        assertRefusedWith(
                "indptr.npy", array("|i1", 5, bytes(0, 15, 15, 15, 15)), "indices.npy should hold 15 whole numbers");
        assertRefusedWith("indptr.npy", array("|i1", 5, bytes(0, 9, 5, 15, 15)), "row 1 has an impossible number");
        assertRefusedWith("indptr.npy", array("|i1", 5, bytes(1, 9, 15, 15, 15)), "row 0 has an impossible number");
        assertRefusedWith("indptr.npy", array("|i1", 5, bytes(0, 61, 62, 63, 64)), "row 0 has an impossible number");
        assertRefusedWith("indptr.npy", array("<i8", 5), "indptr.npy announces 5 elements but ends after 0");
        assertRefusedWith("indptr.npy", array("<f8", 5), "indptr.npy should hold 5 whole numbers");
        assertRefusedWith("shape.npy", array("|i1", 2, bytes(4, 59)), "the matrix has 4 rows and 59 columns");
        assertRefusedWith("format.npy", array("<i4", 1, bytes(1, 2, 3, 4)), "found something else");
        int entries = (int) labels().stream().mapToLong(Mask::count).sum();
        byte[] columns = new byte[entries];
        columns[3] = 60;
        assertRefusedWith("indices.npy", array("|i1", entries, columns), "row 0 has an entry in column 60 of 60");
        columns[3] = -1;
        assertRefusedWith("indices.npy", array("|i1", entries, columns), "row 0 has an entry in column -1 of 60");
        assertRefusedWith("indices.npy", array("|i1", entries, new byte[entries + 7]), "wrong length or checksum");
        assertRefusedWith("data.npy", array("|i1", 3, bytes(1, 1, 1)), "data.npy should hold " + entries + " numbers");
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    /** A flipped bit or a cut end is refused, or hit nothing that is read. */
    @Test
    void damageIsNeverReadAsOtherLabels() throws IOException {
        long seed = 20261124;
        Random random = new Random(seed);
        byte[] whole = Files.readAllBytes(fixture(MASK));
        int refused = 0;
        for (int trial = 0; trial < 400; trial++) {
            byte[] damaged =
                    random.nextInt(4) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            if (damaged.length == whole.length) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Path file = Files.write(folder.resolve(MASK), damaged);
            try {
                assertThat(SparseLabels.read(file))
                        .as("seed %d, trial %d", seed, trial)
                        .isEqualTo(labels());
            } catch (VolumeFormatException e) {
                assertThat(e).hasMessageStartingWith(MASK + ": ");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(200);
    }
}
