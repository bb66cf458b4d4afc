"""Which piece comes next: candidates in the order in which they are tried.

The logits get Gumbel noise, and the candidates come by what they have then. The first is a draw from the model; the
first that a guide accepts is a draw from the model among all that it would accept (Kool et al. 2019,
https://arxiv.org/abs/1903.06059), though only the candidates before it were looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from . import Sampling

__all__ = ["candidates"]

Floats: TypeAlias = NDArray[np.float32]
FIRST: Final = 32
TINY: Final = np.float32(1e-30)
OUTSIDE: Final = np.float32(1e6)


def candidates(logits: Floats, sampling: Sampling, random: np.random.Generator) -> Iterator[int]:
    """All pieces (vocabulary,), those of the nucleus (`top_p`) before all others, which come by probability."""
    if sampling.temperature == 0:
        return _descending(logits)
    scores = logits / np.float32(sampling.temperature)
    noise = np.log(random.standard_exponential(len(scores), dtype=np.float32) + TINY)
    if sampling.top_p == 1:
        return _descending(scores - noise)
    inside = _nucleus(scores, sampling.top_p)
    ranked = scores - OUTSIDE
    ranked[inside] = scores[inside] - noise[inside]
    return _descending(ranked)


def _nucleus(scores: Floats, top_p: float) -> NDArray[np.intp]:
    """The likeliest pieces that together have the probability `top_p` (Holtzman et al. 2020, arXiv:1904.09751)."""
    chances = np.exp(scores - scores.max())
    ranked = np.argsort(-chances)
    sums = np.cumsum(chances[ranked])
    return ranked[: int(np.searchsorted(sums, top_p * sums[-1])) + 1]


def _descending(scores: Floats) -> Iterator[int]:
    """The places of the numbers, the largest first; no more is sorted than is asked for."""
    yield int(scores.argmax())
    first = scores.argpartition(-FIRST)[-FIRST:] if len(scores) > FIRST else np.arange(len(scores))
    yield from first[np.argsort(-scores[first], kind="stable")][1:].tolist()
    yield from np.argsort(-scores, kind="stable")[len(first) :].tolist()
