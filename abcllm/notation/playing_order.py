"""The order in which a voice is played: repeats, variant endings and the order of parts.

A voice is flattened to a row of `Step`s, and `playing_order` gives the stretches of that row, one after the other,
as they sound. Sources: ABC standard 2.1, sections 3.1.9, 4.8 and 4.9. What the standard leaves open:

* `:|` without `|:` goes back to the start (of the part or the tune) when it is the first; after that to the latest end
  of a repeat, or double or thick bar line.
* A variant ending lasts until the next repeat sign, double or thick bar line, or ending. The section is played as
  often as its highest number says, whether or not each ending is closed by `:|`.
* `:|` after the last ending goes back once more only where no other ending was written (`|1 A :| B`).
* A part (`P:`) lasts until the next label. What stands before the first label is played once, at the start. Where a
  label stands twice, the later part is played. Repeats do not reach over the end of a part.
* D.C., D.S., fine and coda are words for players: they are not followed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import zip_longest
from typing import NamedTuple, TypeAlias

from ..errors import FormatError
from .fields import FieldFault, parse_parts
from .tune import TIMED, Bar, BarLine, Ending, Field, Item, Tune, Voice

__all__ = ["BarStart", "Labels", "Step", "find_labels", "flatten", "playing_order"]

MOST_STEPS = 250_000


class BarStart(NamedTuple):
    """The place where a bar begins."""

    bar: Bar


class Step(NamedTuple):
    """One thing in a voice, when it stands there if nothing is repeated (in whole notes), and the number of its bar."""

    item: Item | BarLine | BarStart
    onset: Fraction
    bar: int


Labels: TypeAlias = "dict[str, tuple[Fraction, Fraction | None]]"
Stretch: TypeAlias = "tuple[int, int]"


def flatten(voice: Voice) -> list[Step]:
    """All that stands in a voice, bar after bar."""
    steps: list[Step] = []
    now = Fraction(0)
    for bar in voice.bars:
        steps.append(Step(BarStart(bar), now, bar.number))
        if bar.left is not None:
            steps.append(Step(bar.left, now, bar.number))
        for item in bar.items:
            steps.append(Step(item, now, bar.number))
            if isinstance(item, TIMED):
                now += item.duration
        if bar.right is not None:
            steps.append(Step(bar.right, now, bar.number))
    return steps


def find_labels(tune: Tune, rows: Sequence[Sequence[Step]]) -> Labels:
    """Where the parts of a tune begin and end, read from the P: labels of all voices; None is the end of the tune."""
    begins: list[tuple[Fraction, str]] = []
    key = next((index for index, item in enumerate(tune.fields) if item.name == "K"), len(tune.fields))
    begins += [(Fraction(0), item.text[:1]) for item in tune.fields[key:] if item.name == "P"]
    for row in rows:
        begins += [
            (step.onset, step.item.text[:1]) for step in row if isinstance(step.item, Field) and step.item.name == "P"
        ]
    places = sorted({onset for onset, _ in begins})
    labels: Labels = {}
    following: dict[Fraction, Fraction | None] = dict(zip_longest(places, places[1:]))
    for onset, label in sorted(begins):
        labels[label] = onset, following[onset]
    return labels


def playing_order(tune: Tune, row: Sequence[Step], labels: Labels) -> list[Stretch]:
    """The stretches of `row` (first index, index after the last) in the order in which they are heard.

    Raises `FormatError` where repeats and parts make more than `MOST_STEPS` steps.
    """
    stretches: list[Stretch] = []
    played = 0
    for first, last in _sections(tune, row, labels):
        for stretch in _unfold(row, first, last):
            played += stretch[1] - stretch[0]
            if played > max(MOST_STEPS, len(row)):
                raise FormatError(
                    "the repeats and parts of this tune make it too long to be played; write fewer of them"
                )
            stretches.append(stretch)
    return stretches


def _sections(tune: Tune, row: Sequence[Step], labels: Labels) -> Iterator[Stretch]:
    """The parts in the order of the header's P:, or the whole voice."""
    order: tuple[str, ...] = ()
    for item in tune.fields:
        if item.name == "K":
            break
        if item.name == "P":
            try:
                order = parse_parts(item.text)
            except FieldFault:
                order = ()
    if not any(label in labels for label in order):
        yield 0, len(row)
        return
    first = min(begin for begin, _ in labels.values())
    if first:
        yield 0, _index_of(row, first)
    places = {
        label: (_index_of(row, begin), len(row) if end is None else _index_of(row, end))
        for label, (begin, end) in labels.items()
    }
    yield from (places[label] for label in order if label in places)


