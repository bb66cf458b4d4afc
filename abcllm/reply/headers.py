"""Headers as models write them, with each field brought to a line of its own.

`X:1 L:1/8 M:4/4 K:A |: E2 | ...`, the dialect of ChatMusician and IMelodist; fields run together or set apart by signs;
lower-case letters; a key that is missing or followed by music; words after a value. What can be read is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Final

from ..notation.fields import FieldFault, parse_key, parse_meter, parse_tempo, parse_unit_length
from .lines import Kind, is_music, kind_of
from .placed import Placed
from .signs import Say

__all__ = ["CLEF", "MODE", "mend_header"]

MODE: Final = (
    r"(?:(?i:maj(?:or)?|min(?:or)?|ion(?:ian)?|dor(?:ian)?|phr(?:ygian)?|lyd(?:ian)?|mix(?:olydian)?|aeo(?:lian)?"
    r"|loc(?:rian)?)(?![a-z])|m(?![a-z]))"
)
CLEF: Final = r"(?:(?:clef|transpose|octave|middle|stafflines)=\S+|(?:treble|bass|alto|tenor)\S*)"
KEY: Final = re.compile(
    rf"K[ \t]*:[ \t]*(?:HP|Hp|none|[A-G](?:[#b](?![A-Ga-g\d]))?(?:[ \t]*{MODE})?)(?:[ \t]+{CLEF})*"
    r"(?=[\s|:;,%(\[\"\\]|$)"
)
READERS: Final[dict[str, Callable[[str], object]]] = {
    "K": parse_key,
    "M": parse_meter,
    "L": parse_unit_length,
    "Q": lambda text: parse_tempo(text, Fraction(1, 8)),
}
VALUES: Final = {
    "X": re.compile(r"X\s*:\s*\d{1,9}"),
    "M": re.compile(r"M\s*:\s*(?:\d{1,3}\s?/\s?\d{1,3}|C\|?|none)(?![\d/+A-Za-z])"),
    "L": re.compile(r"L\s*:\s*\d{1,3}\s?/\s?\d{1,3}(?!\d)"),
    "Q": re.compile(r"Q\s*:\s*(?:\d{1,2}/\d{1,2}\s?=\s?)?\d{1,3}(?![\d/=])"),
}
BREAK: Final = re.compile(
    r"(?:(?<![\s;,，；|/])[\s;,，；|/]*[\s;,，；|]|(?<=\d))"
    r"(?=[XTCMLQRKNOSZPVBWAHGDFIw][ \t]?:(?!\|)[ \t]*\S|[SBE]:\d|K[ \t]*:?[ \t]*$|%%[a-z])"
)
VALUE_BREAK: Final = re.compile(
    r"(?<![\s;,，；])[\s;,，；]+(?=M[ \t]?:[ \t]*(?:\d+/\d|C\b|C\||none)|L[ \t]?:[ \t]*1/\d|[QR][ \t]?:[ \t]*[\da-z\"]"
    r"|K[ \t]?:[ \t]*(?:[A-G](?![A-Zac-ln-z])|none|HP|$))"
)
LOWER: Final = re.compile(r"([xtlkqc])[ \t]*:|(m)[ \t]*:(?=[ \t]*(?:\d+/\d|C\|?\s*$))|([rnosz])[ \t]*:")
READABLE_END: Final = re.compile(r"[\s\\]+$")


def mend_header(lines: list[Placed], say: Say, *, lower: bool) -> list[Placed]:
    """The lines of a tune with its header mended; `lower`: its letters are lower-case ones."""
    mended: list[Placed] = []
    keyed = any(line.text.startswith("K:") for line in lines)
    for at, line in enumerate(lines):
        if line.text.strip() == "K":
            line = line.edit([(0, len(line.text), "K:")])
        if kind_of(line.text) is not Kind.FIELD:
            mended.append(line)
            if kind_of(line.text) is Kind.MUSIC:
                return mended + lines[at + 1 :]
            continue
        line = _capital(line, say, lower=lower)
        pieces = list(_split(line, keyed=keyed))
        if len(pieces) > 1:
            say("A101", line.span(), f"{len(pieces)} fields and pieces of music stand on one line")
        for piece in pieces:
            mended += _mend_value(piece, say)
        if any(piece.text.startswith("K") and piece.text[1:2] in (":", "") for piece in mended):
            return mended + lines[at + 1 :]
    return mended


def _capital(line: Placed, say: Say, *, lower: bool) -> Placed:
    """The line with a capital letter for its field."""
    found = LOWER.match(line.text)
    if found is None or not (lower or found.group(1) == "k" or found.group(2)) or (found.group(3) and not lower):
        return line
    letter = line.text[0]
    say("A118", line.span(0, 1), f"{letter}: stands for {letter.upper()}:")
    return line.edit([(0, 1, letter.upper())])


def _split(line: Placed, *, keyed: bool) -> Iterator[Placed]:
    """Each field of the line, and the music after the last."""
    text = line.text
    letter = text[0]
    if letter in "XMLQ" and '"' not in text.split("K:")[0].split("|")[0]:
        pattern = BREAK
    elif letter == "K" or (letter.isalpha() and not keyed):
        pattern = VALUE_BREAK
    else:
        yield line
        return
    key = re.search(r"(?:^|[\s;,\d])(K[ \t]*:)", text)
    last = key.start(1) if key else len(text)
    at = 0
    for found in pattern.finditer(text):
        if found.end() > last:
            break
        if found.start() > at:
            yield _trimmed(line.cut(at, found.start()))
            at = found.end()
    rest = line.cut(at)
    if key and at == last:
        yield from _split_key(rest)
    else:
        yield from _split_value(rest)


def _trimmed(piece: Placed) -> Placed:
    """A field without what sets it apart from the next."""
    stripped = piece.strip()
    size = len(stripped.text.rstrip(" ;,，；|" if not stripped.text.startswith("M") else " ;,，；"))
    return stripped.cut(0, size)


def _split_value(line: Placed) -> Iterator[Placed]:
    """A field with a value, and the music after it."""
    value = VALUES.get(line.text[:1])
    found = value.match(line.text) if value else None
    if found and _is_tune_text(line.text[found.end() :]):
        yield line.cut(0, found.end())
        yield line.cut(found.end()).strip()
    else:
        yield line


def _split_key(line: Placed) -> Iterator[Placed]:
    """K: with its key, and the music after it."""
    text = line.text
    value = text.partition(":")[2]
    if _is_readable(text):
        yield line
        return
    found = KEY.match(text)
    if found and is_music(text[found.end() :]):
        yield line.cut(0, found.end())
        yield line.cut(found.end()).strip()
    elif _is_tune_text(value):
        at = text.index(":") + 1
        yield line.cut(0, at)
        yield line.cut(at).strip()
    else:
        yield line


def _is_tune_text(text: str) -> bool:
    return "|" in text and is_music(text)


def _is_readable(line: str) -> bool:
    """Whether a field needs no mending."""
    reader = READERS.get(line[:1])
    if reader is None:
        return not line.startswith("X") or line.partition(":")[2].strip().isdecimal()
    try:
        reader(line.partition(":")[2].partition("%")[0].strip())
    except FieldFault:
        return False
    return True


def _mend_value(piece: Placed, say: Say) -> Iterator[Placed]:
    """A field whose value can be read; words after the value are taken out."""
    text = piece.text
    letter = text[:1]
    if letter == "K" and text[1:].strip(" \t:") == "":
        say("A103", piece.span(), "K: names no key; K:C is read, as if no sign stood at the clef")
        yield piece.edit([(0, len(text), "K:C")])
        return
    value = KEY if letter == "K" else VALUES.get(letter)
    found = value.match(text) if value and letter != "Q" and not _is_readable(text) else None
    rest = text[found.end() :] if found else ""
    if found and re.search(r"[A-Za-z\u4e00-\u9fff]{2}|\\$|[;,]\s*$", rest) and "%" not in rest and "=" not in rest:
        if READABLE_END.fullmatch(rest) or not rest.strip(" ;,"):
            say("A111", piece.span(found.end()), f"{rest.strip()!r} at the end of {text[: found.end()]}")
        elif not is_music(rest):
            say("A113", piece.span(found.end()), f"{rest.strip()!r} stands after {text[: found.end()]}")
        else:
            yield piece
            return
        yield piece.cut(0, found.end())
    else:
        yield piece
