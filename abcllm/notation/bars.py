"""Bars of one voice: bar lines, variant endings, overlays, lines of music, and the end of the voice."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from .barlines import read_bar_line, read_ending_numbers
from .diagnostics import Fix
from .ledger import ClosedBar, spell
from .lengths import Ticks, broken_ratio, duration_of, ticks_of
from .nodes import amend
from .source import Span
from .state import VoiceState
from .tune import Bar, BarLine, Chord, Ending, Field, Item, LineBreak, Note, Rest

Match = re.Match[str]
_span = tuple.__new__


class BarReader(VoiceState):
    """Closes bars and keeps the account of their lengths."""

    def read_bar_line(self, match: Match) -> None:
        text, span = match.group(), _span(Span, match.span())
        line = read_bar_line(text, span)
        if line is None:
            self.report("S306", span, f"{text} is no bar line")
            return
        if text[0] == "]":
            self.report("S308", span, f"{text} is no bar line of the standard", fix=Fix(span, line.text))
        if self.decorations or self.chord_symbols or self.annotations:
            line = BarLine(line.text, line.ends, line.starts, self.take_signs(), span)
        if line.ends:
            self.repeat_open = None
        if line.starts:
            if self.repeat_open is not None:
                self.report("S304", self.repeat_open, "this repeat is opened again before it is closed")
            self.repeat_open = span
            self.endings = frozenset()
        self.close_bar(line, span[0], span[1])

    def close_bar(self, line: BarLine | None, start: int, end: int) -> None:
        """End the bar at a bar line, or at the end of the voice (`line` is None)."""
        if self.broken or self.tuplet_left:
            self.end_groups(start)
        items, ticks, rest_bars = self.items, self.ticks, self.rest_bars
        overlays: tuple[tuple[Item, ...], ...] = ()
        if self.layers:
            items, ticks, overlays = self.end_overlays(start)
        timed = bool(ticks) or bool(rest_bars)
        if not timed and not items and not overlays and self.left is None and line is not None:
            self.left = line
            self.begin_bar(line)
            return
        duration = duration_of(ticks)
        if rest_bars:
            duration += (self.meter.duration or Fraction(1)) * rest_bars
        if timed:
            self.has_music = True
            self.total += ticks
            if rest_bars:
                self.total += (self.full or ticks_of(Fraction(1))) * rest_bars
            self.account(line, ticks, (_bar_start(items, start), end if line is None else start), rest_bars)
        elif self.seam is False and line is not None and line.is_seam:
            self.seam = True
        bar = Bar(
            self.number, tuple(items), duration, self.left, line, overlays, False, Span(_bar_start(items, start), end)
        )
        self.bars.append(bar)
        self.items = []
        self.left = None
        self.ticks = self.rest_bars = 0
        if line is not None:
            self.begin_bar(line)

    def begin_bar(self, line: BarLine) -> None:
        """State after a bar line."""
        self.faulty = False
        self.joined = False
        self.broken_base = None
        self.ending_here = False
        if self.accidentals:
            self.accidentals = {}
        if line.is_seam:
            self.seam = True
            if line.ends or line.starts:
                self.repeats_before = True

    def account(self, line: BarLine | None, ticks: Ticks, span: tuple[int, int], rest_bars: int) -> None:
        """Number the bar and check its length."""
        first = self.number == 0 and not self.has_number
        full, ledger = self.full, self.ledger
        ticks += self.carry
        self.carry = 0
        if line is not None and line.text == ".|" and ticks < full:
            self.carry = ticks
            return
        if rest_bars and ticks:
            self.report("R208", span, "bars of rest and notes share this bar")
        if not first or ticks >= full or rest_bars:
            self.number += rest_bars or 1
        self.has_number = True
        if self.faulty or rest_bars or not full or self.scope.unmeasured:
            ledger.forgive()
        elif ticks != full or self.seam or ledger.short is not None or ledger.owed_bar is not None:
            end_seam = line is None or line.is_seam
            bar = ClosedBar(
                self.number, ticks, span, self.seam, end_seam, self.ending_here, self.repeats_before, line is None
            )
            self.tell(ledger.close(bar, self.meter, full, first=first))
        self.seam = self.repeats_before = False

    def end_groups(self, at: int) -> None:
        if self.broken:
            self.report("R204", self.broken_span, "broken rhythm needs a note after it in the same bar")
            self.mend_broken()
        self.end_tuplet(at)

    def stretch(self, base: Note | Chord | Rest, ratio: Fraction) -> None:
        """Make a note of the open bar longer or shorter."""
        old = ticks_of(base.duration)
        for note in (base, *(base.notes if isinstance(base, Chord) else ())):
            amend(note, "duration", note.duration * ratio)
            amend(note, "written", note.written * ratio)
        self.ticks += ticks_of(base.duration) - old

    def mend_broken(self) -> None:
        """Broken rhythm found no second note: the first keeps its own length."""
        if self.broken_base is not None:
            self.stretch(self.broken_base, 1 / Fraction(*broken_ratio(self.broken)[0]))
            amend(self.broken_base, "broken", 0)
        self.broken = 0

    def end_tuplet(self, at: int) -> None:
        """A bar line or another tuplet: the one before must be complete."""
        if self.tuplet_left:
            p, left = self.tuplet[0], self.tuplet_left
            self.report("R205", (self.tuplet_span[0], at), f"the tuplet ({p} lacks {left} of its notes")
            if self.ticks:
                self.tuplet_left = 0

    def read_overlay(self, match: Match) -> None:
        self.end_groups(match.start())
        if not self.layers:
            self.layer_ties = self.ties
        self.ties = ()
        self.layers.append((tuple(self.items), self.ticks))
        self.items, self.ticks = [], 0
        self.accidentals = {}
        self.broken_base, self.joined = None, False

    def end_overlays(self, at: int) -> tuple[list[Item], Ticks, tuple[tuple[Item, ...], ...]]:
        layers = [*self.layers, (tuple(self.items), self.ticks)]
        self.layers = []
        self.ties = self.layer_ties
        main, ticks = layers[0]
        for items, length in layers[1:]:
            if length != ticks and items:
                self.report(
                    "R206",
                    (items[0].span[0], at),
                    f"the overlay lasts {duration_of(length)}, its bar {duration_of(ticks)} of a whole note",
                )
        return list(main), ticks, tuple(items for items, _ in layers[1:])

    def read_ending(self, match: Match) -> None:
        span = _span(Span, match.span())
        numbers = read_ending_numbers(match.group().lstrip("["))
        if not numbers:
            self.report("S305", span, f"{match.group()} is no variant ending")
            return
        if numbers[0] == 1:
            self.endings = frozenset()
        awaited = next(number for number in range(1, len(self.endings) + 2) if number not in self.endings)
        if min(numbers) != awaited or self.endings & set(numbers):
            before = ", ".join(map(str, sorted(self.endings))) or "none"
            self.report("S305", span, f"ending {','.join(map(str, numbers))} follows ending {before}")
        self.endings |= set(numbers)
        if self.ticks:
            self.ledger.split(self.ticks)
        else:
            self.seam = self.ending_here = True
        self.items.append(Ending(numbers, span))
        self.joined = False

    def add_field(self, item: Field) -> None:
        """A field, directive or comment in the music."""
        self.items.append(item)
        if item.name in "MPT":
            self.seam = self.seam or not self.ticks

    def break_line(self, at: int) -> None:
        """The line of music ends here."""
        self.joined = False
        if self.line_mark == (len(self.bars), len(self.items)) and self.left is None:
            return
        if not self.items and self.left is None and self.bars:
            amend(self.bars[-1], "line_end", True)
        elif self.items[-1:] and isinstance(self.items[-1], LineBreak):
            return
        elif not _ends_line(self.items[-1]) if self.items else self.left is not None:
            self.items.append(LineBreak(Span(at, at)))

    def finish(self, at: int) -> None:
        """The voice is over."""
        if self.items or self.left is not None or self.layers:
            while self.items and isinstance(self.items[-1], LineBreak):
                self.items.pop()
            if self.items or self.left is not None or self.layers:
                self.close_bar(None, at, at)
        if self.pending:
            if self.decorations or self.chord_symbols or self.annotations:
                self.report("D502", self.pending_span, "nothing follows on which this could hang")
            self.pending = False
        if self.ties:
            self.report("S301", self.tie_span, "no note follows this tie")
        for span, bar in self.slurs:
            self.report("S302", span, "this slur is never closed", bar=bar)
        if self.repeat_open is not None and not self.faults:
            self.report("S304", self.repeat_open, "this repeat is never closed")
        self.tell(self.ledger.finish())
        if self.bars:
            amend(self.bars[-1], "line_end", False)

    @property
    def end_span(self) -> Span:
        """Where the voice ends: its last bar."""
        return self.bars[-1].span if self.bars else Span(0, 0)

    def length_text(self, ticks: Ticks) -> str:
        """A length in the metre's unit."""
        return spell(ticks, self.meter)

    def relocate(self, since: tuple[int, int], locate: Callable[[int], int]) -> None:
        """Give the nodes read from an expanded line their places in the source."""
        first_bar, first_item = since
        for index in range(first_bar, len(self.bars) + 1):
            items = self.bars[index].items if index < len(self.bars) else self.items
            for item in items[first_item if index == first_bar else 0 :]:
                amend(item, "span", Span(locate(item.span[0]), locate(item.span[1])))
        for bar in self.bars[first_bar:]:
            amend(bar, "span", Span(bar.items[0].span[0], bar.items[-1].span[1]) if bar.items else bar.span)


def _bar_start(items: list[Item], default: int) -> int:
    return items[0].span[0] if items else default


def _ends_line(item: Item) -> bool:
    return isinstance(item, LineBreak) or (isinstance(item, Field) and not item.inline)
