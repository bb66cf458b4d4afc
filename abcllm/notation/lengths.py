"""Note texts to pitches and exact lengths, remembered.

A tune repeats the same few dozen note texts; under one key signature and unit length each has one meaning, so
it is worked out once. Time inside a bar is counted in ticks, integers wherever they can be (and exact fractions
where not), since adding `Fraction`s would take most of the reader's time.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from .scanner import NOTE_PARTS
from .theory import ACCIDENTAL_VALUE, Pitch

TICKS_PER_WHOLE: Final = 2**12 * 3**3 * 5 * 7 * 11 * 13
Ticks: TypeAlias = "int | Fraction"
REMEMBERED: Final = 4096


def ticks_of(duration: Fraction) -> Ticks:
    """Exact time of a duration: an int wherever its denominator divides `TICKS_PER_WHOLE`."""
    ticks = duration * TICKS_PER_WHOLE
    return ticks.numerator if ticks.denominator == 1 else ticks


@lru_cache(maxsize=REMEMBERED)
def duration_of(ticks: Ticks) -> Fraction:
    """The duration, in whole notes, of a time in ticks."""
    return Fraction(ticks) / TICKS_PER_WHOLE


def read_factor(digits: str, slashes: str, divisor: str) -> Fraction | None:
    """The length written after a note (section 4.3), in unit note lengths; None where it cannot be played."""
    if not slashes:
        if not digits:
            return Fraction(1)
        return Fraction(int(digits)) if len(digits) <= 5 and int(digits) else None
    if len(digits) > 5 or len(divisor) > 5 or len(slashes) > 9:
        return None
    numerator = int(digits) if digits else 1
    denominator = 2 ** len(slashes) if not divisor else int(divisor) if len(slashes) == 1 else 0
    return Fraction(numerator, denominator) if numerator and denominator else None


class NoteReading(NamedTuple):
    """What a note's text means: `pitch` under the signature, printed accidental, length, and that length in ticks."""

    pitch: Pitch
    accidental: int | None
    duration: Fraction
    ticks: Ticks
    playable: bool


class Context:
    """The meanings of note texts under one key signature and one unit note length."""

    __slots__ = ("notes", "rests", "signature", "unit_length")

    def __init__(self, signature: tuple[tuple[str, int], ...], unit_length: Fraction) -> None:
        self.signature = dict(signature)
        self.unit_length = unit_length
        self.notes: dict[str, NoteReading] = {}
        self.rests: dict[str, tuple[Fraction, Ticks]] = {}

    def read_note(self, text: str) -> NoteReading | None:
        """The meaning of a note's text; None where its length cannot be played."""
        match = NOTE_PARTS.match(text)
        if match is None:
            return None
        sign, letter, marks, digits, slashes, divisor = match.groups()
        factor = read_factor(digits, slashes, divisor)
        if factor is None:
            return None
        step = letter.upper()
        octave = (4 if letter == step else 5) + marks.count("'") - marks.count(",")
        accidental = ACCIDENTAL_VALUE[sign] if sign else None
        pitch = Pitch(step, octave, self.signature.get(step, 0) if accidental is None else accidental)
        duration = self.unit_length * factor
        reading = NoteReading(pitch, accidental, duration, ticks_of(duration), 0 <= pitch.midi <= 127)
        if len(self.notes) < REMEMBERED:
            self.notes[text] = reading
        return reading

    def read_length(self, text: str) -> tuple[Fraction, Ticks] | None:
        """The length of a rest from the text after its letter; None where it cannot be played."""
        match = NOTE_PARTS.match("C" + text)
        factor = read_factor(*match.groups()[3:]) if match else None
        if factor is None:
            return None
        duration = self.unit_length * factor
        reading = duration, ticks_of(duration)
        if len(self.rests) < REMEMBERED:
            self.rests[text] = reading
        return reading


@lru_cache(maxsize=512)
def context(signature: tuple[tuple[str, int], ...], unit_length: Fraction) -> Context:
    """The one `Context` of a signature (sorted pairs of step and alteration) and a unit note length."""
    return Context(signature, unit_length)


@lru_cache(maxsize=REMEMBERED)
def scale(ticks: Ticks, numerator: int, denominator: int) -> tuple[Fraction, Ticks]:
    """A time multiplied by a ratio, as duration and as ticks."""
    duration = Fraction(ticks) / TICKS_PER_WHOLE * Fraction(numerator, denominator)
    return duration, ticks_of(duration)


@lru_cache(maxsize=64)
def broken_ratio(marks: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Ratios of the two notes around `>` (1), `>>` (2), `<` (-1), ...: `>` gives 3/2 and 1/2 (section 4.4)."""
    power = 2 ** abs(marks)
    longer, shorter = (2 * power - 1, power), (1, power)
    return (longer, shorter) if marks > 0 else (shorter, longer)