def _index_of(row: Sequence[Step], onset: Fraction) -> int:
    """Where in a voice the music of that time begins: with a bar, a label or a note, not with the bar line before."""
    for index, (item, at, _) in enumerate(row):
        if at > onset or (at == onset and isinstance(item, (BarStart, Field, *TIMED))):
            return index
    return len(row)


class _Group:
    """The variant endings of a section: `endings` are the numbers, first index and index after the last of each.

    `opened` says that the section begins with `|:`.
    """

    def __init__(self, begin: int, *, opened: bool = False) -> None:
        self.begin = begin
        self.opened = opened
        self.endings: list[tuple[tuple[int, ...], int, int]] = []
        self.open: tuple[tuple[int, ...], int] | None = None
        self.repeats = False

    def close(self, at: int, *, repeats: bool) -> None:
        if self.open is not None:
            self.endings.append((*self.open, at))
            self.open = None
            self.repeats = repeats

    def numbers(self) -> set[int]:
        return {number for ending in self.endings for number in ending[0]} | set(self.open[0] if self.open else ())

    def play(self) -> Iterator[Stretch]:
        passes = max(self.numbers())
        if self.repeats and len(self.endings) == 1:
            passes += 1
        for number in range(1, passes + 1):
            yield self.begin, self.endings[0][1]
            yield from ((first, last) for numbers, first, last in self.endings if number in numbers)


def _unfold(row: Sequence[Step], first: int, last: int) -> Iterator[Stretch]:
    """The stretches of one section in the order in which they are heard."""
    group = _Group(first)
    times = 1
    repeated = False
    for index in range(first, last):
        item = row[index].item
        if isinstance(item, Ending):
            begin = max(_bar_start(row, index), group.begin)
            group.close(begin, repeats=False)
            if group.endings and set(item.numbers) & group.numbers():
                yield from group.play()
                group = _Group(begin)
            group.open = item.numbers, begin
        elif isinstance(item, BarLine):
            after = _bar_start(row, index) if _is_left(row, index) else index + 1
            has_endings = group.open is not None
            if item.ends:
                repeated = True
                if has_endings:
                    group.close(after, repeats=True)
                else:
                    yield from [(group.begin, after)] * max(times, item.ends + 1)
                    group, times = _Group(after), 1
            elif has_endings and (item.starts or item.is_seam):
                group.close(after, repeats=False)
            if group.endings and group.open is None and (item.starts or not _ending_follows(row, after, last)):
                yield from group.play()
                group, times = _Group(after), 1
            if item.starts:
                if group.begin < after:
                    yield group.begin, after
                group, times = _Group(after, opened=True), item.starts + 1
            elif item.is_seam and repeated and not (item.ends or group.opened or group.endings) and group.begin < after:
                yield group.begin, after
                group = _Group(after)
    group.close(last, repeats=False)
    if group.endings:
        yield from group.play()
    elif group.begin < last:
        yield group.begin, last


def _is_left(row: Sequence[Step], index: int) -> bool:
    """True for a bar line that stands at the start of its bar: what ends there ends before the bar."""
    before = row[index - 1].item if index else None
    return isinstance(before, BarStart) and before.bar.left is row[index].item


def _bar_start(row: Sequence[Step], index: int) -> int:
    """Where the bar of what stands at `index` begins, if no note and no bar line comes before it; else `index`."""
    place = index - 1
    while place >= 0 and not isinstance(row[place].item, (BarStart, BarLine, *TIMED)):
        place -= 1
    return place if place >= 0 and isinstance(row[place].item, BarStart) else index


def _ending_follows(row: Sequence[Step], index: int, last: int) -> bool:
    """True where the next ending begins before any note."""
    for step in row[index:last]:
        if isinstance(step.item, Ending):
            return True
        if isinstance(step.item, TIMED) or (isinstance(step.item, BarLine) and step.item.starts):
            return False
    return False
