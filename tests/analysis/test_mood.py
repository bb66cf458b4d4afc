"""Moods: mode and speed, the tempo of the tune before the usual one."""

from __future__ import annotations

import pytest

from abcllm.analysis.mood import MOODS, find_mood, onsets_per_second
from abcllm.notation import parse
from abcllm.notation.theory import MODE_FIFTHS


def mood(header: str, body: str = "CDEF GABc|]", usual_qpm: float = 120) -> str | None:
    return find_mood(parse(f"X:1\nL:1/8\n{header}\n{body}\n").tunes[0], usual_qpm)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Q:1/4=150\nK:D", "happy"),
        ("Q:1/4=60\nK:Dmix", "calm"),
        ("Q:1/4=150\nK:Ddor", "restless"),
        ("Q:60\nK:Dm", "sad"),
    ],
)
def test_the_four_quarters(header: str, expected: str) -> None:
    assert mood(header) == expected


def test_the_usual_tempo_stands_in_where_none_is_written() -> None:
    assert mood("K:D", usual_qpm=60) == "calm"
    assert mood("K:D", usual_qpm=180) == "happy"
    assert mood('Q:"Slow"\nK:D', usual_qpm=180) == "happy"
    assert mood("Q:1/4=60\nK:D", usual_qpm=180) == "calm"


def test_every_mode_has_a_mood() -> None:
    assert {mood(f"Q:1/4=150\nK:D{mode[:3]}") for mode in MODE_FIFTHS} == {"happy", "restless"}
    assert len(MOODS) == 4


@pytest.mark.parametrize(("header", "body"), [("K:none", "CDEF|]"), ("K:C", "z8|]"), ("K:HP", "ABcd|]")])
def test_without_a_key_or_a_note_there_is_none(header: str, body: str) -> None:
    assert mood(header, body) is None


def test_onsets_are_notes_and_chords_and_rests_last() -> None:
    tune = parse("X:1\nL:1/4\nM:4/4\nK:C\nC [EG] z2|]\n").tunes[0]
    assert onsets_per_second(tune, 60) == 0.5
