"""Tunes inside text, and headers that stand on one line: `X:1 L:1/8 M:4/4 K:A A2 ce | ...`.

The ABC standard 2.1 wants each field of a header on a line of its own (section 3); models of the ChatMusician family
write, and were trained on, whole tunes on one line. Spaces become line ends there: no other character is changed.
"""

from __future__ import annotations

import re
from itertools import pairwise

from ..reply.headers import CLEF, MODE

__all__ = ["find_tune", "split_headers"]

TUNE = re.compile(r"(?:(?<=\s)|(?<=;)|\A)X:[ \t]*\d+(?=\s)")
EMPTY_LINE = re.compile(r"\n[ \t]*\n")
FIELD_LINE = re.compile(r"[XMLKQ]:")
NEXT_FIELD = re.compile(r"[ \t]+(?=[A-Za-z]:(?=\S)|%%[a-z])")
KEY_FIELD = re.compile(r"(?:(?<=[ \t])|\A)K:(?=[ \t]*\S)")
KEY = re.compile(rf"K:[ \t]*(?:HP|Hp|none|[A-G][#b]?(?:[ \t]*{MODE})?)(?:[ \t]+{CLEF})*(?=\s|$)")


def split_headers(text: str) -> str:
    """The text with each field of its tunes' headers on a line, and the music on the line after K:.

    A key that cannot be read is left as it stands, with all that follows it.

    >>> split_headers("Here: X:1 L:1/8 M:6/8 K:A dorian A3 c2d | e6 |]")
    'Here: X:1\\nL:1/8\\nM:6/8\\nK:A dorian\\nA3 c2d | e6 |]'
    """
    starts = [found.start() for found in TUNE.finditer(text)]
    pieces = [text[start:end] for start, end in pairwise([0, *starts, len(text)])]
    return "".join([pieces[0], *map(_split_header, pieces[1:])])


def find_tune(text: str) -> str:
    """The first tune of a text whose headers are split, up to an empty line or the end; empty where there is none.

    A header before a list of motifs (`['G2BG A2cA', ...`), or without a bar line after it, is no tune.

    >>> find_tune("Here you are: X:1\\nL:1/8\\nK:G\\nG2BG A2cA | B8 |]\\n\\nEnjoy!")
    'X:1\\nL:1/8\\nK:G\\nG2BG A2cA | B8 |]\\n'
    """
    found = TUNE.search(text)
    if found is None:
        return ""
    abc = EMPTY_LINE.split(text[found.start() :], maxsplit=1)[0].rstrip()
    _, _, body = abc.partition("\nK:")
    _, _, music = body.partition("\n")
    return f"{abc}\n" if "|" in music and not music.lstrip().startswith("['") else ""


def _split_header(tune: str) -> str:
    lines = tune.split("\n")
    split: list[str] = []
    for at, line in enumerate(lines):
        if not FIELD_LINE.match(line):
            split.append(line)
            continue
        key = KEY_FIELD.search(line)
        if key is None:
            split += NEXT_FIELD.split(line)
            continue
        if key.start():
            split += NEXT_FIELD.split(line[: key.start()].rstrip(" \t"))
        return "\n".join([*split, *_split_key(line[key.start() :]), *lines[at + 1 :]])
    return "\n".join(split)


def _split_key(line: str) -> list[str]:
    """The line of K:, and the music that stood on it."""
    key = KEY.match(line)
    music = line[key.end() :].lstrip(" \t") if key else ""
    return [key.group(), music] if key and music else [line]
