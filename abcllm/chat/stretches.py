"""Bars as musicians count them, and where they stand in the text of a tune."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..analysis.sections import find_sections
from ..errors import UsageError
from ..notation import Tune
from ..request import Stretch

__all__ = ["find_stretch", "name_bars", "number_bars"]


def number_bars(tune: Tune) -> list[int]:
    """The number of each bar of the first voice: a pickup has 0 or that of the bar before, which it makes whole.

    >>> from abcllm.notation import parse
    >>> number_bars(parse("X:1\\nL:1/4\\nM:3/4\\nK:G\\nD|G3|B2:|D|G3|[1B2:|[2d2|]\\n").tunes[0])
    [0, 1, 2, 2, 3, 4, 5]
    """
    full = tune.meter.duration
    numbers: list[int] = []
    count = 0
    missing: Fraction | None = None
    for at, bar in enumerate(tune.voices[0].bars):
        completes = missing is not None and bar.duration <= missing and not bar.endings
        is_pickup = at == 0 and full is not None and bar.duration < full
        if bar.duration and not completes and not is_pickup:
            count += 1
        numbers.append(count)
        short = full is not None and bar.duration < full and not completes and not is_pickup
        if bar.duration:
            missing = full - bar.duration if short and full is not None else None
    return numbers


def find_stretch(tune: Tune, where: Stretch) -> range:
    """The places of the bars of the first voice that are meant. Raises `UsageError` where the tune has no such bars."""
    bars = tune.voices[0].bars
    if where.part:
        return _part(tune, where.part)
    numbers = number_bars(tune)
    last = numbers[-1]
    if not where.first:
        return range(len(bars))
    first, end = (where.first, where.last) if where.first > 0 else (last + 1 + where.first, last + 1 + where.last)
    if end > last or first < 1:
        raise UsageError(f"the tune has {last} bar{'s' * (last != 1)}, and so no {_words(where)}")
    places = [at for at, number in enumerate(numbers) if first <= number <= end and bars[at].duration]
    while len(places) > 1 and numbers[places[-1]] == numbers[places[-2]]:  # a pickup to what is not meant
        places.pop()
    return range(places[0], places[-1] + 1)


def name_bars(tune: Tune, places: Sequence[int]) -> str:
    """Bars in words: `bar 5`, `bars 5 to 8`."""
    numbers = number_bars(tune)
    found = sorted({max(numbers[at], 1) for at in places})
    return str(Stretch(found[0], found[-1])) if found else "no bar"


def _words(where: Stretch) -> str:
    return str(where).removeprefix("the ")


def _part(tune: Tune, part: int) -> range:
    sections = find_sections(tune)
    if part > len(sections):
        have = "one part" if len(sections) == 1 else f"{len(sections)} parts"
        raise UsageError(f"the tune has {have}, and so no part {part}")
    at = part - 1 if part > 0 else len(sections) + part
    start = sum(len(section.bars) for section in sections[:at])
    return range(start, start + len(sections[at].bars))
