"""Signs that look like those of ABC and are others: fullwidth forms, curved quotes, HTML escapes, invisible characters.

Words stay as they are: the text of T:, w: and their like, and what stands in quotes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from html import unescape
from typing import Final, TypeAlias

from .placed import Edit, Placed

__all__ = ["ENTITY", "Say", "plain_fields", "plain_music", "seen"]

Say: TypeAlias = Callable[[str, tuple[int, int], str], None]
"""Takes a code, a place in the answer and a message."""

LOOKALIKES: Final = {
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},  # fullwidth forms
    "\u3000": " ", "。": ".", "“": '"', "”": '"', "„": '"', "‟": '"', "〝": '"', "〞": '"', "«": '"', "»": '"',
    "‘": "'", "’": "'", "‛": "'", "′": "'", "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "│": "|", "┃": "|",
    "∣": "|", "¦": "|", "︱": "|", "❘": "|", "‖": "||", "║": "||", "【": "[", "】": "]", "、": ",", "∶": ":",
    "⁄": "/", "∕": "/", "÷": "/",
}  # fmt: skip
ACCIDENTALS: Final = {"♯": "^", "♭": "_", "♮": "="}
IN_A_KEY: Final = {"♯": "#", "♭": "b", "大调": " major", "小调": " minor"}
SPACES: Final = frozenset("\u00a0\u1680\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f")
NOT_SEEN: Final = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe0e\ufe0f]")
ENTITY: Final = re.compile(r"&(?:quot|apos|lt|gt|amp|nbsp|vert|verbar|lbrack|rbrack|#\d{1,5}|#[xX][0-9A-Fa-f]{1,4});")
ODD: Final = re.compile(
    "&(?=[a-z#])|[" + "".join(map(re.escape, {*LOOKALIKES, *ACCIDENTALS, *SPACES})) + "\u00ad\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u2064\ufeff\ufe0e\ufe0f]|大调|小调"
)
QUOTED: Final = re.compile(r'"[^"“”\n]*"|“[^"“”\n]*”|&quot;[^"“”\n]*?&quot;|%.*')
WORDS_INSIDE: Final = re.compile(r"\s[TCRNOSZ]\s*[:：]((?:(?!\s+[A-Z]\s*[:：]).)*)")
"""The text of a title and its like on a line of several fields."""
TABLE: Final = str.maketrans({**LOOKALIKES, **ACCIDENTALS, **dict.fromkeys(SPACES, " ")})


def seen(text: str) -> str:
    """What a person sees in a line, in the signs of ABC: to be looked at, not to be kept.

    >>> seen("Ｋ：Ｄ\\u200b &quot;Am&quot;｜")
    'K:D "Am"|'
    """
    if not ODD.search(text):
        return text
    return NOT_SEEN.sub("", unescape(text) if ENTITY.search(text) else text).translate(TABLE)


def plain_fields(line: Placed, say: Say, *, words: int | None = None) -> Placed:
    """A line of fields in the signs of ABC; from the offset `words` on it holds words, which stay."""
    if not ODD.search(line.text):
        return line
    end = len(line.text) if words is None else words
    is_key = line.text.lstrip()[:1] in ("K", "Ｋ")
    signs = {**LOOKALIKES, **(IN_A_KEY if is_key else {})}
    edits: list[Edit] = []
    at = 0
    for inside in WORDS_INSIDE.finditer(line.text, 1, end):
        edits += _edits(line, at, inside.start(1), signs, say)
        at = inside.end()
    edits += _edits(line, at, end, signs, say)
    return line.edit(edits)


def plain_music(line: Placed, say: Say) -> Placed:
    """A line of music in the signs of ABC; what stands in quotes stays, the quotes themselves become straight."""
    if not ODD.search(line.text):
        return line
    signs = {**LOOKALIKES, **ACCIDENTALS}
    edits: list[Edit] = []
    at = 0
    for quoted in QUOTED.finditer(line.text):
        edits += _edits(line, at, quoted.start(), signs, say)
        if size := next((len(mark) for mark in ("“", "&quot;") if quoted.group().startswith(mark)), 0):
            edits.append(_say(line, quoted.start(), quoted.start() + size, '"', say))
            edits.append(_say(line, quoted.end() - size, quoted.end(), '"', say))
        at = quoted.end()
    edits += _edits(line, at, len(line.text), signs, say)
    return line.edit(edits)


def _edits(line: Placed, start: int, end: int, signs: dict[str, str], say: Say) -> Iterator[Edit]:
    at = start
    while found := ODD.search(line.text, at, end):
        first, at = found.span()
        sign = found.group()
        entity = ENTITY.match(line.text, first, end)
        if entity:
            at = entity.end()
            yield _say(line, first, at, unescape(entity.group()).replace("\u00a0", " "), say)
        elif sign in signs:
            yield _say(line, first, at, signs[sign], say)
        elif sign in SPACES:
            yield _say(line, first, at, " ", say)
        elif NOT_SEEN.match(sign):
            yield _say(line, first, at, "", say)


def _say(line: Placed, start: int, end: int, replacement: str, say: Say) -> Edit:
    old = line.text[start:end]
    if len(old) == 1 and (old in SPACES or NOT_SEEN.match(old)):
        name = unicodedata.name(old, f"U+{ord(old):04X}").lower()
        say("A112", line.span(start, end), f"{name} (U+{ord(old):04X}) {'made a space' if replacement else 'removed'}")
    elif old.startswith("&"):
        say("A109", line.span(start, end), f"{old} read as {replacement!r}")
    else:
        say("A110", line.span(start, end), f"{old!r} read as {replacement.strip()!r}")
    return start, end, replacement
