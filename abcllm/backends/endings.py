"""How a tune can be brought to an end from the end of a bar or of a line of its header."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..notation.prefix import PrefixReader

__all__ = ["KEY", "find_ending", "spell_rest"]

KEY: Final = "K:C\n"
BAR_LINES: Final = ("|]\n", "]\n", "\n|]\n", ":|\n", " :|\n")
WITHOUT_REST: Final = ("", "\n", *BAR_LINES)


def find_ending(reader: PrefixReader) -> str | None:
    """What makes a valid tune of the text so far: a key where there is none yet, a rest that fills the bar, a bar line.

    A repeat is closed. None where other signs are open.

    >>> find_ending(PrefixReader("X:1\\nL:1/8\\nM:4/4\\nK:D\\nd2 f2|a2", exact=True))
    'z6|]\\n'
    """
    key = KEY if reader.in_header else ""
    begun = reader.copy()
    if not begun.feed(key):
        return None
    for ending in _endings(begun, is_new=bool(key)):
        ended = begun.copy()
        if ended.feed(ending) and ended.complete:
            return key + ending
    return None


def _endings(reader: PrefixReader, *, is_new: bool) -> Iterator[str]:
    """What may end the tune: nothing, a line's end, a bar line, or a rest before it; the rest is spelled if needed."""
    if not is_new:
        yield from WITHOUT_REST
    rest = spell_rest(reader)
    for bar_line in BAR_LINES:
        yield rest + bar_line


def spell_rest(reader: PrefixReader) -> str:
    """A rest that fills the bar; nothing where it is full, any rest in free metre."""
    settled = reader.copy()
    if not settled.feed(" "):
        return ""
    left, voice = settled.bar_left, settled.voice
    if voice is None or left is None:
        return "z"
    units = left / voice.unit_length
    if units <= 0:
        return ""
    return f"z{units.numerator if units != 1 else ''}" + (f"/{units.denominator}" if units.denominator > 1 else "")
