/** Volumes, their geometry, and pictures of them. Geometry types carry their space in the name. */
package org.segvol.image;
