"""Edited and cut-off tunes, and texts made to hurt: no exception, bounded time."""

from __future__ import annotations

import argparse
import time
from random import Random

from corpus import read_corpus
from record import keep

from abcllm.notation import check, parse, write

SIGNS = "ABCdefgz|:[](){}\"!><-^_=,'/0123456789 .~\\%&+LwK$\n\x00é中"
HEAD = "X:1\nT:t\nM:4/4\nL:1/4\nK:C\n"
PATHOLOGICAL = {
    "10,000 nested brackets": HEAD + "[" * 10_000 + "]" * 10_000,
    "one line of 1 MB": HEAD + "CDEF|" * 200_000,
    "a note of a million digits": HEAD + "C" + "9" * 1_000_000,
    "a million voices": HEAD + "".join(f"V:{number}\nC4|\n" for number in range(1_000_000)),
    "300,000 slurs": HEAD + "(" * 300_000,
    "200,000 quotation marks": HEAD + '"' * 200_001,
    "100,000 NULs": HEAD + "\0" * 100_000,
    "a macro of 1,700,000 notes": "X:1\nm:~n=nnnnnnnnnnnnnnnn\nK:C\n" + "~C" * 100_000,
    "P: of 9^30 parts": "X:1\nP:" + "(A9" * 30 + ")9" * 30 + "\nK:C\nP:A\nC|\n",
    "5,000 verses": HEAD + "CDEF|\n" + "w:a b c d\n" * 5_000,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tunes", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)


def hurt(text: str, random: Random) -> str:
    """One to 25 random edits; of seven tunes one is cut off too."""
    for _ in range(random.randint(1, 25)):
        at = random.randrange(len(text) + 1)
        choice = random.random()
        if choice < 0.4:
            text = text[:at] + text[at + 1 :]
        elif choice < 0.8:
            text = text[:at] + random.choice(SIGNS) + text[at:]
        else:
            text = text[:at] + text[at + random.randint(1, 8) :]
    return text[: random.randrange(len(text) + 1)] if random.random() < 0.15 else text


def run(args: argparse.Namespace) -> int:
    random = Random(args.seed)
    tunes = random.sample([tune.abc for tune in read_corpus()], args.tunes)
    exceptions = unstable = 0
    slowest = 0.0
    for abc in tunes:
        text = hurt(abc, random)
        start = time.perf_counter()
        try:
            check(text)
            for tune in parse(text).tunes:
                again = parse(write(tune)).tunes
                unstable += len(again) != 1 or again[0] != tune
        except Exception as fault:  # noqa: BLE001 - that any is raised is what is counted
            exceptions += 1
            print(f"{type(fault).__name__}: {fault}\n{text!r}")
        slowest = max(slowest, time.perf_counter() - start)
    rows: list[list[object]] = [["text", "exceptions", "seconds"]]
    rows.append([f"{args.tunes} edited or cut-off tunes, the slowest", exceptions, round(slowest, 3)])
    rows.append(["of these, not equal after writing and reading", unstable, None])
    for name, text in PATHOLOGICAL.items():
        start = time.perf_counter()
        check(text)
        rows.append([f"{name} ({len(text) / 1e6:.1f} MB)", 0, round(time.perf_counter() - start, 2)])
    keep("robustness", n=args.tunes, seed=args.seed, rows=rows)
    return 0
