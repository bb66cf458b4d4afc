"""MIDI files say exactly what is performed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from fractions import Fraction

import mido
import pytest
from hypothesis import given, settings

from abcllm.errors import FormatError
from abcllm.formats.midi import RESOLUTIONS, write_midi
from abcllm.formats.performance import perform
from abcllm.notation import Tune, parse
from tests.strategies import tunes


def tune(body: str, key: str = "C", meter: str = "4/4", more: str = "") -> Tune:
    return parse(f"X:1\nT:Übung\nM:{meter}\nL:1/4\n{more}K:{key}\n{body}\n").tunes[0]


def read(data: bytes) -> mido.MidiFile:
    return mido.MidiFile(file=io.BytesIO(data), charset="utf-8")


def events(file: mido.MidiFile, track: int) -> Iterator[tuple[int, mido.Message]]:
    tick = 0
    for message in file.tracks[track]:
        tick += message.time
        yield tick, message


def notes(file: mido.MidiFile, track: int = 1) -> list[tuple[Fraction, Fraction, int]]:
    """(onset, duration, key) in whole notes; fails where a key is struck while it sounds or never let go."""
    whole = 4 * file.ticks_per_beat
    sounding: dict[int, int] = {}
    found = []
    for tick, message in events(file, track):
        if message.type == "note_on":
            assert message.note not in sounding
            sounding[message.note] = tick
        elif message.type == "note_off":
            begin = sounding.pop(message.note)
            found.append((Fraction(begin, whole), Fraction(tick - begin, whole), message.note))
    assert not sounding
    return sorted(found)


def meta(file: mido.MidiFile, kind: str, track: int = 0) -> list[tuple[int, mido.MetaMessage]]:
    return [(tick, message) for tick, message in events(file, track) if message.type == kind]


@settings(max_examples=50)
@given(tunes())
def test_a_file_holds_the_performance(tune: Tune) -> None:
    file = read(write_midi(tune, graces=False))
    played = perform(tune)
    assert file.type == 1
    assert len(file.tracks) == 1 + len(tune.voices)
    for voice in range(len(tune.voices)):
        own = [n for n in played.notes if n.voice == voice and not n.grace]
        struck = {(note.onset, note.midi) for note in own}
        heard = notes(file, voice + 1)
        assert {(onset, midi) for onset, _, midi in heard} == struck
        if len(struck) == len(own) and all(not note.staccato for note in own) and not overlap(own):
            assert heard == sorted((note.onset, note.duration, note.midi) for note in own)


def overlap(own: list[object]) -> bool:
    last: dict[int, Fraction] = {}
    for note in own:
        if note.onset < last.get(note.midi, Fraction(0)):  # type: ignore[attr-defined]
            return True
        last[note.midi] = note.end  # type: ignore[attr-defined]
    return False


@pytest.mark.parametrize(
    ("body", "resolution"),
    [
        ("C D E F", 480), ("(3CDE (5:4:5CDEFG z", 480), ("(7:4:7CDEFGAB", 3360), ("(9:8:9CDEFGABcd|", 10080),
        ("C/16", 480), ("C/64", 20160), ("(11:8:11CDEFGABcdef|", 20160),
    ],
)  # fmt: skip
def test_resolution_is_the_smallest_that_is_exact(body: str, resolution: int) -> None:
    assert read(write_midi(tune(body))).ticks_per_beat == resolution
    assert resolution in RESOLUTIONS


def test_rounding_does_not_grow() -> None:
    many = tune("(11:8:11" + "C/D/E/F/G/A/B/c/d/e/f/|(11:8:11" * 60 + "C/D/E/F/G/A/B/c/d/e/f/|")
    file = read(write_midi(many))
    last = notes(file)[-1]
    assert abs(last[0] + last[1] - perform(many).duration) < Fraction(1, 4 * file.ticks_per_beat)


@pytest.mark.parametrize(
    ("body", "heard"),
    [
        ("[CC]2", [("0", "1/2", 60)]),
        ("C4 & z2 C2", [("0", "1/2", 60), ("1/2", "1/2", 60)]),  # struck again while it is held
        ("C2 C2 & C4", [("0", "1/2", 60), ("1/2", "1/2", 60)]),
        ("C4 & z C z2", [("0", "1/4", 60), ("1/4", "3/4", 60)]),  # the longer one goes on
    ],
)
def test_a_key_is_struck_once_at_a_time(body: str, heard: list[tuple[str, str, int]]) -> None:
    found = notes(read(write_midi(tune(body + "|]"))))
    assert [(str(onset), str(length), midi) for onset, length, midi in found] == heard


def test_staccato_is_short_and_graces_are_heard() -> None:
    assert [str(length) for _, length, _ in notes(read(write_midi(tune(".C D|]"))))] == ["1/8", "1/4"]
    graced = tune("{d}C4|]")
    assert [midi for *_, midi in notes(read(write_midi(graced)))] == [74, 60]
    assert [midi for *_, midi in notes(read(write_midi(graced, graces=False)))] == [60]


def test_tempo_metre_key_and_name() -> None:
    file = read(write_midi(tune("C4|[M:6/8][K:Am]C3|[Q:3/8=60]C3|]", "Eb", "C|", "Q:1/4=100\n")))
    assert [(tick, m.name) for tick, m in meta(file, "track_name")] == [(0, "Übung")]
    assert [(tick, m.numerator, m.denominator) for tick, m in meta(file, "time_signature")] == [(0, 2, 2), (1920, 6, 8)]
    assert [(tick, m.key) for tick, m in meta(file, "key_signature")] == [(0, "Eb"), (1920, "Am")]
    assert [(tick, m.tempo) for tick, m in meta(file, "set_tempo")] == [(0, 600_000), (3360, 666_667)]
    assert meta(file, "end_of_track")[0][0] == 1920 + 2 * 1440


@pytest.mark.parametrize(
    ("key", "name"), [("Ador", "G"), ("F#m", "F#m"), ("C#", "C#"), ("none", "C"), ("HP", "C"), ("D exp _b", "C")]
)
def test_modes_have_the_signature_of_a_major_key(key: str, name: str) -> None:
    assert [m.key for _, m in meta(read(write_midi(tune("C4|]", key))), "key_signature")] == [name]


def test_a_key_that_midi_has_not_is_left_out() -> None:
    assert meta(read(write_midi(tune("C4|]", "G#"))), "key_signature") == []


def test_voices_have_tracks_names_channels_and_programs() -> None:
    text = (
        "X:1\nM:4/4\nL:1/4\nK:C\nV:1 name=Flute\n%%MIDI program 73\nC4|\n%%MIDI program 1 40\nD4|\n"
        "V:2 clef=perc\nC4|D4|\nV:3\n%%MIDI channel 5\nC4|D4|\n"
    )
    file = read(write_midi(parse(text).tunes[0]))
    names = [message.name for track in (1, 2, 3) for _, message in meta(file, "track_name", track)]
    assert names == ["Flute", "2", "3"]
    assert [(t, m.program) for t, m in events(file, 1) if m.type == "program_change"] == [(0, 73), (1920, 40)]
    channels = [{m.channel for _, m in events(file, track) if m.type == "note_on"} for track in (1, 2, 3)]
    assert channels == [{0}, {9}, {4}]


def test_many_voices_share_channels() -> None:
    text = "X:1\nM:4/4\nL:1/4\nK:C\n" + "".join(f"V:{number}\nC4|]\n" for number in range(40))
    file = read(write_midi(parse(text).tunes[0]))
    channels = {m.channel for track in range(1, 41) for _, m in events(file, track) if m.type == "note_on"}
    assert channels == set(range(16)) - {9}


def test_syllables() -> None:
    file = read(write_midi(tune("C D E F|]\nw:Hel-lo sch\\-ön *")))
    assert [(tick, m.text) for tick, m in meta(file, "lyrics", 1)] == [(0, "Hel-"), (480, "lo "), (960, "sch-ön ")]


def test_chords_are_a_track_on_demand() -> None:
    chords = tune('"G"G4|]')
    assert len(read(write_midi(chords)).tracks) == 2
    file = read(write_midi(chords, chords=True))
    assert sorted({midi % 12 for _, _, midi in notes(file, 2)}) == [2, 7, 11]


def test_notes_outside_of_midi_are_brought_in_by_octaves() -> None:
    assert [midi for *_, midi in notes(read(write_midi(tune("C,,,,,,,4|c''''''''''4|]"))))] == [0, 120]


def test_what_cannot_be_written_is_said() -> None:
    one = tune("C4|]")
    with pytest.raises(FormatError, match="holds one tune, and there are 2"):
        write_midi([one, one])
    assert write_midi([one]) == write_midi(one)


def test_a_tune_without_notes_is_a_file_too() -> None:
    assert notes(read(write_midi(parse("X:1\nT:none\nK:C\n").tunes[0]))) == []
