"""Find the form: the steps of the answer, and how answers are read."""

from __future__ import annotations

import pytest

from abcllm.record import Place, Record
from abcllm.tasks.find_form import build, grade

HEADER = "X:1\nM:4/4\nL:1/4\nK:D\n"
A, B, C = "DFAd|GBdg|AceA|d4|]", "b2a2|g2f2|e4|e4|]", "DDDD|EEEE|FFFF|GGGG|]"
TERNARY = HEADER + A + B + A + "\n"


def record(abc: str) -> Record:
    return Record("1", "own", "CC0-1.0", Place("own.abc", 1), abc=abc)


@pytest.mark.parametrize(
    ("language", "answer"), [("en", "Letters: ABA\nTerms: Ternary"), ("zh", "字母：ABA\n曲式：三部曲式")]
)
def test_steps_come_before_letters_and_terms(language: str, answer: str) -> None:
    talk = build(record(TERNARY), 0, language)
    assert talk is not None
    assert TERNARY.rstrip("\n") in talk.messages[0].text
    *steps, letters, terms = talk.messages[1].text.split("\n")
    assert f"{letters}\n{terms}" == answer
    assert len(steps) == 3
    assert all("4" in step for step in steps)
    assert "10" in steps[2]


def test_a_section_of_one_bar_is_one_bar() -> None:
    talk = build(record(HEADER + "DFAd|]\n"), 0)
    assert talk is not None
    assert "1 bar" in talk.messages[1].text
    assert "bars" not in talk.messages[1].text


@pytest.mark.parametrize("abc", ["", HEADER + A + B + C + B + A + "\n", HEADER + "DFAdf|GBdg|d4|]\n"])
def test_what_does_not_serve(abc: str) -> None:
    assert build(record(abc), 0) is None


@pytest.mark.parametrize(
    ("reply", "letters", "terms"),
    [
        ("Letters: ABA\nTerms: Ternary", 1, 1),
        ("First I compare.\n\n**Letters:** A B A\n- Terms: `ternary`.", 1, 1),
        ("字母：ABA\n曲式：三部曲式", 1, 1),
        ("Letters: AB\nTerms: Ternary", 2 / 3, 1),
        ("Letters: AA\nLetters: ABA\nTerms: Ternary, Binary", 1, 0.5),
        ("Letters: ABC\nTerms: Through Composed", 2 / 3, 0),
        ("A ternary form, ABA.", 0, 0),
        ("", 0, 0),
    ],
)
def test_grades(reply: str, letters: float, terms: float) -> None:
    talk = build(record(TERNARY), 0)
    assert talk is not None
    assert grade(talk, reply) == pytest.approx({"letters": letters, "terms": terms})
