"""Tunes of the n-gram composer: valid, exact, as asked; and how much of them is copied."""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache
from random import Random

from record import keep

from abcllm.analysis.sections import count_bars
from abcllm.backends import Sampling
from abcllm.backends.ngram import NgramBackend
from abcllm.backends.ngram.forms import read_sections
from abcllm.backends.ngram.model import START
from abcllm.notation import Severity, Tune, check, parse
from abcllm.notation.fields import parse_key, parse_meter
from abcllm.request import Request
from abcllm.request.rhythms import RHYTHMS

KEYS = (
    "C", "G", "D", "A", "E", "F", "Bb", "Eb", "Ab", "Am", "Em", "Bm", "Dm", "Gm", "Ador", "Edor", "Ddor", "Dmix",
    "Amix", "Gphr", "Clyd", "F#m", "C#", "Cb", "none", "HP",
)  # fmt: skip
METERS = ("5/4", "7/8", "3/8", "6/4", "(2+3)/8", "C", "C|", "9/8", "12/8")
BARS = (1, 2, 3, 4, 5, 7, 8, 10, 12, 16, 16, 16, 20, 24, 32, 48, 64)
RUN = 8  # gestures in a row that make a copy
TITLES = {
    "valid": "strictly valid",
    "exact": "every bar exact",
    "clean": "no diagnostic at all",
    "bars": "bars as asked",
    "key": "key as asked",
    "metre": "metre as asked",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tunes", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)


def some_request(random: Random) -> Request:
    """Any rhythm, metre, key and number of bars."""
    rhythm = random.choice([*RHYTHMS, ""])
    if rhythm:
        request = Request.for_rhythm(rhythm)
        request = replace(request, meter=parse_meter(random.choice(RHYTHMS[rhythm].meters)))
    else:
        request = Request.for_meter(parse_meter(random.choice(METERS)))
    return replace(request, bars=random.choice(BARS), key=parse_key(random.choice(KEYS)))


@cache
def backend() -> NgramBackend:
    return NgramBackend()


@cache
def training_runs() -> frozenset[tuple[int, ...]]:
    """All runs of `RUN` gestures of the training tunes."""
    tokens = backend().model.arrays["tokens"].tolist()
    return frozenset(run for at in range(len(tokens)) if START not in (run := tuple(tokens[at : at + RUN])))


def copied(tune: Tune) -> tuple[int, int]:
    """(runs of `RUN` gestures that stand in a training tune, runs in all)."""
    known = backend().model.token_of
    sections = read_sections(tune) or []
    tokens = [known.get(str(g), -1) for s in sections for bar in (s.pickup, *s.bars) for g in bar]
    runs = [tuple(tokens[at : at + RUN]) for at in range(len(tokens) - RUN + 1)]
    return sum(run in training_runs() for run in runs), len(runs)


def measure(seeds: Sequence[int]) -> Counter[str]:
    count: Counter[str] = Counter()
    for seed in seeds:
        request = some_request(Random(seed))
        text = "".join(backend().compose(request, Sampling(seed=seed)))
        found = check(text)
        tune = parse(text).tunes[0]
        count["tunes"] += 1
        count["valid"] += not any(d.severity is Severity.ERROR for d in found)
        count["exact"] += not any(d.code.startswith("R") for d in found)
        count["clean"] += not found
        count["bars"] += count_bars(tune) == request.bars
        count["key"] += tune.key == request.key
        count["metre"] += tune.meter == request.meter
        same, runs = copied(tune)
        count["copied"] += same
        count["runs"] += runs
    return count


def run(args: argparse.Namespace) -> int:
    start = time.perf_counter()
    seeds = [args.seed * args.tunes + number for number in range(args.tunes)]
    shares = [seeds[at :: args.jobs * 8] for at in range(args.jobs * 8)]
    total: Counter[str] = Counter()
    with ProcessPoolExecutor(args.jobs) as pool:
        for count in pool.map(measure, shares):
            total.update(count)
    seconds = time.perf_counter() - start
    rows: list[list[object]] = [["of the tunes composed", "%"]]
    rows += [[title, round(100 * total[name] / total["tunes"], 3)] for name, title in TITLES.items()]
    share = round(100 * total["copied"] / total["runs"], 2)
    rows.append([f"runs of {RUN} gestures that stand in a training tune", share])
    rows.append([f"tunes a second, {args.jobs} processes", round(total["tunes"] / seconds, 1)])
    keep("composer", n=args.tunes, seed=args.seed, rows=rows)
    return 0
