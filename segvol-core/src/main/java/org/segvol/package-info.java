/**
 * What a user of the library calls: {@link org.segvol.SegVol} loads a model, {@link org.segvol.Session} segments one volume,
 * {@link org.segvol.Prompt} says what.
 */
package org.segvol;
