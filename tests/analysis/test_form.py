"""Form: letters from likenesses, terms from letters, and both as they are written and read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm.analysis.control_codes import read_codes
from abcllm.analysis.form import (
    CHINESE,
    TERMS,
    find_letters,
    name_form,
    read_letters,
    read_terms,
    section_letters,
    write_terms,
)
from abcllm.notation import parse

likenesses = st.integers(1, 8).flatmap(
    lambda count: st.tuples(*(st.lists(st.integers(0, 10), min_size=at, max_size=at) for at in range(count)))
)


def test_the_example_of_the_paper() -> None:
    codes = read_codes("S:4\nB:1\nE:1\nB:8\nE:3\nE:7\nB:1\nE:1\nE:4\nE:1\nB:8\n")
    assert codes is not None
    assert "".join(section_letters(codes.likeness)) == "ABB'C"


@pytest.mark.parametrize(
    ("likeness", "letters"),
    [
        ([[]], "A"),
        ([[], [8]], "AA"),
        ([[], [7]], "AA'"),
        ([[], [6]], "AA'"),
        ([[], [5]], "AB"),
        ([[], [6], [8, 7]], "AA'A"),
        ([[], [6], [7, 9]], "AA'A'"),
        ([[], [6], [6, 5]], "AA'A''"),
        ([[], [6], [5, 6]], "AA'A''"),
        ([[], [2], [6, 7]], "ABB'"),
        ([[], [2], [7, 7]], "ABA'"),
    ],
)
def test_the_most_alike_section_decides(likeness: list[list[int]], letters: str) -> None:
    assert "".join(section_letters(likeness)) == letters


@pytest.mark.parametrize(
    ("letters", "terms"),
    [
        ("A", "Only One Section"),
        ("AA", "Only One Section"),
        ("AA'", "Variational"),
        ("AA'A''A", "Variational"),
        ("AB", "Binary, Verse/Chorus"),
        ("AA'BB'", "Binary, Verse/Chorus"),
        ("ABA", "Ternary"),
        ("ABA'", "Ternary"),
        ("AABA", "Ternary, American Popular"),
        ("ABAB", "Verse/Chorus"),
        ("ABC", "Verse/Chorus/Bridge, Through Composed"),
        ("ABABCB", "Verse/Chorus/Bridge"),
        ("ABCA", "Verse/Chorus/Bridge"),
        ("ABAC", "Verse/Chorus/Verse/Bridge"),
        ("ABACAB", "Verse/Chorus/Verse/Bridge"),
        ("ABCD", "Through Composed, Compound Binary"),
        ("ABACDC", "Compound Binary"),
        ("ABCAB", "Verse/Chorus/Bridge, Compound Ternary"),
        ("ABACDABA", "Compound Ternary"),
        ("ABCDEFGH", "Through Composed"),
        ("ABACA", "Verse/Chorus/Verse/Bridge"),
        ("ABCBD", ""),
        ("ABCDA", ""),
    ],
)
def test_terms_of_letters(letters: str, terms: str) -> None:
    assert ", ".join(name_form(read_letters(letters))) == terms


def test_every_term_has_a_form_and_a_chinese_name() -> None:
    assert TERMS.keys() == CHINESE.keys()
    assert len({*CHINESE.values()}) == len(CHINESE)


def test_a_tune_is_read_as_it_is_written() -> None:
    tune = parse("X:1\nL:1/4\nM:4/4\nK:D\n|:DEFG|ABcd|defg|a4:||:b4|b2a2|g4|e4:|DEFG|ABcd|defg|a4|]\n").tunes[0]
    assert find_letters(tune) == ("A", "B", "A")
    assert name_form(find_letters(tune)) == ("Ternary",)


def test_a_tune_of_too_many_sections_has_no_letters() -> None:
    tune = parse("X:1\nL:1/4\nM:4/4\nK:D\n" + "DEFG||" * 9 + "\n").tunes[0]
    assert find_letters(tune) == ()
    assert name_form(()) == ()


@given(likenesses)
def test_letters_are_new_in_alphabetical_order_and_can_be_read_back(likeness: tuple[list[int], ...]) -> None:
    letters = section_letters(likeness)
    assert len(letters) == len(likeness)
    bases = list(dict.fromkeys(letter[0] for letter in letters))
    assert bases == list("ABCDEFGH")[: len(bases)]
    assert read_letters("".join(letters)) == letters
    assert read_letters(" - ".join(letters)) == letters


@given(st.lists(st.sampled_from(list(TERMS)), unique=True), st.sampled_from(("en", "zh")))
def test_terms_can_be_read_back(terms: list[str], language: str) -> None:
    assert read_terms(write_terms(terms, language)) == tuple(terms)


@pytest.mark.parametrize("text", ["", "a rondo", "binaries", "曲", "Binary-ish"])
def test_what_is_no_term_is_left_out(text: str) -> None:
    assert read_terms(text) == ()
