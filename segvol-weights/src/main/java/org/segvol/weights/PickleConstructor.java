package org.segvol.weights;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The only callables of a pickle that do anything here. Each builds one of this package's plain values from plain arguments; every
 * other callable gives {@link Foreign#PLACEHOLDER}. Nothing is looked up, loaded or instantiated by name.
 */
enum PickleConstructor {
    DICTIONARY,
    SIZE,
    TENSOR,
    TENSOR_WITH_DTYPE,
    PARAMETER,
    SUBCLASS;

    private static final int MAX_RANK = StoredTensor.MAX_RANK;

    private static final Map<String, PickleConstructor> ALLOWED = Map.ofEntries(
            Map.entry("collections OrderedDict", DICTIONARY),
            Map.entry("builtins dict", DICTIONARY),
            Map.entry("__builtin__ dict", DICTIONARY),
            Map.entry("torch Size", SIZE),
            Map.entry("torch._utils _rebuild_tensor", TENSOR),
            Map.entry("torch._utils _rebuild_tensor_v2", TENSOR),
            Map.entry("torch._utils _rebuild_tensor_v3", TENSOR_WITH_DTYPE),
            Map.entry("torch._utils _rebuild_parameter", PARAMETER),
            Map.entry("torch._utils _rebuild_parameter_with_state", PARAMETER),
            Map.entry("torch._tensor _rebuild_from_type_v2", SUBCLASS));

    private static final Map<String, DType> DTYPES = Map.of(
            "float64", DType.F64,
            "float32", DType.F32,
            "float16", DType.F16,
            "bfloat16", DType.BF16,
            "int64", DType.I64,
            "int32", DType.I32,
            "int16", DType.I16,
            "int8", DType.I8,
            "uint8", DType.U8,
            "bool", DType.BOOL);

    /** What a pickled global name stands for: a constructor, a storage class, an element type, or the placeholder. */
    static Object global(String module, String name) {
        PickleConstructor constructor = ALLOWED.get(module + " " + name);
        if (constructor != null) {
            return constructor;
        }
        Optional<StorageType> storage = StorageType.named(module, name);
        if (storage.isPresent()) {
            return storage.get();
        }
        DType dtype = module.equals("torch") ? DTYPES.get(name) : null;
        return dtype != null ? dtype : Foreign.PLACEHOLDER;
    }

    /** Builds the value; {@code in} is only used to say where a mistake is. */
    Object call(List<?> arguments, PickleInput in) throws CheckpointException {
        return switch (this) {
            case DICTIONARY -> dictionary(arguments);
            case SIZE -> arguments.isEmpty() ? List.of() : arguments.get(0);
            case TENSOR -> tensor(arguments, 4, in);
            case TENSOR_WITH_DTYPE -> tensor(arguments, 7, in);
            case PARAMETER -> argument(arguments, 0, in);
            case SUBCLASS -> subclass(arguments, in);
        };
    }

    private static PickleDict dictionary(List<?> arguments) {
        PickleDict dict = new PickleDict();
        if (!arguments.isEmpty() && arguments.get(0) instanceof List<?> pairs) {
            for (Object pair : pairs) {
                if (pair instanceof List<?> entry && entry.size() == 2) {
                    dict.put(entry.get(0), entry.get(1));
                }
            }
        }
        return dict;
    }

    /** {@code (storage, offset, size, stride, ...)}; with seven arguments the last one is the element type. */
    private static Object tensor(List<?> arguments, int count, PickleInput in) throws CheckpointException {
        if (arguments.size() < count) {
            throw in.malformed("expected " + count + " arguments for a tensor, found " + arguments.size());
        }
        if (!(arguments.get(0) instanceof StorageReference storage)) {
            return Foreign.PLACEHOLDER;
        }
        Optional<DType> dtype = storage.type().dtype();
        if (count > 6) {
            dtype = arguments.get(6) instanceof DType given ? Optional.of(given) : Optional.empty();
        }
        if (!(arguments.get(1) instanceof Long offset)) {
            throw in.malformed("expected an integer offset of a tensor");
        }
        return new TensorReference(storage, dtype, offset, longs(arguments.get(2), in), longs(arguments.get(3), in));
    }

    /** {@code (function, class, arguments, state)}: a tensor with attributes; the attributes and the class are dropped. */
    private static Object subclass(List<?> arguments, PickleInput in) throws CheckpointException {
        boolean tensor = argument(arguments, 0, in) == TENSOR || arguments.get(0) == TENSOR_WITH_DTYPE;
        if (tensor && argument(arguments, 2, in) instanceof List<?> inner) {
            return ((PickleConstructor) arguments.get(0)).call(inner, in);
        }
        return Foreign.PLACEHOLDER;
    }

    private static Object argument(List<?> arguments, int index, PickleInput in) throws CheckpointException {
        if (index >= arguments.size()) {
            throw in.malformed("expected at least " + (index + 1) + " arguments, found " + arguments.size());
        }
        return arguments.get(index);
    }

    private static List<Long> longs(Object value, PickleInput in) throws CheckpointException {
        if (!(value instanceof List<?> list) || list.size() > MAX_RANK) {
            throw in.malformed("expected a tuple of at most " + MAX_RANK + " integers for a tensor");
        }
        List<Long> out = new ArrayList<>(list.size());
        for (Object element : list) {
            if (!(element instanceof Long size)) {
                throw in.malformed("expected integers as a tensor's sizes and strides");
            }
            out.add(size);
        }
        return out;
    }
}
