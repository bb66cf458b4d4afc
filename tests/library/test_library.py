"""A folder of tunes and notes: found by name and by melody, and cited."""

from __future__ import annotations

import json
from pathlib import Path
from time import process_time

import pytest

from abcllm.errors import DataError, FileError
from abcllm.library import Library
from abcllm.notation import parse, transpose, write

KESH = """X:12
T:Kesh, The
T:The Castle
M:6/8
L:1/8
R:jig
K:G
D|G3 GAB|A3 ABd|edd gdd|edB dBA|G3 GAB|A3 ABd|edd gdB|AGF G2:|
"""
MORRISON = """X:3
T:Morrison's
M:6/8
L:1/8
R:jig
K:Edor
E3 B3|EBE AFD|EDE B3|dcB AFD|E3 B3|EBE AFD|G3 FGA|dAG FED:|
"""
NOTES = """# Session notes

The Kesh is played
after Morrison's on Mondays.

X:1
T:Tune in the Notes
M:2/4
L:1/8
K:D
d2 f2|a2 f2|]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "session.abc").write_text(f"{KESH}\n{MORRISON}")
    (tmp_path / "more.jsonl").write_text(json.dumps({"abc": "X:1\nT:Banshee\nM:4/4\nL:1/8\nK:G\nG2GD EDB,D|G8|]\n"}))
    (tmp_path / "notes.md").write_text(NOTES)
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "cited"),
    [
        ("The Kesh", '"Kesh, The" (deep/session.abc, X:12)'),
        ("kesh", '"Kesh, The" (deep/session.abc, X:12)'),
        ("the kessh", '"Kesh, The" (deep/session.abc, X:12)'),
        ("The Castle", '"Kesh, The" (deep/session.abc, X:12)'),
        ("morrisons", '"Morrison\'s" (deep/session.abc, X:3)'),
        ("Banshee", '"Banshee" (more.jsonl, X:1)'),
        ("tune in the notes", '"Tune in the Notes" (notes.md, X:1)'),
    ],
)
def test_by_name(folder: Path, name: str, cited: str) -> None:
    assert str(Library(folder).find(name)[0]) == cited


@pytest.mark.parametrize("name", ["Foggy Dew", "The", "", "x" * 1000])
def test_what_is_not_there_is_not_found(folder: Path, name: str) -> None:
    assert Library(folder).find(name) == []


def test_by_melody_in_any_key(folder: Path) -> None:
    library = Library(folder)
    like_kesh = parse(KESH.replace("edd gdd", "edB gdB")).tunes[0]
    moved = transpose(like_kesh, semitones=5)
    assert library.nearest(moved, write(moved))[0].number == 12


def test_a_tune_is_not_like_itself(folder: Path) -> None:
    library = Library(folder)
    kesh = library.find("kesh")[0]
    assert kesh not in library.nearest(kesh.tune(), kesh.abc)


def test_passages_are_found_by_all_their_words(folder: Path) -> None:
    library = Library(folder)
    assert [str(one) for one in library.find_passages("the kesh")] == [
        "notes.md:3: The Kesh is played after Morrison's on Mondays."
    ]
    assert library.find_passages("kesh tuesdays") == []


def test_what_is_no_library_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="is no folder"):
        Library(tmp_path / "none")
    with pytest.raises(DataError, match="no tunes"):
        Library(tmp_path)


def test_broken_tunes_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "a.abc").write_bytes(
        b"X:1\nT:\xff\xfe\nK:\n|||\n\nX:\n\nX:99999999999999999999\nT:Big\nM:4/4\nK:C\nCDEF|\n"
    )
    library = Library(tmp_path)
    assert library.find("Big")[0].number == 999_999_999
    broken = parse("X:1\nK:C\nCDEFGAB|").tunes[0]
    assert all(tune.tune() for tune in library.nearest(broken, write(broken)))


def test_twenty_thousand_tunes_are_read_in_seconds(tmp_path: Path) -> None:
    lines = (f"X:{number}\nT:Tune {number:x}\n{KESH.partition('The Castle')[2].lstrip()}" for number in range(20_000))
    (tmp_path / "all.abc").write_text("\n".join(lines))
    begun = process_time()
    library = Library(tmp_path)
    assert process_time() - begun < 5
    assert library.find("Tune 4e1f")[0].number == 0x4E1F
