/**
 * Made-up CT volumes of an abdomen with exact labels: {@link org.segvol.phantom.Phantom}. A seed draws a patient (body, organs, contrast phase, lesions) and a
 * scan (spacing, field of view, orientation, noise). For trying the library, for training without data, and for benchmarks.
 */
package org.segvol.phantom;
