package org.segvol.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.image.Mask;
import org.segvol.image.Volume;
import org.segvol.image.VolumeSummary;
import org.segvol.image.VoxelType;
import org.segvol.preprocess.Preprocessor;
import org.segvol.preprocess.UnusableVolumeException;
import org.segvol.preprocess.Variant;
import org.segvol.weights.ModelConfig;

/**
 * Every field of the header with every hostile value, one and several at a time: the file is refused with a sentence, or what it gives goes
 * through everything that a session does with a volume, and into a file that is read again. The counts go to target/robustness.
 */
class NiftiAttackTest {
    private static final List<Variant> VARIANTS = List.of(Variant.of("github"), Variant.of("ras"));

    @TempDir
    Path folder;

    private final Map<String, Integer> outcomes = new TreeMap<>();
    private final Set<Object> written = new HashSet<>();
    private int files;

    /** A field: where it stands, and how many bytes it has; real numbers and integers are tried in all of them. */
    private record Field(int at, int bytes) {}

    private static List<Field> fields(boolean two) {
        List<Field> fields = new java.util.ArrayList<>();
        int end = two ? 540 : 348;
        int width = two ? 8 : 4;
        fields.add(new Field(0, 4));
        for (int at = two ? 4 : 344; at < (two ? 12 : 348); at++) {
            fields.add(new Field(at, 1));
        }
        for (int n = 0; n < 8; n++) {
            fields.add(new Field(two ? 16 + 8 * n : 40 + 2 * n, two ? 8 : 2));
            fields.add(new Field(two ? 104 + 8 * n : 76 + 4 * n, width));
        }
        fields.add(new Field(two ? 12 : 70, 2));
        fields.add(new Field(two ? 14 : 72, 2));
        fields.add(new Field(two ? 168 : 108, width));
        fields.add(new Field(two ? 176 : 112, width));
        fields.add(new Field(two ? 184 : 116, width));
        fields.add(new Field(two ? 344 : 252, two ? 4 : 2));
        fields.add(new Field(two ? 348 : 254, two ? 4 : 2));
        for (int n = 0; n < 18; n++) {
            fields.add(new Field((two ? 352 : 256) + width * n, width));
        }
        assertThat(fields).allMatch(field -> field.at + field.bytes <= end);
        return fields;
    }

    private static List<byte[]> values(int bytes, ByteOrder order) {
        List<byte[]> values = new java.util.ArrayList<>();
        long[] integers = {
            0,
            1,
            2,
            3,
            4,
            5,
            7,
            8,
            16,
            64,
            127,
            128,
            255,
            256,
            512,
            768,
            1024,
            1280,
            1536,
            2048,
            2304,
            32766,
            32767,
            32768,
            65535,
            -1,
            -2,
            -32768,
            Integer.MAX_VALUE,
            Integer.MIN_VALUE,
            1L << 31,
            1L << 32,
            1L << 40,
            1L << 62,
            Long.MAX_VALUE,
            Long.MIN_VALUE
        };
        for (long integer : integers) {
            byte[] eight = ByteBuffer.allocate(8).order(order).putLong(integer).array();
            values.add(
                    order == ByteOrder.LITTLE_ENDIAN
                            ? Arrays.copyOf(eight, bytes)
                            : Arrays.copyOfRange(eight, 8 - bytes, 8));
        }
        double[] reals = {
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            0.5,
            -0.0,
            1e-45,
            1e-40,
            1e-300,
            1e30,
            1e31,
            1e38,
            1e300,
            Double.MAX_VALUE,
            -1e38,
            Double.MIN_VALUE,
            352,
            352.5,
            351,
            400,
            401,
            1e9,
            1e12,
            0.70710678
        };
        for (double real : reals) {
            if (bytes == 4) {
                values.add(ByteBuffer.allocate(4)
                        .order(order)
                        .putFloat((float) real)
                        .array());
            } else if (bytes == 8) {
                values.add(ByteBuffer.allocate(8).order(order).putDouble(real).array());
            }
        }
        return values;
    }

    private static byte[] base(int version, ByteOrder order, int form) {
        NiftiBytes bytes = new NiftiBytes(version, order).dims(4, 3, 5).counting(VoxelType.INT16, 60, 11);
        if (form == 1) {
            bytes.sform(1, 2, 0, 0, -9, 0, 1.5, 0, 3, 0, 0, 4, 8);
        } else if (form == 2) {
            bytes.qform(1, 0.1, 0.2, 0.3, -5, 6, 7);
        }
        return bytes.file(0);
    }

    private void use(byte[] content) throws IOException {
        files++;
        Path file = Files.write(folder.resolve("hostile.nii"), content);
        Volume volume;
        try {
            volume = Volumes.read(file);
        } catch (VolumeFormatException e) {
            assertThat(e.getMessage()).startsWith("hostile.nii: ").hasSizeLessThan(700);
            count("refused: " + kind(e.getMessage()));
            return;
        }
        VolumeSummary summary = VolumeSummary.of(volume);
        assertThat(summary.size().count()).isPositive();
        String prepared = "read, and usable";
        for (Variant variant : VARIANTS) {
            try {
                Preprocessor.prepare(volume, ModelConfig.RELEASED, variant);
            } catch (UnusableVolumeException e) {
                prepared = "read, but of no use to the network, which is said";
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("singular");
                prepared = "read, but without directions, which variant ras says";
            }
        }
        count(prepared);
        if (!written.add(List.of(volume.affine(), volume.forms()))) {
            return; // the same header was written before
        }
        Path copy = folder.resolve("copy.nii");
        Volumes.write(Mask.builder(volume.size()).build(), volume, copy);
        assertThat(Volumes.read(copy).size()).isEqualTo(volume.size());
    }

