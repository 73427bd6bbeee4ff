package org.segvol.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;

/** The zip directory of labels in the published form: unusual ones that are read, and every field hostile. */
class NpzFileTest {
    private static final GridSize SIZE = new GridSize(3, 4, 5);
    private static final int CENTRAL = 0x0201_4b50;
    private static final long[] LIMITS = {0, 1, 0x7f, 0x80, 0xffff, Integer.MAX_VALUE, -1, Long.MIN_VALUE};

    @TempDir
    Path folder;

    private List<Mask> labels;
    private Path file;
    private byte[] whole;

    @BeforeEach
    void write() throws IOException {
        labels = List.of(
                Mask.builder(SIZE).set(7).set(21).build(), Mask.builder(SIZE).build());
        file = SparseLabelsWriter.write(labels, folder);
        whole = Files.readAllBytes(file);
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Where the directory's entries begin; the last number is its end. */
    private List<Integer> directory() {
        ByteBuffer bytes = buffer(whole);
        List<Integer> starts = new ArrayList<>();
        int at = bytes.getInt(whole.length - 6);
        for (; bytes.getInt(at) == CENTRAL; at += 46 + bytes.getShort(at + 28) + bytes.getShort(at + 30)) {
            starts.add(at);
        }
        starts.add(at);
        assertThat(starts).hasSize(6);
        assertThat(at).isEqualTo(whole.length - 22);
        return starts;
    }

    /** The same members with all sizes and positions in 64 bits, and behind a comment. */
    private byte[] wide() {
        List<Integer> starts = directory();
        ByteBuffer old = buffer(whole);
        byte[] bytes = new byte[whole.length + 1000];
        ByteBuffer out = buffer(bytes);
        out.put(whole, 0, starts.get(0));
        for (int n = 0; n < 5; n++) {
            int at = starts.get(n);
            int name = old.getShort(at + 28);
            int start = out.position();
            out.put(whole, at, 46 + name);
            out.putInt(start + 20, -1).putInt(start + 24, -1).putInt(start + 42, -1);
            out.putShort(start + 30, (short) (5 + 28)); // another extra field, then the 64-bit one
            out.putShort((short) 0x5455).putShort((short) 1).put((byte) 9);
            out.putShort((short) 1).putShort((short) 24);
            out.putLong(old.getInt(at + 24)).putLong(old.getInt(at + 20)).putLong(old.getInt(at + 42));
        }
        int end = out.position();
        out.putInt(0x0606_4b50)
                .putLong(44)
                .putShort((short) 45)
                .putShort((short) 45)
                .putLong(0);
        out.putLong(5).putLong(5).putLong(end - starts.get(0)).putLong(starts.get(0));
        out.putInt(0x0706_4b50).putInt(0).putLong(end).putInt(1);
        out.putInt(0x0605_4b50).putInt(0).putInt(-1).putLong(-1);
        out.putShort((short) 7).put("comment".getBytes(StandardCharsets.US_ASCII));
        return Arrays.copyOf(bytes, out.position());
    }

    @Test
    void reads64BitDirectories() throws IOException {
        Files.write(file, wide());
        assertThat(SparseLabels.read(file)).isEqualTo(labels);
    }

    private void assertRefused(Consumer<ByteBuffer> change, String sentence) throws IOException {
        byte[] changed = whole.clone();
        change.accept(buffer(changed));
        Files.write(file, changed);
        assertThatThrownBy(() -> SparseLabels.read(file))
                .isInstanceOf(VolumeFormatException.class)
                .hasMessageStartingWith(file.getFileName() + ": ")
                .hasMessageContaining(sentence);
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        int first = directory().get(0);
        int second = directory().get(1);
        int end = whole.length - 22;
        assertRefused(b -> b.putInt(end, 0), "the zip file is damaged (its directory is missing)");
        assertRefused(b -> b.putInt(end + 16, 5), "its directory does not lie before its end record");
        assertRefused(b -> b.putShort(end + 10, (short) 4), "entry 4 of its directory is damaged");
        assertRefused(b -> b.putShort(end + 10, (short) 6), "entry 5 of its directory is damaged");
        assertRefused(b -> b.putShort(first + 8, (short) 9), "is encrypted or packed by method 8");
        assertRefused(b -> b.putShort(first + 10, (short) 12), "is encrypted or packed by method 12");
        assertRefused(b -> b.putShort(first + 10, (short) 0), "has two sizes");
        assertRefused(b -> b.putInt(first + 20, -1), "lacks its 64-bit sizes");
        assertRefused(b -> b.putInt(first + 42, 1), "is not where the directory says");
        assertRefused(b -> b.putInt(first + 20, 1 << 30), "is not where the directory says");
        assertRefused(b -> b.putInt(first + 20, 20), "indices.npy is damaged (Unexpected end of ZLIB input stream)");
        assertRefused(b -> b.putInt(first + 16, 3), "indices.npy has the wrong length or checksum");
        assertRefused(
                b -> b.put(second + 46, whole, first + 46, 7)
                        .putShort(second + 28, (short) 7)
                        .putShort(second + 32, (short) 3)
                        .putShort(first + 28, (short) 7)
                        .putShort(first + 32, (short) 4),
                "the member indices stands twice");
        assertRefused(
                b -> b.put(first + 46, (byte) 0x1b).put(first + 47, (byte) 0xff), "the member indices.npy is missing");
        assertRefused(
                b -> b.put(first + 46, (byte) 0x1b).putShort(first + 10, (short) 99),
                "the member \\u{1b}ndices.npy is");
    }

    /** Every byte, and every 16, 32 and 64 bits that begin at any byte, with every value at a limit; every length that is too short. */
    @Test
    void everyFieldHostile() throws IOException {
        int refused = 0;
        int read = 0;
        byte[] start = wide();
        for (int at = 0; at < start.length; at++) {
            List<byte[]> attacks = new ArrayList<>(List.of(Arrays.copyOf(start, at)));
            for (long value : LIMITS) {
                for (int width = 1; width <= 8 && at + width <= start.length; width *= 2) {
                    byte[] attack = start.clone();
                    for (int n = 0; n < width; n++) {
                        attack[at + n] = (byte) (value >> (8 * n));
                    }
                    attacks.add(attack);
                }
            }
            for (byte[] attack : attacks) {
                Files.write(file, attack);
                try {
                    assertThat(SparseLabels.read(file)).isEqualTo(labels);
                    read++;
                } catch (VolumeFormatException e) {
                    assertThat(e).hasMessageStartingWith(file.getFileName() + ": ");
                    refused++;
                }
            }
        }
        assertThat(refused).isGreaterThan(10_000);
        assertThat(read).as("some bytes mean nothing").isGreaterThan(1000);
        Files.writeString(
                Files.createDirectories(Path.of("target", "robustness")).resolve("npz.txt"),
                String.format(
                        "npz: %d files, %d refused, %d read as the same labels%n", refused + read, refused, read));
    }
}
