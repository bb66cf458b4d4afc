"""Holding a tune to a number of bars, in parts that are closed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ..analysis.sections import cut_bars
from ..notation.lengths import ticks_of
from ..notation.prefix import PrefixReader
from ..notation.tune import Bar
from .endings import spell_rest
from .guiding import TuneGuide

__all__ = ["CLOSING", "BarGuide"]

FIELD: Final = re.compile(r"(?:\n|\[)[A-Za-z]:")
CHORDS: Final = re.compile(r'"[A-G][#b]?[\w+/#]*"|![^!]*!')
SUSPECT: Final = re.compile(r'[\n:"!1-9]')
"""The last sign of what may be a field, an ending, or words."""
QUOTED: Final = re.compile(r'["!]')
ENDING: Final = re.compile(r"(?:[|\[]|::) ?[1-9]")
PART: Final = 8  # bars
CLOSING: Final = (":|", "|]", "||", "::")
CLOSES: Final = re.compile(r"[|:) ]")
"""What may come after the last note of a part: the end of a slur, a bar line."""


class BarGuide(TuneGuide):
    """Holds one tune to the key and metre of its `header`, and to a number of bars.

    Where they make parts of eight, each part is closed, and none is closed before; there are no endings to choose
    between, for a bar would count twice.
    """

    def __init__(self, header: str, bars: int) -> None:
        super().__init__(header)
        self.bars = self.total = bars
        self.ends: Sequence[int] = range(PART, bars + 1, PART) if bars % PART == 0 else (bars,)
        self.done = 0
        self._read_bars = 0  # at the last bar line
        self._closed = 0  # bars as they are written, in the parts that are done

    @property
    def is_finished(self) -> bool:
        return self.done == self.bars

    @property
    def may_end(self) -> bool:
        return self.is_finished or (super().may_end and self._count_with(f"{self._last_line}\n") == self.bars)

    def ending(self) -> str | None:
        if self.is_finished:
            return "\n"
        return f"{self._last_line}\n" if self.may_end else self._rest_to_the_end()

    @property
    def _last_line(self) -> str:
        """The bar line that ends the tune."""
        voice = self.reader.voice if self.reader is not None else None
        return ":|" if voice is not None and voice.repeat_open is not None else "|]"

    def _rest_to_the_end(self) -> str | None:
        """Bars of rest, as many as are wanting; None where not even they fit."""
        said = ""
        for _ in range(self.bars + 1):
            if self.reader is None or not self.reader.allows(said):
                return None
            begun = self.reader.copy()
            begun.feed(said)
            said += spell_rest(begun)
            ended = f"{said}{self._last_line}\n"
            if self._count_with(ended) == self.bars:
                return ended
            said += "|"
        return None

    def _is_out_of_place(self, added: str) -> bool:
        if self.is_finished:
            return True
        if SUSPECT.search(added):
            end = self.text[-3:] + added
            if FIELD.search(end) or ENDING.search(end) or "\n\n" in end[2:] or QUOTED.search(CHORDS.sub("", added)):
                return True
        return super()._is_out_of_place(added) or self._is_too_late(added)

    def _is_too_late(self, added: str) -> bool:
        """Whether the part is at its end, and `added` would go on where it should be closed."""
        if self.reader is None or self._read_bars + 1 < self._end or CLOSES.match(added):
            return False
        closed = self.reader.copy()
        voice = closed.voice if closed.feed(f"{self._last_line} ") else None
        if voice is None or not voice.full or not voice.bars:
            return False
        is_last = self._end == self.bars
        if voice.ledger.copy().finish() if is_last else ticks_of(voice.bars[-1].duration) < voice.full:
            return False  # the bar is too short for an end; to count bars, or to finish a copy, takes far longer
        return self._count(closed, self._last_line) == self._end and (not is_last or closed.complete)

    @property
    def _end(self) -> int:
        """The bars at the end of the part that is being written."""
        return next((end for end in self.ends if end > self.done), self.bars)

    def _keeps_count(self, added: str) -> bool:
        """Whether a bar line closes a part where its bars are enough, and only there."""
        said = self.text[-1] + added
        if self.reader is None or ("|" not in added and "|]" not in said and not said.endswith(("::", "|:"))):
            return True
        settled, end = self._settle(self.reader), self._end
        if settled is None:
            return False
        done = self._count(settled, added)
        closes = self._closes(said, done)
        if done > end or closes != (done == end) or self._breaks_repeats(settled, said, closes):
            return False
        if done == end:
            if settled.bar_elapsed or (done == self.bars and not settled.complete):
                return False
            self.done, self._closed = done, len(_bars(settled))
        self._read_bars = done
        return True

    def _closes(self, end: str, done: int) -> bool:
        """Whether the text, which has this `end` and so many bars, closes a part."""
        return end.rstrip().endswith(CLOSING)

    def _breaks_repeats(self, settled: PrefixReader, end: str, closes: bool) -> bool:
        """Whether the text, which has this `end`, opens a repeat within a part, or does not close it with the part."""
        voice = settled.voice
        if voice is None or end.endswith("::"):
            return False
        if end.endswith("|:"):  # at the beginning, or after a pickup
            return any(ticks_of(bar.duration) >= voice.full for bar in voice.bars[self._closed :])
        return closes and voice.repeat_open is not None

    def _count_with(self, added: str) -> int:
        """The bars that there would be with `added`; none where that is not allowed."""
        reader = self.reader and self.reader.copy()
        return self._count(reader, added) if reader is not None and reader.feed(added) else 0

    def _count(self, reader: PrefixReader, added: str) -> int:
        """The bars that a reader, who has read `added` too, has read to their end; those of closed parts are known."""
        return self.done + sum(section.full_bars for section in cut_bars(_bars(reader)[self._closed :]))


def _bars(reader: PrefixReader) -> Sequence[Bar]:
    return reader.voice.bars if reader.voice is not None else ()
