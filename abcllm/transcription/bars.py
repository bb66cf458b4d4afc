"""Where the bars of a score begin and end."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from ..notation.theory import Meter
from .score import Score

__all__ = ["BarSpan", "meter_of", "span_bars"]

COMMON_TIME = Meter((4,), 4)


class BarSpan(NamedTuple):
    """A bar from `start` to `end`. `full` is how long it would be, `meter` the metre that is written for it."""

    start: Fraction
    end: Fraction
    full: Fraction
    meter: Meter


def span_bars(score: Score) -> list[BarSpan]:
    """The bars from the start of the music to the end of its last note.

    A metre that begins in the middle of a bar cuts that bar, and the short bar has a metre of its own.
    """
    end = max((note.onset + note.duration for note in score.notes), default=Fraction(0))
    changes = [(onset, meter) for onset, meter in score.meters if meter.duration and _is_binary(onset - score.pickup)]
    return list(_bars(changes or [(Fraction(0), COMMON_TIME)], score.pickup, end))


def _bars(changes: list[tuple[Fraction, Meter]], pickup: Fraction, end: Fraction) -> Iterator[BarSpan]:
    meter = changes[0][1]
    waiting = changes[1:]
    now = Fraction(0)
    while now < end or not now:
        while waiting and waiting[0][0] <= now:
            meter = waiting.pop(0)[1]
        full = meter.duration or Fraction(1)
        if not now and pickup:
            yield BarSpan(now, pickup, full, meter)
            now = pickup
            continue
        stop = now + full
        if waiting and waiting[0][0] < stop:
            stop = waiting[0][0]
            yield BarSpan(now, stop, stop - now, meter_of(stop - now))
        else:
            yield BarSpan(now, stop, full, meter)
        now = stop


def meter_of(length: Fraction) -> Meter:
    """A metre for one bar of that length: in quarters where that is exact, else in shorter notes."""
    unit = max(length.denominator, 4)
    return Meter((int(length * unit),), unit)


def _is_binary(time: Fraction) -> bool:
    return time.denominator & (time.denominator - 1) == 0
