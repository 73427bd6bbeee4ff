package org.segvol.layers;

/** Gradients of every layer against finite differences of the plain twin, and padded batches against prompts alone. */
class GradientTest {}
