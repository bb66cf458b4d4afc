"""Macros: text that stands for other text."""

from __future__ import annotations

import pytest

from abcllm.notation.macros import expand, parse_macro

from .reading import codes, heard, notes, read, tune_of


def expanded(line: str, *definitions: str) -> str | None:
    macros = [macro for text in definitions if (macro := parse_macro(text))]
    result = expand(line, macros, 0)
    return result and result.text


@pytest.mark.parametrize(
    ("line", "definition", "text"),
    [
        ("~G3 A", "~G3=G{A}G{F}G", "G{A}G{F}G A"),
        ("~G3 ~g2", "~n3=n{o}n{m}n", "G{A}G{F}G ~g2"),
        ("~c,3", "~n3 = nop", "CDE"),
        ("~B3", "~n3=nop", "Bcd"),
        ("hC hC", "hC=Trill", "Trill Trill"),
        ("~G32", "~G3=A", None),
        ("C D", "~G3=A", None),
    ],
)
def test_expansion(line: str, definition: str, text: str | None) -> None:
    assert expanded(line, definition) == text


def test_the_longest_target_wins() -> None:
    assert expanded("~G3", "~G=x", "~G3=abc") == "abc"


@pytest.mark.parametrize("text", ["", "=", "~G3", "=abc", "~G=" + "a" * 300])
def test_what_defines_no_macro(text: str) -> None:
    assert parse_macro(text) is None


def test_a_macro_in_a_tune_is_played() -> None:
    assert heard("X:1\nM:2/4\nL:1/8\nm:~n3=nmn\nK:C\n~G3 C|]\n") == "G4/(1/2) F4/(1/2) G4/(1/2) C4/(1/2)"


def test_places_are_those_of_the_written_text() -> None:
    text = "X:1\nM:2/4\nL:1/8\nm:~G3=GFG\nK:C\n~G3 C ~G3 D|]\n"
    book = read(text)
    spans = [book.source.slice(note.span) for note in notes(book.tunes[0])]
    assert spans[3] == "C"
    assert spans[7] == "D"
    assert all(text.index("~") <= note.span.start < len(text) for note in notes(book.tunes[0]))


def test_a_fault_inside_a_macro_is_reported_at_its_target() -> None:
    book = read("X:1\nM:4/4\nL:1/4\nm:~G=G?F\nK:C\nC D ~G|]\n")
    (fault,) = book.diagnostics
    assert (fault.code, fault.line) == ("N201", 6)
    assert fault.column >= 5


def test_a_macro_that_would_explode_is_left_alone() -> None:
    line = "~G " * 20_000
    macro = "~G=" + "A" * 190
    assert expanded(line, macro) is None


def test_a_definition_that_cannot_be_read_is_said() -> None:
    assert codes("X:1\nM:4/4\nL:1/4\nm:~G\nK:C\nC4|]\n") == ["H112"]


def test_macros_do_not_outlive_their_tune() -> None:
    book = read("X:1\nL:1/4\nM:2/4\nm:hG=AB\nK:C\nhG|]\n\nX:2\nL:1/4\nM:1/4\nU:h=!trill!\nK:C\nhG|]\n")
    assert [len(notes(tune)) for tune in book.tunes] == [2, 1]
    assert tune_of("X:1\nK:C\nG|]\n").voices
