/** Volumes from and to NIfTI files, and from DICOM series. */
package org.segvol.io;
