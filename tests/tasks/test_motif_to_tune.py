"""Motif to tune: letters with their motifs, and how much of them other tunes keep."""

from __future__ import annotations

import pytest

from abcllm.analysis.motif import find_motifs
from abcllm.metrics import motif_recall
from abcllm.notation import parse
from abcllm.record import Place, Record
from abcllm.tasks.motif_to_tune import build, grade

HEADER = "X:1\nM:2/4\nL:1/8\nK:G\n"
TUNE = HEADER + "GA Bc|d4|GA Bc|B4|]gf e2|a4|gf e2|b4|]\n"


def record(abc: str) -> Record:
    return Record("1", "own", "CC0-1.0", Place("own.abc", 1), abc=abc)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_letters_and_motifs_are_given(language: str) -> None:
    talk = build(record(TUNE), 5, language)
    assert talk is not None
    asked = talk.messages[0].text
    assert "L:1/8\nM:2/4\nK:G\nA: GA Bc\nB: gf e2" in asked
    assert "AB" in asked
    assert talk.messages[1].text.endswith(TUNE.rstrip("\n"))


@pytest.mark.parametrize("abc", ["", HEADER + "GA Bc|d2 e2|]\n", HEADER + "GA Bc|d5|]\n"])
def test_what_does_not_serve(abc: str) -> None:
    assert build(record(abc), 0) is None


@pytest.mark.parametrize(
    ("abc", "scores"),
    [
        (TUNE, {"valid": 1, "form": 1, "motif": 1}),
        (HEADER + "GABc|d4|GABc|d4|]gfe2|b4|gfe2|b4|]", {"valid": 1, "form": 1, "motif": 1}),
        (HEADER + "GA Bc|d4|GA Bc|B4|]", {"valid": 1, "form": 0.5, "motif": 0.5}),
        (HEADER + "GA B2|d4|GA B2|B4|]", {"valid": 1, "form": 0.5, "motif": 0.25}),
        (HEADER + "G2 B2|d2 c2|e2 f2|g4|]", {"valid": 1, "form": 0.5, "motif": 0}),
    ],
)
def test_grades(abc: str, scores: dict[str, float]) -> None:
    talk = build(record(TUNE), 0)
    assert talk is not None
    assert grade(talk, abc) == pytest.approx(scores)


def test_motifs_are_heard_rather_than_read() -> None:
    """The same notes in another unit are the same motif."""
    talk = build(record(TUNE), 0)
    assert talk is not None
    other = "X:1\nM:2/4\nL:1/4\nK:G\nG/A/ B/c/|d2|G/A/ B/c/|B2|]g/f/ e|a2|g/f/ e|b2|]\n"
    assert grade(talk, other)["motif"] == 1


def test_what_is_not_found_has_nothing_in_common() -> None:
    first, second = find_motifs(parse(TUNE).tunes[0])
    assert first is not None
    assert second is not None
    assert motif_recall([first], [first, second]) == 0.5
    assert motif_recall([None, second], [first, second]) == 0.5
    assert motif_recall([first, second, first], [first, second]) == 1
