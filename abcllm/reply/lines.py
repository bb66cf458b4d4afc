"""What a line of an answer is: a field, music, words, a fence; and what Markdown puts around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from typing import Final

from .placed import Placed
from .signs import Say, plain_fields, plain_music, seen

__all__ = ["FENCE", "FIELD", "START", "Dress", "Kind", "is_label", "is_music", "kind_of", "named_field", "undress"]

FENCE: Final = re.compile(r"\s*(?:>\s*)*(```+|~~~+)\s*(?P<rest>.*)$")
START: Final = re.compile(r"[Xx]\s*+:\s*+\d{1,9}\s*+(?=$|[;,|/%]?\s*[A-Za-z]\s*:|%|\\)")
"""X: with its number, after which a line ends or another field follows."""
FIELD: Final = re.compile(r"\s*(?:([A-Ga-gxyzZ])\s?:(?![|:])|([H-YWh-w+])\s*:)")
FIELD_HEAD: Final = re.compile("[^:\uff1a\u2236]*[:\uff1a\u2236]")
IN_MUSIC: Final = re.compile(r'"[^"\n]*"|![^!\s"|]+!|\+[A-Za-z0-9<>().]+\+|\[[A-Za-z]:[^\]\[\n]*\]|(?<!\\)%.*')
MUSIC: Final = re.compile(r"[A-Ga-gzZxXyuvTHLMOPSJR.~0-9/,'^_=|:\[\](){}<>&\-\s$!*\\`+]*")
NOTE: Final = re.compile(r"[A-Ga-gzZxX]")
BARS_ALONE: Final = re.compile(r"[\s|:\[\]\d()HLMOPSTuv.~]*[|:!][\s|:\[\]\d()]*\\?\s*")
MARKS_ALONE: Final = re.compile(
    r'(?:\s*(?:"[\^_<>@][^"]*"|"[^"]{0,24}[^".!?]"|![^!\s]+!|\[[A-Za-z]:[^\]]*\]))+\s*\\?\s*(?:%.*)?'
)
OPEN_QUOTE: Final = re.compile(r'"[^"]*$|![^!\s]*$')
MOST_STRANGE: Final = 0.25
REMEMBERED: Final = 8
"""Texts of which it is remembered what they are: each line is asked about some times, one after the other."""
NAMED: Final = {
    "title": "T", "tune": "T", "name": "T", "composer": "C", "meter": "M", "metre": "M", "time signature": "M",
    "time": "M", "key": "K", "key signature": "K", "unit note length": "L", "default note length": "L",
    "note length": "L", "unit length": "L", "tempo": "Q", "rhythm": "R", "reference number": "X", "reference": "X",
    "标题": "T", "曲名": "T", "作曲": "C", "作曲家": "C", "拍号": "M", "节拍": "M", "调号": "K", "调性": "K", "调": "K",
    "单位音长": "L", "音符长度": "L", "默认音符长度": "L", "速度": "Q", "节奏": "R", "序号": "X", "编号": "X",
}  # fmt: skip
NAMED_FIELD: Final = re.compile(
    rf"[\s*_]*({'|'.join(sorted(NAMED, key=len, reverse=True))})\s*[*_]*\s*:[*_]*", re.IGNORECASE
)
LABEL: Final = re.compile(
    r"\W*(?:(?:(?:the|first|second|third|fourth|last)\s+){0,2}"
    r"(?:part|section|verse|chorus|bridge|intro|introduction|ending|outro|coda|refrain|variation|theme|strain|turn|"
    r"measures?|bars?|line|phrase|voice|repeat)\b[\w\s.,()'-]{0,24}|[A-D]\s+(?:part|section|strain|tune)"
    r"|(?:[A-D]|第.{1,4})?\s?(?:主歌|副歌|前奏|尾声|间奏|段|部分|节|乐句|小节).{0,12})[\W_]*",
    re.IGNORECASE,
)
VALUED: Final = frozenset("XMLKQPVIxmlkqpv")
QUOTE: Final = re.compile(r"\s*(?:>\s?)+")
BULLET: Final = re.compile(r"\s*[-*+•·‣▪](?:\s+|$)")
NUMBER: Final = re.compile(r"\s*(\d{1,4})(?:\s*[.:)]\s*|\s*\|\s|\s+|$)")
LISTED: Final = re.compile(r"\s*\d{1,3}[.)]\s+(?=[|:A-Ga-gzx\[({\"^_=])")
COLON_APART: Final = re.compile("[A-Za-z]([ \t]+)[:\uff1a]")
INNER_MARK: Final = re.compile(r"(\*{1,3}|_{2,3}|`{1,3})(?=[^\s*_`])")
EMPHASIS: Final = frozenset("*_`")
BOLD_FIELD: Final = re.compile(r"(\*{1,3}|_{2,3}|`{1,3})\s*(?P<name>[A-Za-z]\s*[:：])(?P<inside>\s*\1)?")


class Kind(Enum):
    """What a line is."""

    BLANK = auto()
    FIELD = auto()
    REMARK = auto()
    MUSIC = auto()
    WORDS = auto()


@lru_cache(maxsize=REMEMBERED)
def is_music(text: str, *, strictly: bool = False) -> bool:
    """Whether a line of plain signs is music; not `strictly`: music with faults in it, too.

    >>> is_music("A2 cB|"), is_music("A good tune|"), is_music("A2 kB d2|e4|"), is_music("A2 kB|", strictly=True)
    (True, False, True, False)
    """
    bare = IN_MUSIC.sub("", text)
    if not strictly:
        bare = OPEN_QUOTE.sub("", bare)
    if not bare.strip(" \t\\"):
        return text.strip() != "" and MARKS_ALONE.fullmatch(text) is not None
    if MUSIC.fullmatch(bare):
        return NOTE.search(bare) is not None or BARS_ALONE.fullmatch(bare) is not None
    if strictly or "|" not in bare:
        return False
    letters = [sign for sign in bare if sign.isalpha()]
    strange = [sign for sign in letters if not MUSIC.fullmatch(sign)]
    return NOTE.search(bare) is not None and len(strange) <= MOST_STRANGE * len(letters)


@lru_cache(maxsize=REMEMBERED)
def kind_of(text: str) -> Kind:
    """What a line of plain signs is by itself."""
    if not text or text.isspace():
        return Kind.BLANK
    if text.lstrip().startswith("%"):
        return Kind.REMARK
    if FIELD.match(text):
        return Kind.FIELD
    return Kind.MUSIC if is_music(text) else Kind.WORDS


def is_label(text: str) -> bool:
    """Whether a line names a part of the tune.

    >>> is_label("**Part B:**"), is_label("The B part repeats what we have heard before.")
    (True, False)
    """
    return LABEL.fullmatch(text) is not None


def named_field(text: str) -> tuple[str, int] | None:
    """The letter of a field whose name is written out, and where its text begins.

    >>> named_field("Time signature: 6/8")
    ('M', 15)
    """
    found = NAMED_FIELD.match(text)
    return (NAMED[found.group(1).lower()], found.end()) if found else None


@dataclass(slots=True)
class Dress:
    """What Markdown puts before each line of a tune: a quote's sign, a bullet, a line number."""

    quoted: bool = False
    bullet: bool = False
    number: int | None = None

    PATTERN = re.compile(
        r"\s*+(?P<quote>(?:>\s?)+)?\s*+(?P<bullet>[-*+•·‣▪]\s++)?(?P<number>\d{1,4}(?:\s*+[.:)|]\s*+|\s++))?"
        r"(?P<mark>\*{1,3}|_{2,3}|`{1,3})?\s*+(?=[Xx\uff38]\s*[:\uff1a]|[A-Za-z]\s*[:\uff1a])"
    )

    @classmethod
    def of(cls, text: str) -> tuple[Dress, int]:
        """The dress of a tune's first line, and where the line begins inside of it."""
        found = cls.PATTERN.match(text)
        if found is None:
            return cls(), 0
        number = found["number"]
        return (
            cls(bool(found["quote"]), bool(found["bullet"]), int(re.sub(r"\D", "", number)) if number else None),
            found.start("mark") if found["mark"] else found.end(),
        )

    def length(self, text: str) -> int:
        """How many characters of a later line are dress."""
        at = 0
        if self.quoted and (quote := QUOTE.match(text)):
            at = quote.end()
        if self.bullet and (bullet := BULLET.match(text, at)):
            at = bullet.end()
        numbered = NUMBER.match(text, at) if self.number is not None else None
        if numbered and 0 < int(numbered.group(1)) - (self.number or 0) <= 2:
            self.number, at = int(numbered.group(1)), numbered.end()
        return at


