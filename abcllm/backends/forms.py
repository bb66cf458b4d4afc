"""Holding a tune to the form that control codes ask for: so many sections, so many bars in each.

Sections and bars are counted as the authors of the codes count them, in the text (`irishman_codes`): a pickup is a bar,
and what stands between two signs that end sections is a section, even if it is but a line's end before `|:`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import copy
from itertools import accumulate
from typing import Final

import numpy as np

from ..analysis.control_codes import MOST_BARS, MOST_SECTIONS, SIGN, irishman_codes, read_codes
from ..conversation import Conversation
from ..notation.prefix import PrefixReader
from . import Sampling
from .bars import CLOSING, BarGuide
from .counts import drop_counts
from .endings import KEY, spell_rest
from .guiding import Guide, TuneGuide
from .titles import make_title

__all__ = ["FormGuide", "guide_answer", "read_form"]

BEGINNING: Final = "X:1"
"""What follows is the next line's; a vocabulary may have its beginning in one piece with the line's end."""
TUNE: Final = re.compile(r"^K:", re.MULTILINE)
FIELD: Final = re.compile(r"[A-Za-z]:")
NO_HEADER: Final = ("V", "%")
"""Another voice would have bars of its own, and what follows a remark is music to those who count."""
REST: Final = "z|]"
"""Closes the section that is open, with one bar more."""
OPENED: Final = "\n|:"
BAR_LINE: Final = "|:[]"
TOO_MANY: Final = MOST_BARS * MOST_SECTIONS + 1
OPENING: Final = re.compile(r"\S\s|\S?\s\|:|[|\]]%\d*\n?|[%\d]\d+\n?")
"""The sign before, and what may come before a repeat that must open, or opens it."""


def read_form(text: str) -> tuple[int, ...] | None:
    """The bars of each section that a text asks for by whole control codes; None where it does not, or of no tune.

    Codes in a tune that is shown are its own.

    >>> read_form("S:2\\nB:9\\nE:4\\nB:9\\nCompose a tune with these codes.")
    (9, 9)
    """
    codes = read_codes(text)
    if codes is None or TUNE.search(text) or len(codes.bars) > MOST_SECTIONS:
        return None
    return codes.bars if all(0 < bars <= MOST_BARS for bars in codes.bars) else None


def guide_answer(conversation: Conversation, sampling: Sampling) -> Guide:
    """What holds the answer to a conversation: to the form that control codes ask for, to valid ABC, or to nothing."""
    form = read_form(conversation.messages[-1].text) if sampling.guided and conversation.messages else None
    if form is not None:
        return FormGuide(form, make_title(np.random.default_rng(sampling.seed), ""))
    return TuneGuide() if sampling.guided else Guide()


class FormGuide(BarGuide):
    """Holds an answer to one tune that has the bars `form` in its sections; its header is free after the `title`, if it
    is given one, and its voice is one.

    A single bar between two sections is made by the repeat that opens the second, as it is in tune books.
    """

    def __init__(self, form: Sequence[int], title: str = "") -> None:
        super().__init__(f"{BEGINNING}\nT:{title}" if title else BEGINNING, sum(form))
        self.total = None  # for pickups are bars to those who count here
        self.form = tuple(form)
        self.ends = tuple(accumulate(form))
        self._must_open = False
        self._written = 0  # bars as they are written

    def ending(self) -> str | None:
        if self.is_finished or self.may_end:
            return super().ending()
        guide = copy(self)
        guide.is_plain = False
        if guide.reader is None or (guide.reader.in_header and not guide.offer(self._key.encode())):
            return None
        while not guide.is_finished:
            rest = spell_rest(guide.reader)
            if not any(guide.offer(bar.encode()) for bar in (f"{rest}|", f"{rest}|]", f"{rest}:|", OPENED)):
                return None
        return f"{guide.text[len(self.text) :]}\n"

    @property
    def _key(self) -> str:
        return KEY if self.text.endswith("\n") else f"\n{KEY}"

    def _is_out_of_place(self, added: str) -> bool:
        if self.reader is not None and self.reader.in_header:
            return super(BarGuide, self)._is_out_of_place(added)
        if self._must_open:
            return OPENING.fullmatch(self.text[-1] + added) is None
        return super()._is_out_of_place(added)

    def _keeps_count(self, added: str) -> bool:
        reader = self.reader
        if reader is not None and reader.in_header:
            return not self._line.startswith(NO_HEADER)
        if reader is None or FIELD.match(self._line) or not super()._keeps_count(added):
            return False
        if reader.voice is not None:
            is_between = self.done == self._read_bars and self._is_single(self.done)
            self._must_open = is_between and not self._is_repeated(reader)
            self._written = len(reader.voice.bars)
        return True

    def _is_single(self, done: int) -> bool:
        """Whether the section after so many bars is a single bar between two others."""
        return 0 < done < self.bars - 1 and self.form[self.ends.index(done) + 1] == 1

    def _is_repeated(self, reader: PrefixReader) -> bool:
        """Whether a repeat is open, which may have been opened just now."""
        settled = self._settle(reader)
        return settled is not None and settled.voice is not None and settled.voice.repeat_open is not None

    def _closes(self, end: str, done: int) -> bool:
        return done == self._end

    def _breaks_repeats(self, settled: PrefixReader, end: str, closes: bool) -> bool:
        if closes and end.endswith("::") and self._is_single(self._end):
            return True
        return super()._breaks_repeats(settled, end, closes)

    def _count(self, reader: PrefixReader, added: str) -> int:
        """The bars in the text with `added`, which `reader` has read; too many where sections are not as asked.

        Nor may there be a bar without music, or two signs for a section's end in one bar line.
        """
        text = "".join(drop_counts([self.text, added])).rstrip()
        is_empty = reader.voice is None or not any(bar.duration for bar in reader.voice.bars[self._written :])
        if (is_empty and not text.endswith("|:")) or len(SIGN.findall(text[len(text.rstrip(BAR_LINE)) :])) > 1:
            return TOO_MANY
        is_over = self._end == self.bars and text.endswith(CLOSING) and self._is_formed(text)
        return self.bars if is_over else self._count_open(text)

    def _is_formed(self, text: str) -> bool:
        codes = irishman_codes(text)
        return codes is not None and codes.bars == self.form

    def _count_open(self, text: str) -> int:
        """The bars of a text that goes on."""
        codes = irishman_codes(f"{text}{REST}")
        if codes is None:
            return TOO_MANY
        *closed, last = codes.bars
        number = len(closed)
        if tuple(closed) != self.form[:number] or last > (self.form[number] if number < len(self.form) else 0):
            return TOO_MANY
        return sum(closed) + last - 1
