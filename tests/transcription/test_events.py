"""MIDI files read to notes: whole, damaged, and those that are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm.errors import FormatError
from abcllm.notation.theory import Key, Meter
from abcllm.transcription.events import MidiNote, read_events

from .midi_bytes import file, key, meta, meter, notes, track

NOTE = MidiNote(0, 480, 60, 80)
PLAIN = file(track(notes([(60, 480)])))


def test_a_file_with_all_that_it_can_say() -> None:
    head = [meter(6, 8), key(-2, 1), (0, meta(0x51, (500_000).to_bytes(3, "big"))), (0, meta(3, b"A jig"))]
    later = [(960, meta(0x51, (1_000_000).to_bytes(3, "big")))]
    body = [(0, meta(3, "Flöte".encode())), (0, b"\xc0\x49"), (0, b"\xb0\x40\x7f"), *notes([(60, 480), (62, 480)])]
    music = read_events(file(track([*head, *later]), track(body)))
    assert (music.title, music.meters, music.keys) == ("A jig", ((0, Meter((6,), 8)),), ((0, Key("G", "minor")),))
    assert music.tempos == ((0, 120.0), (960, 60.0))
    assert music.seconds([0, 960, 1440]) == [0, 1, 2]
    (own,) = music.tracks
    assert (own.name, own.channel, own.program, own.pedals) == ("Flöte", 0, 73, ((0, 127),))
    assert own.notes == (NOTE, MidiNote(480, 960, 62, 80))
    assert music.notices == ()


def test_running_status_and_note_on_without_velocity() -> None:
    music = read_events(file(track([(0, b"\x90\x3c\x50"), (480, b"\x3c\x00"), (0, b"\x3e\x50"), (480, b"\x3e\x00")])))
    assert music.tracks[0].notes == (NOTE, MidiNote(480, 960, 62, 80))


def test_a_track_of_two_channels_is_two_tracks() -> None:
    music = read_events(file(track([*notes([(60, 480)]), *notes([(48, 480)], channel=3)]), format=0))
    assert [(one.channel, one.notes[0].pitch) for one in music.tracks] == [(0, 60), (3, 48)]


def test_what_is_mended_is_said() -> None:
    drums = notes([(36, 480)], channel=9)
    twice = [(0, b"\x90\x3c\x50"), (0, b"\x90\x3c\x50"), (240, b"\x80\x3c\x00"), (240, b"\x80\x3c\x00")]
    stuck = [(0, b"\x90\x40\x50"), (480, meta(1, b"on and on"))]
    music = read_events(file(track([*twice, *stuck]), track(drums)))
    assert music.tracks[0].notes == (NOTE, MidiNote(480, 960, 64, 80))
    assert music.notices == (
        "1 notes of drums were left out",
        "1 notes are never released; they end with their track",
        "1 notes are struck twice at one moment; they were taken once",
    )


def test_a_file_that_is_cut_off_is_read_to_the_cut() -> None:
    whole = file(track(notes([(60, 480), (62, 480), (64, 480)])))
    music = read_events(whole[:-12])
    assert music.tracks[0].notes[:1] == (NOTE,)
    assert music.notices[0] == "track 1 is cut off at the end of the file"


def test_bytes_of_no_message_are_passed_over() -> None:
    music = read_events(file(track([(0, b"\x40"), *notes([(60, 480)])])))
    assert music.tracks[0].notes[0].pitch == 60
    assert music.notices == ("track 1 holds 1 bytes that belong to no message",)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no MIDI file"),
        (b"RIFF" + bytes(60), "no MIDI file"),
        (PLAIN[:12], "no MIDI file"),
        (file(format=2), "format 2"),
        (file(division=0xE728), "SMPTE"),
        (file(division=0), "0 ticks"),
        (file(track([])), "no note"),
        (file(), "no note"),
        (file(track(notes([(36, 480)], channel=9))), "only drums"),
    ],
)
def test_what_is_no_music_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        read_events(data)


def test_a_hundred_thousand_notes_at_one_tick() -> None:
    struck = [(0, bytes([0x90, 60 + place % 3, 80])) for place in range(100_000)]
    ended = [(480 * (place == 0), bytes([0x80, 60 + place % 3, 0])) for place in range(100_000)]
    music = read_events(file(track([*struck, *ended])))
    assert [note.pitch for note in music.tracks[0].notes] == [60, 61, 62]
    assert music.notices == ("99997 notes are struck twice at one moment; they were taken once",)


@given(st.binary(max_size=200), st.integers(0, len(PLAIN)))
def test_no_bytes_raise_anything_else(noise: bytes, at: int) -> None:
    for data in (noise, PLAIN[:at] + noise, PLAIN[:at] + noise + PLAIN[at:]):
        try:
            music = read_events(data)
        except FormatError:
            continue
        assert all(0 <= note.onset < note.offset for own in music.tracks for note in own.notes)
