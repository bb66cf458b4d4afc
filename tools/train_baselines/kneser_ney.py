"""An n-gram model with modified Kneser-Ney smoothing, interpolated, down to all symbols alike.

Chen and Goodman, An empirical study of smoothing techniques for language modeling (1998). Every run of n symbols has a
number: that of the run of its first n - 1 symbols, times the vocabulary, plus the last symbol, looked up in a sorted
array. So counting is sorting, and ten million symbols take a minute.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from symbols import END, Symbols

__all__ = ["KneserNey"]

USUAL: Final = (0.0, 0.5, 1.0, 1.5)

Numbers = NDArray[np.int64]
Reals = NDArray[np.float64]


@dataclass(frozen=True)
class _Order:
    """Runs of n symbols: their `keys`, sorted, the discounted `share` of each after its context, and for each context
    (by the number of its run) the weight `left` to the shorter context.
    """

    keys: Numbers
    share: Reals
    left: Reals


class KneserNey:
    """Learns from texts at once; gives the probability of others."""

    def __init__(self, symbols: Symbols, texts: Sequence[str], order: int) -> None:
        self.symbols, self.order = symbols, order
        line = np.concatenate([self._line(text) for text in texts])
        counted = np.concatenate([_counted(len(text), order) for text in map(self._line, texts)])
        runs = [np.zeros(len(line), np.int64)]
        keys = []
        for _ in range(order):
            made = np.concatenate([[0], runs[-1][:-1]]) * symbols.size + line
            found, numbers = np.unique(made, return_inverse=True)
            keys.append(found)
            runs.append(numbers)
        self.orders = [_smooth(keys[n - 1], runs, counted, n, order, symbols.size) for n in range(1, order + 1)]

    def log_likelihood(self, text: str) -> float:
        """The natural logarithm of the probability of a text and its end."""
        line = self._line(text)
        return float(np.log(self.likely(line)[_counted(len(line), self.order)]).sum())

    def likely(self, line: Numbers) -> Reals:
        """The probability of each symbol of a line after those before it."""
        likely = np.full(len(line), 1 / self.symbols.size)
        run = np.zeros(len(line), np.int64)
        for one in self.orders:
            context = np.concatenate([[-1 if one is not self.orders[0] else 0], run[:-1]])
            key = context * self.symbols.size + line
            at = np.minimum(np.searchsorted(one.keys, key), len(one.keys) - 1)
            is_known = (context >= 0) & (one.keys[at] == key)
            left = np.where(context >= 0, one.left[context], 1.0)
            likely = np.where(is_known, one.share[at], 0.0) + left * likely
            run = np.where(is_known, at, -1)
        return likely

    def _line(self, text: str) -> Numbers:
        return np.array([END] * (self.order - 1) + self.symbols.encode(text) + [END], np.int64)


def _counted(length: int, order: int) -> NDArray[np.bool_]:
    """Which symbols of a line are foretold: all but the ends before the text."""
    return np.arange(length) >= order - 1


def _smooth(
    keys: Numbers, runs: Sequence[Numbers], counted: NDArray[np.bool_], n: int, order: int, size: int
) -> _Order:
    if n == order:
        counts = np.bincount(runs[n][counted], minlength=len(keys))
    else:  # before how many symbols a run stands is what counts
        _, first = np.unique(runs[n + 1][counted], return_index=True)
        counts = np.bincount(runs[n][counted][first], minlength=len(keys))
    discounts = _discounts(counts)
    discounted = discounts[np.minimum(counts, 3)]
    contexts = keys // size
    number = int(contexts.max()) + 1 if n == 1 else int(runs[n - 1].max()) + 1
    total = np.bincount(contexts, counts, minlength=number)
    taken = np.bincount(contexts, discounted, minlength=number)
    share = (counts - discounted) / np.maximum(total[contexts], 1)
    return _Order(keys, share, np.where(total > 0, taken / np.maximum(total, 1), 1.0))


def _discounts(counts: Numbers) -> Reals:
    """What is taken from counts of 0, 1, 2, and 3 or more; where too few were counted to tell, what is usual."""
    ones, twos, threes, fours = (max(int((counts == times).sum()), 1) for times in (1, 2, 3, 4))
    rate = ones / (ones + 2 * twos)
    found = np.array([0.0, 1 - 2 * rate * twos / ones, 2 - 3 * rate * threes / twos, 3 - 4 * rate * fours / threes])
    return np.where((found > 0) & (found < np.arange(4)), found, USUAL)
