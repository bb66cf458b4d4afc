"""Places in a text, and bytes to text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm.notation import Source, Span, decode, read_source


@given(st.text(alphabet="ab\n\r", max_size=40), st.integers(0, 40))
def test_places_agree_with_the_lines_of_the_text(text: str, offset: int) -> None:
    offset = min(offset, len(text))
    before = text[:offset]
    assert Source(text).position(offset) == (before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)


def test_lines_and_slices() -> None:
    source = Source("X:1\r\nK:C\nCDE", "reel.abc")
    assert [source.line(number) for number in (1, 2, 3)] == ["X:1", "K:C", "CDE"]
    assert source.slice(Span(5, 8)) == "K:C"
    assert repr(source) == "Source('reel.abc', 12 characters)"


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        ("T:Übung\n".encode(), "T:Übung\n", "utf-8"),
        ("T:Übung\n".encode("utf-8-sig"), "T:Übung\n", "utf-8"),
        ("T:Übung\n".encode("latin-1"), "T:Übung\n", "latin-1"),
        ("T:Übung\n".encode("utf-16"), "T:Übung\n", "utf-16"),
        (b"X:1\r\nK:C\rC\n", "X:1\nK:C\nC\n", "utf-8"),
        (b"", "", "utf-8"),
    ],
)
def test_bytes_are_read_in_the_encoding_that_fits(data: bytes, text: str, encoding: str, tmp_path: Path) -> None:
    assert decode(data) == (text, encoding)
    path = tmp_path / "tune.abc"
    path.write_bytes(data)
    source, found = read_source(path)
    assert (source.text, source.name, found) == (text, str(path), encoding)


@given(st.binary(max_size=60))
def test_any_bytes_become_text(data: bytes) -> None:
    text, _ = decode(data)
    assert "\r" not in text
