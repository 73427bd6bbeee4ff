package org.segvol.onednn;

/** How large products of float32 matrices are made. Other products are always primitives. */
enum Products {
    /** As primitives: factors packed once, following operations fused. */
    PRIMITIVES,
    /**
     * By {@link GemmOperation}. On CPUs without AVX-512 this is faster, although it packs at each call and fuses nothing: the products of a
     * transformer block take 168 ms instead of 245 (docs/performance.md). It needs no second copy of the weights.
     */
    DIRECT;

    /** The faster way here; it depends on the CPU's instructions alone, so that results do not depend on measurements. */
    static Products ofThisCpu() {
        OneDnnLibrary.load();
        return OneDnnLibrary.hasAvx512() ? PRIMITIVES : DIRECT;
    }
}
