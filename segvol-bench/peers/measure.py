"""PyTorch's side of the measurement: answers the commands of segvol-bench/peers/run on its standard input.

Usage: measure.py --oracle DIR --checkpoint FILE --window FILE --threads N [--bf16] [--fused] [--upstream FILE --compared NAME]

With --upstream it runs forwards and backwards, and what it puts out is the gradient of one parameter.

The protocol is that of org.segvol.bench.peers.Worker: every answer is one line that starts with "peers:".
"""
from __future__ import annotations

import argparse
import contextlib
import pathlib
import sys
import time

import numpy
import torch

import encoder


def peak_kilobytes():
    for line in pathlib.Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    raise SystemExit("/proc/self/status: expected a line VmHWM, found none; peak memory is known on Linux only")


def answer(*words):
    print("peers:", *words, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--oracle", required=True)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--window", required=True, help="float32 voxels, little-endian")
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--bf16", action="store_true", help="autocast to bfloat16")
    parser.add_argument("--fused", action="store_true", help="PyTorch's fused attention instead of the published operations")
    parser.add_argument("--upstream", help="gradient of the image tokens (N,C), float32, little-endian: also run backwards")
    parser.add_argument("--compared", help="the parameter whose gradient is put out")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    module = encoder.load(args.oracle, args.checkpoint, args.fused)
    image = torch.from_numpy(numpy.fromfile(args.window, "<f4")).reshape(1, 1, *module.config.image_size)

    parameters = dict(module.named_buffers())

    def forwards():
        cast = torch.autocast("cpu", dtype=torch.bfloat16) if args.bf16 else contextlib.nullcontext()
        with torch.inference_mode(), cast:
            # (C,N) to (N,C), the order of the other side
            return module(image).flatten(2)[0].T

    def forwards_and_backwards():
        for parameter in parameters.values():
            parameter.grad = None
        module(image).flatten(2)[0].T.backward(upstream)
        return parameters[module.names[args.compared]].grad

    run = forwards
    if args.upstream:
        upstream = torch.from_numpy(numpy.fromfile(args.upstream, "<f4")).reshape(-1, module.config.hidden)
        for parameter in parameters.values():
            parameter.requires_grad_(True)
        run = forwards_and_backwards
    run()
    answer("ready", "PyTorch", torch.__version__)
    for line in sys.stdin:
        command = line.split()
        if command[0] == "run":
            start = time.perf_counter_ns()
            run()
            answer("nanos", time.perf_counter_ns() - start)
        elif command[0] == "output":
            run().to(torch.float32).contiguous().numpy().astype("<f4").tofile(line.split(maxsplit=1)[1].rstrip("\n"))
            answer("written")
        elif command[0] == "memory":
            answer("kilobytes", peak_kilobytes())
        else:
            raise SystemExit(f"unknown command {line!r}")


if __name__ == "__main__":
    main()
