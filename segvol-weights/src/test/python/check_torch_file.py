"""Loads a file of TorchWriter with PyTorch and saves it again with PyTorch:  python check_torch_file.py FILE COPY

Loads both ways (restricted and full), compares them, checks the layout of SegVol_v1.pth, and loads strictly into a module that has exactly the
file's names, with the text encoder's position_ids as a buffer.
"""
import collections
import sys

import torch


def module_of(state):
    """A module tree with a parameter for every name but position_ids, which is a buffer."""
    root = torch.nn.Module()
    for name, tensor in state.items():
        at, parts = root, name.split(".")
        for part in parts[:-1]:
            if part not in at._modules:
                at.add_module(part, torch.nn.Module())
            at = at._modules[part]
        if tensor.is_floating_point():
            at.register_parameter(parts[-1], torch.nn.Parameter(torch.full_like(tensor, float("nan"))))
        else:
            at.register_buffer(parts[-1], torch.full_like(tensor, -1))
    return root


def main(path, copy):
    restricted = torch.load(path, map_location="cpu", weights_only=True)
    full = torch.load(path, map_location="cpu", weights_only=False)
    mapped = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    assert list(restricted)[:2] == ["model", "epoch"], list(restricted)
    texts = {key: text for key, text in restricted.items() if key not in ("model", "epoch")}
    assert all(key.startswith("segvol.") and isinstance(text, str) for key, text in texts.items()), texts
    state = restricted["model"]
    assert isinstance(state, collections.OrderedDict) and isinstance(restricted["epoch"], int)
    for other in (full, mapped):
        assert list(other["model"]) == list(state) and other["epoch"] == restricted["epoch"]
        assert all(torch.equal(tensor, other["model"][name]) for name, tensor in state.items())
    assert all(name.startswith("module.") for name in state)
    positions = [name for name in state if name.endswith("position_ids")]
    assert positions == ["module.text_encoder.clip_text_model.text_model.embeddings.position_ids"], positions
    ids = state[positions[0]]
    assert ids.dtype == torch.int64 and torch.equal(ids, torch.arange(ids.numel())[None])
    assert all(tensor.is_contiguous() for tensor in state.values())
    wrapped = module_of(state)
    wrapped.load_state_dict(state, strict=True)
    torch.save({"model": wrapped.state_dict(), "epoch": restricted["epoch"] + 1, **texts}, copy)
    print(f"{len(state)} tensors, {sum(t.numel() for t in state.values())} values, epoch {restricted['epoch']}")


if __name__ == "__main__":
    main(*sys.argv[1:])
