"""Files are whole or not there."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

import pytest

from abcllm.errors import FileError
from abcllm.files import open_atomically, read_bytes, write_atomically


def test_text_is_written_as_utf_8(tmp_path: Path) -> None:
    path = write_atomically(tmp_path / "a.abc", "T:Übung\n")
    assert path.read_bytes() == "T:Übung\n".encode()
    assert os.listdir(tmp_path) == ["a.abc"]


def test_a_file_is_replaced_only_when_told_so(tmp_path: Path) -> None:
    path = tmp_path / "a.mid"
    write_atomically(path, b"one")
    with pytest.raises(FileError, match=r"a\.mid exists already"):
        write_atomically(path, b"two")
    assert path.read_bytes() == b"one"
    write_atomically(path, b"two", overwrite=True)
    assert path.read_bytes() == b"two"


def test_permissions_and_links_are_kept(tmp_path: Path) -> None:
    target, link = tmp_path / "target.abc", tmp_path / "link.abc"
    target.write_text("one")
    target.chmod(0o640)
    link.symlink_to(target)
    write_atomically(link, "two", overwrite=True)
    assert link.is_symlink()
    assert target.read_text() == "two"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "a.pdf"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(FileError, match="No space left on device"):
        write_atomically(path, b"new", overwrite=True)
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.pdf"]


@pytest.mark.parametrize(("name", "words"), [("missing/a.abc", "cannot write"), (".", "is a folder")])
def test_places_that_cannot_be_written(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(FileError, match=words):
        write_atomically(tmp_path / name, b"")


@pytest.mark.parametrize(("name", "words"), [("missing.abc", "cannot read"), (".", "is a folder")])
def test_places_that_cannot_be_read(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(FileError, match=words):
        read_bytes(tmp_path / name)


def test_devices_are_written_straight() -> None:
    write_atomically(os.devnull, b"gone")
    assert not Path(os.devnull).is_file()


def test_a_file_written_piece_by_piece_is_whole_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with open_atomically(path) as stream:
        stream.write(b"one, ")
        assert not path.exists()
        stream.write(b"two")
    assert path.read_bytes() == b"one, two"
    with suppress(RuntimeError), open_atomically(path) as stream:
        stream.write(b"half")
        raise RuntimeError
    assert path.read_bytes() == b"one, two"
    assert [*tmp_path.iterdir()] == [path]
    with pytest.raises(FileError, match="cannot write"), open_atomically(tmp_path / "no" / "a.txt"):
        pass
