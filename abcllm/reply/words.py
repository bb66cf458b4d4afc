"""Words that stand on a line of music: before it ("Part B: |: A2 ...") or after it ("... d4 |] Enjoy!")."""

from __future__ import annotations

import re
from typing import Final

from .block import Repair
from .lines import is_music
from .placed import Placed

__all__ = ["cut_words", "shorten"]

LABEL: Final = re.compile(r"\s*((?:[A-Za-z0-9.()*_ -]{1,24}|[\u4e00-\u9fff A-D]{1,8})[:：])\s+(?=\S)")
PART: Final = re.compile(r"\W*(?:part|section|verse|chorus|bridge|[A-D]\b|[A-D]?[段主副])", re.IGNORECASE)
TO_LAST_BAR_LINE: Final = re.compile(r".*(?:\|\]|:\||\|\||\|)(?=\s+\S)")
HAN: Final = re.compile(r"[\u4e00-\u9fff]{2}")
LONGEST_SHOWN: Final = 40


def cut_words(line: Placed, said: list[Repair], *, apart: bool) -> Placed | None:
    """The music of a line that has words before or after it; None where there are no such words.

    Where the line stands apart from the tune, only the label of a part belongs to it. What was `said` of the words is
    taken back.
    """
    text = line.text
    label = LABEL.match(text)
    music = TO_LAST_BAR_LINE.match(text)
    if label and apart and not PART.match(label.group(1)):
        return None
    if label and is_music(text[label.end() :], strictly=True) and "|" in text:
        words, kept = line.cut(label.start(1), label.end(1)), line.cut(label.end())
        message = f"{shorten(words.text)} stands before the music"
    elif music and is_music(music.group(), strictly=True) and _is_spoken(text[music.end() :]):
        words, kept = line.cut(music.end()).strip(), line.cut(0, music.end())
        message = f"{shorten(words.text)} stands after the music"
    else:
        return None
    first, last = kept.span()
    said[:] = [repair for repair in said if first <= repair[1][0] < last]
    said.append(("A113", words.span(), message))
    return kept


def shorten(text: str) -> str:
    """A text as it is quoted in a message."""
    text = " ".join(text.split())
    return repr(text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "...")


def _is_spoken(text: str) -> bool:
    """Whether what follows music on its line are words, and not music with a fault in it."""
    strange = [word for word in re.findall(r"[A-Za-z]{2,}", text) if not is_music(word, strictly=True)]
    return text.lstrip()[:1] not in '!"[+' and (
        len(strange) > 1 or any(len(word) > 3 for word in strange) or HAN.search(text) is not None
    )
