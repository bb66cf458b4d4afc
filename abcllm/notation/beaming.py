"""Which notes of a bar stand together: those of a beat, or of half a bar of four quarters without anything shorter than
an eighth, as tunes are commonly written.

Times are whole numbers of ticks, `whole` of them a whole note, from where the bar begins or, were it full, would.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from .theory import Meter

__all__ = ["BeamGroups", "beat_length"]


def beat_length(meter: Meter, whole: int) -> int:
    """How long a beat is: three of the lower number in compound metres and 3/8, at least a quarter in others."""
    beats, unit = sum(meter.beats) or 4, meter.unit
    if meter.is_compound or (beats == 3 and unit >= 8):
        return 3 * whole // unit
    return max(whole // unit, whole // 4) if beats * 4 % unit == 0 else whole // unit


class BeamGroups:
    """The groups of one bar; `spans` are beginning and end of all that stands in it."""

    def __init__(self, meter: Meter, whole: int, spans: Iterable[tuple[int, int]]) -> None:
        self.whole = whole
        self.edges = _edges(meter, whole)
        has_halves = meter.duration == 1 and not meter.is_compound
        self.plain = [has_halves, has_halves]
        eighth = whole // 8
        for start, end in spans if has_halves else ():
            if start % eighth or end % eighth:
                self.plain[min(start * 2 // whole, 1)] = False

    def find(self, at: int) -> int:
        """The number of the group of a time; times with one number stand together."""
        half = min(max(at * 2 // self.whole, 0), 1)
        if self.plain[half]:
            return -2 - half
        return next((number for number, edge in enumerate(self.edges) if at < edge), len(self.edges))


@lru_cache(maxsize=256)
def _edges(meter: Meter, whole: int) -> tuple[int, ...]:
    """Where groups end in a bar: after each beat; of 5/8 and 7/8 after three or two eighths."""
    beats, unit = sum(meter.beats) or 4, meter.unit
    full = whole * beats // unit
    if len(meter.beats) > 1:
        lengths = [whole * count // unit for count in meter.beats]
    elif (beats, unit) in ((5, 8), (7, 8)):
        lengths = [whole * count // unit for count in ((3, 2) if beats == 5 else (2, 2, 3))]
    else:
        beat = beat_length(meter, whole)
        lengths = [beat] * -(-full // beat)
    edges, at = [], 0
    for length in lengths:
        at += length
        edges.append(at)
    return tuple(edges)
