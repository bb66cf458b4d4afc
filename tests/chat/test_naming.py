"""File names from titles: safe whatever the title is, and never one that is taken."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm.chat.naming import file_stem, find_free


@given(st.text(max_size=300))
def test_any_title_gives_a_name_that_stays_in_its_folder(title: str) -> None:
    stem = file_stem(title)
    assert stem
    assert Path(stem).name == stem
    assert not stem.startswith((".", "-"))
    assert len(stem.encode()) <= 190
    assert stem == file_stem(stem)


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("The Rainy Road", "the-rainy-road"),
        ("..", "tune"),
        ("/etc/passwd", "etc-passwd"),
        ("C:\\Windows\\x", "c-windows-x"),
        ("The Miller’s Maid", "the-millers-maid"),
        ("雨中的路", "雨中的路"),
        ("con", "con-tune"),
        ("\x00\n", "tune"),
        ("x" * 500, "x" * 60),
    ],
)
def test_names(title: str, stem: str) -> None:
    assert file_stem(title) == stem


def test_a_link_that_leads_nowhere_is_taken_too(tmp_path: Path) -> None:
    (tmp_path / "a.abc").symlink_to(tmp_path / "nowhere")
    assert find_free(tmp_path / "a.abc") == (tmp_path / "a-2.abc",)
