"""Reads with numpy and scipy what NumpyFilesTest has written into a folder:  python check_numpy_files.py FOLDER"""
import sys

import numpy as np
import scipy.sparse


def main(folder):
    shape = (5, 4, 3)
    x, y, z = np.indices(shape)
    numbers = 100 * x + 10 * y + z
    image = np.load(f"{folder}/image.npy")
    assert image.shape == (1, *shape) and image.dtype == np.float32, (image.shape, image.dtype)
    assert (image[0] == numbers - 50.5).all()
    ids = np.load(f"{folder}/pseudo_mask.npy")
    assert ids.shape == shape and ids.dtype == np.int32, (ids.shape, ids.dtype)
    assert (ids == numbers).all()
    labels = np.stack([(x + 2 * y + 3 * z + c) % 4 == 0 for c in range(4)])
    labels[2] = False
    rows = scipy.sparse.load_npz(f"{folder}/mask_{labels.shape}.npz")
    rows.check_format(full_check=True)
    assert rows.has_sorted_indices
    assert (rows.toarray().reshape(labels.shape) == labels).all()
    print("numpy and scipy read what was written")


if __name__ == "__main__":
    main(sys.argv[1])
