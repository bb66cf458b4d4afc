"""A track of block chords as chord symbols.

The notes that sound together are named by the kind whose pitch classes they are, the bass first among the roots;
where none fits, by the kind that shares most of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Final

from ..notation.harmony import INTERVALS
from ..notation.theory import Key
from .pitches import name_pitch_class
from .score import ScoreNote

__all__ = ["find_symbols", "is_chord_track"]

SUFFIXES: Final = {
    "major": "", "minor": "m", "dominant": "7", "minor-seventh": "m7", "major-seventh": "maj7", "diminished": "dim",
    "augmented": "aug", "diminished-seventh": "dim7", "half-diminished": "m7b5", "suspended-fourth": "sus4",
    "suspended-second": "sus2", "major-sixth": "6", "minor-sixth": "m6", "dominant-ninth": "9", "minor-ninth": "m9",
    "major-ninth": "maj9", "major-minor": "mM7", "augmented-seventh": "aug7", "power": "5",
}  # fmt: skip
SHAPES: Final = {kind: frozenset(interval % 12 for interval in INTERVALS[kind]) for kind in SUFFIXES}
LEAST_BLOCKS: Final = 0.8
LEAST_NAMED: Final = 0.9


def is_chord_track(notes: Iterable[ScoreNote]) -> bool:
    """Whether a part plays nothing but chords that have a name, three notes or more at a time."""
    blocks = _blocks(notes)
    if not blocks:
        return False
    full = [pitches for _, pitches in blocks if len({pitch % 12 for pitch in pitches}) >= 3]
    named = [pitches for pitches in full if _name(tuple(pitches)) is not None]
    return len(full) >= LEAST_BLOCKS * len(blocks) and len(named) >= LEAST_NAMED * len(full)


def find_symbols(
    notes: Iterable[ScoreNote], keys: Sequence[tuple[Fraction, Key]], bars: Sequence[Fraction]
) -> list[tuple[Fraction, str]]:
    """The chord symbols of a part, each where it begins; a chord that is struck again is said once a bar.

    `bars` are the onsets of the bars.
    """
    symbols: list[tuple[Fraction, str]] = []
    said: tuple[int, str] = 0, ""
    for onset, pitches in _blocks(notes):
        named = _name(tuple(pitches))
        if named is None:
            continue
        key = next(value for begin, value in reversed(keys) if begin <= onset or begin == keys[0][0])
        root, kind, bass = named
        text = name_pitch_class(root, key) + SUFFIXES[kind]
        if bass != root:
            text += f"/{name_pitch_class(bass, key)}"
        bar = bisect_right(bars, onset)
        if said != (bar, text):
            symbols.append((onset, text))
        said = bar, text
    return symbols


def _blocks(notes: Iterable[ScoreNote]) -> list[tuple[Fraction, list[int]]]:
    """The pitches that begin together, upwards."""
    blocks: dict[Fraction, list[int]] = {}
    for note in notes:
        blocks.setdefault(note.onset, []).append(note.pitch)
    return [(onset, sorted(pitches)) for onset, pitches in sorted(blocks.items())]


@lru_cache(maxsize=8192)
def _name(pitches: tuple[int, ...]) -> tuple[int, str, int] | None:
    """Root, kind and bass of a chord; None where no kind has just these pitch classes."""
    classes = frozenset(pitch % 12 for pitch in pitches)
    bass = pitches[0] % 12
    for root in sorted(classes, key=lambda pitch_class: pitch_class != bass):
        shape = frozenset((pitch_class - root) % 12 for pitch_class in classes)
        for kind, wanted in SHAPES.items():
            if shape == wanted:
                return root, kind, bass
    return None
