"""Tunes as gestures: the tokens of the n-gram model, free of key and octave.

A gesture is one note, one rest, one tuplet or one pair in broken rhythm. Pitches are diatonic steps above the
tonic (0; the octave is chosen so that the tune's mean lies above it and below the next), alterations are relative
to the key signature, lengths are fractions of a whole note. So a reel in D and the same reel in G are one melody.

A gesture is spelled `0:1/8` (tonic, an eighth), `4^:1/4-` (raised fifth, tied on), `z:1/8` (rest),
`t3/2 0:1/8 1:1/8 2:1/8` (triplet), `b1 0:1/8 1:1/8` (`>` between two eighths).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Final

from ...notation import Bar, Key, Note, Pitch, Rest, Tune
from ...notation.theory import ACCIDENTAL_TEXT, STEPS, TUPLET_TIME
from ...notation.tune import Chord, Tuplet
from ...notation.writer import length

NOTE: Final = re.compile(r"(?:(-?\d+)([\^_]?)|z):(\d+)/(\d+)(-?)")


@dataclass(frozen=True, slots=True)
class Tone:
    """One note of a gesture: `step` above the tonic (None for a rest), alteration, written length, tie."""

    step: int | None
    alter: int
    written: Fraction
    tied: bool


@dataclass(frozen=True, slots=True)
class Gesture:
    """One token: its tones, and what joins them (`tuplet` p in the time of q, or `broken` marks)."""

    tones: tuple[Tone, ...]
    tuplet: tuple[int, int] = (1, 1)
    broken: int = 0

    @property
    def duration(self) -> Fraction:
        """What it lasts, in whole notes."""
        p, q = self.tuplet
        return sum((tone.written for tone in self.tones), Fraction(0)) * Fraction(q, p)

    def __str__(self) -> str:
        head = (
            f"t{self.tuplet[0]}/{self.tuplet[1]} "
            if self.tuplet != (1, 1)
            else f"b{self.broken} "
            if self.broken
            else ""
        )
        return head + " ".join(
            f"{'z' if tone.step is None else str(tone.step) + ('', '^', '_')[tone.alter]}"
            f":{tone.written.numerator}/{tone.written.denominator}{'-' if tone.tied else ''}"
            for tone in self.tones
        )


@lru_cache(maxsize=65536)
def read_gesture(text: str) -> Gesture:
    """The gesture that is spelled so.

    >>> str(read_gesture("t3/2 0:1/8 1^:1/8 z:1/8"))
    't3/2 0:1/8 1^:1/8 z:1/8'
    """
    tones = tuple(
        Tone(
            None if step is None else int(step),
            {"": 0, "^": 1, "_": -1}[sign or ""],
            Fraction(int(top), int(bottom)),
            tie == "-",
        )
        for step, sign, top, bottom, tie in (match.groups() for match in NOTE.finditer(text))
    )
    head = text.split(" ", 1)[0]
    if head[0] == "t":
        p, _, q = head[1:].partition("/")
        return Gesture(tones, (int(p), int(q)))
    return Gesture(tones, broken=int(head[1:]) if head[0] == "b" else 0)


def tonic_octave(tune: Tune) -> int | None:
    """Diatonic number (7 an octave, C0 is 0) of the tonic that lies next below the tune's mean; None without a key."""
    if not tune.key.tonic:
        return None
    numbers = [diatonic(item.pitch) for bar in tune.voices[0].bars for item in bar.items if isinstance(item, Note)]
    if not numbers:
        return None
    mean = sum(numbers) // len(numbers)
    return mean - (mean - STEPS.index(tune.key.tonic[0])) % 7


def diatonic(pitch: Pitch) -> int:
    """Diatonic number of a pitch: 7 an octave, 28 for middle C."""
    return 7 * pitch.octave + STEPS.index(pitch.step)


def bar_gestures(bar: Bar, key: Key, tonic: int) -> list[Gesture] | None:
    """The gestures of a bar; None where it holds what the model does not know (chords, overlays, odd tuplets)."""
    if bar.overlays:
        return None
    signature = key.signature
    gestures: list[Gesture] = []
    open_tuplet: Tuplet | None = None
    waiting: list[Tone] = []
    broken = 0
    for item in bar.items:
        if isinstance(item, Tuplet):
            open_tuplet = item
            continue
        if isinstance(item, Chord):
            return None
        if not isinstance(item, Note | Rest):
            continue
        written = item.written
        if isinstance(item, Note):
            alter = item.pitch.alter - signature.get(item.pitch.step, 0)
            if abs(alter) > 1:
                return None
            tone = Tone(diatonic(item.pitch) - tonic, alter, written, bool(item.tie))
        else:
            tone = Tone(None, 0, written, False)
        if item.broken and open_tuplet is None:
            if waiting:
                return None
            broken = item.broken
            waiting.append(tone)
        elif broken:
            gestures.append(Gesture((*waiting, tone), broken=broken))
            broken, waiting = 0, []
        elif open_tuplet is not None:
            waiting.append(tone)
            if len(waiting) == open_tuplet.r:
                if open_tuplet.p != open_tuplet.r or item.broken:
                    return None
                gestures.append(Gesture(tuple(waiting), (open_tuplet.p, open_tuplet.q)))
                open_tuplet, waiting = None, []
        else:
            gestures.append(Gesture((tone,)))
    return None if waiting or open_tuplet is not None else gestures


@dataclass(slots=True)
class Speller:
    """Writes gestures as ABC in a key; remembers the accidentals of the bar.

    `tonic` is the diatonic number of the tonic of step 0.
    """

    key: Key
    tonic: int
    unit_length: Fraction
    accidentals: dict[str, int] = field(default_factory=dict)

    def copy(self) -> Speller:
        return Speller(self.key, self.tonic, self.unit_length, self.accidentals.copy())

    def begin_bar(self) -> None:
        self.accidentals = {}

    def spell(self, gesture: Gesture) -> str:
        """The gesture's ABC, without spaces around it."""
        broken = gesture.broken
        parts = []
        for index, tone in enumerate(gesture.tones):
            written = tone.written
            if broken:
                power = 2 ** abs(broken)
                longer = (index == 0) == (broken > 0)
                written /= Fraction(2 * power - 1, power) if longer else Fraction(1, power)
            parts.append(self._tone(tone) + length(written, self.unit_length) + ("-" if tone.tied else ""))
            if broken and index == 0:
                parts.append(">" * broken or "<" * -broken)
        p, q = gesture.tuplet
        plain = TUPLET_TIME.get(p) == q
        head = "" if p == q else f"({p}" if plain else f"({p}:{q}"
        return head + "".join(parts)

    def _tone(self, tone: Tone) -> str:
        if tone.step is None:
            return "z"
        octave, index = divmod(self.tonic + tone.step, 7)
        step = STEPS[index]
        signed = self.key.signature.get(step, 0)
        alter = max(-2, min(2, signed + tone.alter))
        pitch = Pitch(step, octave, alter)
        if self.accidentals.get(step, signed) == alter:
            return pitch.abc
        self.accidentals[step] = alter
        return ACCIDENTAL_TEXT[alter] + pitch.abc
