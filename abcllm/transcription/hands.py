"""Which hand of a pianist plays each note: a line between the hands that moves little.

At each event a line, a pitch, parts what the left hand and the right hand play. It pays for a hand that would have to
span too much, for cutting through a cluster, for standing far from the middle of what is played about that time, and
for moving; the cheapest line is found by Viterbi's algorithm. After Nakamura, Ono and Sagayama, Merged-output HMM for
piano fingering of both hands (ISMIR 2014), reduced to the line between the hands.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from .score import Part

__all__ = ["HANDS", "HAND_TRACKS", "PIANOS", "are_for_two_hands", "part_hands"]

HANDS: Final = (Part("Right hand", 0, "hand"), Part("Left hand", 0, "hand"))
PIANOS: Final = range(8)
"""General MIDI programs."""
HAND_TRACKS: Final = 2
"""Of so many tracks each may be a hand already; beside more, one piano has both."""
LOWEST_LINE: Final = 36
HIGHEST_LINE: Final = 84
MIDDLE: Final = 60
SPAN: Final = 14
SPAN_COST: Final = 1.5
CLUSTER_COST: Final = 0.6
MIDDLE_COST: Final = 0.004
CENTRE_COST: Final = 0.01
MOVE_COST: Final = 0.25
NEAR_S: Final = 0.6
TOGETHER: Final = 0.1
LOWEST_MELODY: Final = 53
HIGHEST_BASS: Final = 64

Floats = NDArray[np.float64]


def are_for_two_hands(members: NDArray[np.int64], pitches: NDArray[np.int64]) -> bool:
    """Whether notes (`members` is the event of each) are what a pianist plays with both hands: much at a time, some of
    it low, some high."""
    together = float((np.bincount(members) > 1).mean()) / max(float((np.bincount(members) > 0).mean()), 1e-9)
    low, high = np.quantile(pitches, [0.05, 0.95])
    return together >= TOGETHER and bool(low < LOWEST_MELODY and high > HIGHEST_BASS)


def part_hands(times_s: Floats, members: NDArray[np.int64], pitches: NDArray[np.int64]) -> NDArray[np.int64]:
    """0 for each note of the right hand, 1 for each of the left; `members` is the event of each note."""
    lines = np.arange(LOWEST_LINE, HIGHEST_LINE + 1)
    count = len(times_s)
    costs = np.zeros((count, len(lines)))
    starts = np.searchsorted(members, np.arange(count + 1))
    first = starts[np.searchsorted(times_s, times_s - NEAR_S)]
    after = starts[np.searchsorted(times_s, times_s + NEAR_S, "right")]
    for event in range(count):
        near = pitches[first[event] : after[event]]
        own = pitches[starts[event] : starts[event + 1]]
        left, right = own[:, None] < lines, own[:, None] >= lines
        low, high = own.min(), own.max()
        top_left = np.where(left, own[:, None], low).max(0)
        bottom_right = np.where(right, own[:, None], high).min(0)
        costs[event] = SPAN_COST * (np.maximum(top_left - low - SPAN, 0) + np.maximum(high - bottom_right - SPAN, 0))
        apart = np.abs(near[:, None] - (lines - 0.5))
        costs[event] += CLUSTER_COST * np.maximum(4 - apart, 0).sum(0) / len(near) ** 0.5
        centre = (near.min() + near.max()) / 2
        costs[event] += CENTRE_COST * (lines - centre) ** 2 * 0.3 + MIDDLE_COST * (lines - MIDDLE) ** 2
    return np.where(pitches >= lines[_cheapest(costs)][members], 0, 1)


def _cheapest(costs: Floats) -> NDArray[np.int64]:
    """The path of least cost, where a move costs as far as it goes."""
    count, width = costs.shape
    move = MOVE_COST * np.abs(np.arange(width)[:, None] - np.arange(width)[None])
    total = costs[0]
    back = np.zeros((count, width), np.int64)
    for index in range(1, count):
        sums = total[:, None] + move
        back[index] = sums.argmin(0)
        total = sums[back[index], np.arange(width)] + costs[index]
    path = np.zeros(count, np.int64)
    path[-1] = total.argmin()
    for index in range(count - 1, 0, -1):
        path[index - 1] = back[index, path[index]]
    return path
