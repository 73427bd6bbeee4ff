"""Expected numbers for MaskScoresTest, by scipy and by brute force, independent of the Java code.

    python metric_goldens.py ../resources/org/segvol/evaluate/metrics.json

Needs numpy and scipy. The same seed gives the same file with the same versions of both; the masks are part of the file.
"""

import base64
import json
import sys

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

SEED = 20261124


def blob(rng, shape, share, smoothness):
    """A smooth random region that covers about a share of the grid; arrays are indexed (k, j, i)."""
    field = ndimage.gaussian_filter(rng.standard_normal(shape), smoothness, mode="nearest")
    return field > np.quantile(field, 1 - share)


def surface(mask):
    return mask & ~ndimage.binary_erosion(mask, border_value=0)


def directed(a, b, sides):
    """Distances from the surface of a to that of b, and the same by a tree over all surface points."""
    transform = ndimage.distance_transform_edt(~surface(b), sampling=sides)[surface(a)]
    tree, _ = cKDTree(np.argwhere(surface(b)) * sides).query(np.argwhere(surface(a)) * sides)
    assert np.allclose(transform, tree, rtol=1e-9, atol=1e-9)
    return tree


def scores(p, l, spacing, tolerance):
    sides = np.array(spacing[::-1])
    tp, np_, nl = int((p & l).sum()), int(p.sum()), int(l.sum())
    out = {"found": np_, "labelled": nl, "common": tp, "published": 2 * tp / (np_ + nl + 1)}
    if np_ == 0 or nl == 0:
        same = np_ == nl
        return {**out, "dice": float(same), "surface_dice": float(same), "hausdorff95": 0.0 if same else None}
    there, back = directed(p, l, sides), directed(l, p, sides)
    within = (there <= tolerance).sum() + (back <= tolerance).sum()
    return {
        **out,
        "dice": 2 * tp / (np_ + nl),
        "surface_dice": float(within / (len(there) + len(back))),
        "hausdorff95": float(max(np.percentile(there, 95), np.percentile(back, 95))),
    }


def case(name, p, l, spacing, tolerance):
    def pack(mask):
        return base64.b64encode(np.packbits(mask.ravel(), bitorder="little").tobytes()).decode()

    return {
        "name": name,
        "size": list(p.shape[::-1]),
        "spacing": spacing,
        "tolerance": tolerance,
        "mask": pack(p),
        "label": pack(l),
        "expected": scores(p, l, spacing, tolerance),
    }


def cases():
    rng = np.random.default_rng(SEED)
    out = []
    for n in range(8):
        shape = tuple(int(s) for s in rng.integers(5, 26, 3))
        spacing = [round(float(s), 3) for s in rng.uniform(0.4, 5.5, 3)]
        label = blob(rng, shape, rng.uniform(0.05, 0.5), rng.uniform(1, 4))
        other = blob(rng, shape, rng.uniform(0.05, 0.5), rng.uniform(1, 4))
        shifted = np.roll(label, tuple(int(s) for s in rng.integers(-2, 3, 3)), (0, 1, 2))
        found = other if n % 4 == 3 else np.where(rng.random(shape) < 0.03, other, shifted)
        out.append(case(f"blobs {n}", found, label, spacing, round(float(rng.uniform(0.7, 6)), 3)))
    label, empty = blob(rng, (9, 12, 17), 0.2, 2), np.zeros((9, 12, 17), bool)
    one, far = empty.copy(), empty.copy()
    one[0, 0, 0], far[8, 11, 16] = True, True
    spacing = [0.75, 0.8, 3.0]
    out.append(case("identical", label, label, spacing, 2.0))
    out.append(case("nothing found", empty, label, spacing, 2.0))
    out.append(case("nothing to find", label, empty, spacing, 2.0))
    out.append(case("both empty", empty, empty, spacing, 2.0))
    out.append(case("opposite corners", one, far, spacing, 2.0))
    out.append(case("everything", ~empty, label, spacing, 2.0))
    slice_ = blob(rng, (1, 20, 30), 0.3, 2)
    out.append(case("one slice", np.roll(slice_, 3, 2), slice_, [0.7, 0.9, 5.0], 1.5))
    step = np.zeros((6, 6, 6), bool)
    step[1:4, 1:5, 1:5] = True
    out.append(case("exactly the tolerance", np.roll(step, 1, 0), step, [1.0, 1.0, 2.0], 2.0))
    return out


if __name__ == "__main__":
    with open(sys.argv[1], "w") as file:
        json.dump(cases(), file, indent=1)
        file.write("\n")
