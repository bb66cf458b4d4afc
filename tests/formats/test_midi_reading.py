"""MIDI as a format that is read: options, what is said of a file, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from abcllm.errors import FormatError, UsageError
from abcllm.formats import load, save
from abcllm.formats.midi import write_midi
from abcllm.formats.midi_reading import read_midi
from abcllm.notation import parse, write

TUNE = """X:1
T:A Tune
M:3/4
L:1/8
Q:1/4=100
K:D
AF|d2 fe af|gf e2 cd|d2 ed fg|e4 c2|
d2 fa af|bg a2 g2|f2 e2 d2|d4|]
"""


def test_a_tune_goes_to_midi_and_back(tmp_path: Path) -> None:
    (tune,) = parse(TUNE).tunes
    save(tune, tmp_path / "tune.mid")
    book = load(tmp_path / "tune.mid")
    assert not book.diagnostics
    assert write(book).replace("\n", "").replace(" ", "") == TUNE.replace("\n", "").replace(" ", "")


def test_options_say_what_the_file_does_not() -> None:
    data = write_midi(parse(TUNE).tunes)
    book = read_midi(data, "tune.mid", metre="6/8", key="Bm", unit="1/16", bars=2)
    (tune,) = book.tunes
    assert (str(tune.meter), str(tune.key), str(tune.unit_length)) == ("6/8", "Bm", "1/16")
    assert sum(bar.line_end for bar in tune.voices[0].bars) > 1


def test_what_was_left_out_is_said_in_the_header() -> None:
    data = write_midi(parse(TUNE).tunes)
    drums = data.replace(b"\x90", b"\x99", 1)
    assert "drums were left out" in "\n".join(item.text for item in read_midi(drums, "x").tunes[0].fields)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"metre": "4/5"}, "4/5"),
        ({"metre": "none"}, "without a length"),
        ({"key": "H"}, "no key"),
        ({"unit": "a"}, "1/8"),
        ({"voices": "3"}, "1, 2 or auto"),
        ({"bars": 0}, "1 bar at least"),
    ],
)
def test_options_that_make_no_sense(options: dict[str, str], reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        read_midi(write_midi(parse(TUNE).tunes), "x", **options)  # type: ignore[arg-type]


def test_an_unknown_option_and_a_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "x.mid").write_bytes(b"no music")
    with pytest.raises(FormatError, match="no MIDI file"):
        load(tmp_path / "x.mid")
    with pytest.raises(FormatError, match="no option 'colour'"):
        load(tmp_path / "x.mid", colour="red")
