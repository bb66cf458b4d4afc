"""Sections of a tune: the stretches between repeats, double bars and ends, endings belonging to what they end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from ..notation.tune import Bar, Chord, Note, Rest, Tune

__all__ = ["Section", "count_bars", "cut_bars", "find_sections", "notes_of"]


@dataclass(frozen=True, slots=True)
class Section:
    """Bars of the first voice that belong together."""

    bars: tuple[Bar, ...]

    @property
    def full_bars(self) -> int:
        """How many bars a musician counts, see `numbers`."""
        return max(self.numbers, default=0)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The number of each bar, as a musician counts, from 1.

        A pickup has the number before, as has the half that makes a bar whole, and what is empty; endings to choose
        between share theirs.
        """
        longest = max((bar.duration for bar in self.bars), default=Fraction(0))
        numbers: list[int] = []
        count, lacking = 0, Fraction(0)  # what the bar that was counted last lacks
        fork: int | None = None
        for bar in self.bars:
            if bar.endings:
                count = fork = count if fork is None else fork
            if bar.duration:
                is_pickup = not count and bar.duration < longest
                completes = bar.duration <= lacking and not bar.endings
                count += not is_pickup and not completes
                lacking = Fraction(0) if is_pickup or completes else longest - bar.duration
            numbers.append(count)
        return tuple(numbers)

    @property
    def notes(self) -> tuple[tuple[int, Fraction], ...]:
        """Pitch (MIDI number; the highest of a chord, -1 for a rest) and length of all that sounds, in order."""
        return tuple(notes_of(self.bars))


def find_sections(tune: Tune) -> tuple[Section, ...]:
    """The sections of the first voice. A variant ending belongs to the section that it ends, a pickup to the next.

    >>> from abcllm.notation import parse
    >>> tune = parse("X:1\\nL:1/4\\nM:2/4\\nK:C\\n|:C D|1 E F:|2 G A|]B c|d2|]\\n").tunes[0]
    >>> [len(section.bars) for section in find_sections(tune)]
    [3, 2]
    """
    return tuple(cut_bars(tune.voices[0].bars)) if tune.voices else ()


def count_bars(tune: Tune) -> int:
    """The bars that a musician counts: pickups and halves of divided bars are none; in free metre, all of them."""
    if tune.voices and tune.meter.duration is None:
        return max((bar.number for bar in tune.voices[0].bars), default=0)
    return sum(section.full_bars for section in find_sections(tune))


def cut_bars(voice: Iterable[Bar]) -> Iterator[Section]:
    """The sections that the bars of a voice make."""
    bars: list[Bar] = []
    sounding: list[Bar] = []  # no empty one, such as a remark makes between two bar lines
    closed = False
    for bar in voice:
        begins = closed or (bar.left is not None and bar.left.is_seam)
        is_empty = not bar.duration
        is_pickup = not sounding or (len(sounding) == 1 and (is_empty or sounding[0].duration < bar.duration))
        if begins and not is_pickup and not bar.endings:
            yield Section(tuple(bars))
            bars, sounding = [], []
        bars.append(bar)
        if not is_empty:
            sounding.append(bar)
        closed = (bar.right is not None and bar.right.is_seam) or (begins and is_empty and is_pickup)
    if bars:
        yield Section(tuple(bars))


def notes_of(bars: tuple[Bar, ...]) -> Iterator[tuple[int, Fraction]]:
    """Pitch (MIDI number; the highest of a chord, -1 for a rest) and length of all that sounds in the bars."""
    for bar in bars:
        for item in bar.items:
            if isinstance(item, Note):
                yield item.pitch.midi, item.duration
            elif isinstance(item, Chord):
                yield max(note.pitch.midi for note in item.notes), item.duration
            elif isinstance(item, Rest):
                yield -1, item.duration
