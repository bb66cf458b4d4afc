"""Continue a tune: question and answer make the tune, and continuations are judged with their beginning."""

from __future__ import annotations

import pytest

from tests.tasks.given import HEADER, REEL, ask, scores, serves

SUNG = "X:1\nL:1/4\nM:4/4\nK:C\nCDEF|GABc|\nw:one two three four five six se-ven\nCDEF|GABc|]\nw:one two three four\n"


@pytest.mark.parametrize("seed", range(12))
def test_question_and_answer_make_the_tune(seed: int) -> None:
    talk = ask("continue_tune", seed=seed)
    given = talk.messages[0].text[talk.messages[0].text.index("X:1") :]
    rest = talk.messages[1].text.partition("```abc\n")[2].removesuffix("\n```") or talk.messages[1].text
    assert given + rest == REEL.rstrip("\n")
    assert given.count("|") > 2


def test_a_sung_tune_is_cut_between_lines() -> None:
    for seed in range(5):
        given = ask("continue_tune", SUNG, seed).messages[0].text
        assert given.endswith("w:one two three four five six se-ven\n")


def test_continuations_are_judged_with_their_beginning() -> None:
    talk = next(one for one in (ask("continue_tune", seed=seed) for seed in range(30)) if "E4:|\n|:" not in
                one.messages[0].text and one.messages[0].text.endswith("\n"))  # fmt: skip
    good = scores("continue_tune", talk, "|:d2fd AdFd|EFGA B4|d2fd AdFd|EFGA d4:|")
    assert good == {"valid": 1, "complete": 1, "key": 1, "meter": 1, "length": 1}
    assert scores("continue_tune", talk, "d2fd AdFd|EFGA d4|]")["length"] == 0.5
    assert scores("continue_tune", talk, "[K:G]d2fd AdFd|EFGA B4|d2fd AdFd|EFGA d4|]")["key"] == 0
    assert scores("continue_tune", talk, "d2fd AdFd|EFGA B4|d2fd AdFd|EFGA d2|]")["complete"] == 0
    assert set(scores("continue_tune", talk, "d2fd AdFd|EFGA B3|d8|]").values()) == {0}
    assert set(scores("continue_tune", talk, "That is a lovely tune.").values()) == {0}


@pytest.mark.parametrize("abc", [HEADER + "DFAd fdAF|D8|]\n", HEADER + "D8|D8|D8|D8|D4|]\n", "X:1\nK:C\nCD??\n"])
def test_short_and_incomplete_tunes_do_not_serve(abc: str) -> None:
    assert not serves("continue_tune", abc)