    private static String kind(String message) {
        for (String kind : List.of(
                "dim[",
                "dimensions",
                "voxels are supported",
                "of at most 8 bytes",
                "vox_offset",
                "scl_inter",
                "affine",
                "qform",
                "mark",
                "header",
                "gzip",
                "a NIfTI file",
                "more than a file")) {
            if (message.contains(kind)) {
                return kind;
            }
        }
        return "other";
    }

    private void count(String outcome) {
        outcomes.merge(outcome, 1, Integer::sum);
    }

    private void report(String what) throws IOException {
        StringBuilder report = new StringBuilder(String.format("%s: %d files%n", what, files));
        outcomes.forEach((outcome, count) -> report.append(String.format("  %5d %s%n", count, outcome)));
        Path target = Files.createDirectories(Path.of("target", "robustness"));
        Files.writeString(target.resolve(what.replace(' ', '-') + ".txt"), report);
    }

    @Test
    void everyFieldWithEveryHostileValue() throws IOException {
        for (int version = 1; version <= 2; version++) {
            for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
                int form = 0;
                for (Field field : fields(version == 2)) {
                    for (byte[] value : values(field.bytes, order)) {
                        byte[] changed = base(version, order, form++ % 3);
                        System.arraycopy(value, 0, changed, field.at, field.bytes);
                        use(changed);
                    }
                }
            }
        }
        report("nifti fields");
        assertThat(outcomes).hasSizeGreaterThan(10);
    }

    @Test
    void severalFieldsAtOnce() throws IOException {
        long seed = 20261124;
        Random random = new Random(seed);
        for (int trial = 0; trial < 4000; trial++) {
            int version = 1 + random.nextInt(2);
            ByteOrder order = random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
            byte[] changed = base(version, order, random.nextInt(3));
            List<Field> fields = fields(version == 2);
            for (int n = 2 + random.nextInt(4); n > 0; n--) {
                Field field = fields.get(9 + random.nextInt(fields.size() - 9));
                List<byte[]> values = values(field.bytes, order);
                System.arraycopy(values.get(random.nextInt(values.size())), 0, changed, field.at, field.bytes);
            }
            use(changed);
        }
        report("nifti several fields");
    }

    @Test
    void gzipStreams() throws IOException {
        byte[] plain = base(1, ByteOrder.LITTLE_ENDIAN, 1);
        byte[] packed = NiftiBytes.gzip(plain);
        for (int at = 0; at < packed.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = packed.clone();
                changed[at] ^= (byte) (1 << bit);
                use(changed);
            }
        }
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        for (byte b : plain) {
            members.writeBytes(NiftiBytes.gzip(new byte[] {b}));
        }
        use(members.toByteArray());
        ByteArrayOutputStream empty = new ByteArrayOutputStream();
        for (int i = 0; i < 10_000; i++) {
            empty.writeBytes(NiftiBytes.gzip(new byte[0]));
        }
        use(empty.toByteArray());
        use(NiftiBytes.gzip(packed));
        byte[] trailing = Arrays.copyOf(packed, packed.length + 1000);
        use(trailing);
        report("gzip streams");
    }

    /** Ten gigabytes of zeros before the voxels are refused because no header has such extensions, a hundred megabytes are read through. */
    @Test
    void bombsBeforeTheVoxelsTakeTimeAndNoMemory() throws IOException {
        NiftiBytes header = NiftiBytes.small().offset(1.05e8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(header.file(0));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 100; i++) {
                gzip.write(zeros);
            }
        }
        use(bytes.toByteArray());
        assertThat(outcomes.keySet()).allMatch(outcome -> outcome.startsWith("refused"));
        use(NiftiBytes.gzip(NiftiBytes.small().offset(1e10).file(0)));
        assertThat(outcomes).containsKey("refused: vox_offset");
    }

    @Test
    void filesThatChangeWhileTheyAreRead() throws Exception {
        Path file = folder.resolve("changing.nii");
        byte[] small = base(1, ByteOrder.LITTLE_ENDIAN, 1);
        byte[] large = new NiftiBytes(1, ByteOrder.LITTLE_ENDIAN)
                .dims(64, 64, 64)
                .counting(VoxelType.INT16, 1 << 18, 3)
                .file(0);
        byte[] packed = NiftiBytes.gzip(large);
        Files.write(file, small);
        AtomicBoolean stop = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            Random random = new Random(3);
            while (!stop.get()) {
                byte[] next = List.of(small, large, packed).get(random.nextInt(3));
                try {
                    Files.write(
                            file,
                            Arrays.copyOf(next, random.nextInt(10) == 0 ? random.nextInt(next.length) : next.length));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        });
        writer.start();
        try {
            for (int n = 0; n < 2000; n++) {
                files++;
                try {
                    Volume volume = Volumes.read(file);
                    assertThat(volume.size().count()).isIn(60, 1 << 18);
                    count("read");
                } catch (VolumeFormatException e) {
                    count("refused: " + kind(e.getMessage()));
                }
            }
        } finally {
            stop.set(true);
            writer.join();
        }
        report("changing nifti files");
    }
}
