"""How long played notes are written: to the next of their hand, unless they were let go early or held well beyond it.

A pedal and fingers that overlap make notes sound on; a reader sees plain values. So a note ends where the next of its
part begins, a note that was let go early ends at the next plain place after that, and a note that sounds through
several later ones is held as a second voice of its hand. Short notes just before a place are grace notes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from typing import Final, NamedTuple

__all__ = ["PlacedNote", "settle_lengths"]

GRACE_S: Final = 0.16
GRACE_GAP_S: Final = 0.06
DETACHED: Final = 0.25
HELD_THROUGH: Final = 0.85
PEDALLED: Final = 0.2
LONGEST_BARS: Final = 2


class PlacedNote(NamedTuple):
    """A note with its place and where it was let go, in beats; `onset_s` and `duration_s` are as it was played."""

    place: Fraction
    end: float
    pitch: int
    part: int
    velocity: int
    onset_s: float
    duration_s: float


def settle_lengths(
    notes: Sequence[PlacedNote], bar_beats: int, *, ternary: bool
) -> list[tuple[Fraction, Fraction, PlacedNote]]:
    """(place, length, note) of all notes, in beats; a grace note has length 0. In no part do more than two notes of
    different length or onset sound at once. `ternary` says that beats fall in three."""
    settled = []
    steps = (Fraction(1, 3), Fraction(1)) if ternary else (Fraction(1, 2), Fraction(1))
    by_part = sorted(notes, key=lambda note: (note.part, note.place, note.onset_s, note.pitch))
    for _, own in groupby(by_part, key=lambda note: note.part):
        settled += list(_settle(list(own), bar_beats, steps))
    return settled


def _settle(
    notes: Sequence[PlacedNote], bar_beats: int, steps: Sequence[Fraction]
) -> Iterator[tuple[Fraction, Fraction, PlacedNote]]:
    """The notes of one part."""
    chords: list[tuple[Fraction, list[PlacedNote]]] = []
    for place, struck in groupby(notes, key=lambda note: note.place):
        graces, chord = _graces(list(struck))
        chords.append((place, chord))
        yield from ((place, Fraction(0), note) for note in graces)
    places = [place for place, _ in chords]
    longest = LONGEST_BARS * bar_beats
    reaches = [[_sounds_to(note, index, places) for note in chord] for index, (_, chord) in enumerate(chords)]
    beyond = [reach > index + 1 for index, row in enumerate(reaches) for reach in row]
    pedalled = sum(beyond) > PEDALLED * len(beyond)
    nexts = [*places[1:], places[-1] + bar_beats]
    free = places[0]
    for index, ((place, chord), row) in enumerate(zip(chords, reaches, strict=True)):
        plain = _plain_end(place, nexts[index], max(note.end for note in chord), steps)
        holds = not pedalled and free <= place and max(row) > index + 1
        held = min(places[min(max(row), len(places) - 1)], place + longest) if holds else plain
        for note, reach in zip(chord, row, strict=True):
            end = held if holds and reach > index + 1 else plain
            yield place, end - place, note
        if holds:
            free = held


def _graces(struck: Sequence[PlacedNote]) -> tuple[list[PlacedNote], list[PlacedNote]]:
    """Short notes that come before the rest of what shares their place, and that rest, each pitch once."""
    last = struck[-1].onset_s
    graces = [note for note in struck if note.duration_s < GRACE_S and last - note.onset_s > GRACE_GAP_S]
    chord: dict[int, PlacedNote] = {}
    for note in struck:
        if note not in graces and (note.pitch not in chord or note.end > chord[note.pitch].end):
            chord[note.pitch] = note
    return graces, list(chord.values())


def _sounds_to(note: PlacedNote, index: int, places: Sequence[Fraction]) -> int:
    """Index of the place at which a note may be said to end: that of the last onset that it sounds through."""
    reach = bisect_right(places, note.end)
    if index + 1 < reach < len(places):
        step = float(places[reach] - places[reach - 1])
        if note.end - float(places[reach - 1]) < HELD_THROUGH * step:
            reach -= 1
    return max(reach, index + 1)


def _plain_end(place: Fraction, following: Fraction, released: float, steps: Sequence[Fraction]) -> Fraction:
    """The next onset, or a plain place before it where the note was let go long before."""
    gap = following - place
    if gap <= steps[0] or released - float(place) >= DETACHED * float(gap):
        return following
    for step in steps:
        end = (place // step + 1) * step
        while end < following and float(end) + float(step) / 4 < released:
            end += step
        if end - place >= step / 2:
            return min(end, following)
    return following
