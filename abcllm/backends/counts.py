"""Bars counted aloud: `|%8` at the end of a line of music says that there are eight so far.

A model that was taught so writes the count down instead of holding it in its head. It is a comment of the model's to
itself; what people get is the tune without.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from ..analysis.sections import cut_bars
from ..notation.prefix import PrefixReader

__all__ = ["COUNTING", "drop_counts", "miscounts"]

AFTER_BAR_LINE: Final = r"(?:(?<=\|)|(?<=\|\])|(?<=[|:]:))"
COUNTING: Final = re.compile(rf"{AFTER_BAR_LINE}%(\d{{0,3}})\Z")
"""A line that ends with a count, perhaps an unfinished one."""
COUNT: Final = re.compile(rf"{AFTER_BAR_LINE} *%\d{{1,3}}(?=\n)")
LAST_COUNT: Final = re.compile(rf"{AFTER_BAR_LINE} *%\d{{1,3}}\Z")
END: Final = re.compile(rf"(?:{AFTER_BAR_LINE} *(?:%\d{{0,3}})?)?\Z")
"""The end of a text that may be a count, or become one."""
BAR_LINE: Final = 2  # signs that tell a bar line


def miscounts(line: str, reader: PrefixReader, *, is_over: bool = False) -> bool:
    """Whether a line of music, read to where it is, ends with a number that is not that of the bars so far.

    Unless it `is_over`, the number may still become it.

    >>> reader = PrefixReader("X:1\\nL:1/8\\nM:4/4\\nK:D\\nd4 f4|a8|%1")
    >>> miscounts(reader.line, reader)
    True
    """
    found = COUNTING.search(line) if "%" in line and not reader.in_header and line[1:2] != ":" else None
    if found is None or reader.voice is None:
        return False
    bars = reader.voice.bars
    is_free = not reader.voice.full
    count = str(bars[-1].number if is_free and bars else sum(section.full_bars for section in cut_bars(bars)))
    return found[1] != count if is_over else not count.startswith(found[1])


def drop_counts(pieces: Iterable[str], before: str = "") -> Iterator[str]:
    """The text that comes in pieces, without its counts; nothing is held back but what may be one.

    It goes on after the text `before`.

    >>> "".join(drop_counts(["|:d2 f2|", "a4|%", "2\\n", "T:100%2\\n"]))
    '|:d2 f2|a4|\\nT:100%2\\n'
    """
    before, held = before[-BAR_LINE:], ""
    for piece in pieces:
        text = COUNT.sub("", before + held + piece)
        at = next(END.finditer(text)).start()  # if nothing else is one, the very end is
        if len(before) < at:
            yield text[len(before) : at]
        before, held = text[max(at - BAR_LINE, 0) : at], text[at:]
    if said := LAST_COUNT.sub("", before + held)[len(before) :]:
        yield said
