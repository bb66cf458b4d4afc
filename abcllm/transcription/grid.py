"""Ticks to exact fractions of a whole note, where the music stands on a grid.

Each time goes to the simplest part of a quarter note that is near enough: halves before thirds, thirds before eighths.
Files that programs write are a tick or two off where the parts of a quarter are no whole number of ticks, and some
begin each note a tick late.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import Final

from .events import MidiMusic

__all__ = ["Grid", "is_quantised"]

DIVISIONS: Final = (1, 2, 4, 3, 8, 6, 16, 12, 5, 32, 7, 24, 9, 10, 14, 20, 48, 64)
USUAL: Final = (1, 2, 4, 3, 8, 6, 16, 12, 5, 7)
COARSE: Final = (1, 2, 4, 3, 6)
LEAST_ON_GRID: Final = 0.93
LEAST_ON_COARSE: Final = 0.9
LEAST_ENDS_ON_GRID: Final = 0.6
FEW_TICKS: Final = 96
ORNAMENT: Final = 32
"""A note is an ornament if so many of it, or more, fill a quarter."""
TOLERANCE: Final = Fraction(1, 200)
"""How far off the grid a time may be, in quarter notes; at least one tick, and `MOST_TICKS_OFF` at most."""
MOST_TICKS_OFF: Final = 3


class Grid:
    """The times of a file. `finest` is the shortest note that is told apart, where the user says it."""

    def __init__(self, resolution: int, finest: Fraction | None = None) -> None:
        self.resolution = resolution
        self.finest = finest
        self.places = _places(resolution)
        self.known: dict[int, Fraction] = {}

    def snap(self, tick: int) -> Fraction:
        """The time of a tick, in whole notes."""
        if tick not in self.known:
            if self.finest is not None:
                quarters = round(Fraction(tick, self.resolution) / (self.finest * 4)) * self.finest * 4
            else:
                beat, rest = divmod(tick, self.resolution)
                quarters = beat + self.places[rest][1]
            self.known[tick] = quarters / 4
        return self.known[tick]

    def is_on(self, tick: int, divisions: Sequence[int] = DIVISIONS) -> bool:
        return self.places[tick % self.resolution][0] in divisions


@lru_cache(maxsize=16)
def _places(resolution: int) -> list[tuple[int, Fraction]]:
    """For each tick of a quarter note into how many parts that is divided (0: it is off the grid), and which it is."""
    tolerance = min(max(1, int(resolution * TOLERANCE)), MOST_TICKS_OFF)
    places = [(0, Fraction(tick, resolution)) for tick in range(resolution)]
    for division in reversed(DIVISIONS):
        for part in range(division + 1):
            exact = Fraction(part * resolution, division)
            for tick in range(max(ceil(exact - tolerance), 0), min(floor(exact + tolerance) + 1, resolution)):
                places[tick] = division, Fraction(part, division)
    return places


def is_quantised(music: MidiMusic) -> bool:
    """Whether the notes of a file stand on a grid of its beats, as a score does and a performance does not.

    Most of them must end on it too: a recording whose beginnings were drawn to a grid is still one. Where ticks are so
    few that all of them are on a grid, most notes must be on the quarters' halves and thirds.
    """
    grid = Grid(music.resolution)
    onsets = list(_plain_onsets(music)) or [note.onset for track in music.tracks for note in track.notes]
    ends = [note.offset for track in music.tracks for note in track.notes]
    return (
        _share(onsets, grid, USUAL) >= LEAST_ON_GRID
        and _share(ends, grid, USUAL) >= LEAST_ENDS_ON_GRID
        and (music.resolution > FEW_TICKS or _share(onsets, grid, COARSE) >= LEAST_ON_COARSE)
    )


def _plain_onsets(music: MidiMusic) -> Iterator[int]:
    """The onsets of all notes but ornaments of a few ticks, and the notes that these put off."""
    for track in music.tracks:
        end_of_ornament = -1
        for note in track.notes:
            if (note.offset - note.onset) * ORNAMENT <= music.resolution:
                end_of_ornament = note.offset
            elif note.onset > end_of_ornament + 1:
                yield note.onset


def _share(onsets: Iterable[int], grid: Grid, divisions: Sequence[int]) -> float:
    hits = [grid.is_on(onset, divisions) for onset in onsets]
    return sum(hits) / max(len(hits), 1)
