"""Beats that a file states: played to a click, so that the notes keep near a grid though they are not on it.

Where players hear the beat, their onsets gather about the parts of a beat; where a program only wrote 120 for a tempo
that nobody took, they lie anywhere. How much they gather is the length of the mean of their phases as unit vectors
(the resultant length of circular statistics, Fisher 1993): 0 for anywhere, 1 for exactly. Its angle is how late they
are. A click gives how long a beat lasts, but not which of its parts the beat is, for a recording seldom begins where
its file does: that, and the bars where none are stated, the network hears.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..notation.theory import Meter
from .beat_features import PerformedNote
from .beats import SILENT_ODDS, Beats, count_bars, hear_notes
from .events import MidiMusic

__all__ = ["find_stated_beats"]

PARTS: Final = (4, 3)
"""Of a quarter note: sixteenths or triplets."""
LEAST_GATHERED: Final = 0.4
FEWEST_NOTES: Final = 40
COMMON_TIME: Final = Meter((4,), 4)
NEAR: Final = 0.4
"""Of a part of a quarter: an event so near to a beat is taken for it."""
TRUST_IN_FILE: Final = 0.1
"""How much more (log odds, a beat) must be heard in other beats than in those of the file."""

Floats = NDArray[np.float64]


class _Grid(NamedTuple):
    """Beats of a click: their numbers, counted from where the file counts, and their times."""

    numbers: NDArray[np.int64]
    times_s: Floats


def find_stated_beats(music: MidiMusic, notes: Sequence[PerformedNote]) -> tuple[Beats, Meter] | None:
    """The beats of the file from its first note to its last, and their metre, if the notes keep to them.

    `notes` are those of the file in order of onset. A file with several metres, or one without beats (such as 5/16),
    states none.
    """
    onsets = np.array([note.onset for track in music.tracks for note in track.notes], np.float64)
    meter = music.meters[0][1] if music.meters else COMMON_TIME
    if len(onsets) < FEWEST_NOTES or len({meter for _, meter in music.meters}) > 1 or len(meter.beats) != 1:
        return None
    gathered = {parts: np.exp(2j * np.pi * parts * onsets / music.resolution).mean() for parts in PARTS}
    parts = max(gathered, key=lambda parts: float(abs(gathered[parts])))
    if abs(gathered[parts]) < LEAST_GATHERED:
        return None
    part = music.resolution / parts
    late = float(np.angle(gathered[parts])) / (2 * np.pi) * part
    length = music.resolution * 4 * (3 if meter.is_compound else 1) / meter.unit
    start = late + (music.meters[0][0] if music.meters else 0)
    grids = [_lay_grid(music, onsets, start + step * part, length) for step in range(max(int(length // part), 1))]
    if any(np.any(np.diff(grid.times_s) <= 0) for grid in grids):
        return None
    heard = hear_notes(notes)
    near_s = NEAR * part / length * float(np.median(np.diff(grids[0].times_s)))
    sums = [_heard_at(grid.times_s, heard.times_s, heard.odds.beat, near_s).mean() for grid in grids]
    sums[0] += TRUST_IN_FILE
    best = int(np.argmax(sums))
    numbers, times = grids[best]
    count = meter.beats[0] // 3 if meter.is_compound else meter.beats[0]
    if music.meters and best == 0:
        places = numbers % count
    else:
        places, _ = count_bars(_heard_at(times, heard.times_s, heard.odds.downbeat, near_s), (count,))
    return Beats(times, places, np.full(len(numbers), count)), meter


def _lay_grid(music: MidiMusic, onsets: Floats, start: float, length: float) -> _Grid:
    """A beat each `length` ticks, one of them at `start`, from before the first onset to after the last."""
    first, last = (int((tick - start + length / 8) // length) for tick in (onsets.min(), onsets.max()))
    numbers = np.arange(first, last + 2)
    ticks = np.maximum(np.round(start + numbers * length), 0).astype(np.int64).tolist()
    return _Grid(numbers, np.array(music.seconds(ticks)))


def _heard_at(times_s: Floats, events_s: Floats, odds: NDArray[np.float32], near_s: float) -> Floats:
    """The greatest of the odds of the events near each time."""
    values = np.full(len(times_s), SILENT_ODDS)
    after = np.clip(np.searchsorted(times_s, events_s), 1, len(times_s) - 1)
    nearest = after - (events_s - times_s[after - 1] < times_s[after] - events_s)
    near = np.abs(times_s[nearest] - events_s) < near_s
    np.maximum.at(values, nearest[near], odds[near])
    return values
