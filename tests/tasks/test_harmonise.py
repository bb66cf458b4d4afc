"""Harmonise: the melody that is given, and what becomes of it."""

from __future__ import annotations

import pytest

from abcllm.record import Place, Record
from abcllm.tasks.harmonise import build, grade

HEADER = 'X:1\nT:The "Am" Reel\nM:4/4\nL:1/4\nK:D\n'
MELODY = HEADER + 'DFAd|"^slow"GBdg|AceA|d4|]\n'
REEL = HEADER + '"D"DFAd|"^slow""G"GBdg|"A7"AceA|"D"d4|]\n'


def record(abc: str) -> Record:
    return Record("1", "own", "CC0-1.0", Place("own.abc", 1), abc=abc)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_tune_is_given_without_its_chords(language: str) -> None:
    for seed in range(12):
        talk = build(record(REEL), seed, language)
        assert talk is not None
        assert MELODY.rstrip("\n") in talk.messages[0].text
        assert talk.messages[1].text.endswith(REEL.rstrip("\n"))


@pytest.mark.parametrize(
    "music",
    ["DFAd|GBdg|]", '"D"DFAd|GBdg|]', '"N.C."DFAd|"N.C."GBdg|]', '"D"DFAd|"G"GBdgg|"D"d4|]', '"D"EEEE|"G"AAAA|]'],
)
def test_what_does_not_serve(music: str) -> None:
    assert build(record(HEADER + music + "\n"), 0) is None


@pytest.mark.parametrize(
    ("abc", "scores"),
    [
        (REEL, {"valid": 1, "melody": 1, "coverage": 1, "fit": 1}),
        (MELODY, {"valid": 1, "melody": 1, "coverage": 0, "fit": 0}),
        (HEADER + '"D"DFAd|"G"GBdg|"A"AceA|"D"d4|]', {"valid": 1, "melody": 1, "coverage": 1, "fit": 1}),
        (HEADER + '"D"DFAd|"Em"GBdg|AceA|d4|]', {"valid": 1, "melody": 1, "coverage": 0.5, "fit": 0.5}),
        (HEADER + '"D"DFAd|"G"GBdg|"A7"AceA|"D"a4|]', {"valid": 1, "melody": 12 / 13, "coverage": 1, "fit": 1}),
        (HEADER + '"Bb"DFAd|"Bb"GBdg|"Bb"AceA|"Bb"d4|]', {"valid": 1, "melody": 1, "coverage": 1, "fit": 7 / 16}),
    ],
)
def test_grades(abc: str, scores: dict[str, float]) -> None:
    talk = build(record(REEL), 0)
    assert talk is not None
    assert grade(talk, abc) == pytest.approx(scores)
