"""Tune families: settings of one tune, found by melody among millions of others.

Rows that share a slot of their sketches are candidates (locality-sensitive hashing: Indyk and Motwani, Approximate
nearest neighbors, 1998); two are of one family if their outlines align: 1 - Levenshtein/longer of at least `ALIKE`
(`SHORT_ALIKE` below `SHORT` beats), of the notes or of their intervals, or if the shorter of at least `PART` beats
is found in the longer at `PART_ALIKE`. What is of one family with the same is of one family.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import partial_ratio

__all__ = ["are_alike", "find_families"]

ALIKE: Final = 0.7
SHORT: Final = 24
SHORT_ALIKE: Final = 0.8
PART: Final = 32
PART_ALIKE: Final = 0.85
MOST_COMPARED: Final = 24
"""Of rows that share a slot, each is compared with so many before it, in the order of their outlines."""

Labels: TypeAlias = NDArray[np.int64]


def find_families(
    identities: NDArray[np.int64], slots: Iterable[NDArray[np.uint32]], outlines: Callable[[Sequence[int]], list[str]]
) -> Labels:
    """The family of each row, named by its smallest row.

    `identities` are melodies (0: none), `slots` the columns of the sketches, one after the other (0: none), and
    `outlines` gives the outlines of rows; so only one column at a time need be in memory.
    """
    parents = np.arange(len(identities))
    for rows in _equal(identities):
        parents[rows] = rows[0]
    for column in slots:
        for rows in _equal(column):
            roots = {_root(parents, int(row)) for row in rows}
            if len(roots) > 1:
                _join_alike(parents, rows.tolist(), outlines)
    return _labels(parents)


def are_alike(one: str, other: str) -> bool:
    """True where two outlines are of one family.

    >>> are_alike("ACEHJHEC" * 4, "ACEHJHEA" * 4), are_alike("ACEHJHEC" * 4, "AHEAHAEH" * 4)
    (True, False)
    """
    shorter, longer = sorted((len(one), len(other)))
    enough = ALIKE if shorter >= SHORT else SHORT_ALIKE
    if shorter >= enough * longer:
        if Levenshtein.normalized_similarity(one, other, score_cutoff=enough) >= enough:
            return True
        return Levenshtein.normalized_similarity(_steps(one), _steps(other), score_cutoff=enough) >= enough
    return shorter >= PART and partial_ratio(_steps(one), _steps(other), score_cutoff=100 * PART_ALIKE) > 0


@lru_cache(maxsize=65536)
def _steps(outline: str) -> str:
    """The intervals of an outline, which are the same from whatever note it is counted."""
    return "".join(chr(65 + (ord(after) - ord(before)) % 12) for before, after in pairwise(outline))


def _equal(keys: NDArray[np.int64] | NDArray[np.uint32]) -> Iterator[NDArray[np.int64]]:
    """The rows of each key that stands more than once, in order; 0 is no key."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    bounds = np.flatnonzero(np.diff(ordered)) + 1
    starts, ends = np.concatenate([[0], bounds]), np.concatenate([bounds, [len(keys)]])
    many = ends - starts > 1
    for start, end in zip(starts[many].tolist(), ends[many].tolist(), strict=True):
        if ordered[start] != 0:
            yield order[start:end]


def _join_alike(parents: Labels, rows: list[int], outlines: Callable[[Sequence[int]], list[str]]) -> None:
    ordered = sorted(zip(outlines(rows), rows, strict=True))
    for at, (outline, row) in enumerate(ordered):
        one = _root(parents, row)
        for before, other in ordered[max(0, at - MOST_COMPARED) : at]:
            two = _root(parents, other)
            if one != two and are_alike(outline, before):
                parents[max(one, two)] = one = min(one, two)


def _root(parents: Labels, row: int) -> int:
    while (parent := int(parents[row])) != row:
        parents[row] = parents[parent]
        row = parent
    return row


def _labels(parents: Labels) -> Labels:
    labels = parents.copy()
    while not np.array_equal(labels, above := labels[labels]):
        labels = above
    return labels
