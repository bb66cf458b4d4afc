"""Choosing a format, saving and loading, whatever the format is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from abcllm import formats, registry
from abcllm.errors import FileError, FormatError, UnknownName
from abcllm.formats import FORMATS, Format, encode, find_format, load, save
from abcllm.notation import Tune, parse

TWO = parse("X:1\nT:One\nL:1/4\nM:4/4\nK:C\nC D E F|]\n\nX:2\nT:Two\nL:1/4\nM:4/4\nK:C\nc B A G|]\n")


def write_titles(tunes: Iterable[Tune], *, shout: bool = False) -> str:
    titles = ", ".join(tune.title for tune in tunes)
    return titles.upper() if shout else titles


def write_pages(tunes: Iterable[Tune]) -> list[bytes]:
    return [tune.title.encode() for tune in tunes]


@pytest.fixture(autouse=True)
def invented(monkeypatch: pytest.MonkeyPatch) -> None:
    """Formats made up for these tests, as another package would bring them."""
    brought = {
        "titles": Format("titles", (".titles",), "titles"),
        "pages": Format("pages", (".page",), "pages"),
        "one": Format("one title", (".one",), "titles", single=True),
        "closed": Format("closed", (".closed",)),
    }
    monkeypatch.setattr(formats, "all_formats", lambda: {**brought, **FORMATS})
    writers = {"titles": write_titles, "pages": write_pages}
    load_target = registry.load
    monkeypatch.setattr(registry, "load", lambda target: writers.get(target) or load_target(target))


@pytest.mark.parametrize("name", ["midi", ".mid", ".MIDI", "reel.mid", "a.b/reel.x.mid"])
def test_a_format_is_found_by_name_suffix_or_file(name: str) -> None:
    assert find_format(name) == "midi"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("mid1", "did you mean midi"),
        (".mdi", "did you mean .mid"),
        ("reel.docx", "'.docx'"),
        ("reel", "'reel'"),
        ("", "''"),
    ],
)
def test_an_unknown_format_is_said(name: str, words: str) -> None:
    with pytest.raises(UnknownName, match=words):
        find_format(name)


def test_suffixes_belong_to_one_format() -> None:
    suffixes = [suffix for form in FORMATS.values() for suffix in form.suffixes]
    assert len(set(suffixes)) == len(suffixes)
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in suffixes)


def test_tunes_come_alone_in_a_row_or_as_a_book() -> None:
    assert encode(TWO, "titles") == encode(iter(TWO.tunes), "titles") == ["One, Two"]
    assert encode(TWO.tunes[0], "titles", shout=True) == ["ONE"]


def test_an_unknown_option_is_said() -> None:
    with pytest.raises(FormatError, match="titles has no option 'loud'; it has shout"):
        encode(TWO, "titles", loud=True)


def test_a_file_that_holds_one_tune_is_not_given_two() -> None:
    with pytest.raises(FormatError, match="a file of one title holds one tune, and there are 2"):
        encode(TWO, "one")


def test_no_tune_is_said() -> None:
    with pytest.raises(FormatError, match="there is no tune"):
        encode([], "titles")


def test_a_format_without_writer_or_reader_is_said(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="closed can be read but not written"):
        encode(TWO, "closed")
    with pytest.raises(FormatError, match="titles can be written but not read"):
        load(tmp_path / "t.titles")


def test_pages_are_files_of_their_own(tmp_path: Path) -> None:
    assert save(TWO.tunes[0], tmp_path / "t.page") == [tmp_path / "t.page"]
    assert save(TWO, tmp_path / "t.page") == [tmp_path / "t-1.page", tmp_path / "t-2.page"]
    assert (tmp_path / "t-2.page").read_bytes() == b"Two"


def test_no_page_is_written_where_one_would_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "t-2.page").write_text("old")
    with pytest.raises(FileError, match=r"t-2\.page exists already"):
        save(TWO, tmp_path / "t.page")
    assert [path.name for path in tmp_path.iterdir()] == ["t-2.page"]
    save(TWO, tmp_path / "t.page", overwrite=True)
    assert (tmp_path / "t-2.page").read_text() == "Two"


def test_abc_goes_out_and_comes_back(tmp_path: Path) -> None:
    (path,) = save(TWO, tmp_path / "t.abc")
    assert load(path).tunes == TWO.tunes
    (path,) = save(reversed(TWO.tunes), tmp_path / "r.abc")
    assert load(path).tunes == TWO.tunes[::-1]


def test_latin_1_is_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "t.abc"
    path.write_bytes("X:1\nT:Übung\nL:1/4\nM:4/4\nK:C\nC D E F|]\n".encode("latin-1"))
    book = load(path)
    assert book.tunes[0].title == "Übung"
    assert [(d.code, d.line, d.column) for d in book.diagnostics] == [("T101", 2, 3)]
