"""Seeded corruption kinds injected into clean tunes: found, in the right bar, said once."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from random import Random

from corpus import read_corpus
from record import ROOT, keep

from abcllm.notation import check

sys.path.insert(0, str(ROOT / "tests"))

from corruption_kinds import KINDS, Target


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tunes", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", default="", help="print what was wrong with this kind")


def run(args: argparse.Namespace) -> int:
    random = Random(args.seed)
    everything = list(read_corpus())
    random.shuffle(everything)
    clean = [tune for tune in everything if tune.clean and tune.abc.startswith("X:")]
    without_error = sum(not any(d.severity == "error" for d in check(tune.abc)) for tune in clean)
    tunes = []
    for tune in clean:
        if len(tunes) < args.tunes and not any(d.severity != "info" for d in check(tune.abc)):
            tunes.append(Target(tune.abc.rstrip("\n") + "\n"))
    counts: dict[str, Counter[str]] = {name: Counter() for name in KINDS}
    for target in tunes:
        for name, corrupt in KINDS.items():
            broken = corrupt(target, random)
            if broken is None:
                continue
            found = [d for d in check(broken.text) if d.severity != "info"]
            count = counts[name]
            count["tried"] += 1
            count["found"] += bool(found)
            right = bool(found) and any(
                d.line == broken.line and (broken.bar is None or d.bar in (None, broken.bar)) for d in found
            )
            count["placed"] += right
            count["once"] += len(found) == 1
            if name.startswith(args.show or "\0") and not (right and len(found) == 1) and count["shown"] < 3:
                count["shown"] += 1
                print(broken.text, broken.line, broken.bar, *found, sep="\n")
    total: Counter[str] = Counter()
    for count in counts.values():
        total.update(count)
    head = ["kind", "tunes", "found %", "in the right bar %", "exactly one diagnostic %"]
    rows: list[list[object]] = [head]
    for name, count in [*sorted(counts.items()), (f"all {len(KINDS)} kinds", total)]:
        tried = max(count["tried"], 1)
        shares = [round(100 * count[key] / tried, 2) for key in ("found", "placed", "once")]
        rows.append([name.replace("_", " "), count["tried"], *shares])
    keep(
        "corruptions",
        n=len(tunes),
        seed=args.seed,
        rows=rows,
        false_alarms=sum(any(d.severity != "info" for d in check(target.text)) for target in tunes),
        abc2midi_clean=len(clean),
        abc2midi_clean_without_error=without_error,
    )
    print(f"{without_error} of {len(clean)} tunes that abc2midi finds clean have no error")
    return 0
