"""Bach style: whose pieces serve, and how voices are judged."""

from __future__ import annotations

import pytest

from abcllm.record import Place, Record, Tag
from abcllm.tasks.bach_style import build, grade

HEADER = "X:1\nC:J. S. Bach\nM:4/4\nL:1/4\nK:C\n"
TWO = HEADER + "[V:1]c d e c|d e f d|e4|]\n[V:2]C B, C E|G E D B|c4|]\n"
PARALLEL = HEADER + "[V:1]c d e c|d e f d|e4|]\n[V:2]F G A F|G A _B G|A4|]\n"
ALONE = HEADER + "cdec|defd|e4|]\n"


def record(abc: str, **tags: Tag) -> Record:
    return Record("1", "own", "CC0-1.0", Place("own.abc", 1), abc=abc, tags=tags)


@pytest.mark.parametrize(
    ("composer", "serves"),
    [
        ("Johann Sebastian Bach", True),
        ("Setting: J.S.Bach, 1725", True),
        ("BACH", True),
        ("C. P. E. Bach", False),
        ("J.C. Bach", False),
        ("Carl Philipp Emanuel Bach", False),
        ("adapted from J. S. Bach by J. Goss", False),
        ("Offenbach", False),
        ("trad.", False),
    ],
)
def test_whose_pieces_serve(composer: str, serves: bool) -> None:
    assert (build(record(TWO.replace("J. S. Bach", composer)), 0) is not None) == serves
    assert (build(record(TWO.replace("C:J. S. Bach\n", ""), composer=composer), 0) is not None) == serves


@pytest.mark.parametrize("language", ["en", "zh"])
def test_voices_key_and_metre_are_asked_for(language: str) -> None:
    for seed in range(12):
        talk = build(record(TWO), seed, language)
        alone = build(record(ALONE), seed, language)
        assert talk is not None
        assert alone is not None
        asked = talk.messages[0].text
        assert "2" in asked.replace("4/4", "")
        assert "4/4" in asked
        assert "1" not in alone.messages[0].text
        assert talk.messages[1].text.endswith(TWO.rstrip("\n"))


@pytest.mark.parametrize(
    ("abc", "scores"),
    [
        (TWO, {"valid": 1, "voices": 1, "key": 1, "meter": 1, "leading": 1}),
        (PARALLEL, {"valid": 1, "voices": 1, "key": 1, "meter": 1, "leading": 0}),
        (ALONE, {"valid": 1, "voices": 0.5, "key": 1, "meter": 1, "leading": 0}),
        (TWO.replace("K:C", "K:G"), {"valid": 1, "voices": 1, "key": 0, "meter": 1, "leading": 1}),
        (TWO.replace("M:4/4", "M:C"), {"valid": 1, "voices": 1, "key": 1, "meter": 1, "leading": 1}),
        (TWO.replace("M:4/4", "M:C|"), {"valid": 1, "voices": 1, "key": 1, "meter": 0, "leading": 1}),
    ],
)
def test_grades(abc: str, scores: dict[str, float]) -> None:
    talk = build(record(TWO), 0)
    assert talk is not None
    assert grade(talk, abc) == scores


def test_a_bar_of_rest_takes_its_time() -> None:
    late = HEADER + "[V:1]Z|c d e c|d4|]\n[V:2]C4|F G A F|G4|]\n"
    talk = build(record(TWO), 0)
    assert talk is not None
    assert grade(talk, late)["leading"] == 0


def test_one_voice_needs_no_other() -> None:
    talk = build(record(ALONE), 0)
    assert talk is not None
    assert grade(talk, ALONE) == {"valid": 1, "voices": 1, "key": 1, "meter": 1, "leading": 1}
