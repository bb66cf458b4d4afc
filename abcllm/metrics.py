"""Measures of answers: how alike two rows of things are, and whether a tune is valid. All lie in [0, 1], 1 is best."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import chain

from rapidfuzz.distance import LCSseq, Levenshtein

from .analysis.control_codes import ControlCodes
from .analysis.motif import Motif
from .reply import Reply

__all__ = ["code_scores", "is_valid", "likeness", "motif_recall", "overlap", "recall"]


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


def motif_recall(found: Collection[Motif | None], wanted: Collection[Motif]) -> float:
    """The longest common subsequence of the notes of each pair, as a share of those wanted (ChatMusician, appendix F).

    What is not found has nothing in common; the mean over all that is wanted.
    """
    pairs = zip([*found, *[None] * (len(wanted) - len(found))], wanted, strict=False)
    shares = [recall(motif.notes, other.notes) if motif else 0.0 for motif, other in pairs]
    return sum(shares) / len(shares)


def code_scores(found: ControlCodes | None, wanted: ControlCodes | None) -> dict[str, float]:
    """Of control codes: whether the number of sections is right, the share of sections with the right bars, and how
    near their likenesses are, on average. All are 0 where a tune has no codes or another number of sections.
    """
    if found is None or wanted is None or len(found.bars) != len(wanted.bars):
        return {"sections": 0.0, "bars": 0.0, "likeness": 0.0}
    bars = [one == other for one, other in zip(found.bars, wanted.bars, strict=True)]
    pairs = zip(chain(*found.likeness), chain(*wanted.likeness), strict=True)
    distances = [abs(one - other) / 10 for one, other in pairs]
    return {
        "sections": 1.0,
        "bars": sum(bars) / len(bars),
        "likeness": 1 - sum(distances) / len(distances) if distances else 1.0,
    }
