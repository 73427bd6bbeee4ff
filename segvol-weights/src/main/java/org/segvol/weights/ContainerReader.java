package org.segvol.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Recognises a container by its first bytes, whatever the file is called, and opens it. */
final class ContainerReader {
    private static final int ZIP_LOCAL = 0x0403_4b50;
    private static final int ZIP_EMPTY = 0x0605_4b50;
    private static final int HEAD_BYTES = 32;
    private static final int TAR_MAGIC_AT = 257;
    private static final String INDEX_SUFFIX = ".index.json";

    private ContainerReader() {}

    /** Opens a file, or the one model of a folder. */
    static Contents open(Path path) throws IOException {
        return open(MappedFile.open(Files.isDirectory(path) ? inFolder(path) : path));
    }

    /** Opens a file and owns it: when that fails, it is closed. */
    static Contents open(MappedFile file) throws IOException {
        try {
            Checkpoint.Format format = recognise(file).orElse(null);
            if (format == null) {
                throw unknown(file);
            }
            return switch (format) {
                case SAFETENSORS -> SafetensorsFile.contents(file);
                case SAFETENSORS_SHARDED -> ShardedSafetensors.contents(file);
                case TORCH_ZIP -> TorchZip.contents(file);
                case TORCH_LEGACY -> TorchLegacy.contents(file);
            };
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** The index in a folder, or else its only weights file. */
    private static Path inFolder(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> entries = Files.list(folder)) {
            files = entries.filter(Files::isRegularFile).sorted().toList();
        }
        List<Path> found = files.stream()
                .filter(file -> file.getFileName().toString().endsWith(INDEX_SUFFIX))
                .toList();
        if (found.isEmpty()) {
            found = new ArrayList<>();
            for (Path file : files) {
                try (MappedFile mapped = MappedFile.open(file)) {
                    if (recognise(mapped)
                            .filter(format -> format != Checkpoint.Format.SAFETENSORS_SHARDED)
                            .isPresent()) {
                        found.add(file);
                    }
                }
            }
        }
        if (found.size() != 1) {
            String names = String.join(
                    ", ", found.stream().map(f -> f.getFileName().toString()).toList());
            throw new CheckpointException(
                    folder,
                    "expected a folder with one index or one weights file, found "
                            + (found.isEmpty() ? "none" : found.size() + " (" + names + "); name one of them"));
        }
        return found.get(0);
    }

    private static Optional<Checkpoint.Format> recognise(MappedFile file) throws IOException {
        ByteBuffer head = file.slice(0, Math.min(file.size(), HEAD_BYTES));
        if (head.remaining() < SafetensorsHeader.LENGTH_BYTES) {
            return Optional.empty();
        }
        int magic = head.getInt(0);
        if (magic == ZIP_LOCAL || magic == ZIP_EMPTY) {
            return Optional.of(Checkpoint.Format.TORCH_ZIP);
        }
        if (TorchLegacy.isRecognised(head)) {
            return Optional.of(Checkpoint.Format.TORCH_LEGACY);
        }
        if (head.remaining() > SafetensorsHeader.LENGTH_BYTES && head.get(SafetensorsHeader.LENGTH_BYTES) == '{') {
            long length = head.getLong(0);
            // read as a length, the first eight characters of a JSON text would be astronomical
            if (length > 0 && length < 1L << 40) {
                return Optional.of(Checkpoint.Format.SAFETENSORS);
            }
        }
        return startsWithBrace(head) ? Optional.of(Checkpoint.Format.SAFETENSORS_SHARDED) : Optional.empty();
    }

    private static boolean startsWithBrace(ByteBuffer head) {
        for (int i = 0; i < head.limit(); i++) {
            if (" \t\r\n".indexOf(head.get(i)) < 0) {
                return head.get(i) == '{';
            }
        }
        return false;
    }

    private static CheckpointException unknown(MappedFile file) throws IOException {
        String what = "not a checkpoint: expected a PyTorch file, safetensors, or the index of sharded safetensors";
        if (isTar(file)) {
            what = "a tar container of PyTorch before 0.2 is not supported; open and save it with a newer PyTorch";
        }
        if (TorchLegacy.isPickle(file.slice(0, Math.min(file.size(), HEAD_BYTES)))) {
            what = "a pickle that PyTorch did not write; expected a file of torch.save";
        }
        return new CheckpointException(file.path(), what);
    }

    private static boolean isTar(MappedFile file) throws IOException {
        byte[] magic = {'u', 's', 't', 'a', 'r'};
        return file.size() >= TAR_MAGIC_AT + magic.length
                && file.slice(TAR_MAGIC_AT, magic.length).equals(ByteBuffer.wrap(magic));
    }
}
