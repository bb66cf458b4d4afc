"""An even layout: fields in one order, one unit note length, lines of so many bars, beams by beats.

Collections differ in all of these, which says nothing about the music; a model that reads one layout can count lines
where it would have to count bars.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate, pairwise
from math import lcm
from typing import Final, NamedTuple

from ..notation import parse, write
from ..notation.beaming import BeamGroups
from ..notation.theory import Meter
from ..notation.transforms import change_unit_length
from ..notation.tune import (
    TIMED,
    Bar,
    BarLine,
    Chord,
    Field,
    Grace,
    Item,
    LineBreak,
    MultiRest,
    Note,
    Rest,
    Spacer,
    Tune,
    Tuplet,
)
from .sections import find_sections

__all__ = ["lay_out"]

RANKS: Final = {name: rank for rank, name in enumerate("TCORMLQPV")}
"""The order of header fields; others follow in theirs."""
SPACED: Final = (Note, Chord, Rest, Grace, Spacer, Tuplet)


def lay_out(tune: Tune, *, bars_per_line: int = 4, unit_length: Fraction = Fraction(1, 8)) -> Tune:
    """The same music in even lines.

    A line ends after so many bars, where a section does, and before a field on a line of its own; a pickup is no bar,
    and a single bar that is left of a section stays on the line before. All voices are broken at the same bars. Spaces
    stand between beams, the last bar is closed.

    >>> from abcllm.notation import parse, write
    >>> text = "X:1\\nL:1/4\\nM:2/4\\nK:D\\nA|d f|\\nd a:|\\n|:f\\na|d f|a f|d A|B\\nA|d||\\n"
    >>> print(write(lay_out(parse(text).tunes[0])))
    X:1
    M:2/4
    L:1/8
    K:D
    A2|d2 f2|d2 a2:|
    |:f2 a2|d2 f2|a2 f2|d2 A2|
    B2 A2|d2||
    <BLANKLINE>
    """
    tune = change_unit_length(tune, unit_length)
    at = next((index for index, item in enumerate(tune.fields) if item.name == "K"), len(tune.fields))
    header = sorted(tune.fields[:at], key=lambda item: RANKS.get(item.name, len(RANKS)))
    tune = replace(tune, fields=(*header, *tune.fields[at:]))
    if len({len(voice.bars) for voice in tune.voices}) != 1:
        return tune
    lines = [*_lines(tune, bars_per_line)]
    voices = (replace(voice, bars=tuple(_laid_out(voice.bars, lines, tune.meter))) for voice in tune.voices)
    return parse(write(replace(tune, voices=tuple(voices)))).tunes[0]


class _Line(NamedTuple):
    """The bars of a line; the first may begin a section."""

    bars: range
    begins: bool


def _lines(tune: Tune, bars_per_line: int) -> Iterator[_Line]:
    """The lines that the bars of a tune make."""
    start, full = 0, tune.meter.duration or Fraction(0)
    for section in find_sections(tune):
        stop = start + len(section.bars)
        first = start + (section.bars[0].duration < full)
        cuts = {start, *range(first + bars_per_line, stop - 1, bars_per_line)}
        cuts |= {start + index for index, bar in enumerate(section.bars) if _begins_with_line(bar)}
        yield from (_Line(range(*ends), ends[0] == start) for ends in pairwise((*sorted(cuts), stop)))
        start = stop


def _begins_with_line(bar: Bar) -> bool:
    first = bar.items[0] if bar.items else None
    return isinstance(first, Field) and not first.inline


def _laid_out(bars: Sequence[Bar], lines: Iterable[_Line], meter: Meter) -> Iterator[Bar]:
    """The bars in these lines, beamed anew; a bar that begins a section and is not full lacks its beginning."""
    for line in lines:
        for index in line.bars:
            bar = bars[index]
            parts = [_without_breaks(part) for part in (bar.items, *bar.overlays)]
            meter = next(
                (one.value for one in bar.items if isinstance(one, Field) and isinstance(one.value, Meter)), meter
            )
            if meter.duration is not None:
                is_pickup = line.begins and index == line.bars[0]
                start = max(meter.duration - bar.duration, Fraction(0)) if is_pickup else Fraction(0)
                parts = [_beamed(part, start, meter) for part in parts]
            items, *overlays = parts
            right = bar.right if index < len(bars) - 1 else bar.right or BarLine("|]")
            yield replace(bar, items=items, overlays=tuple(overlays), right=right, line_end=index == line.bars[-1])


def _without_breaks(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(item for item in items if not isinstance(item, LineBreak))


def _beamed(items: Sequence[Item], start: Fraction, meter: Meter) -> tuple[Item, ...]:
    """The items of a bar that begins at `start` of the full one, with spaces between groups and nowhere else."""
    onsets = [*accumulate((item.duration for item in items if isinstance(item, TIMED)), initial=start)]
    whole = lcm(8, *(onset.denominator for onset in onsets))
    ticks = [int(onset * whole) for onset in onsets]
    groups = BeamGroups(meter, whole, pairwise(ticks))
    times = iter(map(groups.find, ticks))
    group, last = next(times), None
    bound = 0  # so many notes stand with what precedes them, whatever their group
    beamed: list[Item] = []
    for item in items:
        if isinstance(item, SPACED):
            beamed.append(replace(item, joined=bound > 0 or group == last))
        else:
            beamed.append(item)
        if isinstance(item, Tuplet):
            bound = item.r
        elif isinstance(item, Grace):
            bound = max(bound, 1)
        elif isinstance(item, TIMED):
            group, last = next(times), group
            is_broken = not isinstance(item, MultiRest) and item.broken
            bound = max(bound - 1, 1 if is_broken else 0)
    return tuple(beamed)
