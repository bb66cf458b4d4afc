"""Guided tunes by the thousand: valid, exact, as asked, copied; and what guiding does to tunes that need none.

A run may be stopped: what was composed stands in eval/results/guiding.rows.jsonl, and the next one with the same seed,
weights and commit goes on from there.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
import zlib
from collections.abc import Iterator
from copy import copy
from dataclasses import asdict, dataclass, replace
from random import Random
from typing import Any

import numpy as np
from composer import TITLES, some_request
from generation import requests
from record import RESULTS, commit, keep

from abcllm.analysis.counting import count_aloud
from abcllm.analysis.melody import read_melody
from abcllm.analysis.sections import count_bars
from abcllm.backends.bars import BarGuide
from abcllm.backends.guiding import TuneGuide
from abcllm.backends.header import word_request
from abcllm.backends.neural import TEMPO, NeuralBackend
from abcllm.conversation import Conversation, Message
from abcllm.evaluation.held_out import HeldOut
from abcllm.models.weights import WEIGHTS
from abcllm.notation import Severity, check, parse
from abcllm.request import Request

ROWS = RESULTS / "guiding.rows.jsonl"
CHUNK = 64  # tunes between two notes of progress
LIKELY = 1e-3  # pieces less likely than this are taken for allowed: guiding can only gain more than is said


@dataclass(frozen=True, slots=True)
class Row:
    """What is to be known of a tune; `melody` tells it from others, whatever its key."""

    number: int
    valid: bool
    exact: bool
    clean: bool
    bars: bool
    key: bool
    metre: bool
    pieces: int
    melody: int


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", default="small", help="a model that ships, or a folder")
    parser.add_argument("--tunes", type=int, default=10_000)
    parser.add_argument("--unguided", type=int, default=500, help="tunes that are written without guide, and scored")
    parser.add_argument("--streams", type=int, default=16)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--corpus", help="the built corpus that the model was trained on, to find copies")


def run(args: argparse.Namespace) -> int:
    backend = NeuralBackend(args.model)
    weights = zlib.crc32((backend.folder.path / WEIGHTS).read_bytes())
    head = {"seed": args.seed, "weights": weights, "commit": commit()}
    rows = {row.number: row for row in known(head)}
    if not rows:
        ROWS.parent.mkdir(parents=True, exist_ok=True)
        ROWS.write_text(json.dumps(head) + "\n", encoding="utf-8")
    missing = [number for number in range(args.tunes) if number not in rows]
    begun = time.perf_counter()
    with ROWS.open("a", encoding="utf-8") as stream:
        for at in range(0, len(missing), CHUNK):
            for row in compose(backend, missing[at : at + CHUNK], args):
                rows[row.number] = row
                stream.write(json.dumps(asdict(row)) + "\n")
            stream.flush()
            print(f"{len(rows):,} of {args.tunes:,} tunes", file=sys.stderr)
    seconds = time.perf_counter() - begun
    tunes = [rows[number] for number in range(args.tunes)]
    table: list[list[Any]] = [["guided tunes", "%"]]
    for name, title in TITLES.items():
        table.append([title, round(100 * sum(getattr(row, name) for row in tunes) / len(tunes), 3)])
    table.append(["different melodies", round(100 * len({row.melody for row in tunes}) / len(tunes), 3)])
    if args.corpus:
        trained = {read_melody(tune).identity for tune in HeldOut(args.corpus).training_tunes()}
        copies = sum(row.melody in trained for row in tunes)
        table.append(["melodies of training tunes", round(100 * copies / len(tunes), 3)])
    if missing:
        rate = sum(rows[number].pieces for number in missing) / seconds
        table.append([f"pieces a second, {args.streams} streams", round(rate)])
    table += [["", ""], *score(backend, args)]
    keep("guiding", n=args.tunes, seed=args.seed, weights=weights, rows=table)
    return int(not all(row.valid and row.exact for row in tunes))


ROOM = 100
"""Pieces that a prompt and the end of an answer need; longer tunes were cut by the context, and are not sound."""


def known(head: dict[str, Any]) -> list[Row]:
    """The tunes of a run that was stopped, if it was this one."""
    lines = ROWS.read_text(encoding="utf-8").splitlines() if ROWS.exists() else []
    if not lines or json.loads(lines[0]) != head:
        return []
    return [Row(**json.loads(line)) for line in lines[1:] if line.endswith("}")]


def compose(backend: NeuralBackend, numbers: list[int], args: argparse.Namespace) -> Iterator[Row]:
    asked = [replace(some_request(Random(args.seed * 1_000_003 + number)), seed=number) for number in numbers]
    texts = backend.compose_all(asked, backend.choosing(seed=args.seed), args.streams)
    for number, request, text in zip(numbers, asked, texts, strict=True):
        found, tune = check(text), parse(text).tunes[0]
        yield Row(
            number,
            not any(one.severity is Severity.ERROR for one in found),
            not any(one.code.startswith("R") for one in found),
            not found,
            count_bars(tune) == request.bars,
            tune.key == request.key,
            tune.meter == request.meter,
            len(backend.tokeniser.encode(text)),
            read_melody(tune).identity,
        )


def score(backend: NeuralBackend, args: argparse.Namespace) -> list[list[Any]]:
    """Tunes written without a guide: how many were valid anyway, and how likely these are with one."""
    asked = [replace(request, seed=number) for number, request in enumerate(requests(args.unguided))]
    texts = backend.compose_all(asked, backend.choosing(seed=args.seed, guided=False), args.streams)
    room = backend.engine.llama.context - ROOM
    whole = [one for one in zip(asked, texts, strict=True) if len(backend.tokeniser.encode(one[1])) <= room]
    sound = [(request, text) for request, text in whole if is_sound(text)]
    scored = [bits(backend, request, text, TuneGuide) for request, text in sound]
    kept = [one for one in scored if one is not None]
    counted = [(request, text) for request, text in sound if count_bars(parse(text).tunes[0]) == request.bars]
    asked_for = [
        bits(backend, request, text, lambda header, request=request: BarGuide(header, request.bars))
        for request, text in counted
    ]
    rows: list[list[Any]] = [
        [f"of {args.unguided} unguided tunes: valid and exact anyway, %", round(100 * len(sound) / args.unguided, 1)],
        [f"of these {len(sound)}: none of their pieces is refused by the guide, %", share(scored)],
        ["their bits a piece, unguided", mean(one[0] for one in kept)],
        ["the same, guided (at most)", mean(one[1] for one in kept)],
        [f"of the {len(counted)} that have the bars asked for, too: no piece refused, %", share(asked_for)],
        ["their bits a piece, unguided", mean(one[0] for one in asked_for if one)],
        ["the same, guided (at most)", mean(one[1] for one in asked_for if one)],
    ]
    return rows


def share(found: list[Any]) -> float:
    return round(100 * sum(one is not None for one in found) / len(found), 1) if found else math.nan


def mean(values: Iterator[float]) -> float:
    numbers = [*values]
    return round(float(np.mean(numbers)), 4) if numbers else math.nan


def is_sound(text: str) -> bool:
    return bool(parse(text).tunes) and not any(
        one.severity is Severity.ERROR or one.code.startswith("R") for one in check(text)
    )


def bits(backend: NeuralBackend, request: Request, text: str, make: Any) -> tuple[float, float] | None:
    """Bits a piece of what follows the header, without and with a guide; None where the guide refuses a piece."""
    tokeniser = backend.tokeniser
    text = count_aloud(TEMPO.sub("", text))  # as the model writes it
    header = text[: text.index("\nK:") + 1] + text[text.index("\nK:") + 1 :].split("\n", 1)[0]
    prompt = tokeniser.encode_prompt(Conversation((Message("user", word_request(request)),)))
    prompt += tokeniser.encode(header)
    answer = tokeniser.encode(text[len(header) :].rstrip("\n"))
    logits = backend.engine.read([*prompt, *answer])[len(prompt) - 1 : -1].astype(np.float64)
    chances = np.exp(logits - np.logaddexp.reduce(logits, axis=1)[:, None])
    guide, free, held = make(header), 0.0, 0.0
    for row, piece in zip(chances, answer, strict=True):
        likely = [int(one) for one in np.flatnonzero(row > LIKELY) if one != piece]
        refused = sum(row[one] for one in likely if not allows(guide, backend, one))
        if not guide.offer(tokeniser.bytes_of(piece)):
            return None
        free -= math.log2(row[piece])
        held -= math.log2(row[piece] / (1 - refused))
    return free / len(answer), held / len(answer)


def allows(guide: TuneGuide, backend: NeuralBackend, piece: int) -> bool:
    if piece in (backend.tokeniser.end_id, backend.tokeniser.eos_id):
        return guide.may_end
    return copy(guide).offer(backend.tokeniser.bytes_of(piece))
