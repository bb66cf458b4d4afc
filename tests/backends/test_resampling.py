"""Engines of text alone write inside a tune too: what does not fit is drawn again."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import repeat

from abcllm.backends import Sampling
from abcllm.backends.changing import GapGuide
from abcllm.backends.guiding import TuneGuide
from abcllm.backends.resampling import MOST_ASKED, TextBackend, hold
from abcllm.conversation import Conversation, Message
from abcllm.notation import check

BEGUN = "X:1\nM:6/8\nL:1/8\nK:D\nA|dfa agf|"
ASKED = Conversation((Message("user", "A jig?"),))


class Talker(TextBackend):
    """Says one thing after another, whatever it is asked; `heard` are the beginnings that it was given."""

    name = "talker"

    def __init__(self, *sayings: str) -> None:
        self.sayings = sayings
        self.heard: list[str] = []

    def go_on(self, conversation: Conversation, sampling: Sampling, said: str, trial: int) -> Iterator[str]:
        self.heard.append(said)
        yield from self.sayings[min(trial, len(self.sayings) - 1)]


def test_a_bar_is_taken_from_what_is_said() -> None:
    talker = Talker("gec edB|afe d3|]")
    guide = GapGuide(BEGUN, Fraction(6, 8), "|")
    assert "".join(talker.write_held(ASKED, guide, Sampling())) == "gec edB"
    assert talker.heard == [BEGUN]


def test_what_does_not_fit_is_asked_for_again_from_the_bar_line() -> None:
    talker = Talker("Of course! ", "|gec", "g4 e4|", "gec d3|")
    guide = GapGuide(BEGUN, Fraction(6, 8), "|", "f")
    assert "".join(talker.write_held(ASKED, guide, Sampling())) == "g4 e"
    assert talker.heard == [f"{BEGUN}f"] * 3


class Endless(TextBackend):
    """Says a bar whenever it is asked, and something that does not belong there; the tune never ends."""

    name = "endless"

    def __init__(self) -> None:
        self.asked = 0

    def go_on(self, conversation: Conversation, sampling: Sampling, said: str, trial: int) -> Iterator[str]:
        self.asked += 1
        yield "d3 e3|?"


def test_a_tune_that_never_ends_is_brought_to_its_end() -> None:
    endless = Endless()
    said = "".join(endless.write_held(ASKED, TuneGuide(BEGUN), Sampling()))
    assert endless.asked == MOST_ASKED
    assert not check(BEGUN + said)


def test_one_who_repeats_a_sign_for_ever_is_not_listened_to_for_ever() -> None:
    bars = hold(lambda said, trial: repeat("|"), TuneGuide(BEGUN))
    assert not check("".join(bars))
