"""Text strings: escapes, entities, comments; what is encoded is decoded to the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm.notation.text import cut_comment, decode_text, encode_text

from ..strategies import plain_texts

tricky = st.text(alphabet="\\&%;#x41aoUuv'\"^~`,AEsT/hH eé♪", max_size=20)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"B\'ela Bart\'ok", "Béla Bartók"),
        (r"\`a \^e \~n \"u \,c \cC \vz \Ho", "à ê ñ ü ç Ç ž ő"),
        (r"\AA \aa \AE \ae \OE \oe \ss \/O \/o \DH \dh \TH \th", "Å å Æ æ Œ œ ß Ø ø Ð ð Þ þ"),
        (r"\u00e9 \U0001d11e", "é 𝄞"),
        ("&eacute; &copy; &#9834; &#x266a;", "é © ♪ ♪"),
        ("AT&T; R&B & more &nosuch;", "AT&T; R&B & more &nosuch;"),
        (r"100\% \& \\", "100% & \\"),
        (r"\udfff \U00110000 \u0007 \q", r"\udfff \U00110000 \u0007 \q"),
    ],
)
def test_escapes_and_entities(written: str, meant: str) -> None:
    assert decode_text(written) == meant


@given(plain_texts | tricky)
def test_what_is_encoded_is_decoded_to_the_same(text: str) -> None:
    assert decode_text(encode_text(text)) == text


@given(plain_texts | tricky)
def test_encoded_text_holds_no_comment(text: str) -> None:
    encoded = encode_text(text)
    assert cut_comment(encoded, 0, len(encoded)) == len(encoded)


def test_plain_text_stays_plain() -> None:
    assert encode_text("Ol' Übung & Co. (1st) №1") == "Ol' Übung & Co. (1st) №1"


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("C D % words", "C D "),
        (r"T:100\% sure % words", r"T:100\% sure "),
        ("% all", ""),
        ("no remark", "no remark"),
        (r"\%", r"\%"),
    ],
)
def test_comments_are_cut(line: str, rest: str) -> None:
    assert line[: cut_comment(line, 0, len(line))] == rest
