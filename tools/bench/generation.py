"""Tunes composed by the neural composer: pieces a second, start, memory, and what eight bits and guiding cost.

To be run on a quiet machine: two programs more, and the figures are halved.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from statistics import median
from typing import Any

from record import ROOT, keep

from abcllm.analysis.sections import count_bars
from abcllm.backends import Sampling
from abcllm.backends.neural import NeuralBackend
from abcllm.backends.neural.engine import Engine
from abcllm.models.folder import find_model
from abcllm.notation import check, parse
from abcllm.request import RHYTHMS, Request

FIRST = """
import resource, sys, time
from abcllm.backends import Sampling, get_backend
from abcllm.request import Request
pieces = get_backend(sys.argv[1]).compose(Request(), Sampling(seed=int(sys.argv[2])))
header, first = next(pieces), next(pieces)
print(time.time(), flush=True)
for _ in pieces:
    pass
print(time.time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
PROMPT = 40


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", default="small", help="a model that ships, or a folder")
    parser.add_argument("--tunes", type=int, default=32)
    parser.add_argument("--streams", type=int, default=16)


def run(args: argparse.Namespace) -> int:
    started = [start(args.model, seed) for seed in range(5)]  # first: a child is counted as large as its parent was
    folder = find_model(args.model)
    backend = NeuralBackend(args.model)
    rows: list[list[Any]] = [["what", "figure", "unit"]]
    for guided in (True, False):
        how = "guided" if guided else "unguided"
        for streams in (1, args.streams):
            rate = compose(backend, args.tunes, streams, guided)
            rows.append([f"{how}, {streams} at a time", round(rate), "pieces a second"])
    for precision in ("int8", "float32"):
        for streams, threads in ((1, 1), (1, 0), (args.streams, 0)):
            what = f"steps alone, {precision}, {threads or 'all'} thread(s), {streams} at a time"
            rate = step(Engine(folder, precision=precision, threads=threads), streams)
            rows.append([what, round(rate), "pieces a second"])
    rows.append(["CPU time a piece that guiding adds, 1 at a time", round(guiding_cost(backend, args.tunes), 1), "%"])
    rows.append(["from the start of Python to the first bar", round(median(one[0] for one in started), 2), "s"])
    rows.append(["from the start of Python to a tune of 16 bars", round(median(one[1] for one in started), 2), "s"])
    rows.append(["memory, at most", round(max(one[2] for one in started)), "MiB"])
    wrong = count_wrong(backend, args.tunes, args.streams)
    rows += [[f"guided tunes with wrong {what}", number, f"of {args.tunes}"] for what, number in wrong.items()]
    keep("generation", n=args.tunes, parameters=folder.llama.parameters, bytes=folder.size, rows=rows)
    return int(any(wrong.values()))


def requests(number: int) -> list[Request]:
    kinds = list(RHYTHMS)
    return [
        Request.for_rhythm(kinds[at % len(kinds)], minor=at % 3 == 0, bars=(8, 16, 24)[at % 3]) for at in range(number)
    ]


def compose(backend: NeuralBackend, tunes: int, streams: int, guided: bool) -> float:
    """Pieces a second of whole tunes, the words of the request left out."""
    sampling = Sampling(seed=1, guided=guided, max_tokens=400)
    backend.compose_all(requests(2), sampling, streams)
    begun = time.perf_counter()
    texts = backend.compose_all(requests(tunes), sampling, streams)
    seconds = time.perf_counter() - begun
    return sum(len(backend.tokeniser.encode(text)) - PROMPT for text in texts) / seconds


def guiding_cost(backend: NeuralBackend, tunes: int) -> float:
    """How many per cent more CPU time a piece takes with a guide: tune by tune, with and without, equally long."""
    spent = {True: 0.0, False: 0.0}
    written = {True: 0, False: 0}
    for request in requests(tunes):
        most = 400
        for guided in (True, False):
            backend.engine.ended.clear()  # both read the prompt
            begun = time.process_time()
            text = "".join(backend.compose(request, backend.choosing(seed=1, guided=guided, max_tokens=most)))
            spent[guided] += time.process_time() - begun
            most = len(backend.tokeniser.encode(text.partition("\nK:")[2]))
            written[guided] += most
    return 100 * (spent[True] / written[True] * written[False] / spent[False] - 1)


def step(engine: Engine, streams: int, steps: int = 200) -> float:
    batch = engine.open(streams, 512)
    for number in range(streams):
        batch.begin([1, *range(300 + number, 400 + number)])
    times = []
    for _ in range(steps):
        begun = time.perf_counter()
        batch.step([5] * streams)
        times.append(time.perf_counter() - begun)
    return streams / median(times)


def start(model: str, seed: int) -> tuple[float, float, float]:
    """Seconds from the start of a process to the first bar and to the whole tune, and its memory in MiB."""
    begun = time.time()
    command = [sys.executable, "-c", FIRST, f"neural:{model}", str(seed)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    return float(said[0]) - begun, float(said[1]) - begun, float(said[2])


def count_wrong(backend: NeuralBackend, tunes: int, streams: int) -> dict[str, int]:
    """Guided tunes that are wrong, by what is wrong with them."""
    asked = requests(tunes)
    wrong = {"notation": 0, "bars": 0, "key or metre": 0}
    for request, text in zip(asked, backend.compose_all(asked, Sampling(seed=2), streams), strict=True):
        tune = parse(text).tunes[0]
        wrong["notation"] += any(str(fault.severity) == "error" or fault.code == "R203" for fault in check(text))
        wrong["bars"] += count_bars(tune) != request.bars
        wrong["key or metre"] += (tune.key, tune.meter) != (request.key, request.meter)
    return wrong
