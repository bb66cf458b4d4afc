"""The small model in other programs, for the same prompts: time to the first piece, to a tune, pieces a second.

Each engine has one thread, has answered once before, and writes as many pieces to each prompt as a tune of 16 bars
has; all but the guided one write freely. transformers comes with `make train-env`, llama.cpp (the package xllamacpp)
with `pip install 'abcllm[bench]'`; the table says what is missing.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any, TypeAlias

import numpy as np
from generation import requests
from record import keep

from abcllm.backends import Sampling
from abcllm.backends.neural import NeuralBackend
from abcllm.backends.sampling import candidates
from abcllm.errors import MissingExtra
from abcllm.models.folder import ModelFolder
from abcllm.models.gguf_file import Kind, write_gguf
from abcllm.request import Request

Write: TypeAlias = Callable[[list[int], int], list[float]]
"""Writes so many pieces after a prompt; when each came, by the clock of `time.perf_counter`."""
SAMPLING = Sampling(temperature=0.8, top_p=0.95)
ROUNDS = 3


GUIDED = "abcllm, 8 bits, guided: to the first bar"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", default="small", help="a model that ships, or a folder")
    parser.add_argument("--prompts", type=int, default=8)


def run(args: argparse.Namespace) -> int:
    asked = [replace(request, bars=16) for request in requests(args.prompts)]
    keep("engines", n=args.prompts, rows=compare(NeuralBackend(args.model), asked))
    return 0


def compare(backend: NeuralBackend, asked: Sequence[Request]) -> list[list[Any]]:
    """Rows of a table; engines that are not installed are named in it. Engines take turns, prompt by prompt."""
    tasks = [backend._composing(request, SAMPLING) for request in asked]
    prompts = [[*task.prompt] for task in tasks]
    tunes = backend.compose_all(asked, SAMPLING, 1)
    size = round(
        median(len(backend.tokeniser.encode(tune[len(t.guide.text) :])) for t, tune in zip(tasks, tunes, strict=True))
    )
    writers: dict[str, Write] = {"abcllm, 8 bits, unguided": Free(backend)}
    missing = []
    for name, make, extra in (
        ("transformers, float32", Transformers, "train"),
        ("llama.cpp, 8 bits (Q8_0)", lambda folder: LlamaCpp(folder, "Q8_0"), "bench"),
        ("llama.cpp, 16 bits", lambda folder: LlamaCpp(folder, "F16"), "bench"),
    ):
        try:
            writers[name] = make(backend.folder)
        except ImportError as fault:
            missing.append(f"{name}: {fault.name} is not installed: pip install 'abcllm[{extra}]'")
        except MissingExtra as fault:
            missing.append(f"{name}: {fault}")
    for write in writers.values():
        write(prompts[0], 8)
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in (GUIDED, *writers)}
    for _ in range(ROUNDS):
        for request, prompt in zip(asked, prompts, strict=True):
            times[GUIDED].append(compose(backend, request, size))
            for name, write in writers.items():
                backend.engine.ended.clear()  # nobody is to remember a prompt
                begun = time.perf_counter()
                came = write(prompt, size)
                times[name].append((came[0] - begun, came[-1] - begun))
    rows: list[list[Any]] = [["engine", "first piece, ms", f"tune of 16 bars ({size} pieces), ms", "pieces a second"]]
    for name, taken in times.items():
        first, whole = (median(one[at] for one in taken) for at in (0, 1))
        rows.append([name, round(1000 * first, 1), round(1000 * whole), round(size / whole)])
    return rows + [[one, "", "", ""] for one in missing]


def compose(backend: NeuralBackend, request: Request, size: int) -> tuple[float, float]:
    """Seconds to the first bar of a guided tune, and to its end if it had `size` pieces."""
    backend.engine.ended.clear()
    begun = time.perf_counter()
    pieces = backend.compose(request, SAMPLING)
    said = [next(pieces), next(pieces)]  # the header, the first bar
    first = time.perf_counter() - begun
    said += pieces
    whole = time.perf_counter() - begun
    return first, whole * size / len(backend.tokeniser.encode("".join(said[1:])))


class Free:
    """Our engine, without a guide."""

    def __init__(self, backend: NeuralBackend) -> None:
        self.backend = backend

    def __call__(self, prompt: list[int], size: int) -> list[float]:
        random = np.random.default_rng(0)
        batch = self.backend.engine.open(1)
        stream = batch.begin(prompt)
        came = []
        for _ in range(size):
            piece = next(iter(candidates(stream.logits, SAMPLING, random)))
            came.append(time.perf_counter())
            batch.step([piece])
        return came


class Transformers:
    """transformers' `generate`, which tells a streamer what it chooses."""

    def __init__(self, folder: ModelFolder) -> None:
        import torch
        from transformers import AutoModelForCausalLM

        torch.set_num_threads(1)
        self.torch = torch
        self.model = AutoModelForCausalLM.from_pretrained(str(folder.path), dtype=torch.float32).eval()

    def __call__(self, prompt: list[int], size: int) -> list[float]:
        clock = Clock()
        ids = self.torch.tensor([prompt])
        self.model.generate(
            ids, attention_mask=self.torch.ones_like(ids), streamer=clock, do_sample=True, pad_token_id=2,
            max_new_tokens=size, min_new_tokens=size, temperature=SAMPLING.temperature, top_p=SAMPLING.top_p, top_k=0,
        )  # fmt: skip
        return clock.came[1:]  # the first is the prompt


class Clock:
    """A streamer that looks at the clock."""

    def __init__(self) -> None:
        self.came: list[float] = []

    def put(self, _: Any) -> None:
        self.came.append(time.perf_counter())

    def end(self) -> None:
        pass


class LlamaCpp:
    """llama.cpp with the model as a GGUF file."""

    def __init__(self, folder: ModelFolder, kind: Kind) -> None:
        import xllamacpp

        with tempfile.TemporaryDirectory() as place:
            path = Path(place, "model.gguf")
            write_gguf(path, folder.name, folder.llama, folder.open_weights(), folder.path / "tokenizer.model", kind)
            given = xllamacpp.CommonParams()
            given.model.path = str(path)
            given.n_ctx = folder.llama.context
            given.n_parallel = given.cpuparams.n_threads = given.cpuparams_batch.n_threads = 1
            given.verbosity = -1
            self.server = xllamacpp.Server(given)

    def __call__(self, prompt: list[int], size: int) -> list[float]:
        came: list[float] = []
        asked = {
            "prompt": prompt, "max_tokens": size, "ignore_eos": True, "stream": True, "cache_prompt": False,
            "temperature": SAMPLING.temperature, "top_p": SAMPLING.top_p, "top_k": 0, "min_p": 0.0,
        }  # fmt: skip
        self.server.handle_completions(asked, lambda _: came.append(time.perf_counter()))
        return came[:size]
