"""Voices written out as they are heard: each repeat, variant ending and part as plain bars.

`playing_order` says which stretches of a voice follow one another; here they become bars again. Where a stretch goes
back past a change of key, metre or tempo, the old one is stated anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from .playing_order import BarStart, Step, find_labels, flatten, playing_order
from .tune import NO_MARKS, TIMED, Bar, BarLine, Chord, Ending, Field, FieldValue, Item, Note, Tune, Voice

RESTATED = ("K", "M", "Q")


def unfold_voices(tune: Tune) -> tuple[Voice, ...]:
    """All voices of a tune, written out. Accidentals and numbers of bars are still those of their places."""
    rows = [flatten(voice) for voice in tune.voices]
    labels = find_labels(tune, rows)
    voices = []
    for voice, row in zip(tune.voices, rows, strict=True):
        stretches = playing_order(tune, row, labels)
        voices.append(replace(voice, bars=_Unfolder(tune, row, stretches).bars()))
    return tuple(voices)


class _Unfolder:
    """Copies stretches of a voice one after the other, and closes a bar at each bar line."""

    def __init__(self, tune: Tune, row: Sequence[Step], stretches: Sequence[tuple[int, int]]) -> None:
        self.row = row
        self.stretches = stretches
        self.start: dict[str, FieldValue] = {"K": tune.key, "M": tune.meter, "Q": tune.tempo}
        self.times = Counter(index for first, last in stretches for index in range(first, last))
        self.played: Counter[int] = Counter()
        self.done: list[Bar] = []
        self.items: list[Item] = []
        self.overlays: tuple[tuple[Item, ...], ...] = ()
        self.left: BarLine | None = None

    def bars(self) -> tuple[Bar, ...]:
        values = self._values()
        here = dict(self.start)
        for first, last in self.stretches:
            for name in RESTATED:
                value = values[first][name]
                if value != here[name] and value is not None:
                    self.items.append(Field(name, str(value), value, inline=True))
            self._copy(first, last)
            here = values[last]
            if last == len(self.row) and self.done and not self.items:
                self.done[-1] = replace(self.done[-1], line_end=True)
        if self.items or self.left is not None:
            self._close(None, line_end=False)
        self._end()
        return tuple(self.done)

    def _values(self) -> list[dict[str, FieldValue]]:
        """Key, metre and tempo in force before each step, and after the last."""
        values = [self.start]
        for step in self.row:
            item = step.item
            changed = isinstance(item, Field) and item.name in RESTATED and item.value is not None
            values.append({**values[-1], item.name: item.value} if changed else values[-1])  # type: ignore[union-attr]
        return values

    def _copy(self, first: int, last: int) -> None:
        bar: Bar | None = None
        for index in range(first, last):
            item = self.row[index].item
            if isinstance(item, BarStart):
                bar = item.bar
            elif not isinstance(item, BarLine):
                bar = bar or self._bar_of(index)
                if not isinstance(item, Ending):
                    self.items.append(self._sung(item, index))
            elif bar is not None and item is bar.left:
                self.left = self.left or _plain(item, or_nothing=True)
            else:
                bar = bar or self._bar_of(index)
                self._add_overlays(bar, first, index)
                self._close(_plain(item), line_end=bar.line_end)
                bar = None
            self.played[index] += 1
        if bar is not None:
            self._add_overlays(bar, first, last)

    def _bar_of(self, index: int) -> Bar:
        """The bar in which a stretch begins that does not begin with a bar."""
        while not isinstance(self.row[index].item, BarStart):
            index -= 1
        start = self.row[index].item
        return start.bar  # type: ignore[union-attr]

    def _sung(self, item: Item, index: int) -> Item:
        """A note with the verse of this time, where there is one for each."""
        times = self.times[index]
        if times == 1 or not isinstance(item, Note | Chord) or len(item.marks.lyrics) != times:
            return item
        return replace(item, marks=replace(item.marks, lyrics=(item.marks.lyrics[self.played[index]],)))

    def _add_overlays(self, bar: Bar, first: int, last: int) -> None:
        """What the overlays hold during the steps of this bar from `first` to `last`."""
        if not bar.overlays:
            return
        origin = last - 1
        while not isinstance(self.row[origin].item, BarStart):
            origin -= 1
        begin = max(first, origin)
        since = self.row[begin].onset - self.row[origin].onset
        until = (self.row[last].onset if last < len(self.row) else self.row[-1].onset) - self.row[origin].onset
        added = [_cut(overlay, since, until if until < bar.duration else None) for overlay in bar.overlays]
        old = self.overlays + ((),) * (len(added) - len(self.overlays))
        self.overlays = tuple(before + after for before, after in zip(old, added, strict=False))

    def _close(self, right: BarLine | None, *, line_end: bool) -> None:
        if not self.items and self.left is None and self.done:
            if right is not None and right.text != "|":
                self.done[-1] = replace(self.done[-1], right=right)
            return
        duration = sum((item.duration for item in self.items if isinstance(item, TIMED)), Fraction(0))
        self.done.append(Bar(0, tuple(self.items), duration, self.left, right, self.overlays, line_end))
        self.items, self.overlays, self.left = [], (), None

    def _end(self) -> None:
        """The last bar line, where it was a repeat, ends the tune."""
        last = self.row[-1].item if self.row else None
        if self.done and isinstance(last, BarLine) and last.ends and self.done[-1].right is not None:
            self.done[-1] = replace(self.done[-1], right=BarLine("|]"))


def _plain(line: BarLine, *, or_nothing: bool = False) -> BarLine | None:
    """The line without its repeats; the ends of a section are kept in sight."""
    if not line.ends and not line.starts:
        return line
    return None if or_nothing and line.marks is NO_MARKS else BarLine("||", marks=line.marks)


def _cut(items: tuple[Item, ...], since: Fraction, until: Fraction | None) -> tuple[Item, ...]:
    """The items of an overlay between two times of its bar."""
    now = Fraction(0)
    kept = []
    for item in items:
        if now >= since and (until is None or now < until) and not isinstance(item, Ending):
            kept.append(item)
        if isinstance(item, TIMED):
            now += item.duration
    return tuple(kept)
