"""Writes the DICOM series of DicomSeriesTest with pydicom, and expected.json: size (i,j,k), affine (RAS+, three rows), values (i fastest).

python make.py  (pydicom 3, numpy; in this folder)
"""

import json
import os

import numpy as np
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import CTImageStorage, ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

random = np.random.default_rng(3)
SIZE = (5, 4)  # columns, rows


def nested(data):
    """Sequences within sequences, with and without lengths, private attributes, and an icon with pixels of its own."""
    inner = Dataset()
    inner.Rows = 9
    inner.PixelSpacing = [9, 9]
    item = Dataset()
    item.CodeValue = "x"
    item.ReferencedImageSequence = Sequence([inner])
    item["ReferencedImageSequence"].is_undefined_length = True
    item.is_undefined_length_sequence_item = True
    data.ProcedureCodeSequence = Sequence([item, Dataset()])
    data["ProcedureCodeSequence"].is_undefined_length = True
    block = data.private_block(0x0009, "ACME", create=True)
    block.add_new(1, "UN", b"abcd" * 300)
    block.add_new(2, "OB", b"abcd")
    icon = Dataset()
    icon.Rows = icon.Columns = 2
    icon.PixelData = b"\1\2\3\4"
    icon["PixelData"].VR = "OB"
    data.IconImageSequence = Sequence([icon])


def series(number, name, syntax, images=3, directions=(1, 0, 0, 0, 1, 0), step=(0, 0, 2.5), signed=False, stored=12, factor=0.0):
    os.makedirs(name, exist_ok=True)
    spacing, origin, intercept = (0.7, 0.8), (-100.5, -80.25, 33), -1024
    volume = []
    for k in range(images):
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID = CTImageStorage
        meta.MediaStorageSOPInstanceUID = f"2.25.{number}.{k + 1}"
        meta.TransferSyntaxUID = syntax
        big = syntax == ExplicitVRBigEndian
        data = FileDataset(
            None, {}, file_meta=meta, preamble=b"\0" * 128, is_implicit_VR=syntax == ImplicitVRLittleEndian, is_little_endian=not big)
        data.SpecificCharacterSet = "ISO_IR 192"
        data.SOPClassUID = CTImageStorage
        data.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
        data.Modality = "CT"
        data.SeriesDescription = "Thörax 1.25"
        data.SeriesInstanceUID = f"2.25.{number}"
        data.SeriesNumber = number
        nested(data)
        data.SliceThickness = "2.5"
        data.ImagePositionPatient = [f"{v:.6g}" for v in np.array(origin) + k * np.array(step)]
        data.ImageOrientationPatient = [str(v) for v in directions]
        data.PixelSpacing = [str(v) for v in spacing]
        data.SamplesPerPixel = 1
        data.PhotometricInterpretation = "MONOCHROME2"
        data.Columns, data.Rows = SIZE
        data.BitsAllocated, data.BitsStored, data.HighBit = 16, stored, stored - 1
        data.PixelRepresentation = int(signed)
        low = -(2 ** (stored - 1)) if signed else 0
        values = random.integers(low, low + 2**stored, SIZE[::-1])
        bits = values & (2**stored - 1) | random.integers(0, 2 ** (16 - stored), SIZE[::-1]) << stored
        slope = 1 + factor * k
        data.RescaleSlope, data.RescaleIntercept = str(slope), str(intercept)
        data.PixelData = bits.astype(">u2" if big else "<u2").tobytes()
        data["PixelData"].VR = "OW"
        data.save_as(f"{name}/IM{images - k}", enforce_file_format=True)
        volume.append((values * slope + intercept).astype(np.float32))
    across, down = np.array(directions[:3]), np.array(directions[3:])
    affine = np.diag([-1, -1, 1]) @ np.stack([across * spacing[1], down * spacing[0], np.array(step), np.array(origin)], 1)
    volume = np.stack(volume)
    if np.cross(across, down) @ np.array(step) < 0:
        volume = volume[::-1]
        affine[:, 3] += (images - 1) * affine[:, 2]
        affine[:, 2] *= -1
    return dict(name=name, size=[*SIZE, images], affine=affine.ravel().tolist(), values=volume.ravel().tolist())


expected = [
    series(1, "implicit", ImplicitVRLittleEndian),
    series(2, "big-endian", ExplicitVRBigEndian, step=(0, 0, -3)),
    series(3, "oblique", ExplicitVRLittleEndian, directions=(0.8, 0.6, 0, 0, 0, -1), step=(-0.9, 1.2, 0), signed=True, stored=16),
    series(4, "tilted-gantry", ExplicitVRLittleEndian, step=(0, 0.5, 2.0)),
    series(5, "scales", ExplicitVRLittleEndian, signed=True, factor=0.25),
]
with open("expected.json", "w") as out:
    json.dump(expected, out)
