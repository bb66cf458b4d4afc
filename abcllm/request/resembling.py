"""Tunes of a library, as people ask for them: `something like The Kesh`, `show me The Kesh from the library`."""

from __future__ import annotations

import re
from typing import Final

from .changing import NO_TUNE, NO_TUNE_HINT
from .instructions import Find, Request, Resemble, Unclear
from .phrases import match_phrase

__all__ = ["read_resemblance"]

_ANY: Final = "(something|a tune|one|another|another one|a new tune|anything|more)"
_SIMILAR: Final = (
    "[(that|which) (is|sounds)] [a bit|rather|quite] "
    "(like|similar to|close to|inspired by|after|based on|in the style of|reminiscent of)"
)
_LIKE: Final = (
    f"[(write|compose|make|give|play|show)] [me] {_ANY} {_SIMILAR} <rest>",
    "(more|another) (like|of) <rest>",
)
_THIS: Final = "[<it>|this one|this|that one]"
_LIBRARY: Final = "(the|my) (library|folder|collection|notes)"
_FIND: Final = (
    f"(show|find|bring|open|fetch|get|look up|take|load|play) [me] <rest> (from|in|out of) {_LIBRARY}",
    "(look up|find|search for|search|look for) [me] [for] <rest>",
    f"(do you have|is there|do you know) <rest> [(in|from) {_LIBRARY}]",
)
_AROUND: Final = re.compile(r"^(?:a |the )?(?:tune|song|piece) (?:called|named) | (?:please|again)$", re.IGNORECASE)


def read_resemblance(text: str, previous: Request | None) -> Resemble | Find | Unclear | None:
    """What a whole text asks of the library, or None."""
    if match := match_phrase(text, *_LIKE):
        if not match_phrase(match["rest"], _THIS):
            return Resemble(_name(match["rest"]))
        return Resemble() if previous is not None else Unclear(NO_TUNE, NO_TUNE_HINT)
    match = match_phrase(text, *_FIND)
    return Find(_name(match["rest"])) if match and not match_phrase(match["rest"], _THIS) else None


def _name(text: str) -> str:
    return _AROUND.sub("", text).strip(' "?')
