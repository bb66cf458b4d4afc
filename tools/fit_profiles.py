"""Count what notes do on each place of a bar and in each mode: `meters.json` and `keys.json` of `abcllm.transcription`.

    python tools/fit_profiles.py FOLDER FILE.abc FILE.jsonl.gz ...

The tables are written to FOLDER. The files are tunebooks, or collections of one JSON object a line with a tune under
`abc`.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np

from abcllm.files import read_bytes
from abcllm.notation import Tune, parse
from abcllm.notation.source import decode
from abcllm.notation.tune import Bar, Chord, MultiRest, Note, Rest
from abcllm.transcription.meters import LENGTHS, MOVES, SLOT, Line

METERS = ("4/4", "2/2", "2/4", "3/4", "6/8", "9/8", "12/8", "3/8", "3/2", "6/4", "4/2")
MODES = ("major", "minor", "dorian", "mixolydian")
WHOLES = ("first", "last")  # one distribution over all slots
LEAST_TUNES = 40
PRIOR = 0.3


def tunes(path: str) -> Iterator[Tune]:
    """All tunes of a file that have no fault of rhythm."""
    if ".jsonl" in path:
        with gzip.open(path, "rt") if path.endswith(".gz") else open(path) as lines:
            texts = [json.loads(line)["abc"] for line in lines]
    else:
        texts = [decode(read_bytes(path))[0]]
    for text in texts:
        for tune in parse(text).tunes:
            if tune.meter.duration and tune.voices and tune.voices[0].bars:
                yield tune


def melody(tune: Tune) -> list[tuple[Fraction, Fraction, int, int]]:
    """The notes of the first voice as they are printed, in bars that are full: a pickup ends its bar."""
    full = tune.meter.duration or Fraction(1)
    notes: list[tuple[Fraction, Fraction, int, int]] = []
    start, tied, after_seam = Fraction(0), False, True
    for bar in tune.voices[0].bars:
        if bar.duration > full:
            return []
        at_left = after_seam or (bar.left is not None and bar.left.is_seam)
        now = start + (full - bar.duration if at_left else 0)
        start, tied = walk(bar, now, notes, tied), tied_at_end(bar)
        start = now + (full if not at_left else bar.duration)
        after_seam = bar.right is not None and bar.right.is_seam
    return notes


def walk(bar: Bar, now: Fraction, notes: list[tuple[Fraction, Fraction, int, int]], tied: bool) -> Fraction:
    for item in bar.items:
        if isinstance(item, Note | Chord):
            pitch = item.pitch.midi if isinstance(item, Note) else max(note.pitch.midi for note in item.notes)
            if tied and notes and notes[-1][2] == pitch:
                notes[-1] = (notes[-1][0], now + item.duration - notes[-1][0], pitch, 80)
            else:
                notes.append((now, item.duration, pitch, 80))
            tied = bool(item.tie)
            now += item.duration
        elif isinstance(item, Rest | MultiRest):
            tied = False
            now += item.duration
    return now


def tied_at_end(bar: Bar) -> bool:
    sounding = [item for item in bar.items if isinstance(item, Note | Chord | Rest)]
    return bool(sounding) and not isinstance(sounding[-1], Rest) and bool(sounding[-1].tie)


def main(folder: str, paths: list[str]) -> None:
    keys: dict[str, tuple[np.ndarray, np.ndarray, list[int]]] = {}
    counts: dict[str, list[np.ndarray]] = {}
    number: dict[str, int] = {}
    for path in paths:
        for tune in tunes(path):
            meter = tune.meter
            count_key(tune, keys)
            name = {"C": "4/4", "C|": "2/2"}.get(meter.symbol, f"{sum(meter.beats)}/{meter.unit}")
            notes = melody(tune)
            if name not in METERS or len(notes) < 8:
                continue
            bar = int((meter.duration or 1) / SLOT)
            lengths = len(LENGTHS) + 1
            rhythm, moves, degrees, first, last = counts.setdefault(
                name,
                [
                    np.full((bar, lengths + 1), PRIOR), np.full((bar, MOVES), PRIOR), np.full((bar, 12), PRIOR),
                    np.full((bar, lengths), PRIOR), np.full((bar, lengths), PRIOR),
                ],
            )  # fmt: skip
            number[name] = number.get(name, 0) + 1
            line = Line.of(notes, tune.key)
            slots = line.slots % bar
            np.add.at(rhythm, (slots, line.lengths), 1)
            bars = (line.ends - line.slots[0]) / bar
            rhythm[:, -1] += np.maximum(bars - np.bincount(slots, minlength=bar), 0)
            np.add.at(moves, (slots, line.moves), 1)
            np.add.at(degrees, (slots, line.degrees), 1)
            first[slots[0], line.lengths[0]] += 1
            last[slots[-1], line.lengths[-1]] += 1
    total = sum(number.values())
    kept = {
        name: {
            "share": cents(np.array(number[name] / total)),
            **{
                column: cents(table / (table.sum() if column in WHOLES else table.sum(axis=-1, keepdims=True)))
                for column, table in zip(("rhythm", "moves", "degrees", *WHOLES), tables, strict=True)
            },
        }
        for name, tables in sorted(counts.items())
        if number[name] >= LEAST_TUNES
    }
    Path(folder, "meters.json").write_text(json.dumps(kept, separators=(",", ":")) + "\n")
    print({name: number[name] for name in kept})
    write_keys(folder, keys)


def count_key(tune: Tune, keys: dict[str, tuple[np.ndarray, np.ndarray, list[int]]]) -> None:
    """Count the degrees of a tune, and the one that it ends on."""
    tonic = tune.key.tonic_pitch_class
    notes = melody(tune)
    if tonic is None or tune.key.mode not in MODES or not notes:
        return
    degrees, last, number = keys.setdefault(tune.key.mode, (np.full(12, PRIOR), np.full(12, PRIOR), [0]))
    number[0] += 1
    np.add.at(degrees, [(pitch - tonic) % 12 for _, _, pitch, _ in notes], [float(note[1] * 8) for note in notes])
    last[(notes[-1][2] - tonic) % 12] += 1


def write_keys(folder: str, keys: dict[str, tuple[np.ndarray, np.ndarray, list[int]]]) -> None:
    total = sum(number[0] for _, _, number in keys.values())
    kept = {
        mode: {
            "share": cents(np.array(number[0] / total)),
            "degrees": cents(degrees / degrees.sum()),
            "last": cents(last / last.sum()),
        }
        for mode, (degrees, last, number) in sorted(keys.items())
    }
    Path(folder, "keys.json").write_text(json.dumps(kept, separators=(",", ":")) + "\n")
    print({mode: number[0] for mode, (_, _, number) in keys.items()})


def cents(values: np.ndarray) -> list[int] | int:
    """Negative logarithms in hundredths."""
    return np.round(-100 * np.log(values)).astype(int).tolist()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
