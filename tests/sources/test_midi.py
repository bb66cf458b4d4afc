"""A folder of MIDI files as a source: tunes, and rejects with their reasons."""

from __future__ import annotations

from pathlib import Path

import pytest

from abcllm.errors import DataError
from abcllm.formats import save
from abcllm.notation import parse
from abcllm.record import Record, Reject
from abcllm.sources.midi import records

TUNE = """X:1
T:A Tune
M:3/4
L:1/8
Q:1/4=100
K:D
|:d2 fe af|gf e2 cd|d2 ed fg|e4 c2|
d2 fa af|bg a2 g2|f2 e2 d2|d6:|
"""


def test_each_file_is_a_tune_or_a_reject(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    save(parse(TUNE).tunes[0], tmp_path / "deep" / "tune.mid")
    (tmp_path / "broken.mid").write_bytes(b"MThd\x00\x00")
    (tmp_path / "words.txt").write_text("not read")
    reject, record = records(tmp_path)
    assert isinstance(reject, Reject)
    assert (reject.place.file, "no MIDI file" in reject.reason) == ("broken.mid", True)
    assert isinstance(record, Record)
    assert (record.id, record.midi, record.title) == ("deep/tune.mid", "deep/tune.mid", "A Tune")
    assert record.tags == {"performed": False}
    assert "d2 fe af|gf e2 cd|" in record.abc
    assert not parse(record.abc).diagnostics


def test_a_folder_without_midi(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"has no \*\.mid"):
        list(records(tmp_path))
