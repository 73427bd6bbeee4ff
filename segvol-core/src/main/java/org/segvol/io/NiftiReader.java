package org.segvol.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.segvol.image.Volume;
import org.segvol.image.VoxelType;
import org.segvol.image.Voxels;

/** Reads one volume of a NIfTI file straight into the array that it will live in. */
final class NiftiReader {
    private static final int CHUNK = 1 << 18;
    /** Behind the voxels so much is still read for the sake of the checksum; more would serve a decompression bomb. */
    private static final int LONGEST_TAIL = 1 << 20;

    private final NiftiHeader header;
    private final Path data;

    private NiftiReader(NiftiHeader header, Path data) {
        this.header = header;
        this.data = data;
    }

    /** The only volume of a file. */
    static Volume read(Path file) throws IOException {
        return readOnly(file, -1);
    }

    /** One volume of several, counted from 0. */
    static Volume read(Path file, int volume) throws IOException {
        if (volume < 0) {
            throw new IllegalArgumentException("volumes are counted from 0, found " + volume);
        }
        return readOnly(file, volume);
    }

    /** Whether a file starts with the size of a NIfTI header. */
    static boolean startsNifti(Path file) throws IOException {
        try (ByteSource source = ByteSource.open(file)) {
            return NiftiHeaderParser.startsHeader(source);
        }
    }

    private static Volume readOnly(Path file, int asked) throws IOException {
        Path headerFile = NiftiPair.headerOf(file);
        try (ByteSource source = ByteSource.open(headerFile)) {
            NiftiHeader header = NiftiHeaderParser.parse(source);
            int volume = choose(file, header, asked);
            if (header.single()) {
                return new NiftiReader(header, headerFile).read(source, volume);
            }
            Path image = NiftiPair.imageOf(headerFile, file);
            try (ByteSource voxels = ByteSource.open(image)) {
                return new NiftiReader(header, image).read(voxels, volume);
            }
        }
    }

    private static int choose(Path file, NiftiHeader header, int asked) throws VolumeFormatException {
        long volumes = header.volumes();
        if (asked < 0 && volumes > 1) {
            throw new SeveralVolumesException(
                    file,
                    "expected 3 dimensions, found " + header.dims().size() + " (" + volumes + " volumes); choose one",
                    volumes);
        }
        if (asked >= volumes) {
            throw new IllegalArgumentException(file.getFileName() + ": volume " + asked
                    + " was asked for, but the file holds " + volumes + " (counted from 0)");
        }
        return Math.max(asked, 0);
    }

    private Volume read(ByteSource source, int volume) throws IOException {
        long start = header.voxelOffset() + volume * header.volumeBytes();
        long end = start + header.volumeBytes();
        if (!source.canHold(end)) {
            throw new VolumeFormatException(
                    data, announced() + "more than a file of this size can hold; it is cut short or damaged");
        }
        if (source.doubtful(end)) {
            prove(end);
        }
        if (!source.skipTo(start)) {
            throw cutShort(source);
        }
        Voxels voxels = voxels(source);
        source.finish(LONGEST_TAIL);
        return new Volume(header.size(), voxels, header.affine(), header.forms());
    }

    /** Decodes once without keeping anything, so that a header cannot claim memory for voxels that never come. */
    private void prove(long end) throws IOException {
        try (ByteSource rehearsal = ByteSource.open(data)) {
            if (!rehearsal.skipTo(end)) {
                throw cutShort(rehearsal);
            }
        }
    }

    private Voxels voxels(ByteSource source) throws IOException {
        int count = header.size().count();
        VoxelType type = header.type();
        double slope = header.slope();
        double intercept = header.intercept();
        switch (type) {
            case UINT8, INT8 -> {
                byte[] values = new byte[count];
                decode(source, (from, at, n) -> from.get(values, at, n));
                return Voxels.of(values, type, slope, intercept);
            }
            case UINT16, INT16 -> {
                short[] values = new short[count];
                decode(source, (from, at, n) -> from.asShortBuffer().get(values, at, n));
                return Voxels.of(values, type, slope, intercept);
            }
            case UINT32, INT32 -> {
                int[] values = new int[count];
                decode(source, (from, at, n) -> from.asIntBuffer().get(values, at, n));
                return Voxels.of(values, type, slope, intercept);
            }
            case UINT64, INT64 -> {
                long[] values = new long[count];
                decode(source, (from, at, n) -> from.asLongBuffer().get(values, at, n));
                return Voxels.of(values, type, slope, intercept);
            }
            case FLOAT32 -> {
                float[] values = new float[count];
                decode(source, (from, at, n) -> from.asFloatBuffer().get(values, at, n));
                return Voxels.of(values, slope, intercept);
            }
            case FLOAT64 -> {
                double[] values = new double[count];
                decode(source, (from, at, n) -> from.asDoubleBuffer().get(values, at, n));
                return Voxels.of(values, slope, intercept);
            }
        }
        throw new IllegalStateException("no array for " + type);
    }

    /** Moves {@code n} decoded elements to position {@code at} of an array. */
    private interface Sink {
        void take(ByteBuffer from, int at, int n);
    }

    private void decode(ByteSource source, Sink sink) throws IOException {
        int width = header.type().bytes();
        int count = header.size().count();
        byte[] chunk = new byte[(int) Math.min(CHUNK, header.volumeBytes())];
        for (int done = 0; done < count; ) {
            int n = Math.min(count - done, chunk.length / width);
            if (source.fill(chunk, n * width) < n * width) {
                throw cutShort(source);
            }
            sink.take(ByteBuffer.wrap(chunk).order(header.order()), done, n);
            done += n;
        }
    }

    private String announced() {
        return "the header announces " + header.content() + " from byte " + header.voxelOffset() + " on, ";
    }

    private VolumeFormatException cutShort(ByteSource source) {
        return new VolumeFormatException(
                data,
                announced() + "but the data end after " + source.position()
                        + " bytes; the file is cut short, copy it again");
    }
}
