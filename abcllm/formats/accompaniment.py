"""Chord symbols as players of a guitar or piano take them: bass on the strong beats, chords on the weak ones."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from ..notation.harmony import ChordSymbol, is_silent, parse_chord_symbol
from ..notation.theory import Meter
from .sounding import PlayedBar, SoundingNote

__all__ = ["accompany", "find_chord"]

BASS_VELOCITY: Final = 72
CHORD_VELOCITY: Final = 56
LOWEST_BASS: Final = 36
LOWEST_CHORD: Final = 48
# What is played in each equal part of a bar: f for the fundamental, c for the chord, z for nothing new.
PATTERNS: Final = {
    (2, 2): "fzcz", (2, 4): "fc", (3, 4): "fcc", (4, 4): "fcfc", (3, 8): "fcc", (6, 8): "fzcfzc", (9, 8): "fzcfzcfzc",
    (12, 8): "fzcfzcfzcfzc", (3, 2): "fcc", (6, 4): "fccfcc", (5, 4): "fccfc", (5, 8): "fzcfc", (7, 8): "fzcfcfc",
}  # fmt: skip


def accompany(
    symbols: Sequence[tuple[Fraction, str]], bars: Sequence[PlayedBar], end: Fraction, voice: int
) -> list[SoundingNote]:
    """The notes of an accompaniment to chord symbols (onset, text) over the bars of a melody that ends at `end`.

    A symbol holds until the next; texts that name no chord are passed over, `N.C.` is silence. In a bar that is not
    full the pattern keeps its end where it is the first (a pickup), and its beginning elsewhere.
    """
    changes = _changes(symbols)
    if not changes:
        return []
    onsets = [onset for onset, _ in changes]
    notes: list[SoundingNote] = []
    for index, bar in enumerate(bars):
        stop = bars[index + 1].onset if index + 1 < len(bars) else end
        for onset, length, sign in _slots(bar, stop, pickup=index == 0):
            place = bisect_right(onsets, onset) - 1
            chord = changes[place][1] if place >= 0 else None
            if chord is not None:
                notes.extend(_strike(chord, sign, onset, length, voice, bar.number))
    return notes


def find_chord(text: str) -> ChordSymbol | None:
    """The chord that a text names first: `G` of `G(Em)`."""
    return parse_chord_symbol(text) or parse_chord_symbol(text.strip(" ()").replace("(", " ").split(" ")[0])


def _changes(symbols: Sequence[tuple[Fraction, str]]) -> list[tuple[Fraction, ChordSymbol | None]]:
    changes: list[tuple[Fraction, ChordSymbol | None]] = []
    for onset, text in sorted(symbols, key=lambda symbol: symbol[0]):
        chord = find_chord(text)
        if chord is not None or is_silent(text):
            changes.append((onset, chord))
    return changes


def _slots(bar: PlayedBar, stop: Fraction, *, pickup: bool) -> list[tuple[Fraction, Fraction, str]]:
    """(onset, duration, f or c) of what is struck in a bar that ends at `stop`."""
    pattern, full = _pattern(bar.meter)
    part = full / len(pattern)
    begin = stop - full if pickup and stop - bar.onset < full else bar.onset
    struck: list[tuple[Fraction, Fraction, str]] = []
    place = 0
    while begin + place * part < stop:
        onset, sign = begin + place * part, pattern[place % len(pattern)]
        place += 1
        if sign == "z" or onset < bar.onset:
            continue
        parts = 2 if pattern[place % len(pattern)] == "z" else 1
        struck.append((onset, min(part * parts, stop - onset), sign))
    return struck


def _pattern(meter: Meter) -> tuple[str, Fraction]:
    """The pattern of a metre and the length of the bar that it fills."""
    full = meter.duration
    if full is None:
        return "f", Fraction(1)
    beats = (sum(meter.beats), meter.unit)
    if len(meter.beats) > 1:
        return "".join("f" + "c" * (count > 1) + "z" * (count - 2) for count in meter.beats), full
    return PATTERNS.get(beats, "f" + "z" * (beats[0] - 1)), full


def _strike(
    chord: ChordSymbol, sign: str, onset: Fraction, length: Fraction, voice: int, bar: int
) -> list[SoundingNote]:
    if sign == "f":
        low = LOWEST_BASS + (chord.bass_pitch_class - LOWEST_BASS) % 12
        return [SoundingNote(voice, onset, length, low, BASS_VELOCITY, bar=bar)]
    root = LOWEST_CHORD + (chord.pitch_classes[0] - LOWEST_CHORD) % 12
    return [
        SoundingNote(voice, onset, length, root + interval, CHORD_VELOCITY, bar=bar) for interval in chord.intervals
    ]
