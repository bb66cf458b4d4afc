"""Describe: sentences that are true of the tune, read back as facts."""

from __future__ import annotations

import pytest

from tests.tasks.given import REEL, ask, scores, serves

TRUE = "This reel is in D major. It is in 4/4. It has 8 bars in 2 sections, from E4 to G5."


@pytest.mark.parametrize(
    ("reply", "wrong"),
    [(TRUE, set()), (TRUE.replace("D major", "G major"), {"key"}), (TRUE.replace("8 bars", "16 bars"), {"bars"}),
     (TRUE.replace("E4", "D4"), {"range"}), (TRUE.replace("4/4", "common time"), {"meter"}),
     (TRUE.replace("2 sections", "two tunes"), {"sections"}),
     ("D大调，4/4拍，共8小节，2个段落，音域从E4到G5。", set()),
     (TRUE.replace("8 bars", f"{'8' * 5000} bars"), {"bars"}),
     ("A fine tune.", {"key", "meter", "bars", "sections", "range"})],
)  # fmt: skip
def test_facts_are_read_back(reply: str, wrong: set[str]) -> None:
    graded = scores("describe", ask("describe"), reply)
    assert {name for name, score in graded.items() if score < 1} == wrong
    assert set(graded) == {"key", "meter", "bars", "sections", "range"}


def test_sentences_follow_the_music() -> None:
    stepwise = "X:1\nL:1/4\nM:4/4\nK:G\nGABc|dcBA|G4|]\n"
    told = {ask("describe", stepwise, seed).messages[1].text for seed in range(20)}
    assert all("step" in text.lower() for text in told)
    assert all("peat" not in text for text in told)
    assert all("no more than an octave" in text or "within an octave" in text for text in told)
    assert all("peat" in ask("describe", REEL, seed).messages[1].text for seed in range(5))


def test_notes_are_spelled_as_the_tune_spells_them() -> None:
    talk = ask("describe", "X:1\nL:1/4\nM:4/4\nK:Bb\nBdfb|[FB]4|]\n")
    assert "F4" in talk.messages[1].text
    assert "Bb5" in talk.messages[1].text
    assert "1 section" in talk.messages[1].text or "1 part" in talk.messages[1].text
    assert scores("describe", talk, "from F4 to A#5")["range"] == 1


@pytest.mark.parametrize("abc", ["X:1\nL:1/4\nM:4/4\nK:C\nC4|]\n", "X:1\nL:1/4\nM:none\nK:C\nCDEF|]\n"])
def test_tunes_of_which_little_can_be_said_do_not_serve(abc: str) -> None:
    assert not serves("describe", abc)
