"""What the chat says, put into the language of the one it talks to.

All that is said is thought in English, whoever says it: the chat, the reader of requests, a fault from below. Here each
line is looked up among the wordings of `chinese.toml`, and what was put into it is put into Chinese in its turn. A line
that is not there stays as it is. `request.chinese` is the other direction.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Final, Literal, NamedTuple, TypeAlias

from ..notation import Key
from ..request import RHYTHMS
from ..tasks.names import MODES_ZH, call_key, call_rhythm

__all__ = ["Language", "Wording", "find_language", "read_wordings", "translate"]

Language: TypeAlias = Literal["en", "zh"]

BEGINNING: Final = re.compile(r"(?P<zh>[\u3400-\u9fff])|[A-Za-z]{3}")
"""A word of Chinese, or one of English that is no key (`Bb`)."""
PART: Final = re.compile(r"\{(?P<slot>[a-z]+)\d?\}|<(?P<optional>[^>]*)>")
LONGEST: Final = 1000
"""Signs in a line that is looked up."""
DEEPEST: Final = 5
NAMES: Final = {"Untitled": "无题", "the tune": "这首曲子", "none": "自由节拍"}
KEY: Final = rf"[A-G][#b]? (?:{'|'.join(MODES_ZH)})|no key"
QUALITIES: Final = {"diminished": "减", "minor": "小", "major": "大", "perfect": "纯", "augmented": "增"}
NUMBERS: Final = {
    "unison": "一", "second": "二", "third": "三", "fourth": "四", "fifth": "五", "sixth": "六", "seventh": "七",
}  # fmt: skip
SLOTS: Final[Mapping[str, str]] = {
    "number": r"-?\d+(?:[.,]\d+)*",
    "key": KEY,
    "kind": "|".join((*RHYTHMS, "tune")),
    "meter": r"none|C\|?|[\d+()]+/\d+",
    "mode": "|".join(MODES_ZH),
    "rule": r"[A-Z]\d{3}",
    "interval": f"(?:{'|'.join(QUALITIES)}) (?:{'|'.join(NUMBERS)})",
    "notes": r"[A-G][#b]*(?: [A-G][#b]*)*",
    "name": r"\S+",
    "title": ".+",
    "text": ".*?",
    "said": ".+?",
    "series": ".+?",
}
"""What may stand in a place of each sort."""


class Wording(NamedTuple):
    """Something that is said: in English, with what is put in taken from it, and in Chinese."""

    english: str
    chinese: str
    pattern: re.Pattern[str]


def find_language(text: str) -> Language | None:
    """The language in which a message begins; None where it has no word, as a command has none.

    >>> find_language("写一首 jig"), find_language("call it 雨"), find_language("D大调"), find_language("/undo")
    ('zh', 'en', 'zh', None)
    """
    found = None if text.lstrip().startswith("/") else BEGINNING.search(text)
    return None if found is None else "zh" if found["zh"] else "en"


def translate(text: str, language: Language) -> str:
    """What is said in English in that language, line by line.

    >>> translate("Back to Rain: jig in Bb major, 6/8, 16 bars.", "zh")
    '回到 Rain：降B大调吉格舞曲，6/8，16 小节。'
    """
    return text if language == "en" else "\n".join(_say(line, DEEPEST) for line in text.split("\n"))


def _say(text: str, depth: int) -> str:
    if not text or len(text) > LONGEST or not depth:
        return text
    ends = text.endswith(".") and not text.endswith("..")
    line = text[:-1] if ends else text
    for wording in read_wordings():
        if found := wording.pattern.fullmatch(line):
            said = {slot: _put_in(slot.rstrip("0123456789"), what, depth) for slot, what in found.groupdict().items()}
            return wording.chinese.format(**said) + "。" * ends
    return text


def _put_in(sort: str, text: str, depth: int) -> str:
    """What is put into a wording, in Chinese."""
    match sort:
        case "key":
            tonic, _, mode = text.partition(" ")
            return call_key(Key(tonic, mode), "zh") if tonic != "no" else "没有调"
        case "kind":
            return call_rhythm(text, "zh") if text != "tune" else "曲子"
        case "mode":
            return MODES_ZH[text]
        case "interval":
            quality, number = text.split()
            return f"{QUALITIES[quality]}{NUMBERS[number]}度"
        case "rule":
            return f"{text} {_tables()['rules'].get(text, '')}".rstrip()
        case "said":
            return _say(text, depth - 1)
        case "series":
            return "；".join(_say(one, depth - 1) for one in text.split("; "))
    return NAMES.get(text, text) if sort in ("title", "meter") else text


@cache
def _tables() -> dict[str, dict[str, str]]:
    text = files(__package__).joinpath("chinese.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def read_wordings() -> tuple[Wording, ...]:
    """All wordings, in the order in which they are tried."""
    pairs = (pair for name, table in _tables().items() if name != "rules" for pair in table.items())
    return tuple(Wording(english, chinese, re.compile("".join(_pieces(english)))) for english, chinese in pairs)


def _pieces(english: str) -> Iterator[str]:
    """The expression for a wording."""
    at = 0
    for found in PART.finditer(english):
        yield re.escape(english[at : found.start()])
        if found["slot"]:
            yield f"(?P<{found[0][1:-1]}>{SLOTS[found['slot']]})"
        else:
            yield f"(?:{re.escape(found['optional'])})?"
        at = found.end()
    yield re.escape(english[at:])
