package org.segvol.io;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.segvol.image.GridSize;
import org.segvol.image.Mask;
import org.segvol.image.VoxelType;
import org.segvol.testing.FuzzCorpus;

/** Writes the first inputs of the fuzz targets for volumes and texts. */
final class FuzzSeeds {
    private FuzzSeeds() {}

    public static void main(String[] arguments) throws IOException {
        int number = -1;
        for (VoxelType type : VoxelType.values()) {
            number++;
            for (int version = 1; version <= 2; version++) {
                ByteOrder order = number % 2 == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
                NiftiBytes bytes = new NiftiBytes(version, order).dims(3, 2, 2).counting(type, 12, 7);
                if (number % 3 == 0) {
                    bytes.sform(1, 2, 0, 0, -9, 0, 1.5, 0, 3, 0, 0, 4, 8);
                } else if (number % 3 == 1) {
                    bytes.qform(1, 0.1, 0.2, 0.3, -5, 6, 7);
                }
                byte[] file = bytes.file(0);
                write(
                        "nifti",
                        type.name().toLowerCase(java.util.Locale.ROOT) + version,
                        version == 1 ? file : NiftiBytes.gzip(file));
            }
        }
        write("dicom", "explicit", DicomBytes.slice(1, 0).file());
        write("dicom", "implicit", DicomBytes.slice(1, 1).implicit().file());
        for (String name : List.of("implicit", "big-endian", "oblique")) {
            Path image = DicomSeriesTest.WRITTEN_BY_PYDICOM.resolve(name).resolve("IM1");
            write("dicom", "pydicom-" + name, Files.readAllBytes(image));
        }
        Path folder = Files.createTempDirectory("seeds");
        GridSize size = new GridSize(3, 4, 5);
        Path array = folder.resolve("array.npy");
        NumpyVolumes.writeInts(new int[60], size, array);
        write("numpy", "ints", Files.readAllBytes(array));
        NumpyVolumes.writeFloats((k, slice) -> slice[k] = k, size, array);
        write("numpy", "floats", Files.readAllBytes(array));
        Mask one = Mask.builder(size).set(7).set(21).build();
        write(
                "numpy",
                "labels",
                Files.readAllBytes(
                        SparseLabelsWriter.write(List.of(one, Mask.builder(size).build()), folder)));
        String[] texts = {
            "liver",
            "A computerized tomography of a left kidney.",
            "don't we'll they've",
            "<|startoftext|>a<|endoftext|>b",
            "e\u0301\u0323 \u00c5",
            "\u4e2d\u6587\u809d\u81df",
            "\ud83d\ude00\ud83e\udec0",
            "a1b22 c333",
            "\u0130\u03a3\u03c2",
            "  tabs\tand\nlines  ",
            "portal vein & splenic vein/"
        };
        for (int i = 0; i < texts.length; i++) {
            write("tokenizer", Integer.toString(i), texts[i].getBytes(StandardCharsets.UTF_8));
        }
        write("tokenizer", "utf16", "\0\ud800a\udc00".getBytes(StandardCharsets.UTF_16BE));
    }

    private static void write(String target, String name, byte[] bytes) throws IOException {
        Path folder = Files.createDirectories(FuzzCorpus.folder(target));
        Files.write(folder.resolve("seed-" + name), bytes);
    }
}
