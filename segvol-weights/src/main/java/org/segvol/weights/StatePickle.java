package org.segvol.weights;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The pickle (protocol 2) of {@code {"model": OrderedDict(name -> tensor), "epoch": int, ...texts}}. Only names that PyTorch's restricted loader knows are used.
 * Tensor n of the state views the whole of storage n, in C order.
 */
final class StatePickle {
    private static final int PROTOCOL = 0x80;
    private static final int FALSE = 0x89;
    private static final int EMPTY_DICT = '}';
    private static final int EMPTY_TUPLE = ')';
    private static final int MARK = '(';
    private static final int TUPLE = 't';
    private static final int REDUCE = 'R';
    private static final int SET_ITEMS = 'u';
    private static final int GLOBAL = 'c';
    private static final int UNICODE = 'X';
    private static final int INT = 'J';
    private static final int LONG1 = 0x8a;
    private static final int PERSISTENT = 'Q';
    private static final int STOP = '.';

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private StatePickle() {}

    /**
     * The pickle's bytes.
     *
     * @param tensors names as the file has them, types and shapes
     * @param texts further entries, written in the order of their keys
     */
    static byte[] of(List<TensorInfo> tensors, int epoch, Map<String, String> texts) {
        StatePickle pickle = new StatePickle();
        pickle.ops(PROTOCOL, 2, EMPTY_DICT, MARK);
        pickle.text("model");
        pickle.orderedDict();
        pickle.ops(MARK);
        for (int n = 0; n < tensors.size(); n++) {
            pickle.text(tensors.get(n).name());
            pickle.tensor(Integer.toString(n), tensors.get(n));
        }
        pickle.ops(SET_ITEMS);
        pickle.text("epoch");
        pickle.integer(epoch);
        new TreeMap<>(texts).forEach((key, text) -> {
            pickle.text(key);
            pickle.text(text);
        });
        pickle.ops(SET_ITEMS, STOP);
        return pickle.out.toByteArray();
    }

    private void tensor(String key, TensorInfo info) {
        global("torch._utils", "_rebuild_tensor_v2");
        ops(MARK);
        storage(key, info);
        integer(0);
        long[] shape = info.shape(), strides = new long[shape.length];
        long step = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = step;
            step *= Math.max(1, shape[axis]);
        }
        integers(shape);
        integers(strides);
        ops(FALSE); // no gradient
        orderedDict(); // no hooks
        ops(TUPLE, REDUCE);
    }

    private void storage(String key, TensorInfo info) {
        ops(MARK);
        text("storage");
        global("torch", StorageType.of(info.dtype()).className());
        text(key);
        text("cpu");
        integer(info.elementCount());
        ops(TUPLE, PERSISTENT);
    }

    private void orderedDict() {
        global("collections", "OrderedDict");
        ops(EMPTY_TUPLE, REDUCE);
    }

    private void integers(long[] values) {
        ops(MARK);
        for (long value : values) {
            integer(value);
        }
        ops(TUPLE);
    }

    private void integer(long value) {
        if (value == (int) value) {
            ops(INT);
            out.writeBytes(little(4).putInt((int) value).array());
        } else {
            ops(LONG1, Long.BYTES);
            out.writeBytes(little(8).putLong(value).array());
        }
    }

    private void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        ops(UNICODE);
        out.writeBytes(little(4).putInt(utf8.length).array());
        out.writeBytes(utf8);
    }

    private void global(String module, String name) {
        ops(GLOBAL);
        out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void ops(int... opcodes) {
        for (int opcode : opcodes) {
            out.write(opcode);
        }
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
