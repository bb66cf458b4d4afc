"""Holding an answer to valid ABC with exact bars where the engine gives text and no logits: bar by bar.

What comes is followed sign by sign. Where a tune takes a turn that no valid tune takes, it is cut back to its last
bar line and the engine is asked to go on from there, with another seed; after `TRIALS` in vain the tune is brought to
its end. Rejecting whole bars is drawing from the engine's own distribution over the bars that are allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from copy import copy
from typing import Final, TypeAlias

from .neural.guiding import TuneGuide

__all__ = ["Ask", "hold"]

Ask: TypeAlias = Callable[[str, int], Iterator[str]]
"""Goes on with an answer whose beginning is given, in pieces; the number tells one trial from another."""

TRIALS: Final = 8


def hold(ask: Ask) -> Iterator[str]:
    """The answer in pieces of text, told when they are safe. Raises what `ask` raises."""
    safe = TuneGuide()
    told = trials = asked = 0
    while trials < TRIALS:
        guide = copy(safe)
        before = len(safe.text)
        refused = False
        with closing(_signs(ask, safe.text, asked)) as signs:
            for sign in signs:
                if not guide.offer(sign.encode("utf-8", "replace")):
                    refused = True
                    break
                if guide.is_safe:
                    safe = copy(guide)
                    if text := safe.text[told:]:
                        yield text
                        told += len(text)
        asked += 1
        trials = trials + 1 if len(safe.text) == before else 0
        if not refused and guide.may_end:
            safe = guide
            break
    yield safe.text[told:] + (safe.ending() or "")


def _signs(ask: Ask, said: str, trial: int) -> Generator[str]:
    for piece in ask(said, trial):
        yield from piece
