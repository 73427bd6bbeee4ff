package org.segvol.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;
import org.segvol.image.VoxelBox;

/**
 * Writes labels as {@code scipy.sparse.save_npz} writes a sparse matrix in rows; see {@link SparseLabels}. The same labels always give the same bytes,
 * and nothing of a label's size is stored while writing.
 */
public final class SparseLabelsWriter {
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);
    private static final int CHUNK = 1 << 14;

    private final List<Mask> labels;
    private final GridSize size;
    private final ZipOutputStream zip;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);

    private SparseLabelsWriter(List<Mask> labels, ZipOutputStream zip) {
        this.labels = labels;
        this.size = labels.get(0).size();
        this.zip = zip;
    }

    /**
     * Writes labels of one grid into a folder, under the name that says their shape.
     *
     * @param labels at least one, all of one grid
     * @return the file
     */
    public static Path write(List<Mask> labels, Path folder) throws IOException {
        if (labels.isEmpty()
                || labels.stream()
                        .anyMatch(mask -> !mask.size().equals(labels.get(0).size()))) {
            throw new IllegalArgumentException("expected at least one label, and all labels of one grid");
        }
        Path file = folder.resolve(
                SparseLabels.fileName(labels.size(), labels.get(0).size()));
        AtomicFile.write(file, out -> {
            try (ZipOutputStream zip = new ZipOutputStream(out)) {
                new SparseLabelsWriter(labels, zip).write();
            }
        });
        return file;
    }

    private void write() throws IOException {
        long entries = labels.stream().mapToLong(Mask::count).sum();
        boolean wide = entries > Integer.MAX_VALUE;
        begin("indices", "<i4", entries);
        for (Mask label : labels) {
            columns(label);
        }
        end();
        begin("indptr", wide ? "<i8" : "<i4", labels.size() + 1L);
        long done = 0;
        put(0, wide);
        for (Mask label : labels) {
            done += label.count();
            put(done, wide);
        }
        end();
        begin("format", "|S3");
        zip.write("csr".getBytes(StandardCharsets.US_ASCII));
        end();
        begin("shape", "<i8", 2);
        put(labels.size(), true);
        put(size.count(), true);
        end();
        begin("data", "<i4", entries);
        for (long n = 0; n < entries; n++) {
            put(1, false);
        }
        end();
    }

    private void begin(String name, String descr, long... shape) throws IOException {
        ZipEntry entry = new ZipEntry(name + ".npy");
        entry.setTimeLocal(NO_TIME);
        zip.putNextEntry(entry);
        zip.write(NpyHeader.bytes(descr, false, shape));
    }

    private void end() throws IOException {
        flush(zip);
        zip.closeEntry();
    }

    private void flush(OutputStream out) throws IOException {
        out.write(chunk.array(), 0, chunk.position());
        chunk.clear();
    }

    private void put(long value, boolean wide) throws IOException {
        if (chunk.remaining() < Long.BYTES) {
            flush(zip);
        }
        if (wide) {
            chunk.putLong(value);
        } else {
            chunk.putInt((int) value);
        }
    }

    /** A label's columns, rising: (x,y,z) with z fastest. */
    private void columns(Mask label) throws IOException {
        VoxelBox box = label.bounds();
        if (box == null) {
            return;
        }
        for (int i = box.min().i(); i <= box.max().i(); i++) {
            for (int j = box.min().j(); j <= box.max().j(); j++) {
                for (int k = box.min().k(); k <= box.max().k(); k++) {
                    if (label.get(size.index(i, j, k))) {
                        put(((long) i * size.nj() + j) * size.nk() + k, false);
                    }
                }
            }
        }
    }
}
