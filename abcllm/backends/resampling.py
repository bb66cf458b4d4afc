"""Engines that give text and no logits, held to valid ABC with exact bars all the same: bar by bar.

What comes is followed sign by sign. Where a tune takes a turn that no valid tune takes, it is cut back to its last
bar line and the engine is asked to go on from there, with another seed; after `TRIALS` in vain the tune is brought to
its end. Rejecting whole bars is drawing from the engine's own distribution over the bars that are allowed.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from copy import copy
from itertools import islice
from typing import Final, TypeAlias

import numpy as np

from ..conversation import Conversation, Message
from ..request import Request
from . import Backend, Sampling
from .bars import BarGuide
from .forms import guide_answer
from .guiding import Guide
from .header import word_request, write_header
from .titles import make_title

__all__ = ["Ask", "TextBackend", "hold", "tune_begun", "wording"]

Ask: TypeAlias = Callable[[str, int], Iterator[str]]
"""Goes on with an answer whose beginning is given, in pieces; the number tells one trial from another."""

TRIALS: Final = 8
MOST_ASKED: Final = 300
"""So often the engine is asked for one answer, though it grow each time."""
MOST_PIECES: Final = 100_000
"""So much of what it says is heard each time."""
IN_BAR_LINES: Final = "|:]"


class TextBackend(Backend):
    """An engine that can go on with an answer which has begun."""

    @abstractmethod
    def go_on(self, conversation: Conversation, sampling: Sampling, said: str, trial: int) -> Iterator[str]:
        """What follows on `said`, in pieces; another `trial` is another draw. Raises `BackendError`."""

    def generate(self, conversation: Conversation, sampling: Sampling) -> Iterator[str]:
        if not sampling.guided:
            return self.go_on(conversation, sampling, "", 0)
        return hold(
            lambda said, trial: self.go_on(conversation, sampling, said, trial), guide_answer(conversation, sampling)
        )

    def compose(self, request: Request, sampling: Sampling) -> Iterator[str]:
        guide = tune_begun(request, sampling)
        asked = Conversation((Message("user", wording(request)),))
        return hold(lambda said, trial: self.go_on(asked, sampling, said, trial), guide)

    def write_held(self, conversation: Conversation, guide: Guide, sampling: Sampling) -> Iterator[str]:
        begun = len(guide.text)
        for text in hold(lambda said, trial: self.go_on(conversation, sampling, said, trial), guide):
            yield text[begun:]
            begun = max(begun - len(text), 0)


def wording(request: Request) -> str:
    """A request in words, to a model that may like to talk.

    >>> wording(Request.for_rhythm("jig"))
    'Compose a 16-bar jig in D and 6/8 in ABC notation. Answer with the tune alone.'
    """
    return f"{word_request(request)} Answer with the tune alone."


def tune_begun(request: Request, sampling: Sampling) -> Guide:
    """The header that the answer begins with, and what the answer is held to from there."""
    seed = sampling.seed if request.seed is None else request.seed
    title = request.title.strip() or make_title(np.random.default_rng([seed, request.variant]), request.rhythm)
    header = write_header(request, title)
    return BarGuide(header, request.bars) if sampling.guided else Guide(header)


def hold(ask: Ask, guide: Guide) -> Iterator[str]:
    """The answer in pieces of text, told when they are safe, and first what has begun. Raises what `ask` raises."""
    safe = guide
    told = trials = asked = 0
    while trials < TRIALS and asked < MOST_ASKED:
        if text := safe.text[told:]:
            yield text
            told += len(text)
        guide = copy(safe)
        before = len(safe.text)
        refused = False
        with closing(_signs(ask, safe.text, asked)) as signs:
            for sign in signs:
                refused = not guide.offer(sign.encode("utf-8", "replace"))
                if refused or guide.is_finished:
                    break
                if guide.is_safe:
                    safe = copy(guide)
                    if text := safe.text[told:]:
                        yield text
                        told += len(text)
        asked += 1
        trials = trials + 1 if len(safe.text) == before else 0
        if guide.is_finished or (not refused and guide.may_end):
            safe = guide
            break
    yield safe.text[told:] + (safe.ending() or "")


def _signs(ask: Ask, said: str, trial: int) -> Generator[str]:
    """What follows, sign by sign; the signs of a bar line come together."""
    bar_line = ""
    for piece in islice(ask(said, trial), MOST_PIECES):
        for sign in piece:
            if sign in IN_BAR_LINES:
                bar_line += sign
                continue
            if bar_line:
                yield bar_line
                bar_line = ""
            yield sign
    if bar_line:
        yield bar_line
