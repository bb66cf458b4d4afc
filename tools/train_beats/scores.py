"""Scores with exact beats, to make performances of: MuseScore files (OpenScore, CC0) and books of ABC.

A score is two arrays: `notes`, rows of onset, duration (quarters), pitch, part and grace (1 for a grace note), and
`beats`, rows of place (quarters) and 1 for a downbeat; besides, the tempo as written (quarters a minute, 0 without).
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abcllm.formats.performance import perform
from abcllm.notation import parse
from abcllm.notation.theory import Meter

__all__ = ["PlainScore", "read_abc", "read_musescore"]

Q = Fraction
VALUES = {
    name: Q(4, 2**power)
    for power, name in enumerate(("whole", "half", "quarter", "eighth", "16th", "32nd", "64th", "128th", "256th"))
} | {"breve": Q(8), "longa": Q(16)}


class PlainScore(NamedTuple):
    notes: NDArray[np.float32]
    beats: NDArray[np.float32]
    qpm: float


def beat_length(numerator: int, denominator: int) -> Fraction:
    """Quarters from one beat to the next, as a conductor counts: compound metres in three units, others in one."""
    compound = numerator % 3 == 0 and numerator > 3
    return Q(12 if compound else 4, denominator)


def lay_beats(bars: list[tuple[Fraction, Fraction, tuple[int, int]]]) -> NDArray[np.float32]:
    """Beats of bars given as (begin, length, metre); a short bar after a full one begins a bar, a first one ends it."""
    rows: list[tuple[float, float]] = []
    carried = Q(0)
    for index, (begin, length, metre) in enumerate(bars):
        beat, full = beat_length(*metre), Q(4 * metre[0], metre[1])
        offset = carried if carried else (full - length if index == 0 and length < full else Q(0))
        first = -(-offset // beat) * beat
        place = first
        while place < offset + length:
            rows.append((float(begin + place - offset), float(place == 0)))
            place += beat
        carried = offset + length if index and Q(0) < offset + length < full else Q(0)
    return np.array(rows, np.float32).reshape(-1, 2)


def read_abc(path: Path) -> Iterator[PlainScore]:
    """Each tune of a book as it is played."""
    for tune in parse(path.read_text("utf-8")).tunes:
        played = perform(tune)
        if not played.notes or not played.bars or any(meter.duration is None for _, meter in played.meters):
            continue
        meters = dict(played.meters)
        meter = Meter((4,), 4)
        bars = []
        begins = [bar.onset for bar in played.bars]
        for begin, end in zip(begins, [*begins[1:], played.duration], strict=True):
            meter = meters.get(begin, meter)
            bars.append((begin * 4, (end - begin) * 4, (sum(meter.beats), meter.unit)))
        notes = [(note.onset * 4, note.duration * 4, note.midi, note.voice, note.grace) for note in played.notes]
        qpm = float(played.tempos[0][1]) if tune.tempo else 0.0
        yield PlainScore(np.array(notes, np.float32), lay_beats(bars), qpm)


class _Reader:
    """Reads the staves of a MuseScore 3 file, without its repeats."""

    def __init__(self, root: ElementTree.Element) -> None:
        self.score = root.find("Score")
        self.notes: list[tuple[Fraction, Fraction, int, int, int]] = []
        self.open: dict[tuple[int, int], int] = {}
        self.bars: list[tuple[Fraction, Fraction, tuple[int, int]]] = []
        self.qpm = 0.0

    def read(self) -> PlainScore:
        for index, staff in enumerate([] if self.score is None else self.score.findall("Staff")):
            now, metre = Q(0), (4, 4)
            for measure in staff.findall("Measure"):
                sign = measure.find("voice/TimeSig")
                if sign is not None:
                    metre = int(sign.findtext("sigN", "4")), int(sign.findtext("sigD", "4"))
                length = Q(measure.get("len") or Q(*metre)) * 4
                if index == 0:
                    self.bars.append((now, length, metre))
                for voice in measure.findall("voice"):
                    self.read_voice(voice, now, length, index)
                now += length
        rows = sorted(self.notes)
        return PlainScore(np.array(rows, np.float32).reshape(-1, 5), lay_beats(self.bars), self.qpm)

    def read_voice(self, voice: ElementTree.Element, now: Fraction, bar: Fraction, part: int) -> None:
        ratios = [Q(1)]
        for item in voice:
            if item.tag == "Tuplet":
                ratio = Q(int(item.findtext("normalNotes", "1")), int(item.findtext("actualNotes", "1")))
                ratios.append(ratios[-1] * ratio)
            elif item.tag == "endTuplet":
                ratios.pop()
            elif item.tag == "location":
                now += Q(item.findtext("fractions", "0")) * 4
            elif item.tag == "Tempo" and not self.qpm:
                self.qpm = 60 * float(item.findtext("tempo", "0"))
            elif item.tag in ("Chord", "Rest"):
                name = item.findtext("durationType", "quarter")
                if name == "measure":
                    now += Q(item.findtext("duration", "0")) * 4 or bar
                    continue
                dots = int(item.findtext("dots", "0"))
                length = VALUES[name] * (2 - Q(1, 2**dots)) * ratios[-1]
                grace = any(re.match(r"acciaccatura|appoggiatura|grace", child.tag) for child in item)
                if item.tag == "Chord":
                    for note in item.findall("Note"):
                        self.add(note, now, length, part, grace)
                if not grace:
                    now += length

    def add(self, note: ElementTree.Element, now: Fraction, length: Fraction, part: int, grace: bool) -> None:
        pitch = int(note.findtext("pitch", "60"))
        ties = [spanner for spanner in note.findall("Spanner") if spanner.get("type") == "Tie"]
        before = self.open.pop((part, pitch), None) if any(tie.find("prev") is not None for tie in ties) else None
        if before is not None:
            onset, held, *rest = self.notes[before]
            self.notes[before] = (onset, held + length, rest[0], rest[1], rest[2])
            place = before
        else:
            place = len(self.notes)
            self.notes.append((now, Q(1, 8) if grace else length, pitch, part, int(grace)))
        if any(tie.find("next") is not None for tie in ties):
            self.open[part, pitch] = place


def read_musescore(path: Path) -> PlainScore:
    return _Reader(ElementTree.parse(path).getroot()).read()
