package org.segvol.weights;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The storage classes of PyTorch, by name. A storage is a run of elements that tensors are views of. */
enum StorageType {
    DOUBLE("DoubleStorage", DType.F64),
    FLOAT("FloatStorage", DType.F32),
    HALF("HalfStorage", DType.F16),
    BFLOAT16("BFloat16Storage", DType.BF16),
    LONG("LongStorage", DType.I64),
    INT("IntStorage", DType.I32),
    SHORT("ShortStorage", DType.I16),
    CHAR("CharStorage", DType.I8),
    BYTE("ByteStorage", DType.U8),
    BOOL("BoolStorage", DType.BOOL),
    UNTYPED("UntypedStorage", DType.U8),
    COMPLEX_FLOAT("ComplexFloatStorage", 8),
    COMPLEX_DOUBLE("ComplexDoubleStorage", 16),
    QINT8("QInt8Storage", 1),
    QUINT8("QUInt8Storage", 1),
    QINT32("QInt32Storage", 4),
    QUINT4X2("QUInt4x2Storage", 1),
    QUINT2X4("QUInt2x4Storage", 1);

    private static final Map<String, StorageType> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(t -> t.className, Function.identity()));

    private final String className;
    private final DType dtype;
    private final int bytes;

    StorageType(String className, DType dtype) {
        this.className = className;
        this.dtype = dtype;
        this.bytes = dtype.bytes();
    }

    StorageType(String className, int bytes) {
        this.className = className;
        this.dtype = null;
        this.bytes = bytes;
    }

    /** The storage class of that name in one of PyTorch's modules, wherever it lived when the file was written. */
    static Optional<StorageType> named(String module, String name) {
        boolean torch = module.equals("torch") || module.equals("torch.cuda") || module.equals("torch.storage");
        return torch ? Optional.ofNullable(BY_NAME.get(name)) : Optional.empty();
    }

    /** The storage class of an element type that PyTorch has. */
    static StorageType of(DType dtype) {
        return Arrays.stream(values())
                .filter(type -> type.dtype == dtype && type != UNTYPED)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("PyTorch has no storage class for " + dtype));
    }

    /** The name of the class. */
    String className() {
        return className;
    }

    /** The element type; empty for complex and quantised storages, which hold no weights of this model. */
    Optional<DType> dtype() {
        return Optional.ofNullable(dtype);
    }

    /** Bytes of one element. */
    int bytes() {
        return bytes;
    }
}
