"""Writes the image encoder for the peers: FOLDER/encoder.onnx and FOLDER/encoder.torchscript.

Usage: export.py --oracle DIR --checkpoint FILE FOLDER

Needs torch and the package onnx. Each file is written beside its place and renamed when it is complete.
"""
from __future__ import annotations

import argparse
import pathlib
import warnings

import torch

import encoder

OPSET = 18


def write(target, writer):
    """Calls writer with a temporary path and renames what it wrote."""
    partial = target.with_name(target.name + ".partial")
    writer(partial)
    partial.replace(target)
    print(f"{target.name}: {target.stat().st_size / 1e6:.0f} MB", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--oracle", required=True, help="folder of the reference program")
    parser.add_argument("--checkpoint", required=True, help="a released checkpoint, .pth, .bin or .safetensors")
    parser.add_argument("folder", type=pathlib.Path)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    module = encoder.load(args.oracle, args.checkpoint)
    image = encoder.window(module.config)
    with torch.inference_mode(), warnings.catch_warnings():
        # the legacy exporter and TorchScript are marked as deprecated; the peers read nothing newer without more packages
        warnings.simplefilter("ignore")
        write(args.folder / "encoder.torchscript", lambda path: torch.jit.trace(module, image).save(str(path)))
        write(
            args.folder / "encoder.onnx",
            lambda path: torch.onnx.export(
                module, (image,), str(path), opset_version=OPSET, dynamo=False, input_names=["image"], output_names=["embedding"]
            ),
        )


if __name__ == "__main__":
    main()
