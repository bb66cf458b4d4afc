"""Form to tune: the terms that are asked for, and how near other forms come."""

from __future__ import annotations

import pytest

from abcllm.record import Place, Record
from abcllm.tasks.form_to_tune import build, grade

HEADER = "X:1\nM:4/4\nL:1/4\nK:D\n"
A, B, C = "DFAd|GBdg|AceA|d4|]", "b2a2|g2f2|e4|e4|]", "DDDD|EEEE|FFFF|GGGG|]"
TERNARY = HEADER + A + B + A + "\n"


def record(abc: str) -> Record:
    return Record("1", "own", "CC0-1.0", Place("own.abc", 1), abc=abc)


@pytest.mark.parametrize(("language", "term"), [("en", "Ternary"), ("zh", "三部曲式")])
def test_the_term_is_asked_for(language: str, term: str) -> None:
    talk = build(record(TERNARY), 2, language)
    assert talk is not None
    assert term in talk.messages[0].text
    assert talk.messages[1].text.endswith(TERNARY.rstrip("\n"))


@pytest.mark.parametrize("abc", ["", HEADER + A + B + C + B + A + "\n", HEADER + "DFAdf|GBdg|d4|]\n"])
def test_what_does_not_serve(abc: str) -> None:
    assert build(record(abc), 0) is None


@pytest.mark.parametrize(
    ("music", "form"), [(A + B + A, 1), (C + B + C, 1), (A + B, 0), (A, 0), (A + A + B + A, 0.5), (A + B + C, 0)]
)
def test_grades(music: str, form: float) -> None:
    talk = build(record(TERNARY), 0)
    assert talk is not None
    assert grade(talk, HEADER + music) == {"valid": 1, "form": form}
