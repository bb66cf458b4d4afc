"""What is repaired is said, what cannot be trusted is refused."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm.corpus.cleaning import clean, clean_text
from abcllm.errors import DataError
from abcllm.notation import Severity, parse, write

pytest.importorskip("pyarrow")

HEAD = "X:1\nT:A tune\nZ:somebody@example.org\nM:4/4\nL:1/8\nK:D\n"
SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "tunes"


@pytest.mark.parametrize(
    ("text", "cleaned", "repairs"),
    [
        (HEAD + "DEFG ABcd|]</html>\n", HEAD + "DEFG ABcd|]\n", ["html"]),
        (HEAD + "<br/>\nDEFG ABcd|]\n<p></p>\n", None, []),
        (HEAD + "DEFG A<B>cd|]\n", HEAD + "DEFG A<B>cd|]\n", []),
        (HEAD + "d>B|<c>d|\n", HEAD + "d>B|<c>d|\n", []),
        (HEAD + '"1"D2"2"E2 "3"F4|]\n', HEAD + "D2E2 F4|]\n", ["fingerings"]),
        (HEAD + '"5"DEFG ABcd|"6"dcBA GFED|]\n', HEAD + "DEFG ABcd|dcBA GFED|]\n", ["bar numbers"]),
        (HEAD + '"D"DEFG "A7"ABcd|]\n', HEAD + '"D"DEFG "A7"ABcd|]\n', []),
        (
            "T:No number\nM:4/4\nL:1/8\nK:D\nDEFG ABcd|]\n",
            "X:1\nT:No number\nM:4/4\nL:1/8\nK:D\nDEFG ABcd|]\n",
            ["number"],
        ),
        ("X:1\nH:A story\nthat goes on\nK:D\nD|]\n", "X:1\nH:A story\nK:D\nD|]\n", ["prose in the header"]),
        ("X:1\r\nK:D\r\nD|]\r\n", "X:1\nK:D\nD|]\n", []),
    ],
)
def test_repairs_have_names(text: str, cleaned: str | None, repairs: list[str]) -> None:
    if cleaned is not None:
        assert clean_text(text) == (cleaned, repairs)


def test_safe_fixes_of_the_checker_are_taken_and_named() -> None:
    cleaned = clean("X:1 L:1/8 M:4/4 K:A\nA2 B2 c2 d2|]\n", "TMLK")
    assert cleaned.repairs == ("H110",)
    assert cleaned.abc == "X:1\nL:1/8\nM:4/4\nK:A\nA2 B2 c2 d2|]\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (HEAD + "DEFG ABcd A|dcBA GFED|]\n", r"R201 line 7: bar 1 lasts 9/8 but the metre is 4/4"),
        ("Dear all,\n", "T102|no tune"),
        (HEAD, "no music"),
        (HEAD + "D8|]\n\nX:2\nK:C\nC8|]\n", "2 tunes where one belongs"),
        ("", "T102"),
    ],
)
def test_what_cannot_be_trusted_is_refused(text: str, reason: str) -> None:
    with pytest.raises(DataError, match=reason):
        clean(text, "TMLK")


def test_only_the_named_fields_are_kept() -> None:
    text = "X:9\nT:A tune\nZ:somebody@example.org\nM:3/4\nL:1/4\nK:D\n%%MIDI program 4\nD E F|[P:B] G A B|]\n"
    assert clean(text, "TP").abc == "X:1\nT:A tune\nM:3/4\nL:1/4\nK:D\nD E F|[P:B] G A B|]\n"
    assert clean(text, "").abc == "X:1\nM:3/4\nL:1/4\nK:D\nD E F|G A B|]\n"


def test_tunes_are_laid_out_anew() -> None:
    text = "X:1\nL:1/4\nM:2/4\nT:A tune\nK:D\nD E|F G|\nA\nB|c d|e f|g a|]\n"
    assert clean(text, "T", 4).abc == "X:1\nT:A tune\nM:2/4\nL:1/8\nK:D\nD2 E2|F2 G2|A2 B2|c2 d2|\ne2 f2|g2 a2|]\n"
    assert clean(text, None, 4).abc == text


def test_a_directive_that_makes_the_pitches_stays() -> None:
    text = "X:1\nM:2/4\nL:1/4\n%%propagate-accidentals not\nK:C\n^F F|]\n"
    cleaned = clean(text, "")
    assert cleaned.abc == text
    assert [note.pitch.midi for note in cleaned.tune.voices[0].bars[0].items] == [66, 65]


def test_a_field_that_held_bars_together_is_missed() -> None:
    text = "X:1\nM:3/4\nL:1/4\nK:C\nC D E|F G|\nP:B\nA|B c d|]\n"
    assert clean(text, "P").abc.count("P:B") == 1
    with pytest.raises(DataError, match="R202"):
        clean(text, "")


def test_the_source_text_is_left_alone_where_asked() -> None:
    text = "X:1\nL:1/8\nM:4/4\nK:D\n D E F G A B c d |] \n"
    assert clean(text, None).abc == text


@given(st.text(max_size=300))
def test_no_text_gives_anything_but_a_tune_or_a_reason(text: str) -> None:
    try:
        cleaned = clean(HEAD + text, "TMLK")
    except DataError:
        return
    assert parse(cleaned.abc).tunes == (cleaned.tune,)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the collections of tunes are not here")
@pytest.mark.parametrize("name", ["nottingham", "folkwiki", "ceol_rince", "open_hymnal", "misc_folk"])
def test_clean_tunes_are_canonical(name: str) -> None:
    kept = lost = 0
    with gzip.open(SHARED / name / "tunes.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in [*lines][::7]:
            try:
                cleaned = clean(json.loads(line)["abc"], "TCORMLQKPVWU")
            except DataError:
                lost += 1
                continue
            kept += 1
            book = parse(cleaned.abc)
            assert book.tunes == (cleaned.tune,)
            assert write(cleaned.tune) == cleaned.abc
            assert not any(one.severity is Severity.ERROR for one in book.diagnostics)
    assert kept > 4 * lost
