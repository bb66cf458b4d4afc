"""Measures of answers: how alike two rows of things are, and whether a tune is valid. All lie in [0, 1], 1 is best."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import LCSseq, Levenshtein

from .reply import Reply

__all__ = ["is_valid", "likeness", "overlap", "recall"]


def likeness(one: Sequence[object], other: Sequence[object]) -> float:
    """1 - Levenshtein distance / length of the longer; two empty rows are alike.

    >>> likeness("CDEF", "CDEG"), likeness([], [])
    (0.75, 1.0)
    """
    return Levenshtein.normalized_similarity(one, other)


def recall(found: Sequence[object], wanted: Sequence[object]) -> float:
    """The longest common subsequence as a share of what was wanted (ChatMusician, appendix F).

    >>> recall("xCyDz", "CDE")
    0.6666666666666666
    """
    return LCSseq.similarity(found, wanted) / len(wanted) if wanted else 1.0


def overlap(one: Sequence[object], other: Sequence[object]) -> float:
    """Jaccard: what two sets have in common, as a share of all.

    >>> overlap("AB", "BC")
    0.3333333333333333
    """
    every = {*one, *other}
    return len({*one} & {*other}) / len(every) if every else 1.0


def is_valid(reply: Reply) -> float:
    """1 where the answer holds a tune and no error (`abcllm.notation`, "What a valid tune is")."""
    return float(reply.valid)
