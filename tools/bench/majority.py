"""Our notes against the majority of abc2midi, abcjs and abc2svg, on all tunes."""

from __future__ import annotations

import argparse
import re
from collections import Counter
from pathlib import Path

from corpus import plain, read_corpus
from peers import Notes, play_all
from record import ROOT, keep

from abcllm.formats.performance import perform
from abcllm.notation import check, parse

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


def classify(text: str, majority: frozenset[tuple[int, int]]) -> tuple[str, str, str, str]:
    """Why we differ from the majority: (class, who is right, section of ABC 2.1, why)."""
    by_octave = text.replace("\n", "\nI:propagate-accidentals octave\n", 1)
    if same(ours(by_octave), majority):
        return (
            "an accidental in another octave",
            "abcllm, abc2midi",
            "11.3",
            "propagate-accidentals is `pitch` by default: all octaves; equal with `I:propagate-accidentals octave`",
        )
    codes = sorted({found.code for found in check(text) if found.severity == "error"})
    if codes:
        return "the tune has errors: " + " ".join(codes), "nobody", "-", "each program guesses what was meant"
    if re.search(r"\([579](?!:)", text) and not parse(text).tunes[0].meter.is_compound:
        return "(5, (7 or (9 in a simple metre", "abcllm", "4.13", "in the time of two where the metre is not compound"
    if re.search(r":\||::|\|:", text):
        why = "the standard lets `:|` without `|:` go back to the start, a double bar or a repeat; endings out of order"
        return "repeats that are not written out", "open", "4.8, 4.9", why
    return "other", "open", "-", "not yet looked into"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--every", type=int, default=1, metavar="N", help="take every Nth tune")
    parser.add_argument("--differences", type=Path, default=ROOT / "eval" / "majority_exceptions.tsv")


def run(args: argparse.Namespace) -> int:
    tunes = [tune for index, tune in enumerate(read_corpus()) if index % args.every == 0]
    texts = {tune.id: plain(tune.abc) for tune in tunes}
    played = play_all(texts)
    totals: dict[str, Counter[str]] = {}
    classes: Counter[str] = Counter()
    with args.differences.open("w", encoding="utf-8") as out:
        out.write("tune\tthe majority\tclass\twho is right\tsection of ABC 2.1\twhy\n")
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
                reason = classify(texts[tune.id], majority)
                classes[reason[0].split(":")[0]] += 1
                out.write("\t".join((tune.id, agreeing, *reason)) + "\n")
    whole: Counter[str] = Counter()
    for count in totals.values():
        whole.update(count)
    columns = ("abcllm", *PROGRAMS)
    rows: list[list[object]] = [["collection", "tunes", "with a majority", *(f"{name} %" for name in columns)]]
    for name, count in [*totals.items(), ("all", whole)]:
        shares = [round(100 * count[column] / max(count["majority"], 1), 2) for column in columns]
        rows.append([name, count["tunes"], count["majority"], *shares])
    keep("majority", n=whole["tunes"], every=args.every, rows=rows, exceptions=dict(classes.most_common()))
    print(dict(classes.most_common()))
    return 0
