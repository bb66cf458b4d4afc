"""Clips and cells: where the sound of a clip is, and values of rows read strictly."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm.errors import DataError
from abcllm.sources.cells import LONGEST_LITERAL, fingerprint, read_seconds, read_text, read_texts
from abcllm.sources.clips import Sound, Sounds, read_youtube_id
from abcllm.sources.markup import plain_text

ID = "-0Gj8-vB1q4"


@pytest.mark.parametrize(
    "file", [f"{ID}.wav", f"a/b/{ID}_30.flac", f"{ID}_000030.mp4", f"{ID}_30000.opus", f"[{ID}]-[30-40].MP3"]
)
def test_a_clip_that_is_at_hand_is_its_file_whole(tmp_path: Path, file: str) -> None:
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).touch()
    assert Sounds(tmp_path).find_clip(ID, 30, 40) == Sound(file)


def test_a_clip_that_is_not_at_hand_is_cut_from_the_recording(tmp_path: Path) -> None:
    (tmp_path / f"{ID}.json").touch()
    (tmp_path / f"{ID}_50.wav").touch()
    assert Sounds(tmp_path).find_clip(ID, 30, 40) == Sound(f"youtube:{ID}", 30, 40)


def test_of_two_files_the_one_that_names_the_clip_is_taken(tmp_path: Path) -> None:
    (tmp_path / f"{ID}.wav").touch()
    (tmp_path / f"{ID}_30.wav").touch()
    assert Sounds(tmp_path).find_clip(ID, 30, 40).audio == f"{ID}_30.wav"
    assert Sounds(tmp_path).find_clip(ID, 50, 60).audio == f"{ID}.wav"


def test_of_two_files_of_one_name_the_first_in_order_is_taken_on_every_disk(tmp_path: Path) -> None:
    for folder in ("d", "b", "a", "e", "c"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{ID}.wav").touch()
    assert Sounds(tmp_path).find(ID) == f"a/{ID}.wav"


@pytest.mark.parametrize("text", ["", "#NAME?", "abc", "0123456789ab", "../../etc/x", None, 12345678901])
def test_what_is_no_youtube_id(text: object) -> None:
    with pytest.raises(DataError, match="is no YouTube id"):
        read_youtube_id(text)


def test_a_spreadsheet_is_named_as_the_culprit() -> None:
    with pytest.raises(DataError, match="spreadsheet"):
        read_youtube_id("#NAME?")


@pytest.mark.parametrize("value", ["", "x", None, "nan", "inf", "-1", -0.5])
def test_what_is_no_time(value: object) -> None:
    with pytest.raises(DataError, match=r'"start_s" is .* no time'):
        read_seconds({"start_s": value}, "start_s")


@given(st.lists(st.text().map(str.strip).filter(bool)))
def test_a_list_is_read_from_json_and_from_its_python_literal(texts: list[str]) -> None:
    assert read_texts({"a": texts}, "a") == texts
    if len(repr(texts)) <= LONGEST_LITERAL:
        assert read_texts({"a": repr(texts)}, "a") == texts


@pytest.mark.parametrize("value", ["[1, 2]", "['a'", "__import__('os')", "[" * 9000, "'a'", 3, None, "x" * 30_000])
def test_what_is_no_list_of_texts(value: object) -> None:
    with pytest.raises(DataError, match='"a" is '):
        read_texts({"a": value}, "a")


@pytest.mark.parametrize("row", [{}, {"a": " \n"}, {"a": 3}])
def test_what_is_no_text(row: dict[str, object]) -> None:
    with pytest.raises(DataError, match='no text under "a"'):
        read_text(row, "a")


@given(st.lists(st.text(), min_size=1), st.lists(st.text(), min_size=1))
def test_other_texts_have_another_fingerprint(one: list[str], other: list[str]) -> None:
    assert (fingerprint(*one) == fingerprint(*other)) == ("\0".join(one) == "\0".join(other))


@given(st.text())
def test_any_text_goes_through_the_reader_of_markup(text: str) -> None:
    words = plain_text(text)
    assert words == " ".join(words.split())


def test_scripts_and_styles_are_no_words() -> None:
    assert (
        plain_text("<style>p {x}</style>One<script>two()</script><p>three &amp; four<br>five")
        == "One three & four five"
    )
