"""Times between beats to places that a person would write: each beat is divided in as few parts as will do.

For each beat and each part (hand) a division is chosen; it pays for itself, for how far notes were moved, for notes
that fall together though they were played apart, for changing from the beat before, and for disagreeing with the
other hand. The cheapest divisions are found by dynamic programming over beats. Source of the thought: Cemgil, Desain
and Kappen, Rhythm quantization for transcription (Computer Music Journal 2000): the likelihood of a rhythm, and a prior
that prefers simple ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["COMPOUND", "SIMPLE", "Placing", "beat_position", "place_onsets"]

SIMPLE: Final[Mapping[int, float]] = {1: 0.0, 2: 0.5, 4: 1.5, 3: 3.0, 8: 5.0, 6: 5.0, 5: 8.0, 12: 9.0}
COMPOUND: Final[Mapping[int, float]] = {1: 0.0, 3: 0.5, 6: 1.8, 2: 4.0, 4: 5.0, 12: 5.5, 9: 8.0}
"""What it costs to divide a beat in so many parts, where beats fall in two, and where they fall in three."""
SPREAD_S: Final = 0.02
SPREAD_OF_BEAT: Final = 0.045
TOGETHER_COST: Final = 3.0
ORNAMENT_COST: Final = 1.0
ORNAMENT_S: Final = 0.07
CHANGE_COST: Final = 0.4
FAMILY_COST: Final = 1.5
MOST_ERROR: Final = 12.0

Floats = NDArray[np.float64]


class Placing(NamedTuple):
    """`places` are in beats from the first, one list a part; `cost` is how hard it was to find them."""

    places: list[list[Fraction]]
    cost: float


def place_onsets(parts: Sequence[Floats], beats_s: Floats, costs: Mapping[int, float]) -> Placing:
    """Places of the onsets (seconds, in order) of each part; one or two parts."""
    divisions = list(costs)
    first, count = _reach(parts, beats_s)
    tables, slots = [], []
    for onsets in parts:
        table, slot = _tables(onsets, beats_s, first, count, costs)
        tables.append(table)
        slots.append(slot)
    chosen, total = _choose(tables, divisions)
    places = []
    for onsets, slot, choice in zip(parts, slots, chosen, strict=True):
        at = np.floor(beat_position(onsets, beats_s)).astype(np.int64) - first
        picked = slot[np.arange(len(onsets)), choice[at]]
        places.append(
            [
                Fraction(int(beat) + first) + Fraction(int(part), divisions[choice[beat]])
                for beat, part in zip(at, picked, strict=True)
            ]
        )
    return Placing(places, total)


def beat_position(times: Floats, beats_s: Floats) -> Floats:
    """Where times are, in beats; before the first beat and after the last the nearest two go on."""
    grid = np.arange(len(beats_s), dtype=np.float64)
    at = np.interp(times, beats_s, grid)
    if len(beats_s) > 1:
        early, late = times < beats_s[0], times > beats_s[-1]
        at[early] = (times[early] - beats_s[0]) / (beats_s[1] - beats_s[0])
        at[late] = grid[-1] + (times[late] - beats_s[-1]) / (beats_s[-1] - beats_s[-2])
    return at


def _reach(parts: Sequence[Floats], beats_s: Floats) -> tuple[int, int]:
    """The first beat in which there is an onset, and how many beats there are from it to the last."""
    at = np.floor(beat_position(np.concatenate([*parts]), beats_s)).astype(np.int64)
    return int(at.min()), int(at.max() - at.min() + 1)


def _tables(
    onsets: Floats, beats_s: Floats, first: int, count: int, costs: Mapping[int, float]
) -> tuple[Floats, NDArray[np.int64]]:
    """The cost of each division of each beat, and the part of the beat that each onset goes to under each division."""
    divisions = np.array(list(costs))
    position = beat_position(onsets, beats_s)
    beat = np.floor(position).astype(np.int64)
    periods = np.diff(beats_s) if len(beats_s) > 1 else np.array([0.5])
    period = periods[np.clip(beat, 0, len(periods) - 1)]
    phase = position - beat
    slots = np.round(phase[:, None] * divisions).astype(np.int64)
    error = np.abs(phase[:, None] - slots / divisions) * period[:, None]
    misfit = np.minimum((error / (SPREAD_S + SPREAD_OF_BEAT * period[:, None])) ** 2, MOST_ERROR)
    table = np.zeros((count, len(divisions)))
    np.add.at(table, beat - first, misfit)
    if len(onsets) > 1:
        together = (np.diff(beat)[:, None] == 0) & (np.diff(slots, axis=0) == 0)
        price = np.where(np.diff(onsets) < ORNAMENT_S, ORNAMENT_COST, TOGETHER_COST)
        np.add.at(table, beat[1:] - first, together * price[:, None])
    used = np.bincount(beat - first, minlength=count) > 0
    table += np.where(used[:, None], np.array(list(costs.values())), 0.0)
    return table, slots


def _choose(tables: Sequence[Floats], divisions: Sequence[int]) -> tuple[list[NDArray[np.int64]], float]:
    """The division of each beat in each part, and the cost of all."""
    width = len(divisions)
    ternary = np.array([division % 3 == 0 for division in divisions])
    plain = np.array([division == 1 for division in divisions])
    differ = (ternary[:, None] != ternary[None]) & ~plain[:, None] & ~plain[None]
    change = CHANGE_COST * (np.arange(width)[:, None] != np.arange(width)[None]) + FAMILY_COST * differ
    if len(tables) == 1:
        states: list[tuple[int, ...]] = [(own,) for own in range(width)]
        costs = tables[0]
        moves = change
    else:
        states = [(own, other) for own in range(width) for other in range(width)]
        disagree = FAMILY_COST * differ
        costs = (tables[0][:, :, None] + tables[1][:, None, :] + disagree[None]).reshape(len(tables[0]), -1)
        moves = (change[:, None, :, None] + change[None, :, None, :]).reshape(width * width, width * width)
    total = costs[0]
    back = np.zeros((len(costs), len(states)), np.int64)
    for index in range(1, len(costs)):
        sums = total[:, None] + moves
        back[index] = sums.argmin(0)
        total = sums[back[index], np.arange(len(states))] + costs[index]
    path = [int(total.argmin())]
    for index in range(len(costs) - 1, 0, -1):
        path.append(int(back[index, path[-1]]))
    chosen = np.array([states[state] for state in path[::-1]], np.int64)
    return [chosen[:, part] for part in range(len(tables))], float(total.min())
