package org.segvol.weights;

import java.util.List;
import java.util.Optional;

/**
 * A pickled tensor: a view of a storage, not checked against it yet.
 *
 * @param storage where its elements are
 * @param dtype element type; empty when it is not supported
 * @param offset first element
 * @param shape sizes along each axis
 * @param strides steps along each axis, in elements
 */
record TensorReference(
        StorageReference storage, Optional<DType> dtype, long offset, List<Long> shape, List<Long> strides) {}
