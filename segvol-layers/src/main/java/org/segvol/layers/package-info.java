/**
 * The SegVol network, written once: layers in the paper's words call {@link org.segvol.layers.Graph}, which records operations; an
 * {@link org.segvol.layers.Engine} compiles and runs them. Parameter names are the checkpoint's names.
 */
package org.segvol.layers;
