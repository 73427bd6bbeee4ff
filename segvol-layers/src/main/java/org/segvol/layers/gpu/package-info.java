/**
 * Which NVIDIA GPUs this machine has, and whether ND4J's CUDA backend can serve them. Asks the driver's own tool and loads no native
 * library, so it can say why the backend would fail before the backend is touched.
 */
package org.segvol.layers.gpu;
