package org.segvol.onednn;

import org.bytedeco.dnnl.memory;

/** Element types of tensors in native memory. */
enum ElementType {
    /** IEEE float32. */
    F32(4),
    /** The upper half of a float32. */
    BF16(2),
    /** Bytes without a meaning of their own: a primitive's working memory. */
    U8(1);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    int bytes() {
        return bytes;
    }

    memory.data_type dnnl() {
        return switch (this) {
            case F32 -> memory.data_type.f32;
            case BF16 -> memory.data_type.bf16;
            case U8 -> memory.data_type.u8;
        };
    }
}
