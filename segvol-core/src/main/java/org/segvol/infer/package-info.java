/**
 * Zoom-out-zoom-in inference in network space (spec 4). Nothing here touches a file or an affine.
 */
package org.segvol.infer;
