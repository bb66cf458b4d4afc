"""What stands over a score of MusicXML: titles, names, sources, and the names and brackets of its parts."""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element

from ..notation.tune import Field
from .musicxml_signs import one_line

__all__ = ["Header", "PartName", "read_header"]

UNTITLED: Final = frozenset(("untitled score", "title", "untitled", "[untitled]"))
SUFFIX: Final = re.compile(r"\.(mxl|xml|musicxml)$", re.IGNORECASE)  # of scores that are called as their file
UNNAMED: Final = frozenset(("musicxml part", "part", "instrument"))
FIELD_OF_CREATOR: Final = {"composer": "C", "arranger": "Z", "lyricist": "A", "poet": "A"}
SIGN_OF_SYMBOL: Final = {"brace": "{", "bracket": "[", "square": "[", "line": "["}


class PartName(NamedTuple):
    """The name of a part, and its short one."""

    name: str
    short: str


class Header(NamedTuple):
    """Fields in their usual order, W: lines, names of the parts, groups of them (first, last, sign, joined)."""

    fields: tuple[Field, ...]
    words: tuple[str, ...]
    names: tuple[PartName, ...]
    groups: tuple[tuple[int, int, str, bool], ...]


def read_header(root: Element) -> Header:
    """All that precedes the parts."""
    credits: dict[str, list[str]] = {}
    for credit in root.iterfind("credit"):
        kind = one_line(credit.findtext("credit-type"))
        credits.setdefault(kind, []).append("\n".join(found.text or "" for found in credit.iterfind("credit-words")))
    found: list[tuple[str, str | None]] = []
    titles = [root.findtext("work/work-title"), root.findtext("movement-title"), *credits.get("subtitle", [])]
    plain = [SUFFIX.sub("", one_line(title)) for title in titles]
    found += [("T", title) for title in plain if title.casefold() not in UNTITLED]
    creators = [
        (FIELD_OF_CREATOR.get(creator.get("type", "composer"), ""), creator.text)
        for creator in root.iterfind("identification/creator")
    ]
    facts = {
        item.get("name", ""): item.text
        for item in root.iterfind("identification/miscellaneous/miscellaneous-field")
    }  # fmt: skip
    found += [pair for pair in creators if pair[0] == "C"]
    found.append(("O", facts.get("origin")))
    found.append(("R", facts.get("rhythm")))
    found += [pair for pair in creators if pair[0] == "A"]
    found.append(("S", root.findtext("identification/source")))
    found += [("N", rights.text) for rights in root.iterfind("identification/rights")]
    found += [pair for pair in creators if pair[0] == "Z"]
    found.append(("Z", facts.get("transcription")))
    pairs = dict.fromkeys((name, one_line(text)) for name, text in found if one_line(text))
    words = "\n".join(credits.get("lyrics", [])).split("\n")
    return Header(
        tuple(Field(name, text) for name, text in pairs),
        tuple(map(one_line, words)) if any(words) else (),
        tuple(_names(root)),
        tuple(_groups(root)),
    )


def _names(root: Element) -> list[PartName]:
    """Names in the order in which the parts stand in the file."""
    named: dict[str, PartName] = {}
    for part in root.iterfind("part-list/score-part"):
        name, short = (_quoted(part.findtext(tag)) for tag in ("part-name", "part-abbreviation"))
        named[part.get("id", "")] = PartName("" if name.casefold() in UNNAMED else name, short)
    return [named.get(part.get("id", ""), PartName("", "")) for part in root.iterfind("part")]


def _quoted(text: str | None) -> str:
    lines = [one_line(line) for line in (text or "").strip().split("\n")]
    return "\\n".join(filter(None, lines)).replace('"', "'")


def _groups(root: Element) -> list[tuple[int, int, str, bool]]:
    groups: list[tuple[int, int, str, bool]] = []
    opened: dict[str, tuple[int, str, bool]] = {}
    place = 0
    for element in root.iterfind("part-list/*"):
        if element.tag == "score-part":
            place += 1
            continue
        number = element.get("number", "1")
        if element.get("type") == "start":
            symbol = SIGN_OF_SYMBOL.get(one_line(element.findtext("group-symbol")), "")
            opened[number] = place, symbol, one_line(element.findtext("group-barline")) == "yes"
        elif number in opened:
            first, symbol, joined = opened.pop(number)
            if place - first > 1 and (symbol or joined):
                groups.append((first, place - 1, symbol, joined))
    return groups
