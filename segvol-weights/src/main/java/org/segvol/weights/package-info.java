/**
 * Checkpoints: opening every released container safely, naming its tensors canonically, writing safetensors. Depends on the JDK only.
 */
package org.segvol.weights;