def undress(line: Placed, dress: Dress, say: Say, *, start: int | None = None) -> Placed:
    """A line of a tune without what Markdown puts around it, in plain signs; `start`: where it begins."""
    first = dress.length(line.text) if start is None else start
    if line.text[:first].strip():
        say("A111", line.span(0, first), f"{line.text[:first].strip()!r} at the start of the line")
        line = line.cut(first)
    elif start:
        line = line.cut(start)
    line = _without_emphasis(line, say)
    field = FIELD.match(seen(line.text))
    if field is None:
        if numbered := LISTED.match(line.text):
            say("A111", line.span(0, numbered.end()), f"{numbered.group().strip()!r} at the start of the line")
            line = line.cut(numbered.end())
        return plain_music(line, say)
    line = _without_indent(line, say)
    if apart := COLON_APART.match(line.text):
        say("A118", line.span(0, apart.end()), "a space stands between the letter of the field and its colon")
        line = line.edit([(apart.start(1), apart.end(1), "")])
    head = FIELD_HEAD.match(line.text)
    has_words = (field.group(1) or field.group(2)) not in VALUED
    return plain_fields(line, say, words=head.end() if head and has_words else None)


def _without_indent(line: Placed, say: Say) -> Placed:
    indent = len(line.text) - len(line.text.lstrip())
    if not indent:
        return line
    say("A111", line.span(0, indent), "the field does not stand at the start of its line")
    return line.cut(indent)


def _without_emphasis(line: Placed, say: Say) -> Placed:
    text = line.text
    start = len(text) - len(text.lstrip())
    if text[start : start + 1] not in EMPHASIS:
        return line
    bold = BOLD_FIELD.match(text, start)
    mark = INNER_MARK.match(text, start)
    if bold and bold["inside"]:
        say("A111", line.span(start, bold.end()), f"{bold.group(1)} is emphasis, not ABC")
        return line.edit([(start, bold.start("name"), ""), (bold.start("inside"), bold.end(), "")])
    if mark:
        end = len(text.rstrip())
        sign = mark.group(1)
        if text[mark.end() : end].endswith(sign):
            say("A111", line.span(start, end), f"{sign} is emphasis, not ABC")
            return line.edit([(start, mark.end(), ""), (end - len(sign), end, "")])
    return line
