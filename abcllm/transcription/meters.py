"""Where the bar lines stand, and in which metre: what notes do on each place of a bar.

A bar has a slot every sixteenth. How often a note begins in each slot, how long it is, how it moves from the note
before, on which degree of the key it stands, and with what tunes begin and end, was counted in tunes
(`tools/fit_profiles.py` makes `meters.json`); of all places where the bar lines may stand, the likeliest is taken. The
weights of what was counted are those of a conditional logit over 2,504 tunes. Louder notes on the bar lines count
where a file has them. Source of the model: Temperley, Music and Probability, chapter 3, 2007, with positions
counted outright, as in Dixon, Gouyon and Widmer, Towards characterisation of music via rhythmic patterns, 2004.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..notation.theory import Key, Meter

__all__ = ["LENGTHS", "MOVES", "SLOT", "Line", "Place", "Tables", "place_bars", "read_tables"]

SLOT: Final = Fraction(1, 16)
LENGTHS: Final = (1, 2, 3, 4, 6, 8)
"""Sixteenths: a note's length is the last of these that is not greater; shorter ones have a class of their own."""
MOVES: Final = 6
"""Same pitch, a step or a leap up, a step or a leap down, and the first note."""
STEP: Final = 2
ACCENT_WEIGHT: Final = 1.0
RHYTHM, MOVE, DEGREE, FIRST, LAST, END = 0.082, 0.168, 0.163, 0.577, 0.606, 1.108
COMMON: Final = ("4/4", "2/4", "3/4", "6/8", "9/8", "3/8")


class Line(NamedTuple):
    """The highest notes of the music as numbers: slot of the onset, and classes of length, move and degree.

    `ends` is the slot at which the last note ends, `loudness` the velocities in standard deviations from their mean.
    """

    slots: NDArray[np.int64]
    lengths: NDArray[np.int64]
    moves: NDArray[np.int64]
    degrees: NDArray[np.int64]
    ends: int
    loudness: NDArray[np.float64]

    @classmethod
    def of(cls, notes: Sequence[tuple[Fraction, Fraction, int, int]], key: Key) -> Line:
        """The line of notes (onset, duration, pitch, velocity) that are in order, one at a time."""
        slots = np.array([int(onset / SLOT) for onset, _, _, _ in notes])
        sizes = np.array([float(duration / SLOT) for _, duration, _, _ in notes])
        pitches = np.array([pitch for _, _, pitch, _ in notes])
        steps = np.diff(pitches)
        moves = np.select([steps == 0, abs(steps) <= STEP], [0, np.where(steps > 0, 1, 2)], np.where(steps > 0, 3, 4))
        velocities = np.array([velocity for _, _, _, velocity in notes], dtype=float)
        spread = float(velocities.std())
        last = notes[-1]
        return cls(
            slots,
            np.searchsorted(LENGTHS, sizes, side="right"),
            np.concatenate([[MOVES - 1], moves]),
            (pitches - 7 * key.fifths) % 12,
            int((last[0] + last[1]) / SLOT),
            (velocities - velocities.mean()) / spread if spread > 1 else np.zeros(len(notes)),
        )


class Tables(NamedTuple):
    """Logarithms of probabilities by slot of the bar, for one metre.

    `rhythm`, `first` and `last` have a column for each class of length, and `rhythm` a last one for no onset.
    """

    share: float
    rhythm: NDArray[np.float64]
    moves: NDArray[np.float64]
    degrees: NDArray[np.float64]
    first: NDArray[np.float64]
    last: NDArray[np.float64]

    def twice(self) -> Tables:
        """The tables of a bar that is two of these."""
        return Tables(self.share, *(np.concatenate([table, table]) for table in self[1:]))


class Place(NamedTuple):
    """A metre, how many slots after time 0 the first bar line stands, and how likely that is (a logarithm)."""

    meter: Meter
    slots: int
    score: float


@lru_cache(maxsize=1)
def read_tables() -> dict[str, Tables]:
    """The tables of each metre that was counted, by its name."""
    text = files("abcllm.transcription").joinpath("meters.json").read_text("utf-8")
    tables = {}
    for name, table in json.loads(text).items():
        columns = {column: np.array(values) / -100 for column, values in table.items()}
        tables[name] = Tables(float(columns.pop("share")), **columns)
    return tables


def place_bars(line: Line, meter: Meter | None) -> list[Place]:
    """Every place where the bars of that metre (or of any common one) may begin, the likeliest first.

    Of a metre that was not counted, nor one of half its length, nothing is known.
    """
    tables = read_tables()
    names = COMMON if meter is None else (f"{sum(meter.beats)}/{meter.unit}",)
    places: list[Place] = []
    for name in names:
        beats, unit = map(int, name.split("/"))
        if name in tables:
            places += _places(line, meter or Meter((beats,), unit), tables[name])
        elif (half := f"{beats // 2}/{unit}") in tables and beats % 2 == 0:
            places += _places(line, meter or Meter((beats,), unit), tables[half].twice())
    return sorted(places, key=lambda place: -place.score)


def _places(line: Line, meter: Meter, tables: Tables) -> list[Place]:
    bar = len(tables.first)
    bars = (line.ends - line.slots[0]) / bar
    silence = bars * float(tables.rhythm[:, -1].sum())
    onsets = tables.rhythm[:, :-1] - tables.rhythm[:, -1:]
    places = []
    for shift in range(bar):
        slots = (line.slots - shift) % bar
        score = (
            RHYTHM * (silence + float(onsets[slots, line.lengths].sum()))
            + MOVE * float(tables.moves[slots, line.moves].sum())
            + DEGREE * float(tables.degrees[slots, line.degrees].sum())
            + FIRST * float(tables.first[slots[0], line.lengths[0]])
            + LAST * float(tables.last[slots[-1], line.lengths[-1]])
            + END * ((line.ends - shift) % bar == 0)
            + ACCENT_WEIGHT * float(line.loudness[slots == 0].sum())
            + tables.share
        )
        places.append(Place(meter, shift, score))
    return places
