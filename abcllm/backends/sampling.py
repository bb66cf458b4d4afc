"""Which piece comes next: candidates in the order in which they are tried.

The logits get Gumbel noise, and the candidates come by what they have then. The first is a draw from the model; the
first that a guide accepts is a draw from the model among all that it would accept (Kool et al. 2019,
https://arxiv.org/abs/1903.06059), though only the candidates before it were looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from . import Sampling

__all__ = ["candidates"]

Floats: TypeAlias = NDArray[np.float32]
Places: TypeAlias = NDArray[np.intp]
TINY: Final = np.float32(1e-30)


def candidates(logits: Floats, sampling: Sampling, random: np.random.Generator) -> Iterator[int]:
    """All pieces (vocabulary,), those of the nucleus (`top_p`) by lot, all others after them, the likeliest first."""
    if sampling.temperature == 0:
        return _descending(logits, np.arange(len(logits)))
    scores = logits / np.float32(sampling.temperature)
    inside = _nucleus(scores, sampling.top_p)
    noisy = scores[inside] - np.log(random.standard_exponential(len(inside), np.float32) + TINY)
    return chain(_descending(noisy, inside), _outside(scores, inside))


def _nucleus(scores: Floats, top_p: float) -> Places:
    """The likeliest pieces that together have the probability `top_p` (Holtzman et al. 2020, arXiv:1904.09751).

    Pieces that have less than an equal share of what may be left out cannot be among them, for all of these together
    have less than that; so few have to be sorted.
    """
    if top_p == 1:
        return np.arange(len(scores))
    chances = np.exp(scores - scores.max())
    total = chances.sum()
    some = np.flatnonzero(chances >= (1 - top_p) / len(scores) * total)
    ranked = some[np.argsort(-chances[some])]
    return ranked[: int(np.searchsorted(np.cumsum(chances[ranked]), top_p * total)) + 1]


def _outside(scores: Floats, inside: Places) -> Iterator[int]:
    """The places that are not `inside`, by their scores, the largest first."""
    left = np.ones(len(scores), np.bool_)
    left[inside] = False
    places = np.flatnonzero(left)
    if len(places):
        yield from _descending(scores[places], places)


def _descending(scores: Floats, places: Places) -> Iterator[int]:
    """`places` by their scores, the largest first; nothing is sorted where one is enough, as it nearly always is."""
    yield int(places[scores.argmax()])
    yield from places[np.argsort(-scores, kind="stable")][1:].tolist()
