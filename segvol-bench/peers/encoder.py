"""The image encoder of the reference program with the weights of a checkpoint, for export and timing.

Needs torch, numpy and what the reference program imports; safetensors for checkpoints of that format.
"""
from __future__ import annotations

import importlib
import pathlib
import sys

import torch
import torch.nn.functional as F

PART = "image_encoder."


def reference(folder):
    """The reference program's module, from the folder that holds segvol_oracle.py."""
    folder = pathlib.Path(folder)
    if not (folder / "segvol_oracle.py").is_file():
        raise SystemExit(f"{folder}: expected the folder of the reference program, found no segvol_oracle.py in it; name it with --oracle")
    sys.path.insert(0, str(folder))
    return importlib.import_module("segvol_oracle")


def encoder_weights(path):
    """The image encoder's tensors as float32, by their canonical names, whatever prefix the checkpoint puts before them."""
    path = pathlib.Path(path)
    if path.suffix == ".safetensors":
        from safetensors import safe_open

        with safe_open(path, framework="pt") as file:
            found = {name: file.get_tensor(name) for name in file.keys() if PART in name}
    else:
        stored = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
        for key in ("model", "state_dict", "model_state_dict"):
            stored = stored.get(key, stored)
        found = {name: value for name, value in stored.items() if PART in name}
    weights = {name[name.index(PART):]: value.to(torch.float32).contiguous() for name, value in found.items()}
    if not weights:
        raise SystemExit(f"{path}: expected a SegVol checkpoint, found no tensor of {PART[:-1]} in it")
    return weights


class ImageEncoder(torch.nn.Module):
    """(1,1,D,H,W) in 0..1 to (1,hidden,d,h,w): the reference program's own function on registered weights."""

    def __init__(self, program, weights):
        super().__init__()
        self.program = program
        self.config = program.FULL
        self.names = {name: name.replace(".", "__") for name in weights}
        for name, value in weights.items():
            self.register_buffer(self.names[name], value)

    def forward(self, image):
        return self.program.encode_image(self.config, {name: getattr(self, own) for name, own in self.names.items()}, image)


def fuse_attention(program):
    """Replaces the reference program's attention by PyTorch's fused one: the same function in other operations."""

    def attention(config, w, prefix, x):
        b, n, c = x.shape
        qkv = F.linear(x, w[prefix + "attn.qkv.weight"]).reshape(b, n, 3, config.heads, c // config.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(b, n, c)
        return F.linear(y, w[prefix + "attn.out_proj.weight"], w[prefix + "attn.out_proj.bias"])

    program._vit_attention = attention


def load(oracle, checkpoint, fused=False):
    """The encoder, ready to be called."""
    program = reference(oracle)
    if fused:
        fuse_attention(program)
    return ImageEncoder(program, encoder_weights(checkpoint)).eval()


def window(config):
    """An image for tracing: the numbers do not matter."""
    return torch.rand(1, 1, *config.image_size, generator=torch.Generator().manual_seed(1))
