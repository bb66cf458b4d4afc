"""Find the motif: what is asked and answered, and how answers are read."""

from __future__ import annotations

import pytest

from abcllm.record import Place, Record
from abcllm.tasks.find_motif import build, grade

HEADER = "X:1\nM:2/4\nL:1/8\nK:G\n"
TUNE = HEADER + "GA Bc|d4|GA Bc|B4|]gf e2|a4|e2 c2|b4|]cB A2|c4|cB A2|g4|]\n"


def record(abc: str) -> Record:
    return Record("1", "own", "CC0-1.0", Place("own.abc", 1), abc=abc)


@pytest.mark.parametrize(
    ("language", "answer"),
    [("en", "Section 1: GA Bc\nSection 2: none\nSection 3: cB A2"), ("zh", "第1段：GA Bc\n第2段：无\n第3段：cB A2")],
)
def test_the_tune_is_given_and_a_line_for_each_section_expected(language: str, answer: str) -> None:
    talk = build(record(TUNE), 0, language)
    assert talk is not None
    assert TUNE.rstrip("\n") in talk.messages[0].text
    assert talk.messages[1].text.endswith(answer)


@pytest.mark.parametrize("abc", ["", HEADER + "GA Bc|d2 e2|]\n", HEADER + "GA Bc|d5|]\n"])
def test_what_does_not_serve(abc: str) -> None:
    assert build(record(abc), 0) is None


@pytest.mark.parametrize(
    ("reply", "exact", "likeness"),
    [
        ("Section 1: GA Bc\nSection 2: none\nSection 3: cB A2", 1, 1),
        ("Sure!\n\n**Section 1**: `GA Bc`\n- section 2: none\n> Section 3： cB  A2\n\nThat is all.", 1, 1),
        ("Section 1: GA Bc\nSection 2: none\nSection 3: cB c4", 2 / 3, 2.5 / 3),
        ("Section 1: GA Bc", 1 / 3, 1 / 3),
        ("Section 1: GA Bc\nSection 2: none\nSection 3: cB A2\nSection 4: none", 3 / 4, 3 / 4),
        ("GA Bc, none and cB A2", 0, 0),
        ("", 0, 0),
    ],
)
def test_grades(reply: str, exact: float, likeness: float) -> None:
    talk = build(record(TUNE), 0)
    assert talk is not None
    assert grade(talk, reply) == pytest.approx({"exact": exact, "likeness": likeness})
