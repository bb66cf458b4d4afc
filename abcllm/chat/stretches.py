"""Bars as musicians count them, and where they stand in the text of a tune."""

from __future__ import annotations

from collections.abc import Container, Sequence
from fractions import Fraction
from itertools import accumulate

from ..analysis.sections import find_sections
from ..errors import UsageError
from ..notation import Bar, Tune
from ..request import Stretch

__all__ = ["find_stretch", "name_bars", "number_bars"]


def number_bars(tune: Tune) -> list[int]:
    """The number of each bar of the first voice, counted through all sections (`Section.numbers`).

    A pickup has the number before, as has the half that makes a bar whole; endings to choose between share theirs.

    >>> from abcllm.notation import parse
    >>> number_bars(parse("X:1\\nL:1/4\\nM:3/4\\nK:G\\nD|G3|B2:|D|G3|[1B2:|[2d2|]\\n").tunes[0])
    [0, 1, 2, 2, 3, 4, 4]
    """
    numbers: list[int] = []
    before = 0
    for section in find_sections(tune):
        numbers += [before + number for number in section.numbers]
        before += section.full_bars
    return numbers


def find_stretch(tune: Tune, where: Stretch) -> range:
    """The places of the bars of the first voice that are meant. Raises `UsageError` where the tune has no such bars."""
    bars = tune.voices[0].bars
    if where.part:
        return _part(tune, where.part)
    numbers = number_bars(tune)
    last = max(numbers)
    if not where.first:
        return range(len(bars))
    first, end = (where.first, where.last) if where.first > 0 else (last + 1 + where.first, last + 1 + where.last)
    if end > last or first < 1:
        raise UsageError(f"the tune has {last} bar{'s' * (last != 1)}, and so no {_words(where)}")
    places = [at for at, number in enumerate(numbers) if first <= number <= end and bars[at].duration]
    begins = {*accumulate(len(section.bars) for section in find_sections(tune))}
    while len(places) > 1 and numbers[places[-1]] == numbers[places[-2]] and _opens(places[-1], bars, begins):
        if _halves(bars[places[-2]], bars[places[-1]], tune.meter.duration):
            break
        places.pop()  # a pickup to what is not meant
    return range(places[0], places[-1] + 1)


def _halves(one: Bar, other: Bar, full: Fraction | None) -> bool:
    """Whether a double bar cuts a bar into these two; what is shorter than half a bar is a pickup to what follows."""
    is_repeated = one.right is not None and bool(one.right.ends)
    return not is_repeated and one.duration + other.duration == full and 2 * other.duration >= full


def _opens(place: int, bars: Sequence[Bar], begins: Container[int]) -> bool:
    """Whether the first notes of a part stand there."""
    while place not in begins and place and not bars[place - 1].duration:
        place -= 1
    return place in begins


def name_bars(tune: Tune, places: Sequence[int]) -> str:
    """Bars in words: `bar 5`, `bars 5 to 8`; a pickup with what follows it is not named."""
    numbers = number_bars(tune)
    bars = tune.voices[0].bars
    begins = {*accumulate(len(section.bars) for section in find_sections(tune))}
    heard = [at for at in places if bars[at].duration]
    if len(heard) > 1 and numbers[heard[0]] == numbers[max(heard[0] - 1, 0)] and _opens(heard[0], bars, begins):
        heard.pop(0)
    found = sorted({max(numbers[at], 1) for at in heard})
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
