"""Bars counted down aloud: `|%8` at the end of a line of music says that eight are still to come, and so after K:.

A model that was taught so (`analysis.counting`) writes the number down instead of holding it in its head. It is a
comment of the model's to itself; what people get is the tune without.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from ..analysis.counting import count_so_far
from ..notation.lengths import duration_of
from ..notation.prefix import PrefixReader

__all__ = ["COUNTING", "drop_counts", "miscounts"]

BAR_LINE: Final = r"(?:\|\]?|[|:]:)"
COUNTING: Final = re.compile(rf"({BAR_LINE})%(\d{{0,3}})\Z")
"""A line of music that ends with a count, perhaps an unfinished one."""
COUNTED: Final = rf"^(K:[^%\n]*?|(?![A-Za-z]:)[^%\n]*?{BAR_LINE})"
"""What a count may come after: the key, or a line of music that ends with a bar line."""
COUNT: Final = re.compile(rf"{COUNTED} *%\d{{1,3}}(?=\n)", re.MULTILINE)
LAST_COUNT: Final = re.compile(rf"{COUNTED} *%\d{{1,3}}\Z", re.MULTILINE)
BEGUN: Final = re.compile(rf"{COUNTED}( *(?:%\d{{0,3}})?)\Z", re.MULTILINE)
"""The last line of a text, which ends with what may be a count, or become one."""


def miscounts(line: str, reader: PrefixReader, total: int | None, *, is_over: bool = False) -> bool:
    """Whether a line of music, read to where it is, ends with a number that is not what is wanting of `total` bars.

    Unless it `is_over`, the number may still become it. Where no total is known, any number will do.

    >>> reader = PrefixReader("X:1\\nL:1/8\\nM:4/4\\nK:D\\nd4 f4|a8|%1")
    >>> miscounts(reader.line, reader, 12), miscounts(reader.line, reader, 8)
    (False, True)
    """
    if "%" not in line or reader.in_header or reader.voice is None or (line[1:2] == ":" and line[0].isalpha()):
        return False
    found = COUNTING.search(line)
    if found is None:
        return False
    if total is None:
        return is_over and not found[2]
    full = reader.voice.full
    done = count_so_far(reader.voice.bars, duration_of(full) if full else None)
    left = str(total - done) if done < total else ""
    return found[2] != left or not left if is_over else not left.startswith(found[2]) or not left


def drop_counts(pieces: Iterable[str], before: str = "") -> Iterator[str]:
    """The text that comes in pieces, without its counts; nothing is held back but what may be one.

    It goes on after the text `before`.

    >>> "".join(drop_counts(["K:D%4\\n|:d2 f2|", "a4|%", "2\\n", "T:100%2\\n"]))
    'K:D\\n|:d2 f2|a4|\\nT:100%2\\n'
    """
    line, held = before[before.rfind("\n") + 1 :], ""
    for piece in pieces:
        text = COUNT.sub(r"\1", line + held + piece)
        begun = BEGUN.search(text)
        end = begun.start(2) if begun else len(text)
        if len(line) < end:
            yield text[len(line) : end]
        line, held = text[text.rfind("\n", 0, end) + 1 : end], text[end:]
    if said := LAST_COUNT.sub(r"\1", line + held)[len(line) :]:
        yield said
