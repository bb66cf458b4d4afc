"""Repeats found in music that is written out: `|: :|`, and `[1 [2` where the end of a section differs.

The bars are compared as wholes, from bar line to bar line and, where there is a pickup, from pickup to pickup. Of all
ways to print them the shortest is taken, by dynamic programming over the bars; each repeat costs a little, so that a
section is not cut into its phrases. Source of the thought: grammar by least description length, as in Meredith,
Lemström and Wiggins, Algorithms for discovering repeated patterns, 2002.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterator, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from .bars import BarSpan
from .score import ScoreNote

__all__ = ["Stretch", "fold"]

SHORTEST: Final = 4
LONGEST: Final = 64
REPEAT_COST: Final = 0.6
ENDINGS_COST: Final = 1.2
LEAST_SHARED: Final = 3


class Stretch(NamedTuple):
    """Music from `start` to `end` that is printed. `opens` and `closes` say where a repeat begins and ends.

    `ending` is the number of the variant ending, or 0.
    """

    start: Fraction
    end: Fraction
    opens: bool = False
    closes: bool = False
    ending: int = 0


def fold(
    notes: Sequence[ScoreNote],
    bars: Sequence[BarSpan],
    marks: Sequence[tuple[Fraction, Hashable]],
    keys: Sequence[tuple[Fraction, Hashable]],
    end: Fraction,
) -> list[Stretch]:
    """What is printed of music that lasts until `end`, in order.

    A repeat must have in common what stands in it (`marks`: chord symbols, changes of tempo) and what is in force
    (`keys`).
    """
    phases = [Fraction(0)]
    pickup = bars[0].end - bars[0].start
    if pickup < bars[0].full and all(bar.end - bar.start > pickup for bar in bars[1:]):
        phases.append(pickup)
    lanes = [_Lane(notes, bars, marks, keys, phase) for phase in phases]
    return list(_joined(_shortest(lanes, end)))


def _shortest(lanes: Sequence[_Lane], end: Fraction) -> list[Stretch]:
    count = len(lanes[0].cuts) - 1
    places = range(len(lanes))
    best: dict[tuple[int, int], tuple[float, tuple[int, int] | None, tuple[Stretch, ...]]] = {(0, 0): (0, None, ())}
    if len(lanes) > 1:
        best[1, 1] = (0, None, ())
    for at in range(count):
        for lane in places:
            if (at, lane) not in best:
                continue
            cost = best[at, lane][0]
            for size, price, stretches in lanes[lane].steps(at):
                for other in places:
                    last = stretches[-1]
                    if not last.closes:
                        last = last._replace(end=lanes[other].cuts[at + size])
                    elif other != lane:
                        continue
                    target = at + size, other
                    if last.end > last.start and cost + price < best.get(target, (float("inf"),))[0]:
                        best[target] = cost + price, (at, lane), (*stretches[:-1], last)
    place: tuple[int, int] | None = min(
        ((count, lane) for lane in places if (count, lane) in best and lanes[lane].is_over(end)),
        key=lambda target: (best[target][0], -target[1]),
    )
    found: list[Stretch] = []
    while place is not None:
        _, before, stretches = best[place]
        found[:0] = stretches
        place = before
    return found


def _joined(stretches: Sequence[Stretch]) -> Iterator[Stretch]:
    """Plain bars that follow each other as one stretch."""
    waiting: Stretch | None = None
    for stretch in stretches:
        plain = not (stretch.opens or stretch.closes or stretch.ending)
        if waiting is not None and plain:
            waiting = waiting._replace(end=stretch.end)
            continue
        if waiting is not None:
            yield waiting
        waiting = stretch if plain else None
        if not plain:
            yield stretch
    if waiting is not None:
        yield waiting


class _Lane:
    """The bars as they are compared when sections begin `phase` before a bar line."""

    def __init__(
        self,
        notes: Sequence[ScoreNote],
        bars: Sequence[BarSpan],
        marks: Sequence[tuple[Fraction, Hashable]],
        keys: Sequence[tuple[Fraction, Hashable]],
        phase: Fraction,
    ) -> None:
        lines = [bar.start for bar in bars] + [bars[-1].end]
        self.lines = lines
        self.cuts = [max(line - phase, Fraction(0)) for line in lines]
        self.prices = [float((b - a) / bar.full) for a, b, bar in zip(self.cuts, self.cuts[1:], bars, strict=False)]
        self.windows, self.whole = _contents(notes, bars, marks, keys, self.cuts)
        self.pickups = _pickups(notes, lines, self.cuts) if phase else [0] * len(lines)
        self.at_lines = [True] * len(lines)
        for note in notes:
            first, last = bisect_right(lines, note.onset), bisect_left(lines, note.onset + note.duration)
            for line in range(first, last):
                self.at_lines[line] = False
        self.runs: dict[int, list[int]] = {}

    def is_over(self, end: Fraction) -> bool:
        return self.cuts[-1] >= end

    def run(self, size: int) -> list[int]:
        """How many windows from each on are equal to those `size` later."""
        if size not in self.runs:
            windows = self.windows
            run = [0] * (len(windows) + 1)
            for at in range(len(windows) - size - 1, -1, -1):
                run[at] = run[at + 1] + 1 if windows[at] == windows[at + size] else 0
            self.runs[size] = run
        return self.runs[size]

    def steps(self, at: int) -> Iterator[tuple[int, float, tuple[Stretch, ...]]]:
        """What may be printed from a bar on: how many bars it lasts, what it costs, and the stretches."""
        cuts = self.cuts
        if cuts[at] == cuts[at + 1]:
            return
        yield 1, self.prices[at], (Stretch(cuts[at], cuts[at + 1]),)
        if not self.whole[at]:
            return
        windows = self.windows
        most = min((len(windows) - at) // 2, LONGEST)
        for size in range(SHORTEST, most + 1):
            if windows[at] != windows[at + size] or not self.whole[at + size]:
                continue
            shared = self.run(size)[at]
            if shared >= size:
                if self.whole[at + 2 * size]:
                    yield 2 * size, size + REPEAT_COST, (Stretch(cuts[at], cuts[at + size], True, True),)
                continue
            if self.pickups[at + shared] != self.pickups[at + size + shared]:
                shared -= 1
            if shared < max(LEAST_SHARED, size - max(size // 4, 1)):
                continue
            if not (self.at_lines[at + shared] and self.whole[at + 2 * size]):
                continue
            first, second = self.lines[at + shared], self.lines[at + size + shared]
            yield (
                2 * size,
                2 * size - shared + ENDINGS_COST,
                (
                    Stretch(cuts[at], first, True),
                    Stretch(first, cuts[at + size], False, True, 1),
                    Stretch(second, cuts[at + 2 * size], False, False, 2),
                ),
            )


def _contents(
    notes: Sequence[ScoreNote],
    bars: Sequence[BarSpan],
    marks: Sequence[tuple[Fraction, Hashable]],
    keys: Sequence[tuple[Fraction, Hashable]],
    cuts: Sequence[Fraction],
) -> tuple[list[int], list[bool]]:
    """A number for what stands in each window, the same for the same; and at which cuts no note sounds on."""
    changes = [onset for onset, _ in keys]
    contents: list[list[Hashable]] = [
        [bar.full, bar.meter, keys[max(bisect_left(changes, end) - 1, 0)][1]]
        for bar, end in zip(bars, cuts[1:], strict=True)
    ]
    whole = [True] * len(cuts)
    for onset, duration, pitch, part, _ in notes:
        first = bisect_right(cuts, onset) - 1
        stop = onset + duration
        for window in range(first, len(bars)):
            contents[window].append((onset - cuts[window], stop - cuts[window], pitch, part))
            if stop <= cuts[window + 1]:
                break
            whole[window + 1] = False
    for onset, mark in marks:
        window = min(bisect_right(cuts, onset) - 1, len(bars) - 1)
        contents[window].append((onset - cuts[window], mark))
    numbers: dict[tuple[Hashable, ...], int] = {}
    return [numbers.setdefault(tuple(content), len(numbers)) for content in contents], whole


def _pickups(notes: Sequence[ScoreNote], lines: Sequence[Fraction], cuts: Sequence[Fraction]) -> list[int]:
    """A number for what stands between each cut and the bar line after it."""
    contents: list[list[Hashable]] = [[] for _ in lines]
    for onset, duration, pitch, part, _ in notes:
        line = bisect_right(cuts, onset) - 1
        if onset < lines[line]:
            contents[line].append((onset - lines[line], duration, pitch, part))
    numbers: dict[tuple[Hashable, ...], int] = {}
    return [numbers.setdefault(tuple(content), len(numbers)) for content in contents]
