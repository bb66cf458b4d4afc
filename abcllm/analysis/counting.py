"""Counting down aloud: after the header, and after each line of music, a comment says how many bars are still to come.

A model that has written the number down need not hold it in its head, and comes to an end where it was asked to; to
write out the steps of a sum helps models as it helps people (Nye et al., 2021, Show Your Work,
https://arxiv.org/abs/2112.00114).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from ..notation import parse
from ..notation.tune import Bar, Tune
from .sections import count_bars, cut_bars

__all__ = ["count_aloud", "count_so_far"]

TUNE: Final = re.compile(r"^X:.*(?:\n.+)*\n?", re.MULTILINE)
KEY: Final = re.compile(r"^K:[^%\n]*$", re.MULTILINE)


def count_aloud(text: str, total: int | None = None) -> str:
    """The text, with the bars to come (as `count_bars` has it) after K: and the lines of the first voice of its tunes.

    A tune that is not yet at its end will have `total` bars. The last line has no count, nor has one that ends within a
    bar, or with a comment.

    >>> print(count_aloud("A reel:\\nX:1\\nL:1/4\\nM:2/4\\nK:D\\nA|d f|d a:|\\n|:f a|d f:|\\n"), end="")
    A reel:
    X:1
    L:1/4
    M:2/4
    K:D%4
    A|d f|d a:|%2
    |:f a|d f:|
    """
    return TUNE.sub(lambda found: _counted(found[0], total), text)


def _counted(abc: str, total: int | None) -> str:
    tunes, key = parse(abc).tunes[:1], KEY.search(abc)
    total = count_bars(tunes[0]) if tunes and total is None else total
    if not total or key is None:
        return abc
    counted, start = "", 0
    for end, count in [(key.end(), 0), *(end for tune in tunes for end in _line_ends(tune))]:
        if abc[end : end + 1] == "\n" and count < total:
            counted += f"{abc[start:end]}%{total - count}"
            start = end
    return counted + abc[start:]


def _line_ends(tune: Tune) -> Iterator[tuple[int, int]]:
    """Where the lines of the first voice end that end with a bar, and the bars up to there."""
    bars = [bar for bar in tune.voices[0].bars if bar.duration] if tune.voices else []
    full = tune.meter.duration
    for at, bar in enumerate(bars):
        if bar.line_end or at == len(bars) - 1:
            yield bar.span[1], count_so_far(bars[: at + 1], full)


def count_so_far(bars: Sequence[Bar], full: Fraction | None) -> int:
    """The bars of a tune of which there are these, as `count_bars` has it; `full` is what one lasts, if not free.

    A single bar that is not full is a pickup.
    """
    if full is None:
        return bars[-1].number if bars else 0
    sounding = [bar for bar in bars if bar.duration]
    if len(sounding) == 1 and sounding[0].duration < full:
        return 0
    return sum(section.full_bars for section in cut_bars(bars))
