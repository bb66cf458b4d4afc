"""Canonical ABC: one spelling for each thing, read back as the same tune."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given

from abcllm.notation import check, parse, write

from ..strategies import broken_texts, tune_texts
from .reading import HEADER, read, tune_of


def canonical_body(body: str) -> str:
    return write(tune_of(body)).removeprefix(HEADER)


@pytest.mark.parametrize(
    ("body", "canonical"),
    [
        ("C1 D2/2 E// F4/2|]\n", "C D E/4 F2|]\n"),
        ("A>B C<D|A > B|]\n", "A>B C<D|A> B|]\n"),
        ("|: C4 :||: D4 :|]\n", "|:C4::D4:|]\n"),
        ("|:C4|1 D4:|2E4|]\n", "|:C4|[1 D4:|[2 E4|]\n"),
        ("+trill+C !>!D !emphasis!E .F|]\n", "TC LD LE .F|]\n"),
        ("[CEG]2 [C2E2G2] [C2E]|]\n", "[CEG]2 [CEG]2 [C2E] |]\n"),
        ("(3:2:3CDE (3:2CDE (5:4:5CDEFG|]\n", "(3CDE (3CDE (5:4CDEFG|]\n"),
        ("{cd}C {/d}D{e}E|]\n", "{cd}C {/d}D{e}E|]\n"),
        ('"Am""^up"(C D)|]\n', '"Am""^up"(C D)|]\n'),
        ("(C2D2)-D2|]\n", "(C2D2-)D2|]\n"),
        ("C`D`E`F|]\n", "CDEF|]\n"),
        ("C D \\\nE F|]\n", "C D E F|]\n"),
        ("C D E F|]\nw: Hel- lo my~dear\n", "C D E F|]\nw:Hel-lo my~dear\n"),
        ("C4|[K:D major]D4|[M: 3 / 4]E3|]\n", "C4|[K:D] D4|[M:3/4] E3|]\n"),
        ("Z1|Z4|X2|]\n", "Z|Z4|X2|]\n"),
        ("C4|\nP: B\nD4|]\n", "C4|\nP:B\nD4|]\n"),
        ("C4 & E4|]\n", "C4&E4|]\n"),
        ("C4|% remark\nD4|]\n", "C4|\n% remark\nD4|]\n"),
    ],
)
def test_one_spelling(body: str, canonical: str) -> None:
    assert canonical_body(body) == canonical
    assert canonical_body(canonical) == canonical


@pytest.mark.parametrize(
    "body",
    [
        "V:1\nK:G\nC4|]\n",
        "?\nK:G\nC4|]\n",
        "V:B\nK:G\nC4|]\n",
        "?% remark\nC4|]\n",
        '"Am"\nM:3/4\nC3|]\n',
        "|:\nK:G\nC4:|\n",
        "$\nT:new\nC4|]\n",
        "V:A|B\n|:C4:|\nV:2\n|:D4:|\n",
        "V:A]B\nC4|]\nV:[2\nD4|]\n",
        "y:|\n",
        "X\n:|\n",
        "Z:|\n",
    ],
)
def test_music_and_fields_are_not_taken_for_each_other(body: str) -> None:
    tune = tune_of(body)
    assert parse(write(tune)).tunes == (tune,)


def test_voices_are_written_in_turn() -> None:
    assert canonical_body("V:1\nC4|\nD4|]\nV:2\nE4|\nF4|]\n") == "[V:1]C4|\n[V:2]E4|\n[V:1]D4|]\n[V:2]F4|]\n"


def test_text_is_plain() -> None:
    text = write(parse("X:1\nT:B\\'ela 100\\% R&amp;B\nM:4/4\nL:1/4\nK:C\nC4|]\n"))
    assert "T:Béla 100\\% R&B\n" in text


def test_macros_are_expanded_and_the_file_header_is_written_out() -> None:
    text = "C:trad.\n\nX:1\nM:2/4\nL:1/8\nm:~G3=G{A}GF\nK:C\n~G3 C|]\n"
    assert write(parse(text)) == "X:1\nC:trad.\nM:2/4\nL:1/8\nK:C\nG{A}GF C|]\n"


def test_several_tunes_have_an_empty_line_between_them() -> None:
    book = parse("X:1\nK:C\nC|]\n\nX:2\nK:C\nD|]\n")
    assert write(book) == write(book.tunes) == "X:1\nK:C\nC|]\n\nX:2\nK:C\nD|]\n"
    assert parse(write(book)).tunes == book.tunes


@given(tune_texts())
def test_what_is_written_is_read_as_the_same_tune(text: str) -> None:
    (tune,) = parse(text).tunes
    canonical = write(tune)
    assert parse(canonical).tunes == (tune,)
    assert write(parse(canonical)) == canonical
    assert check(text) == check(canonical) or {d.code for d in check(text)} == {d.code for d in check(canonical)}


@given(broken_texts())
def test_tunes_with_faults_are_written_as_they_were_understood(text: str) -> None:
    for tune in parse(text).tunes:
        assert parse(write(tune)).tunes == (tune,)


def test_real_tunes_are_read_back_the_same(shared_tunes: Path) -> None:
    checked = 0
    for path in sorted(shared_tunes.glob("*/tunes.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row, line in enumerate(lines):
                if row % 40 == 7:
                    record = json.loads(line)
                    (tune,) = parse(record["abc"]).tunes
                    assert parse(write(tune)).tunes == (tune,), record["id"]
                    checked += 1
    assert checked > 100


def test_ten_thousand_verses_are_written_in_good_time() -> None:
    text = HEADER + "C D E F|]\n" + "w:a b c d\n" * 2_000
    tune = read(text).tunes[0]
    assert parse(write(tune)).tunes == (tune,)
