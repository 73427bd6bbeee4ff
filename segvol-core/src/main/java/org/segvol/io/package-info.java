/** Volumes from and to NIfTI files. */
package org.segvol.io;
