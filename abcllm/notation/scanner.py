"""A line of music to tokens.

One compiled pattern, tried at each place; its alternatives are told apart by `match.lastindex`. Every character
belongs to exactly one token, so the slices add up to the text; what means nothing becomes a `STRAY` token.
No alternative looks further than the end of its own bracket, so that scanning is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from typing import Final, NamedTuple

from .source import Span


class Token(IntEnum):
    """Kinds of token; the value is the number of the pattern's group."""

    NOTE = 1
    SPACE = 2
    BAR = 3
    QUOTED = 4
    REST = 5
    TUPLET = 6
    SLUR_OPEN = 7
    SLUR_CLOSE = 8
    TIE = 9
    BROKEN = 10
    GRACE = 11
    FIELD = 12
    ENDING = 13
    CHORD = 14
    DECORATION = 15
    SHORTHAND = 16
    OVERLAY = 17
    CONTINUATION = 18
    LINE_BREAK = 19
    MICROTONE = 20
    STRAY = 21


LENGTH: Final = r"\d*(?:/+\d*)?"
NOTE: Final = r"(?:\^\^?|__?|=)?[A-Ga-g][,']*" + LENGTH
BAR_LINE: Final = r"(?:\.(?=\|)|\](?=\|))?(?:\[\|\]?|\|\]?|:(?=[|:]|\[\|)|(?<=[|\]:]):)+"
ENDING_NUMBERS: Final = r"\d+(?:[,.-]\d+)*"

PATTERN: Final = re.compile(
    "|".join(
        f"({part})"
        for part in (
            NOTE,
            r"[ \t\r`]+",
            BAR_LINE,
            r'"(?:[^"\\\n]|\\.){0,500}+"',
            r"[zx]" + LENGTH + r"|[ZX]\d*|y" + LENGTH,
            r"\(\d+(?::\d*(?::\d*)?)?",
            r"\.?\((?!\d)",
            r"\)",
            r"\.?-",
            r">+|<+",
            r"\{[^{}\n]*+\}",
            r"\[[A-Za-z]:(?:[^\]\[\n|]|(?<=C)\|)*+\]",
            r"\[" + ENDING_NUMBERS + r"|(?:(?<=\|)|(?<=[|:\]]:))" + ENDING_NUMBERS,
            r'\[(?![|:0-9]|[A-Za-z]:)(?:[^\]\["!\n|]|"[^"\n]*+"|![^!\n\s]*+!)*+\]' + LENGTH,
            r"![^!\s\"|\[\]]+!|\+[A-Za-z0-9<>().]+\+",
            r"[.~H-Wh-w]",
            r"&",
            r"\\[ \t\r]*$",
            r"[$!]",
            r"[\^_]\d*/?\d*(?=[A-Ga-g])",
            r".",
        )
    ),
    re.DOTALL,
)

# The inside of a chord: decorations, then a note with its tie; spaces are passed over.
CHORD_PART: Final = re.compile(
    r"\s*(?:(?P<note>" + NOTE + r")(?P<tie>\.?-)?|(?P<deco>![^!\n\s]*!)|(?P<quote>\"[^\"\n]*\")"
    r"|(?P<short>[.~H-Wh-w])|(?P<open>\.?\()|(?P<close>\))|(?P<rest>[xz]" + LENGTH + r"))"
)
GRACE_PART: Final = re.compile(
    r"[\s`]*(?:(?P<note>" + NOTE + r")(?P<tie>\.?-)?|(?P<chord>\[[^\]\[]*\])(?P<length>" + LENGTH + r")"
    r"|(?P<deco>![^!\n\s]*!)|(?P<short>[.~H-Wh-w])|(?P<open>\.?\()|(?P<close>\))|(?P<broken>>+|<+))"
)
NOTE_PARTS: Final = re.compile(r"(\^\^?|__?|=)?([A-Ga-g])([,']*)(\d*)(/*)(\d*)")


class ScannedToken(NamedTuple):
    """A token with its place."""

    kind: Token
    text: str
    span: Span


def scan(text: str, start: int = 0, end: int | None = None) -> Iterator[ScannedToken]:
    """The tokens of a line of music.

    >>> [token.text for token in scan('"Am"A2>B2|')]
    ['"Am"', 'A2', '>', 'B2', '|']
    """
    for match in PATTERN.finditer(text, start, len(text) if end is None else end):
        yield ScannedToken(Token(match.lastindex or Token.STRAY), match.group(), Span(*match.span()))
