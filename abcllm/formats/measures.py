"""Bars of all voices brought into step: a measure of a score is what all voices do between two bar lines.

Rests of several bars are taken apart, voices that end early are filled up, and a variant ending in mid-bar begins a
measure of its own where one voice is written alone. Bar lines, repeats and endings are those of the leading voice,
the one with the most bars; a voice that lacks some of its bar lines is divided where they stand in time.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from ..notation.theory import Meter
from ..notation.tune import TIMED, Bar, BarLine, Ending, Field, Item, LineBreak, MultiRest, Rest, Tune, Voice

__all__ = ["Cell", "Measure", "find_measures"]

INVISIBLE = BarLine("[|]")


class Cell(NamedTuple):
    """What one voice has in a measure. `rests` counts the bars of rest of which this is the first, else 0."""

    items: tuple[Item, ...] = ()
    overlays: tuple[tuple[Item, ...], ...] = ()
    meter: Meter = Meter()
    rests: int = 0

    @property
    def duration(self) -> Fraction:
        """How long its items last."""
        return sum((item.duration for item in self.items if isinstance(item, TIMED)), Fraction(0))


class Measure(NamedTuple):
    """One measure. `cells` are in the order of the voices; `ending` begins here, `ends_ending` says that one ends here.

    `ends_ending` is stop (with a hook), discontinue, or empty. `rests` is the number of measures, from this one, in
    which all voices rest as one sign.
    """

    number: int
    cells: tuple[Cell, ...]
    left: BarLine | None
    right: BarLine | None
    implicit: bool
    new_line: bool
    ending: tuple[int, ...] = ()
    ends_ending: str = ""
    rests: int = 0


class _Frame(NamedTuple):
    """A cell with what surrounds it in its voice."""

    cell: Cell
    number: int
    left: BarLine | None
    right: BarLine | None
    line_end: bool
    ending: tuple[int, ...]
    partial: bool


def find_measures(tune: Tune, voices: Sequence[Voice]) -> list[Measure]:
    """The measures of these voices of a tune."""
    rows = [_frames(voice, tune.meter, alone=len(voices) == 1) for voice in voices]
    leader = max(rows, key=len, default=[])
    rows = [row if len(row) == len(leader) else _divided(row, leader) for row in rows]
    stops = _ends_of_endings(leader)
    measures: list[Measure] = []
    new_line = False
    resting = 0
    for index, frame in enumerate(leader):
        cells = tuple(row[index].cell for row in rows)
        rests = min((cell.rests for cell in cells), default=0)
        if resting or (rests > 1 and any(cell.rests != rests for cell in cells)):
            rests = 0
        resting = max(resting - 1, rests - 1, 0)
        measures.append(
            Measure(
                frame.number,
                cells,
                frame.left,
                frame.right,
                frame.number == 0 or frame.partial,
                new_line,
                frame.ending,
                stops.get(index, ""),
                rests,
            )
        )
        new_line = frame.line_end
    return measures


def _frames(voice: Voice, meter: Meter, *, alone: bool) -> list[_Frame]:
    frames: list[_Frame] = []
    for bar in voice.bars:
        begin = meter
        timed = False
        for item in bar.items:
            timed = timed or isinstance(item, TIMED)
            if isinstance(item, Field) and isinstance(item.value, Meter):
                meter = item.value
                begin = begin if timed else meter
        if any(isinstance(item, MultiRest) for item in bar.items):
            frames += _bars_of_rest(bar, begin)
        elif alone and not bar.overlays and (at := _ending_inside(bar.items)):
            frames.append(_Frame(Cell(bar.items[:at], (), begin), bar.number, bar.left, INVISIBLE, False, (), False))
            frames.append(_frame(bar, bar.items[at:], begin, left=None, partial=True))
        else:
            frames.append(_frame(bar, bar.items, begin, left=bar.left))
    return _joined_empty(frames)


def _frame(bar: Bar, items: tuple[Item, ...], meter: Meter, *, left: BarLine | None, partial: bool = False) -> _Frame:
    line_end = bar.line_end
    return _Frame(Cell(items, bar.overlays, meter), bar.number, left, bar.right, line_end, _endings(items), partial)


def _bars_of_rest(bar: Bar, meter: Meter) -> list[_Frame]:
    """A frame for each bar of rest; what stands before and after the rest goes to the first and the last."""
    full = meter.duration or Fraction(1)
    frames: list[_Frame] = []
    before: list[Item] = []
    for item in bar.items:
        if not isinstance(item, MultiRest):
            before.append(item)
            continue
        for count in range(item.bars):
            rest = Rest(full, full, item.visible, marks=item.marks) if count == 0 else Rest(full, full, item.visible)
            number = bar.number - item.bars + 1 + count
            cell = Cell((*before, rest), (), meter, item.bars if count == 0 and item.visible else 0)
            frames.append(_Frame(cell, max(number, 1), None, BarLine("|"), False, _endings(before), False))
            before = []
    frames[0] = frames[0]._replace(left=bar.left)
    last = frames[-1]
    cell = last.cell._replace(items=(*last.cell.items, *before), overlays=bar.overlays)
    frames[-1] = last._replace(cell=cell, right=bar.right, line_end=bar.line_end)
    return frames


def _endings(items: Sequence[Item]) -> tuple[int, ...]:
    return next((item.numbers for item in items if isinstance(item, Ending)), ())


def _ending_inside(items: Sequence[Item]) -> int:
    """Index of a variant ending that begins after a note of its bar, else 0."""
    timed = False
    for index, item in enumerate(items):
        if isinstance(item, Ending) and timed:
            return index
        timed = timed or isinstance(item, TIMED)
    return 0


def _joined_empty(frames: list[_Frame]) -> list[_Frame]:
    """Bars that hold no time give what they hold to the next one (or, at the end, to the one before)."""
    joined: list[_Frame] = []
    waiting: list[Item] = []
    left: BarLine | None = None
    for frame in frames:
        if any(isinstance(item, TIMED) for item in frame.cell.items):
            items = (*waiting, *frame.cell.items)
            joined.append(
                frame._replace(cell=frame.cell._replace(items=items), left=frame.left or left, ending=_endings(items))
            )
            waiting, left = [], None
            continue
        waiting += [item for item in frame.cell.items if not isinstance(item, LineBreak)]
        line = frame.right if frame.right is not None else frame.left
        if joined and line is not None and not (line.starts and not line.ends):
            last = joined[-1]
            if last.right is None or not last.right.is_seam:
                joined[-1] = last._replace(right=line)
            joined[-1] = joined[-1]._replace(line_end=joined[-1].line_end or frame.line_end)
        elif line is not None and line.starts:
            left = line
    if waiting and joined:
        last = joined[-1]
        joined[-1] = last._replace(cell=last.cell._replace(items=(*last.cell.items, *waiting)))
    return joined


def _divided(row: Sequence[_Frame], leader: Sequence[_Frame]) -> list[_Frame]:
    """A voice with fewer bars, its items dealt out to the measures of the leader by their time."""
    begins = [Fraction(0)]
    for frame in leader:
        begins.append(begins[-1] + frame.cell.duration)
    items: list[list[Item]] = [[] for _ in leader]
    overlays: dict[int, tuple[tuple[Item, ...], ...]] = {}
    now = Fraction(0)
    for frame in row:
        place = _measure_at(begins, now)
        if frame.cell.overlays:
            overlays.setdefault(place, frame.cell.overlays)
        for item in frame.cell.items:
            items[_measure_at(begins, now)].append(item)
            if isinstance(item, TIMED):
                now += item.duration
    cells = [Cell(tuple(own), overlays.get(index, ()), leader[index].cell.meter) for index, own in enumerate(items)]
    ended = _measure_at(begins, now) if now < begins[-1] else len(leader)
    return [
        frame._replace(cell=cell if index < ended or cell.items else _filled(frame.cell))
        for index, (frame, cell) in enumerate(zip(leader, cells, strict=True))
    ]


def _measure_at(begins: Sequence[Fraction], time: Fraction) -> int:
    return min(max(bisect_right(begins, time) - 1, 0), len(begins) - 2)


def _filled(cell: Cell) -> Cell:
    """A rest where a voice has ended and others go on."""
    length = cell.duration or cell.meter.duration or Fraction(1)
    return Cell((Rest(length, length),), (), cell.meter)


def _ends_of_endings(frames: Sequence[_Frame]) -> dict[int, str]:
    """Index of the last measure of each variant ending, and how its bracket ends."""
    stops: dict[int, str] = {}
    is_open = False
    for index, frame in enumerate(frames):
        if frame.ending:
            if is_open:
                stops[index - 1] = "discontinue"
            is_open = True
        line = frame.right
        following = frames[index + 1] if index + 1 < len(frames) else None
        begins_repeat = following is not None and following.left is not None and following.left.starts
        if is_open and (
            following is None or begins_repeat or (line is not None and line.is_seam and not line.is_invisible)
        ):
            closed = line is not None and (line.ends or (line.is_seam and following is None))
            stops[index] = "stop" if closed else "discontinue"
            is_open = False
    return stops
