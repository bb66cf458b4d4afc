"""Counting aloud: at the end of each line of music stands, in a comment, how many bars there are so far.

A model that has written the count down need not hold it in its head, and comes to an end where it was asked to; what
is worth a line of its own to people who work something out is so to a model (Nye et al., 2021, Show Your Work,
https://arxiv.org/abs/2112.00114).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..notation import parse
from ..notation.tune import Tune
from .sections import cut_bars

__all__ = ["count_aloud"]

TUNE: Final = re.compile(r"^X:.*(?:\n.+)*", re.MULTILINE)


def count_aloud(text: str) -> str:
    """The text, with the count (as `count_bars` has it) after each line of the first voice of its tunes.

    A line that ends within a bar, or with a comment, has none.

    >>> print(count_aloud("A reel:\\nX:1\\nL:1/4\\nM:2/4\\nK:D\\nA|d f|d a:|\\n|:f a|d f:|\\n"), end="")
    A reel:
    X:1
    L:1/4
    M:2/4
    K:D
    A|d f|d a:|%2
    |:f a|d f:|%4
    """
    return TUNE.sub(lambda found: _counted(found[0]), text)


def _counted(abc: str) -> str:
    counted, start = "", 0
    for tune in parse(abc).tunes[:1]:
        for end, count in _line_ends(tune):
            if abc[end : end + 1] in ("\n", ""):
                counted += f"{abc[start:end]}%{count}"
                start = end
    return counted + abc[start:]


def _line_ends(tune: Tune) -> Iterator[tuple[int, int]]:
    """Where the lines of the first voice end that end with a bar, and the bars up to there."""
    bars = [bar for bar in tune.voices[0].bars if bar.duration] if tune.voices else []
    is_free = tune.meter.duration is None
    for at, bar in enumerate(bars):
        if bar.line_end or at == len(bars) - 1:
            so_far = cut_bars(bars[: at + 1])
            yield bar.span[1], bar.number if is_free else sum(section.full_bars for section in so_far)
