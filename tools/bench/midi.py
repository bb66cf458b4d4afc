"""MIDI note events (onset, duration, pitch) of our files against abc2midi's, on clean tunes chosen for variety.

abc2midi begins each note a tick late, and the notes of a chord up to ten ticks after each other, and ends them on
time; so onsets and ends may differ by `TOLERANCE`. Compared are tunes in plain form (no ornaments, grace notes or
swing), which both play by the same rules, and of them those in which abcjs or abc2svg plays the same pitches at the
same times as abc2midi: alone it is no reference (it leaves out some repeats).
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from random import Random

from corpus import plain, read_corpus
from majority import events, same
from peers import Notes, play_all, read_midi
from record import ROOT, keep

from abcllm.formats.midi import write_midi
from abcllm.notation import check, parse

FEATURES = {
    "repeats": re.compile(r":\|"),
    "endings": re.compile(r"\[1|\|1"),
    "ties": re.compile(r"[A-Ga-g][,']*\d*/?\d*-"),
    "tuplets": re.compile(r"\(3"),
    "grace notes": re.compile(r"\{"),
    "chords": re.compile(r"\[[A-Ga-g^_=]"),
}
TOLERANCE = 0.07  # quarter notes; a 1/64 note is 0.0625


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tunes", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=0)


def unmatched(ours: Notes, theirs: Notes) -> tuple[Notes, Notes]:
    """The notes of each side that the other has not; of a unison (`[DD]`) one note is enough."""
    left = sorted(theirs)
    extra: Notes = []
    for onset, pitch, duration in sorted(ours):
        for index, (other, key, length) in enumerate(left):
            if other > onset + TOLERANCE:
                extra.append((onset, pitch, duration))
                break
            near = abs(other - onset) <= TOLERANCE and abs(other + length - onset - duration) <= TOLERANCE
            if key == pitch and near:
                del left[index]
                break
        else:
            extra.append((onset, pitch, duration))
    return extra, [note for note in left if not any(note[1] == p and abs(note[0] - o) <= TOLERANCE for o, p, _ in ours)]


def is_reference(played: dict[str, Notes | None]) -> bool:
    """Whether another program plays as abc2midi does."""
    reference = events(played.get("abc2midi"))
    return any(same(reference, events(played.get(name))) for name in ("abcjs", "abc2svg"))


def run(args: argparse.Namespace) -> int:
    everything = list(read_corpus())
    Random(args.seed).shuffle(everything)
    chosen: list[tuple[str, str]] = []
    held: Counter[str] = Counter()
    for tune in everything:
        if len(chosen) == args.tunes:
            break
        has = [name for name, pattern in FEATURES.items() if pattern.search(tune.abc.split("\nK:", 1)[-1])]
        if tune.clean and len(has) >= 2 and not any(d.severity == "error" for d in check(tune.abc)):
            chosen.append((tune.id, plain(tune.abc)))
            held.update(has)
    played = play_all(dict(chosen))
    chosen = [(name, text) for name, text in chosen if is_reference(played[name])]
    equal = 0
    with (ROOT / ".peers" / "midi_differences.tsv").open("w", encoding="utf-8") as out:
        for name, text in chosen:
            mine = read_midi(write_midi(parse(text).tunes)) or []
            theirs = played[name].get("abc2midi") or []
            extra, lacking = unmatched(mine, theirs)
            if not extra and not lacking:
                equal += 1
            else:
                out.write(f"{name}\t+{extra[:4]}\t-{lacking[:4]}\n")
    rows: list[list[object]] = [["clean tunes with two or more of these", "tunes"]]
    rows += [[name, count] for name, count in held.most_common()]
    rows.append(["with a second program that agrees with abc2midi", len(chosen)])
    rows.append(["note events equal to abc2midi's", equal])
    rows.append(["%", round(100 * equal / len(chosen), 2)])
    keep("midi", n=len(chosen), seed=args.seed, rows=rows)
    return 0
