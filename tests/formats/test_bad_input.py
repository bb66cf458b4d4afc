"""Damaged and hostile files through both readers: a valid tune with exact bars, or a refusal; never a hang."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from time import perf_counter

import pytest

from abcllm.errors import FormatError
from abcllm.formats import load
from abcllm.formats.midi import write_midi
from abcllm.formats.musicxml import write_musicxml
from abcllm.formats.musicxml_reading import read_musicxml
from abcllm.notation import Tunebook, parse, write
from tests.transcription.midi_bytes import file, key, meter, notes, number, track

TUNE = parse("X:1\nT:t\nM:4/4\nL:1/8\nK:D\nA2|:d2f2 e2c2|d2(3efg f4:|\n").tunes[0]
LONGEST_S = 20  # far more than any of these takes, far less than a hang

ONE_TICK = [(0, bytes([0x90, place % 128, 80])) for place in range(100_000)]
STUCK = [(0, bytes([0x90, 60, 80])), (480, bytes([0x90, 64, 80])), (480, bytes([0x90, 67, 80]))]
MANY_METERS = [(1, event) for beats in range(1, 60) for _, event in [meter(beats, 16)]]
FULL = write_midi(TUNE)
XML = write_musicxml(TUNE).encode()


def zipped(data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("score.xml", data)
    return stream.getvalue()


def read(path: Path, data: bytes) -> Tunebook | None:
    """The book of a file, which must be valid and exact; None where it is refused."""
    path.write_bytes(data)
    start = perf_counter()
    try:
        book = load(path)
    except FormatError:
        return None
    finally:
        assert perf_counter() - start < LONGEST_S
    faults = [found for found in book.diagnostics if found.severity == "error" or found.code == "R203"]
    assert not faults, faults[0].message
    assert parse(write(book.tunes[0])).tunes[0] == book.tunes[0]
    return book


@pytest.mark.parametrize(
    "data",
    [
        file(track(ONE_TICK)),
        file(track(STUCK)),
        file(track([*MANY_METERS, *notes([(60, 480)] * 8)])),
        file(track([key(7), *notes([(60, 1), (61, 479), (62, 7), (63, 473)])])),
        file(track(notes([(60, 480)] * 3), closed=False)),
        file(track(notes([(place % 128, 1) for place in range(1, 128)])), division=1),
        file(*[track(notes([(60 + place % 12, 480)])) for place in range(200)]),
        file(track([(2**27, bytes([0x90, 60, 80])), (2**27, bytes([0x80, 60, 0]))])),
        file(track([(0, bytes([0x90, 60, 80])), (2**28 - 1, bytes([0x80, 60, 0]))])),
        file(track([*notes([(60, 480)]), (2**32 - 1, bytes([0x90, 62, 80])), (240, bytes([0x80, 62, 0]))])),  # 1 back
        file(track(notes([(36, 480)], channel=9))),
        file(track([(0, b"\xf0" + number(2**27)), *notes([(60, 480)])])),
        file(format=2),
        file(division=0xE728),
        b"",
    ],
)
def test_hostile_midi(data: bytes, tmp_path: Path) -> None:
    read(tmp_path / "it.mid", data)


@pytest.mark.parametrize("kept", range(0, len(FULL), max(len(FULL) // 24, 1)))
def test_midi_cut_off(kept: int, tmp_path: Path) -> None:
    read(tmp_path / "it.mid", FULL[:kept])


@pytest.mark.parametrize("kept", range(0, len(XML), max(len(XML) // 12, 1)))
def test_musicxml_cut_off(kept: int, tmp_path: Path) -> None:
    assert read(tmp_path / "it.musicxml", XML[:kept]) is None
    assert read(tmp_path / "it.mxl", zipped(XML[:kept])) is None


def test_whole_files_are_read(tmp_path: Path) -> None:
    for name, data in (("it.mid", FULL), ("it.musicxml", XML), ("it.mxl", zipped(XML))):
        book = read(tmp_path / name, data)
        assert book is not None
        assert len(book.tunes) == 1


def test_a_long_score_of_one_measure_is_refused_quickly(tmp_path: Path) -> None:
    note = b"<note><pitch><step>C</step><octave>4</octave></pitch><duration>4</duration><voice>1</voice></note>"
    data = b'<score-partwise><part id="P1"><measure>' + note * 50_000 + b"</measure></part></score-partwise>"
    assert read(tmp_path / "it.xml", data) is None


def test_many_voices_in_one_measure_stay_bounded(tmp_path: Path) -> None:
    note = "<note><pitch><step>C</step><octave>4</octave></pitch><duration>4</duration><voice>{}</voice></note>"
    back = "<backup><duration>4</duration></backup>"
    body = back.join(note.format(voice) for voice in range(300))
    part = f'<part id="P1"><measure>{body}</measure></part>'
    book = read(tmp_path / "it.xml", f"<score-partwise>{part}</score-partwise>".encode())
    assert book is not None
    assert len(book.tunes[0].voices) == 4
    with pytest.raises(FormatError, match="voices, and a tune holds 256"):
        read_musicxml(f"<score-partwise>{part * 70}</score-partwise>".encode(), "it.xml")
