"""Motif and form to tune: terms with motifs, and how much of both other tunes keep."""

from __future__ import annotations

import pytest

from abcllm.record import Place, Record
from abcllm.tasks.motif_form_to_tune import build, grade

HEADER = "X:1\nM:2/4\nL:1/8\nK:G\n"
TUNE = HEADER + "GA Bc|d4|GA Bc|B4|]gf e2|a4|gf e2|b4|]\n"


def record(abc: str) -> Record:
    return Record("1", "own", "CC0-1.0", Place("own.abc", 1), abc=abc)


@pytest.mark.parametrize(("language", "terms"), [("en", "Binary, Verse/Chorus"), ("zh", "二部曲式、主歌/副歌")])
def test_terms_and_motifs_are_given(language: str, terms: str) -> None:
    talk = build(record(TUNE), 5, language)
    assert talk is not None
    asked = talk.messages[0].text
    assert "L:1/8\nM:2/4\nK:G\n1: GA Bc\n2: gf e2" in asked
    assert terms in asked
    assert talk.messages[1].text.endswith(TUNE.rstrip("\n"))


@pytest.mark.parametrize("abc", ["", HEADER + "GA Bc|d2 e2|]\n", HEADER + "GA Bc|d5|]\n"])
def test_what_does_not_serve(abc: str) -> None:
    assert build(record(abc), 0) is None


@pytest.mark.parametrize(
    ("abc", "scores"),
    [
        (HEADER + "GA Bc|e4|GA Bc|G4|]gf e2|e4|gf e2|g4|]", {"valid": 1, "form": 1, "motif": 1}),
        (HEADER + "gf e2|a4|gf e2|b4|]GA Bc|d4|GA Bc|B4|]", {"valid": 1, "form": 1, "motif": 0}),
        (HEADER + "GA Bc|d4|GA Bc|B4|]", {"valid": 1, "form": 0, "motif": 0.5}),
    ],
)
def test_grades(abc: str, scores: dict[str, float]) -> None:
    talk = build(record(TUNE), 0)
    assert talk is not None
    assert grade(talk, abc) == pytest.approx(scores)
