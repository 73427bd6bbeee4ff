package org.segvol.layers;

/** Elementwise functions of the network. */
public enum Activation {
    /** The identity. */
    NONE,
    /** max(x, 0). */
    RELU,
    /** The exact form, x * (1 + erf(x / sqrt 2)) / 2. */
    GELU,
    /** CLIP's approximation, x * sigmoid(1.702 x). */
    QUICK_GELU,
    /** Sine of x in radians. */
    SIN,
    /** Cosine of x in radians. */
    COS
}
