"""Our notes against the majority of abc2midi, abcjs and abc2svg, on all tunes."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from corpus import plain, read_corpus
from peers import Notes, play_all
from record import ROOT, keep

from abcllm.formats.performance import perform
from abcllm.notation import parse

PROGRAMS = ("abc2midi", "abcjs", "abc2svg")
GRID = 24  # onsets are compared to a 24th of a quarter


def events(notes: Notes | None) -> frozenset[tuple[int, int]] | None:
    """What is compared: the set of (rounded onset, pitch)."""
    return None if notes is None else frozenset((round(onset * GRID), round(pitch)) for onset, pitch, _ in notes)


def ours(text: str) -> frozenset[tuple[int, int]]:
    tune = parse(text).tunes[0]
    return frozenset((round(float(n.onset * 4) * GRID), n.midi) for n in perform(tune).notes if not n.grace)


def same(one: frozenset[tuple[int, int]] | None, other: frozenset[tuple[int, int]] | None) -> bool:
    """Equal, or equal but for one step of rounding in each onset."""
    if one is None or other is None or len(one) != len(other):
        return False
    return one == other or all(
        any((onset + shift, pitch) in other for shift in (0, 1, -1)) for onset, pitch in one
    )  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--every", type=int, default=1, metavar="N", help="take every Nth tune")
    parser.add_argument("--differences", type=Path, default=ROOT / ".peers" / "differences.tsv")


def run(args: argparse.Namespace) -> int:
    tunes = [tune for index, tune in enumerate(read_corpus()) if index % args.every == 0]
    texts = {tune.id: plain(tune.abc) for tune in tunes}
    played = play_all(texts)
    totals: dict[str, Counter[str]] = {}
    with args.differences.open("w", encoding="utf-8") as out:
        for tune in tunes:
            count = totals.setdefault(tune.collection, Counter())
            peers = {name: events(played[tune.id].get(name)) for name in PROGRAMS}
            count["tunes"] += 1
            majority = next(
                (
                    peers[a]
                    for a, b in (("abc2midi", "abcjs"), ("abc2midi", "abc2svg"), ("abcjs", "abc2svg"))
                    if same(peers[a], peers[b])
                ),
                None,
            )
            if majority is None:
                continue
            count["majority"] += 1
            mine = ours(texts[tune.id])
            count["abcllm"] += same(mine, majority)
            for name in PROGRAMS:
                count[name] += same(peers[name], majority)
            if not same(mine, majority):
                agreeing = ",".join(name for name in PROGRAMS if same(peers[name], majority))
                extra, lost = sorted(mine - majority)[:4], sorted(majority - mine)[:4]
                out.write(f"{tune.id}\t{agreeing}\t{len(mine)}/{len(majority)}\t+{extra}\t-{lost}\n")
    whole: Counter[str] = Counter()
    for count in totals.values():
        whole.update(count)
    columns = ("abcllm", *PROGRAMS)
    rows: list[list[object]] = [["collection", "tunes", "with a majority", *(f"{name} %" for name in columns)]]
    for name, count in [*totals.items(), ("all", whole)]:
        shares = [round(100 * count[column] / max(count["majority"], 1), 2) for column in columns]
        rows.append([name, count["tunes"], count["majority"], *shares])
    keep("majority", n=whole["tunes"], every=args.every, rows=rows)
    return 0
