"""Writes the small numpy and scipy files that NumpyFilesTest reads:  python make_numpy_fixtures.py ../resources/numpy

Values follow from the position, so that the test can compute them: (x,y,z) of an image has 100 x + 10 y + z - 50.5, of an
array of integers 100 x + 10 y + z; voxel (x,y,z) belongs to label c where (x + 2 y + 3 z + c) % 4 == 0, but label 2 is empty.
"""
import sys

import numpy as np
import scipy.sparse

SHAPE = (5, 4, 3)


def main(folder):
    x, y, z = np.indices(SHAPE)
    numbers = 100 * x + 10 * y + z
    image = numbers - 50.5
    np.save(f"{folder}/image_c_f4.npy", image[None].astype(np.float32))
    np.save(f"{folder}/image_fortran_f8.npy", np.asfortranarray(image[None]))
    np.save(f"{folder}/numbers_i8.npy", numbers)
    np.save(f"{folder}/numbers_big_endian_i2.npy", numbers.astype(">i2"))
    np.save(f"{folder}/numbers_fortran_u2.npy", np.asfortranarray(numbers.astype(np.uint16)))
    with open(f"{folder}/numbers_version2_i4.npy", "wb") as f:
        np.lib.format.write_array(f, numbers.astype(np.int32), version=(2, 0))
    np.save(f"{folder}/text.npy", np.array([[["a", "bc"]]]))
    np.save(f"{folder}/half.npy", image.astype(np.float16))
    np.save(f"{folder}/objects.npy", np.array([[[{"a": 1}]]], dtype=object), allow_pickle=True)
    np.save(f"{folder}/flat.npy", image.reshape(-1))
    labels = np.stack([(x + 2 * y + 3 * z + c) % 4 == 0 for c in range(4)])
    labels[2] = False
    rows = scipy.sparse.csr_matrix(labels.reshape(4, -1).astype(np.int32))
    scipy.sparse.save_npz(f"{folder}/mask_{labels.shape}", rows)
    scipy.sparse.save_npz(f"{folder}/stored_mask_{labels.shape}", rows.astype(np.float64), compressed=False)
    wide = scipy.sparse.csr_matrix((rows.data.astype(np.int8), rows.indices.astype(np.int64), rows.indptr.astype(np.int64)),
                                   shape=rows.shape)
    wide.indices, wide.indptr = rows.indices.astype(np.int64), rows.indptr.astype(np.int64)
    scipy.sparse.save_npz(f"{folder}/wide_mask_{labels.shape}", wide)
    scipy.sparse.save_npz(f"{folder}/columns_mask_{labels.shape}", rows.tocsc())
    scipy.sparse.save_npz(f"{folder}/threes_mask_{labels.shape}", rows * 3)


if __name__ == "__main__":
    main(sys.argv[1])
