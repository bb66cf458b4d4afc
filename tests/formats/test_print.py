"""Tunes to files: what a PDF, a picture and a sound take from a tune besides its music."""

from __future__ import annotations

import io
import sys
import wave
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import mido
import pytest

import abcllm
from abcllm.errors import FormatError, UnknownName
from abcllm.formats.page import A4
from abcllm.formats.pdf import write_pdf
from abcllm.formats.png import write_png
from abcllm.formats.svg import write_svg
from abcllm.formats.typeset import engrave_tunes
from abcllm.formats.wav import write_mp3, write_wav

ABC = """\
X:1
T:The Jig
T:Its Other Name
C:Trad.
C:arr. A. Piper
O:Ireland
R:jig
M:6/8
K:G
GAB BAG|
W:One.
W:Two.
"""
SCORE = Path(__file__).with_name("scores") / "jig.musicxml"


@pytest.fixture
def tune() -> Any:
    return abcllm.parse(ABC).tunes[0]


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The music of every tune is that of one score; `asked` is what the writers of MIDI were told."""
    asked: dict[str, Any] = {}

    def write_midi(tune: Any, **options: Any) -> bytes:
        asked.update(options)
        file = io.BytesIO()
        notes = [mido.Message("note_on", note=69), mido.Message("note_off", note=69, time=480)]
        mido.MidiFile(tracks=[mido.MidiTrack(notes)]).save(file=file)
        return file.getvalue()

    musicxml = SimpleNamespace(write_musicxml=lambda tune: SCORE.read_text(encoding="utf-8"))
    monkeypatch.setitem(sys.modules, "abcllm.formats.musicxml", musicxml)
    monkeypatch.setitem(sys.modules, "abcllm.formats.midi", SimpleNamespace(write_midi=write_midi))
    return asked


def test_what_stands_around_the_music(tune: Any) -> None:
    (score,) = engrave_tunes([tune], A4)
    assert score.titles == ("The Jig", "Its Other Name")
    assert (score.left, score.right) == ("jig", ("Trad.", "arr. A. Piper", "(Ireland)"))
    assert score.words == ("One.", "Two.")
    assert len(score.systems) == 2


def test_pdf_of_several_tunes_is_one_book(tune: Any) -> None:
    pdf = write_pdf([tune, tune], page="letter")
    assert pdf.startswith(b"%PDF-")
    assert b"The Jig" in pdf
    assert b"arr. A. Piper" in pdf
    assert b"Fifty Jigs" in write_pdf([tune], title="Fifty Jigs", author="Me")


def test_pictures_are_one_for_each_tune(tune: Any) -> None:
    assert len(write_png([tune, tune], dpi=50)) == 2
    pictures = write_svg([tune, tune])
    assert len(pictures) == 2
    assert all(picture.startswith("<svg") for picture in pictures)


def test_an_unknown_page_is_named(tune: Any) -> None:
    with pytest.raises(UnknownName, match="letter"):
        write_pdf([tune], page="leter")


def test_the_tune_that_cannot_be_engraved_is_named(tune: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = SimpleNamespace(write_musicxml=lambda tune: "no score")
    monkeypatch.setitem(sys.modules, "abcllm.formats.musicxml", broken)
    with pytest.raises(FormatError, match=r"tune 1 \(The Jig\): the score cannot be engraved"):
        write_pdf([tune])


def test_sound_is_of_one_tune(tune: Any, stand_ins: dict[str, Any]) -> None:
    with wave.open(io.BytesIO(write_wav([tune]))) as sound:
        assert sound.getnframes() > 20_000
    assert stand_ins == {}
    assert write_mp3([tune], tempo_qpm=90.0).startswith(b"\xff\xfb")
    assert stand_ins == {"tempo_qpm": 90.0}
    with pytest.raises(FormatError, match="one tune, not 2"):
        write_wav([tune, tune])
