/** How good masks are: overlap, surface distances in mm, evaluation of a model on labelled cases, tables and figures. */
package org.segvol.evaluate;
