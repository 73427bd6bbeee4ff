package org.segvol.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parses the header of a safetensors file: eight bytes with its length (little-endian), then a JSON object that gives every tensor's
 * type, shape and byte range in the data that follows, and a map of texts under {@code __metadata__}. The ranges must fill the data
 * without gaps or overlaps.
 */
final class SafetensorsHeader {
    static final String METADATA = "__metadata__";
    static final int LENGTH_BYTES = 8;
    /** A header of the released model has 70 kB. */
    private static final long MAX_LENGTH = 8L << 20;

    private final MappedFile file;
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();

    private record Range(String name, long begin, long end, StoredTensor tensor) {}

    private SafetensorsHeader(MappedFile file) {
        this.file = file;
    }

    static SafetensorsHeader read(MappedFile file) throws IOException {
        SafetensorsHeader header = new SafetensorsHeader(file);
        header.parse();
        return header;
    }

    Map<String, String> metadata() {
        return metadata;
    }

    /** The tensors in the order of their bytes. */
    Map<String, StoredTensor> tensors() {
        return tensors;
    }

    private void parse() throws IOException {
        if (file.size() < LENGTH_BYTES) {
            throw error("expected a safetensors header, found a file of " + file.size() + " bytes");
        }
        long length = file.slice(0, LENGTH_BYTES).getLong();
        if (length < 2 || length > MAX_LENGTH || length > file.size() - LENGTH_BYTES) {
            throw error("the safetensors header is said to have " + length + " bytes; the file has " + file.size()
                    + " and the limit is " + MAX_LENGTH);
        }
        if (file.slice(LENGTH_BYTES, 1).get() != '{') {
            throw error("expected the safetensors header to begin with {");
        }
        Map<?, ?> header = json(file.slice(LENGTH_BYTES, length));
        long data = LENGTH_BYTES + length;
        List<Range> ranges = new ArrayList<>();
        for (Map.Entry<?, ?> entry : header.entrySet()) {
            String key = (String) entry.getKey();
            if (key.equals(METADATA)) {
                readMetadata(entry.getValue());
            } else {
                ranges.add(range(key, entry.getValue(), data));
            }
        }
        ranges.sort(Comparator.comparingLong(Range::begin).thenComparingLong(Range::end));
        long next = 0;
        for (Range range : ranges) {
            if (range.begin != next) {
                throw error("tensor " + range.name + " starts at byte " + range.begin + " of the data, expected " + next
                        + " (tensors must not overlap or leave gaps)");
            }
            next = range.end;
            tensors.put(range.name, range.tensor);
        }
        if (next != file.size() - data) {
            throw error("the tensors take " + next + " bytes, but the file has " + (file.size() - data)
                    + " after its header; it may be truncated");
        }
    }

    private Map<?, ?> json(ByteBuffer bytes) throws CheckpointException {
        try {
            return JsonReader.parseObject(
                    StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException e) {
            throw new CheckpointException(file.path(), "the safetensors header is not UTF-8", e);
        } catch (JsonReader.JsonException e) {
            throw new CheckpointException(
                    file.path(), "the safetensors header is not valid JSON: " + e.getMessage(), e);
        }
    }

    private void readMetadata(Object value) throws CheckpointException {
        if (!(value instanceof Map<?, ?> map)) {
            throw error("expected an object under " + METADATA);
        }
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getValue() instanceof String text)) {
                throw error("expected a text for the metadata entry " + entry.getKey());
            }
            metadata.put((String) entry.getKey(), text);
        }
    }

    private Range range(String name, Object description, long data) throws CheckpointException {
        if (!(description instanceof Map<?, ?> map)
                || !(map.get("dtype") instanceof String type)
                || !(map.get("shape") instanceof List<?> shapeList)
                || !(map.get("data_offsets") instanceof List<?> offsetList)) {
            throw error("tensor " + name + ": expected an object with dtype, shape and data_offsets");
        }
        DType dtype = dtype(name, type);
        long[] shape = longs(name, shapeList);
        long[] offsets = longs(name, offsetList);
        if (offsets.length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > file.size() - data) {
            throw error("tensor " + name + ": the byte range " + Shapes.text(offsets) + " lies outside of the data's "
                    + (file.size() - data) + " bytes");
        }
        StoredTensor tensor = StoredTensor.contiguous(file, name, dtype, shape, data + offsets[0]);
        long bytes = tensor.info().elementCount() * dtype.bytes();
        if (bytes != offsets[1] - offsets[0]) {
            throw error("tensor " + name + ": " + dtype + Shapes.text(shape) + " takes " + bytes
                    + " bytes, but its range has " + (offsets[1] - offsets[0]));
        }
        return new Range(name, offsets[0], offsets[1], tensor);
    }

    private DType dtype(String name, String type) throws CheckpointException {
        for (DType dtype : DType.values()) {
            if (dtype.name().equals(type)) {
                return dtype;
            }
        }
        throw error("tensor " + name + ": the element type " + type + " is not supported");
    }

    private long[] longs(String name, List<?> list) throws CheckpointException {
        if (list.size() > StoredTensor.MAX_RANK) {
            throw error(
                    "tensor " + name + ": expected at most " + StoredTensor.MAX_RANK + " axes, found " + list.size());
        }
        long[] values = new long[list.size()];
        for (int i = 0; i < values.length; i++) {
            if (!(list.get(i) instanceof Long value)) {
                throw error("tensor " + name + ": expected integers, found " + list.get(i));
            }
            values[i] = value;
        }
        return values;
    }

    private CheckpointException error(String message) {
        return new CheckpointException(file.path(), message);
    }
}
