"""Melodies of many tunes, found by what they have in common: turns of written notes, without reading the music.

A turn is a run of `TURN` steps from note to note as they stand on the staff, octaves left out: the same in every key
and metre. It counts by how rare it is among all tunes (Sparck Jones, A statistical interpretation of term specificity,
1972). What comes near is then compared by the outlines of `analysis.melody`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["Melodies"]

TURN: Final = 5
STAFF: Final = 7
NO_NOTES: Final = re.compile(rb'(?m)^[A-Za-z]:.*$|%.*|"[^"\n]*"|![^!\n]*!|\{[^}\n]*\}|\[[A-Za-z]:[^\]\n]*\]')
LETTERS: Final = b"CDEFGABcdefgab"
DEGREES: Final = bytes.maketrans(LETTERS, bytes(place % STAFF for place in range(len(LETTERS))))
OTHERS: Final = bytes(set(range(256)) - set(LETTERS))


class Melodies:
    """The turns of some tunes: `turns` and, beside each, the place of the tune it is in."""

    def __init__(self, texts: Sequence[str]) -> None:
        rows = [_turns(text) for text in texts]
        self.turns = np.concatenate(rows) if rows else np.empty(0, np.int64)
        self.tunes = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
        self.sizes = np.array([max(len(row), 1) for row in rows])

    def nearest(self, text: str) -> Iterator[int]:
        """The places of tunes that have turns in common with a tune, those with the most and rarest first."""
        asked = np.unique(_turns(text))
        inside = np.isin(self.turns, asked)
        turns, tunes = self.turns[inside], self.tunes[inside]
        if not len(turns):
            return
        names, counts = np.unique(turns, return_counts=True)
        rarity = np.log(1 + len(self.sizes) / counts)
        weights = rarity[np.searchsorted(names, turns)]
        scores = np.bincount(tunes, weights, len(self.sizes)) / np.sqrt(self.sizes)
        for place in np.argsort(-scores, kind="stable"):
            if not scores[place]:
                return
            yield int(place)


def _turns(text: str) -> NDArray[np.int64]:
    """The turns of a tune as numbers, each once."""
    notes = NO_NOTES.sub(b"", text.encode()).translate(DEGREES, OTHERS)
    degrees: NDArray[np.int64] = np.frombuffer(notes, np.uint8).astype(np.int64)
    steps = (degrees[1:] - degrees[:-1]) % STAFF
    if len(steps) < TURN:
        return np.empty(0, np.int64)
    turns = np.zeros(len(steps) - TURN + 1, np.int64)
    for place in range(TURN):
        turns = turns * STAFF + steps[place : len(steps) - TURN + 1 + place]
    return np.unique(turns)
