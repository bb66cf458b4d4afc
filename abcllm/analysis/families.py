"""Tune families: settings of one tune, found by melody among millions of others.

Rows that share a slot of their sketches are candidates (locality-sensitive hashing: Indyk and Motwani, Approximate
nearest neighbors, 1998). Two are of one family where their outlines align: 1 - Levenshtein/longer of at least `ALIKE`
(`SHORT_ALIKE` below `SHORT` points) in whatever key, or where the shorter, of at least `PART` points and `PART_MOVES`
steps that are no repeated note, is found in the longer at `PART_ALIKE`. Rows of all notes are compared in the same way,
for tunes that stand in another metre. What is of one family with the same is of one
family: so the bounds lie where strangers are rarer than one in a million, lest chance chain half a corpus together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq, Levenshtein
from rapidfuzz.fuzz import partial_ratio
from rapidfuzz.process import cpdist

from .melody import SLOTS, Melody

__all__ = ["VIEWS", "View", "are_alike", "find_families", "group_melodies"]

ALIKE: Final = 0.75
NOTES_ALIKE: Final = 0.8
"""What two tunes have in common at least if all their notes are compared."""
SHORT: Final = 24
SHORT_ALIKE: Final = 0.8
STEPS_ALIKE: Final = 0.5
"""What the steps of two outlines have in common at least, where they may be the same in another key."""
PART: Final = 32
PART_ALIKE: Final = 0.85
PART_MOVES: Final = 20
MOST_COMPARED: Final = 24
"""Of rows that share a slot, each is compared with so many before it, in the order of their outlines."""
BATCH_ROWS: Final = 20_000
VIEWS: Final = (("outline", "sketch", ALIKE), ("notes", "note_sketch", NOTES_ALIKE))
"""What is compared: a text of a `Melody`, its sketch, and how much of it two must have in common."""
NO_SKETCH: Final = (0,) * SLOTS
KEYS: Final = [str.maketrans("ABCDEFGHIJKL", "ABCDEFGHIJKL"[key:] + "ABCDEFGHIJKL"[:key]) for key in range(1, 12)]

Rows: TypeAlias = NDArray[np.int64]
Keys: TypeAlias = NDArray[np.int64] | NDArray[np.uint32]
Flags: TypeAlias = NDArray[np.bool_]
Texts: TypeAlias = NDArray[np.object_]


class View(NamedTuple):
    """A way to look at melodies.

    `slots` are the columns of their sketches, one after the other (0: none), `texts` gives the texts of rows by which
    they are compared, and `alike` is how much two must have in common.
    """

    slots: Iterable[NDArray[np.uint32]]
    texts: Callable[[Sequence[int]], list[str]]
    alike: float = ALIKE


def find_families(identities: Rows, views: Iterable[View]) -> Rows:
    """The family of each row, named by its smallest row. `identities` are melodies (0: none).

    Only one column and few texts at a time need be in memory.
    """
    melodies, first, place = np.unique(identities, return_index=True, return_inverse=True)
    parents = np.where(identities != 0, first[place], np.arange(len(identities)))
    first = first[melodies != 0]
    for view in views:
        for column in view.slots:
            families = _roots(parents)
            for rows, crowds in _batches(first, column[first], families):
                for one, other in _alike_pairs(rows, crowds, families, view):
                    _join(parents, one, other)
    return _roots(parents)


def group_melodies(melodies: Sequence[Melody]) -> Rows:
    """The family of each of some melodies that are all in memory, named by its first."""

    def view(name: str, sketch: str, alike: float) -> View:
        texts = [getattr(melody, name) for melody in melodies]
        sketches = np.array([getattr(melody, sketch) or NO_SKETCH for melody in melodies], np.uint32)
        return View(sketches.T, lambda rows: [texts[row] for row in rows], alike)

    identities = np.array([melody.identity for melody in melodies], np.int64)
    return find_families(identities, [view(*names) for names in VIEWS]) if len(melodies) else identities


def are_alike(one: str, other: str) -> bool:
    """True where two outlines are of one family.

    >>> are_alike("ACEHJHEC" * 4, "ACEHJHEA" * 4), are_alike("ACEHJHEC" * 4, "AHEAHAEH" * 4)
    (True, False)
    """
    return bool(_Texts([one, other], ALIKE).are_alike(np.array([0]), np.array([1]))[0])


def _batches(rows: Rows, keys: Keys, families: Rows) -> Iterator[tuple[Rows, Rows]]:
    """Rows whose key (0 is none) stands in more than one family, crowd by crowd, with the number of its crowd."""
    rows, keys = rows[keys != 0], keys[keys != 0]
    if not len(rows):
        return
    order = np.argsort(keys, kind="stable")
    rows, keys = rows[order], keys[order]
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    crowds = np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(keys)]))
    mixed = np.minimum.reduceat(families[rows], starts) != np.maximum.reduceat(families[rows], starts)
    kept = mixed[crowds]
    rows, crowds = rows[kept], crowds[kept]
    start = 0
    while start < len(rows):
        end = int(np.searchsorted(crowds, crowds[min(start + BATCH_ROWS, len(rows)) - 1], side="right"))
        yield rows[start:end], crowds[start:end]
        start = end


def _alike_pairs(rows: Rows, crowds: Rows, families: Rows, view: View) -> Iterator[tuple[int, int]]:
    """Pairs of one crowd and two families that are alike."""
    ordered = sorted(zip(crowds.tolist(), view.texts(rows.tolist()), rows.tolist(), strict=True))
    distinct = ordered[:1]
    for before, after in pairwise(ordered):
        if before[:2] == after[:2]:
            yield before[2], after[2]
        else:
            distinct.append(after)
    crowds = np.array([crowd for crowd, _, _ in distinct])
    rows = np.array([row for _, _, row in distinct])
    compared = _Texts([text for _, text, _ in distinct], view.alike)
    for distance in range(1, min(MOST_COMPARED, len(rows) - 1) + 1):
        same_crowd = crowds[distance:] == crowds[:-distance]
        if not same_crowd.any():
            return
        at = np.flatnonzero(same_crowd & (families[rows[distance:]] != families[rows[:-distance]]))
        alike = at[compared.are_alike(at, at + distance)]
        yield from zip(rows[alike].tolist(), rows[alike + distance].tolist(), strict=True)


class _Texts:
    """Outlines, or rows of notes, that are compared with each other, many pairs at a time."""

    def __init__(self, texts: list[str], alike: float) -> None:
        self.alike = alike
        self.texts = np.array(texts, dtype=object)
        self.steps = np.array(_steps(texts), dtype=object)
        self.lengths = np.array([len(text) for text in texts])
        self.moves = np.array([len(steps) - steps.count("A") for steps in self.steps])

    def are_alike(self, ones: Rows, others: Rows) -> Flags:
        shorter = np.minimum(self.lengths[ones], self.lengths[others])
        longer = np.maximum(self.lengths[ones], self.lengths[others])
        enough = np.where(shorter < SHORT, max(SHORT_ALIKE, self.alike), self.alike)
        is_near = shorter >= enough * longer
        alike = np.zeros(len(ones), bool)
        at = np.flatnonzero(is_near)
        alike[at] = (
            _compare(self.texts[ones[at]], self.texts[others[at]], Levenshtein.normalized_similarity) >= enough[at]
        )
        at = at[~alike[at]]
        steps = _compare(self.steps[ones[at]], self.steps[others[at]], Levenshtein.normalized_similarity)
        at = at[steps >= STEPS_ALIKE]
        for key in KEYS:
            moved = np.array([text.translate(key) for text in self.texts[ones[at]]], dtype=object)
            alike[at] |= _compare(moved, self.texts[others[at]], Levenshtein.normalized_similarity) >= enough[at]
        at = np.flatnonzero(
            ~is_near & (shorter >= PART) & (np.minimum(self.moves[ones], self.moves[others]) >= PART_MOVES)
        )
        common = _compare(self.steps[ones[at]], self.steps[others[at]], LCSseq.similarity)
        at = at[common >= PART_ALIKE * (shorter[at] - 1)]
        alike[at] = _compare(self.steps[ones[at]], self.steps[others[at]], partial_ratio) >= 100 * PART_ALIKE
        return alike


def _compare(ones: Texts, others: Texts, scorer: Any) -> NDArray[np.float64]:
    return cpdist(ones.tolist(), others.tolist(), scorer=scorer, dtype=np.float64)


def _steps(outlines: Sequence[str]) -> list[str]:
    """The intervals of each outline, which are the same in every key."""
    letters = np.frombuffer("".join(outlines).encode("ascii"), np.uint8).astype(np.int16)
    steps = (np.diff(letters) % 12 + ord("A")).astype(np.uint8).tobytes().decode("ascii")
    ends = [*accumulate(map(len, outlines))]
    return [steps[end - len(outline) : max(end - 1, 0)] for outline, end in zip(outlines, ends, strict=True)]


def _join(parents: Rows, one: int, other: int) -> None:
    one, other = _root(parents, one), _root(parents, other)
    parents[max(one, other)] = min(one, other)


def _root(parents: Rows, row: int) -> int:
    while (parent := int(parents[row])) != row:
        parents[row] = parents[parent]
        row = parent
    return row


def _roots(parents: Rows) -> Rows:
    roots = parents
    while not np.array_equal(roots, above := roots[roots]):
        roots = above
    return roots
