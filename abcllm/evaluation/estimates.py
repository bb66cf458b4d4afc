"""What a sample says of all: a share or a mean with the interval in which it lies with 95 % confidence.

A measure of many things is a sum of parts over a sum of wholes: valid tunes over tunes, wrong bars over bars, bits over
characters. Shares of things that are so or not have Wilson's interval (Probable inference, the law of succession, and
statistical inference, 1927); all others that of the bootstrap over the things, between the 2.5th and the 97.5th
percentile (Efron, Bootstrap methods: another look at the jackknife, 1979), with the same chances every time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Estimate", "Pair", "bootstrap", "ratio", "wilson"]

Z: Final = 1.959964
"""Of the normal distribution, 95 % lie within so many standard deviations."""
RESAMPLES: Final = 1000
SEED: Final = 95

Numbers: TypeAlias = NDArray[np.float64]


class Pair(NamedTuple):
    """What one thing adds to a measure: `part` of `whole`."""

    part: float
    whole: float = 1.0


class Estimate(NamedTuple):
    """A value, the ends of its interval, and of how many things it was taken."""

    value: float
    low: float
    high: float
    n: int


def ratio(pairs: Sequence[Pair]) -> Estimate | None:
    """The sum of the parts over the sum of the wholes; None where there is nothing to measure.

    >>> ratio([Pair(1), Pair(1), Pair(0), Pair(1)]).value
    0.75
    """
    if not sum(pair.whole for pair in pairs):
        return None
    parts, wholes = np.array(pairs, np.float64).T
    part, whole = float(parts.sum()), float(wholes.sum())
    are_counts = bool(((parts == np.round(parts)) & (parts >= 0) & (parts <= wholes)).all())
    is_yes_or_no = are_counts and bool((wholes == 1).all())
    if is_yes_or_no or (are_counts and part in (0, whole)):  # where all are alike, resampling shows no doubt at all
        return wilson(part, whole)._replace(n=len(pairs))
    return bootstrap(lambda weights: (weights @ parts) / np.maximum(weights @ wholes, 1e-12), len(pairs))


def wilson(part: float, whole: float) -> Estimate:
    """The share `part` of `whole` things.

    >>> [round(number, 3) for number in wilson(0, 100)]
    [0.0, 0.0, 0.037, 100]
    """
    share = part / whole
    middle = (share + Z * Z / (2 * whole)) / (1 + Z * Z / whole)
    half = Z * sqrt(share * (1 - share) / whole + (Z / (2 * whole)) ** 2) / (1 + Z * Z / whole)
    return Estimate(share, max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half)), round(whole))


def bootstrap(statistic: Callable[[Numbers], Numbers], n: int) -> Estimate:
    """Any statistic of `n` things: a function of rows of weights (how often each thing is taken) to a value a row."""
    random = np.random.default_rng(SEED)
    value = statistic(np.ones((1, n)))[0]
    taken = random.multinomial(n, np.full(n, 1 / n), size=RESAMPLES).astype(np.float64)
    low, high = np.percentile(statistic(taken), (2.5, 97.5))
    return Estimate(float(value), float(low), float(high), n)
