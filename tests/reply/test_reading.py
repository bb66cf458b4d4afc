"""Answers of any kind: nothing raises, places are right, and music that is valid is left alone."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm.notation import Severity, parse
from abcllm.reply import read_reply

from ..strategies import broken_texts
from .zoo import FILES, read_cases

TEXTS = [case.text for path in FILES for case in read_cases(path)]
OF_EACH = 80
FEWEST = 10
LONGEST_S = 5.0


@pytest.mark.parametrize(
    "name", ["airds_airs", "ceol_rince", "irish_mit", "oneills1850", "open_hymnal", "ryans_mammoth"]
)
def test_valid_tunes_are_read_as_they_stand(root: Path, name: str) -> None:
    text = (root / "data" / name / "tunes.abc").read_text(encoding="utf-8")
    tunes = re.split(r"\n\n+(?=X:)", text)
    read = 0
    for abc in Random(1).sample(tunes, min(OF_EACH, len(tunes))):
        book = parse(abc)
        if len(book.tunes) == 1 and all(one.severity is not Severity.ERROR for one in book.diagnostics):
            reply = read_reply(abc)
            assert reply.repairs == ()
            assert reply.tunes == book.tunes
            assert reply.prose == ""
            read += 1
    assert read >= FEWEST


@given(st.text())
def test_no_text_raises(text: str) -> None:
    reply = read_reply(text)
    assert reply.text == text
    assert reply.valid <= bool(reply.tunes)


@given(broken_texts(), st.sampled_from(TEXTS), st.integers(0, 400), st.integers(0, 400))
def test_what_is_said_stands_in_the_answer(broken: str, text: str, at: int, end: int) -> None:
    answer = text[:at] + broken + text[at:][:end]
    lines = re.split(r"\n", answer)
    for one in read_reply(answer).diagnostics:
        assert 0 <= one.span.start <= one.span.end <= len(answer)
        assert 1 <= one.line <= len(lines)
        assert 1 <= one.column <= len(lines[one.line - 1]) + 1


@given(st.sampled_from(TEXTS), st.sampled_from(TEXTS), st.integers(0, 300), st.integers(0, 300))
def test_nothing_is_repaired_in_silence(text: str, other: str, at: int, start: int) -> None:
    """Where nothing is said to be repaired, every line of the tunes stands in the answer as it is."""
    answer = text[:at] + other[start:]
    reply = read_reply(answer)
    if reply.tunes and not reply.repairs:
        assert {*reply.book.source.text.split("\n")} <= {"", *re.split(r"\r\n|\r|\n", answer)}


def test_faults_are_placed_in_the_answer() -> None:
    answer = "Here it is:\n\n```abc\n**X:** 1\nM:4/4\nL:1/4\nK:D\nD E F G|A B c d e|\n```\n"
    (fault,) = (one for one in read_reply(answer).diagnostics if one.code == "R201")
    assert (fault.line, fault.column) == (8, 9)
    assert answer[slice(*fault.span)] == "A B c d e"


@pytest.mark.parametrize(
    ("answer", "valid"),
    [
        ("```abc\nX:1\nK:D\nD8|]\n```", True),
        ("K:D\nD8|]", True),
        ("X:1 K:D\nD8|]", False),
        ("X:1\nM:4/4\nL:1/4\nK:D\nD E F G A|D E F G|]", False),
        ("No tune.", False),
    ],
)
def test_valid_is_strict(answer: str, valid: bool) -> None:
    assert read_reply(answer).valid is valid


def test_prose_is_what_is_left() -> None:
    reply = read_reply("First:\n\nX:1\nK:C\nC8|]\n\nThen a second.\n\n```\nX:2\nK:D\nD8|]\n```\n\nEnjoy!\n")
    assert reply.prose == "First:\n\nThen a second.\n\nEnjoy!"
    assert [tune.number for tune in reply.tunes] == [1, 2]


def test_signs_that_are_repaired_often_are_said_once() -> None:
    (repair,) = read_reply("X:1\nM:4/4\nL:1/4\nK:D\nD E F G｜A B c d｜d4｜]\n").repairs
    assert (repair.code, repair.line, repair.column) == ("A110", 5, 8)
    assert repair.message == "'｜' read as '|', and 2 more of the kind"


def test_a_reply_is_rendered_with_its_place() -> None:
    from abcllm.notation import Source

    answer = "Here: X:1 L:1/4 M:4/4 K:A\nA B c d|]\n"
    repairs = read_reply(answer).repairs
    assert repairs[0].render(Source(answer, "<reply>")).splitlines()[1:3] == [
        "    Here: X:1 L:1/4 M:4/4 K:A",
        "    ^^^^^",
    ]


@pytest.mark.parametrize("line", ["and so on\n", "A2 kB|\n", "Part B:\n", "Title: a\n", "```\n\n", "K\n", "!trull!a"])
def test_a_long_answer_takes_no_longer_a_line_than_a_short_one(line: str) -> None:
    """All of these took minutes while every line was compared with all lines before it."""
    start = process_time()
    read_reply("X:1\nL:1/8\nK:C\nABcd|\n" + line * (150_000 // len(line)))
    assert process_time() - start < LONGEST_S
