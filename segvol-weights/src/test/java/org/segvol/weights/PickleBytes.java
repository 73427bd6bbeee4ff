package org.segvol.weights;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Assembles pickles opcode by opcode, as PyTorch would write them or as an attacker might. */
final class PickleBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A float tensor in a storage of its own. */
    record Tensor(String storageClass, int storageElements, int offset, List<Integer> shape, List<Integer> strides) {
        Tensor(String storageClass, int storageElements, int offset, int[] shape, int[] strides) {
            this(storageClass, storageElements, offset, boxed(shape), boxed(strides));
        }

        static Tensor contiguous(int... shape) {
            int[] strides = new int[shape.length];
            int step = 1;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                strides[axis] = step;
                step *= shape[axis];
            }
            return new Tensor("FloatStorage", step, 0, shape, strides);
        }

        private static List<Integer> boxed(int... values) {
            return Arrays.stream(values).boxed().toList();
        }
    }

    /** The state itself as the pickled object; each tensor's storage has its position in the map as key. */
    static byte[] state(Map<String, Tensor> tensors, boolean legacy) {
        PickleBytes pickle = new PickleBytes()
                .op(0x80, 2)
                .global("collections", "OrderedDict")
                .op(')', 'R', '(');
        int key = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            pickle.text(entry.getKey()).tensor(Integer.toString(key++), entry.getValue(), legacy);
        }
        return pickle.op('u', '}')
                .text("_metadata")
                .global("collections", "OrderedDict")
                .op(')', 'R', 's', 'b', '.')
                .bytes();
    }

    PickleBytes op(int... opcodes) {
        for (int opcode : opcodes) {
            out.write(opcode);
        }
        return this;
    }

    PickleBytes ascii(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    PickleBytes global(String module, String name) {
        return op('c').ascii(module + "\n" + name + "\n");
    }

    PickleBytes text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        op('X').int32(utf8.length);
        out.writeBytes(utf8);
        return this;
    }

    PickleBytes integer(int value) {
        return op('J').int32(value);
    }

    PickleBytes integers(Integer... values) {
        return integers(List.of(values));
    }

    PickleBytes integers(List<Integer> values) {
        op('(');
        for (int value : values) {
            integer(value);
        }
        return op('t');
    }

    PickleBytes tensor(String key, Tensor tensor, boolean legacy) {
        global("torch._utils", "_rebuild_tensor_v2").op('(');
        storage(key, tensor.storageClass, tensor.storageElements, legacy);
        integer(tensor.offset).integers(tensor.shape).integers(tensor.strides);
        return op(0x89).global("collections", "OrderedDict").op(')', 'R', 't', 'R');
    }

    PickleBytes storage(String key, String storageClass, int elements, boolean legacy) {
        op('(').text("storage")
                .global("torch", storageClass)
                .text(key)
                .text("cuda:1")
                .integer(elements);
        return legacy ? op('N', 't', 'Q') : op('t', 'Q');
    }

    PickleBytes int16(int value) {
        return op(value & 0xff, value >>> 8 & 0xff);
    }

    PickleBytes int32(int value) {
        out.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
        return this;
    }

    PickleBytes int64(long value) {
        out.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
        return this;
    }

    PickleBytes raw(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
