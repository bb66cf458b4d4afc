"""A folder of MIDI files as a source."""

from __future__ import annotations

from pathlib import Path

import pytest

from abcllm.errors import DataError
from abcllm.record import Record
from abcllm.sources.midi import records


def test_each_file_is_a_record(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "tune.mid").write_bytes(b"MThd")
    (tmp_path / "other.MID").write_bytes(b"MThd")
    (tmp_path / "words.txt").write_text("not read")
    found = [*records(tmp_path)]
    assert [one.id for one in found if isinstance(one, Record)] == ["deep/tune.mid", "other.MID"]
    assert all(isinstance(one, Record) and one.midi == one.id and not one.abc for one in found)


def test_a_folder_without_midi(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"has no \*\.mid"):
        list(records(tmp_path))
