"""Beats that a file states: played to a click, so that the notes keep near the grid though they are not on it.

Where players hear the beat, their onsets gather about the parts of a beat; where a program only wrote 120 for a tempo
that nobody took, they lie anywhere. How much they gather is the length of the mean of their phases as unit vectors
(the resultant length of circular statistics, Fisher 1993): 0 for anywhere, 1 for exactly.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from ..notation.theory import Meter
from .beats import Beats
from .events import MidiMusic

__all__ = ["find_stated_beats"]

PARTS: Final = (4, 3)
"""Of a quarter note: sixteenths or triplets."""
LEAST_GATHERED: Final = 0.4
FEWEST_NOTES: Final = 40
COMMON_TIME: Final = Meter((4,), 4)


def find_stated_beats(music: MidiMusic) -> tuple[Beats, Meter] | None:
    """The beats of the file from its first note to its last, and their metre, if the notes keep to them.

    A file with several metres, or one without beats (such as 5/16), states none.
    """
    onsets = np.array([note.onset for track in music.tracks for note in track.notes], np.float64)
    meter = music.meters[0][1] if music.meters else COMMON_TIME
    if len(onsets) < FEWEST_NOTES or len({meter for _, meter in music.meters}) > 1 or len(meter.beats) != 1:
        return None
    phases = onsets / music.resolution
    if max(abs(np.exp(2j * np.pi * parts * phases).mean()) for parts in PARTS) < LEAST_GATHERED:
        return None
    count = meter.beats[0] // 3 if meter.is_compound else meter.beats[0]
    length = music.resolution * 4 * (3 if meter.is_compound else 1) / meter.unit
    start = music.meters[0][0] if music.meters else 0
    first, last = (int((tick - start + length / 4) // length) for tick in (onsets.min(), onsets.max()))
    numbers = np.arange(first - first % count, last + 2)
    ticks = np.maximum(np.round(start + numbers * length), 0).astype(np.int64).tolist()
    if any(before >= after for before, after in pairwise(ticks)):
        return None
    return Beats(np.array(music.seconds(ticks)), numbers % count, np.full(len(numbers), count)), meter
