"""The scanner loses nothing and takes time in proportion to the text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm.notation.scanner import PATTERN, Token, scan

from ..strategies import broken_texts, tune_texts

music = st.text(
    alphabet=st.sampled_from("ABCdefgzxyZXT.~uvH|:[](){}\"!><-^_=,'/0123456789 `\\%&$+KVM\tüé\x00"), max_size=60
)


def kinds(text: str) -> list[tuple[Token, str]]:
    return [(token.kind, token.text) for token in scan(text)]


@given(music | st.text(max_size=60) | tune_texts() | broken_texts())
def test_the_slices_rebuild_the_text(text: str) -> None:
    tokens = list(scan(text))
    assert "".join(token.text for token in tokens) == text
    at = 0
    for token in tokens:
        assert token.span == (at, at + len(token.text))
        at = token.span.end
    assert at == len(text)


@given(music, st.integers(0, 30), st.integers(0, 30))
def test_a_range_is_scanned_within_its_bounds(text: str, start: int, end: int) -> None:
    start, end = min(start, len(text)), min(max(start, end), len(text))
    assert "".join(token.text for token in scan(text, start, end)) == text[start:end]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("^^c''3/2", Token.NOTE),
        ("=B,,//", Token.NOTE),
        ("_A", Token.NOTE),
        (" \t`", Token.SPACE),
        ("|", Token.BAR),
        ("|]", Token.BAR),
        ("[|", Token.BAR),
        ("[|]", Token.BAR),
        (":|", Token.BAR),
        ("|:", Token.BAR),
        ("::", Token.BAR),
        (":|:", Token.BAR),
        (":||:", Token.BAR),
        (".|", Token.BAR),
        (":|]", Token.BAR),
        ('"Am7/G"', Token.QUOTED),
        (r'"say \"so\""', Token.QUOTED),
        ("z3/2", Token.REST),
        ("x", Token.REST),
        ("Z12", Token.REST),
        ("X", Token.REST),
        ("y2", Token.REST),
        ("(3", Token.TUPLET),
        ("(3:2:4", Token.TUPLET),
        ("(3::2", Token.TUPLET),
        ("(5:4", Token.TUPLET),
        ("(", Token.SLUR_OPEN),
        (".(", Token.SLUR_OPEN),
        (")", Token.SLUR_CLOSE),
        ("-", Token.TIE),
        (".-", Token.TIE),
        (">>>", Token.BROKEN),
        ("<", Token.BROKEN),
        ("{/gcd}", Token.GRACE),
        ("[K:Ador]", Token.FIELD),
        ("[M:C|]", Token.FIELD),
        ("[V:Tenor]", Token.FIELD),
        ("[1,3", Token.ENDING),
        ("[2-4", Token.ENDING),
        ("[^c2E2]3/2", Token.CHORD),
        ('["G"c!f!e]', Token.CHORD),
        ("!crescendo(!", Token.DECORATION),
        ("+trill+", Token.DECORATION),
        ("T", Token.SHORTHAND),
        (".", Token.SHORTHAND),
        ("&", Token.OVERLAY),
        ("\\", Token.CONTINUATION),
        ("$", Token.LINE_BREAK),
        ("!", Token.LINE_BREAK),
        ("?", Token.STRAY),
        ("k", Token.SHORTHAND),
        ("[", Token.STRAY),
        ("\x00", Token.STRAY),
    ],
)
def test_each_kind_of_token(text: str, kind: Token) -> None:
    assert kinds(text) == [(kind, text)]


def test_an_ending_after_a_bar_line_is_no_length() -> None:
    assert kinds("|1 A:|2,3B") == [
        (Token.BAR, "|"),
        (Token.ENDING, "1"),
        (Token.SPACE, " "),
        (Token.NOTE, "A"),
        (Token.BAR, ":|"),
        (Token.ENDING, "2,3"),
        (Token.NOTE, "B"),
    ]


def test_a_tie_of_dots_and_a_staccato_note() -> None:
    assert kinds("A.-A.B") == [
        (Token.NOTE, "A"),
        (Token.TIE, ".-"),
        (Token.NOTE, "A"),
        (Token.SHORTHAND, "."),
        (Token.NOTE, "B"),
    ]


def test_a_microtone_is_seen_before_its_note() -> None:
    assert kinds("^/c_3/2d") == [
        (Token.MICROTONE, "^/"),
        (Token.NOTE, "c"),
        (Token.MICROTONE, "_3/2"),
        (Token.NOTE, "d"),
    ]


def test_a_chord_does_not_reach_over_a_bar_line() -> None:
    assert [kind for kind, _ in kinds("[CE|G]")] == [
        Token.STRAY,
        Token.NOTE,
        Token.NOTE,
        Token.BAR,
        Token.NOTE,
        Token.STRAY,
    ]


HARD = [
    "[",
    "{",
    "(",
    '"',
    "!",
    "[K:",
    "[1",
    ":",
    "|",
    "[|",
    "^",
    "'",
    "1/",
    "\\",
    '"\\',
    "[c",
    "{c",
    "(3:",
    "+a",
    "!a",
    ".",
    '["',
    "[!",
]


@pytest.mark.parametrize("piece", HARD)
def test_time_is_linear_in_repeated_openings(piece: str) -> None:
    """Twice the text takes about twice the time: far less than the fourfold of a scan that looks back."""

    def seconds(copies: int) -> float:
        text = piece * copies
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            for _match in PATTERN.finditer(text):
                pass
            best = min(best, time.process_time() - start)
        return best

    small, large = seconds(4_000), seconds(32_000)
    assert large < 0.02 + 30 * small, f"{piece!r}: {small:.4f} s, then {large:.4f} s for eight times the text"
