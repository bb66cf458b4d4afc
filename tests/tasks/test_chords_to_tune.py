"""Chords to tune: what is asked, and how near other tunes come."""

from __future__ import annotations

import pytest

from abcllm.record import Place, Record
from abcllm.tasks.chords_to_tune import build, grade

HEADER = "X:1\nM:4/4\nL:1/4\nK:D\n"
REEL = HEADER + '"D"DFAd|"G"GBdg|"A7"AceA|"D"d4|]\n'


def record(abc: str) -> Record:
    return Record("1", "own", "CC0-1.0", Place("own.abc", 1), abc=abc)


def test_the_chart_is_given_and_the_tune_expected() -> None:
    talk = build(record(REEL), 1)
    assert talk is not None
    assert "| D | G | A7 | D |" in talk.messages[0].text
    assert talk.messages[1].text.endswith(REEL.rstrip("\n"))
    assert talk.meta["task"] == "chords_to_tune"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_sign_of_a_held_chord_is_explained_where_it_stands(language: str) -> None:
    held = build(record(HEADER + '"D"DFAd|FAdf|"A7"AceA|"D"d4|]\n'), 3, language)
    plain = build(record(REEL), 3, language)
    assert held is not None
    assert plain is not None
    assert "| D | - | A7 | D |" in held.messages[0].text
    assert "-" not in plain.messages[0].text
    assert held.messages[0].text.count("-") == 2


@pytest.mark.parametrize(
    "music", ["DFAd|GBdg|]", '"D"DFAd|GBdg|]', '"Fine"DFAd|"slow"GBdg|]', '"D"DFAd|"G"GBdgg|"D"d4|]']
)
def test_what_does_not_serve(music: str) -> None:
    assert build(record(HEADER + music + "\n"), 0) is None


@pytest.mark.parametrize(
    ("music", "scores"),
    [
        ('"D"D4|"G"G4|"A7"A4|"D"d4|]', {"valid": 1, "chords": 1, "roots": 1, "bars": 1}),
        ('"D"D4|"G"G4|"A"A4|"D"d4|]', {"valid": 1, "chords": 0.75, "roots": 1, "bars": 0.75}),
        ('"D"D4|"D"D4|"G"G4|"A7"A4|"D"d4|]', {"valid": 1, "chords": 0.8, "roots": 0.8, "bars": 0.2}),
        ("D4|G4|A4|d4|]", {"valid": 1, "chords": 0, "roots": 0, "bars": 0}),
        ('"D"D4|"G"G5|"A7"A4|"D"d4|]', {"valid": 0, "chords": 1, "roots": 1, "bars": 1}),
    ],
)
def test_grades(music: str, scores: dict[str, float]) -> None:
    talk = build(record(REEL), 0)
    assert talk is not None
    assert grade(talk, HEADER + music) == pytest.approx(scores)
