"""Measures of answers and of music: how alike rows and distributions are, whether a tune is valid, how it is made.

Measures of answers lie in [0, 1], 1 is best. Those of distributions take counts, and many rows of counts at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from rapidfuzz.distance import LCSseq, Levenshtein

from .analysis.control_codes import ControlCodes
from .analysis.motif import Motif
from .notation import Chord, Note, Tune
from .reply import Reply

__all__ = [
    "code_scores",
    "divergence",
    "entropy",
    "in_scale",
    "is_valid",
    "likeness",
    "motif_recall",
    "overlap",
    "overlap_area",
    "recall",
]

SMOOTHING: Final = 0.5
"""What is added to each count, so that what never came is not held for impossible (Jeffreys)."""
SCALES: Final = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 11))
"""Pitch classes of the major and the harmonic minor scale."""


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
    """1 where the answer holds tunes, each with notes, and no error (`abcllm.notation`, "What a valid tune is")."""
    return float(reply.valid and all(map(_has_notes, reply.tunes)))


def _has_notes(tune: Tune) -> bool:
    bars = chain.from_iterable(voice.bars for voice in tune.voices)
    return any(isinstance(item, Note | Chord) for bar in bars for item in chain(bar.items, *bar.overlays))


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


def divergence(counts: ArrayLike, reference: ArrayLike) -> NDArray[np.float64]:
    """Kullback and Leibler's divergence of what was counted from the reference, in bits; 0 is alike.

    The last axis are the things that are counted; each count has `SMOOTHING` added.

    >>> divergence([30, 10], [30, 10]).round(3).item(), divergence([40, 0], [20, 20]).round(3).item()
    (0.0, 0.905)
    """
    ours, theirs = (_shares(np.asarray(given, np.float64) + SMOOTHING) for given in (counts, reference))
    divergences: NDArray[np.float64] = (ours * np.log2(ours / theirs)).sum(axis=-1)
    return divergences


def overlap_area(counts: ArrayLike, reference: ArrayLike) -> NDArray[np.float64]:
    """What two distributions have in common, from 0 to 1 (Yang and Lerch, On the evaluation of generative models in
    music, 2020); the last axis are the things that are counted.

    >>> overlap_area([3, 1], [1, 1]).item()
    0.75
    """
    ours, theirs = (_shares(np.asarray(given, np.float64)) for given in (counts, reference))
    common: NDArray[np.float64] = np.minimum(ours, theirs).sum(axis=-1)
    return common


def entropy(counts: ArrayLike) -> float:
    """How much a thing that was counted tells, in bits.

    >>> entropy([1, 1, 1, 1]), entropy([5, 0])
    (2.0, 0.0)
    """
    shares = _shares(np.asarray(counts, np.float64))
    return float(-(shares * np.log2(np.where(shares > 0, shares, 1))).sum()) + 0.0


def in_scale(counts: ArrayLike) -> float:
    """The share of notes in that of the 24 scales which holds most of them, of the counts of the 12 pitch classes
    (MusPy's scale consistency: Dong et al., 2020).

    >>> in_scale([1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1]), in_scale([1] * 12)
    (1.0, 0.5833333333333334)
    """
    found = np.asarray(counts, np.float64)
    most = max(np.roll(found, -tonic)[[*scale]].sum() for tonic in range(12) for scale in SCALES)
    return float(most / max(found.sum(), 1e-300))


def _shares(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    shares: NDArray[np.float64] = counts / np.maximum(counts.sum(axis=-1, keepdims=True), 1e-300)
    return shares
