"""Performances to scores: hands, places, lengths, bars, and tunes that are valid whatever was played."""

from __future__ import annotations

import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abcllm.notation import parse
from abcllm.notation.theory import Key, Meter
from abcllm.notation.writer import write
from abcllm.transcription.beat_features import PerformedNote
from abcllm.transcription.beats import Beats
from abcllm.transcription.events import MidiMusic, MidiNote, MidiTrack, read_events
from abcllm.transcription.hands import part_hands
from abcllm.transcription.held import PlacedNote, settle_lengths
from abcllm.transcription.performed import read_performed
from abcllm.transcription.quantised import Wishes
from abcllm.transcription.rhythm import COMPOUND, SIMPLE, place_onsets
from abcllm.transcription.score import Part, Score, ScoreNote
from abcllm.transcription.stated_beats import find_stated_beats
from abcllm.transcription.writing import write_score

from .test_beats import waltz

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "midi"
Q = Fraction
RAW_NOTES = st.lists(
    st.tuples(st.integers(0, 12_000), st.integers(1, 4000), st.integers(0, 127), st.integers(1, 127)),
    min_size=1,
    max_size=40,
)


def music(notes: list[tuple[int, int, int, int]], *more: list[tuple[int, int, int, int]]) -> MidiMusic:
    """Tracks of notes, given as onset and duration in milliseconds, pitch and velocity."""
    tracks = tuple(
        MidiTrack("", 0, 0, tuple(sorted(MidiNote(at, at + held, pitch, loud) for at, held, pitch, loud in own)))
        for own in (notes, *more)
    )
    return MidiMusic(500, tracks, ((0, 120.0),))


def as_music(period_s: float, bars: int) -> MidiMusic:
    notes, _ = waltz(period_s, bars, jitter_s=0.008, drift=0.15)
    return music([(round(n.onset_s * 1000), round(n.duration_s * 1000), n.pitch, n.velocity) for n in notes])


def test_a_waltz_comes_back_as_a_waltz() -> None:
    score = read_performed(as_music(0.5, 24), Wishes())
    assert score.meters[0][1] == Meter((3,), 4)
    assert score.tempos[0][1] == pytest.approx(120, rel=0.08)
    assert [part.name for part in score.parts] == ["Right hand", "Left hand"]
    lengths = [note.duration for note in score.notes if note.pitch % 12 in (4, 9, 11) and note.pitch > 70]
    assert np.mean([length in (Q(1, 4), Q(3, 8), Q(1, 8)) for length in lengths]) > 0.9
    tune = write_score(score)
    assert parse(write(tune)).diagnostics == ()


def test_what_the_user_knows_is_kept() -> None:
    wishes = Wishes(meter=Meter((6,), 8), key=Key("D", "minor"), grid=Q(1, 8))
    score = read_performed(as_music(0.5, 12), wishes)
    assert score.meters == ((Q(0), Meter((6,), 8)),)
    assert score.keys == ((Q(0), Key("D", "minor")),)
    assert all((note.onset * 8).denominator == 1 for note in score.notes)


@pytest.mark.parametrize(("voices", "names"), [(1, [""]), (2, ["Right hand", "Left hand"])])
def test_voices_as_the_user_wants_them(voices: int, names: list[str]) -> None:
    score = read_performed(as_music(0.5, 6), Wishes(voices=voices))
    assert [part.name for part in score.parts] == names
    assert {note.part for note in score.notes} == set(range(voices))


def to_click(spread_ms: float, meter: Meter) -> MidiMusic:
    """Eighths, one bar in two with a pause, at 120 a minute, each as far from its place as chance has it."""
    chance = np.random.default_rng(2)
    places = [at for at in range(96) if at // 6 % 2 == 0 or at % 3 == 0]
    notes = [(max(at * 250 + round(chance.normal(0, spread_ms)), 0), 200, 60 + at % 5, 64) for at in places]
    return replace(music(notes), meters=((0, meter),))


def test_beats_of_a_file_that_keeps_to_them() -> None:
    score = read_performed(to_click(15, Meter((6,), 8)), Wishes())
    assert score.meters == ((Q(0), Meter((6,), 8)),)
    assert score.pickup == 0
    assert score.tempos[0][1] == 120
    assert [note.onset for note in score.notes][:6] == [Q(at, 8) for at in range(6)]
    assert "the beats of the file" in score.notices[-1]


def stated(music: MidiMusic) -> tuple[Beats, Meter] | None:
    """What is stated by a file whose ticks are milliseconds."""
    (track,) = music.tracks
    notes = [PerformedNote(on / 1000, (off - on) / 1000, pitch, loud) for on, off, pitch, loud in track.notes]
    return find_stated_beats(music, notes)


def test_beats_of_a_file_that_does_not_keep_to_them() -> None:
    assert stated(to_click(15, Meter((6,), 8))) is not None
    assert stated(to_click(90, Meter((6,), 8))) is None
    drifting = as_music(0.47, 40)
    assert stated(drifting) is None
    assert stated(replace(drifting, meters=((0, Meter((4,), 4)), (5000, Meter((3,), 4))))) is None


@pytest.mark.parametrize(("late_ms", "place"), [(0, 2), (30, 2), (125, 0), (250, 0), (400, 0)])
def test_a_click_says_how_long_a_beat_is_but_not_where_it_is(late_ms: int, place: int) -> None:
    """A file is believed that its third beat comes after a second, unless its beats are not those that are heard."""
    notes, _ = waltz(0.5, 24, jitter_s=0.008, drift=0)
    begin = 1000 + late_ms - round(notes[0].onset_s * 1000)
    played = music([(round(n.onset_s * 1000) + begin, round(n.duration_s * 1000), n.pitch, n.velocity) for n in notes])
    found = stated(replace(played, meters=((0, Meter((3,), 4)),)))
    assert found is not None
    beats, meter = found
    assert meter == Meter((3,), 4)
    assert (beats.times_s * 1000) % 500 == pytest.approx(late_ms, abs=12)
    assert beats.places[np.abs(beats.times_s - notes[0].onset_s - begin / 1000).argmin()] == place


@pytest.mark.parametrize("track_count", [2, 3])
def test_tracks_stay_parts(track_count: int) -> None:
    tracks = [[(index * 500, 450, 60 + 7 * part, 64) for index in range(12)] for part in range(track_count)]
    score = read_performed(music(*tracks), Wishes())
    assert len(score.parts) == track_count
    assert {note.part for note in score.notes} == set(range(track_count))
    assert len(score.notes) == 12 * track_count


def test_a_piano_beside_two_other_tracks_has_two_staves() -> None:
    piano = [(index * 500, 450, pitch, 64) for index in range(24) for pitch in (36 + index % 5, 43, 67, 72 + index % 4)]
    melody = [(index * 500, 450, 74 + index % 6, 80) for index in range(24)]
    score = read_performed(music(melody, piano, melody[::2]), Wishes())
    assert [part.role for part in score.parts] == ["", "hand", "hand", ""]
    assert {note.pitch > 60 for note in score.notes if note.part == 1} == {True}
    assert "%%score 1 {2 3} 4" in write(write_score(score))
    assert [part.role for part in read_performed(music(melody, piano), Wishes()).parts] == ["", ""]


@settings(max_examples=40, deadline=None)
@given(RAW_NOTES)
def test_whatever_is_played_gives_a_valid_tune(notes: list[tuple[int, int, int, int]]) -> None:
    score = read_performed(music(notes), Wishes())
    assert {note.pitch for note in score.notes} == {pitch for _, _, pitch, _ in notes}
    assert all(note.onset >= 0 and note.duration >= 0 for note in score.notes)
    tune = write_score(score)
    assert parse(write(tune)).diagnostics == ()


@pytest.mark.parametrize(
    "notes",
    [
        [(0, 100, 60, 64)],
        [(0, 100, pitch, 64) for pitch in range(128)],
        [(0, 100, 60, 64), (90_000_000, 100, 62, 64), (90_000_500, 100, 64, 64)],
        [(index, 1, 60 + index % 12, 64) for index in range(2000)],
    ],
    ids=["one note", "all notes at once", "a day of silence", "a note each millisecond"],
)
def test_strange_performances(notes: list[tuple[int, int, int, int]]) -> None:
    score = read_performed(music(notes), Wishes())
    assert score.notes
    assert parse(write(write_score(score))).diagnostics == ()


@given(st.integers(0, 5), st.sampled_from([1, 2, 3, 4, 6]), st.data())
def test_exact_times_keep_their_places(first: int, division: int, data: st.DataObject) -> None:
    beats = np.cumsum(np.full(12, 0.5))
    slots = sorted(data.draw(st.sets(st.integers(first * division, 9 * division), min_size=1)))
    onsets = np.interp(np.array(slots) / division, np.arange(12), beats)
    costs = {division: 0.0} if division > 1 else SIMPLE
    assert place_onsets([onsets], beats, costs).places == [[Q(slot, division) for slot in slots]]


def test_a_note_that_sounds_on_after_a_tuplet_is_tied_out_of_it() -> None:
    """Two thirds of a beat of rest, and a note until the end of the bar; a triplet that begins late."""
    third = Q(1, 12)
    notes = (ScoreNote(Q(0), Q(1, 4), 60), ScoreNote(Q(1, 4) + 2 * third, Q(7, 12), 62), ScoreNote(Q(1), Q(1), 64))
    score = Score(notes, (Part(),), ((Q(0), Meter((4,), 4)),), ((Q(0), Key("C", "major")),))
    assert write(write_score(score, unit=Q(1, 8))).splitlines()[-1] == "C2 (3:2:2z2D- D4|E8|]"


def test_three_in_a_beat_are_three() -> None:
    beats = np.arange(0, 8) * 0.6
    onsets = np.concatenate([beats[:-1, None] + np.array([0.0, 0.21, 0.39])]).ravel()
    simple, compound = (place_onsets([onsets], beats, costs) for costs in (SIMPLE, COMPOUND))
    assert simple.places == compound.places
    assert {place % 1 for place in simple.places[0]} == {Q(0), Q(1, 3), Q(2, 3)}
    assert compound.cost < simple.cost


def test_a_note_just_before_the_beat_is_on_it() -> None:
    beats = np.arange(0, 6) * 0.5
    assert place_onsets([np.array([0.0, 0.49, 1.02, 1.48])], beats, SIMPLE).places == [[Q(0), Q(1), Q(2), Q(3)]]


def test_hands_are_parted_between_bass_and_melody() -> None:
    pitches = np.array([36, 43, 72, 48, 76, 52, 79, 43, 47, 74])
    members = np.array([0, 0, 0, 1, 1, 2, 2, 3, 3, 3])
    hands = part_hands(np.arange(4) * 0.3, members, pitches)
    assert hands.tolist() == [1, 1, 0, 1, 0, 1, 0, 1, 1, 0]


def placed(place: Fraction, end: float, pitch: int, onset_s: float | None = None, held_s: float = 0.4) -> PlacedNote:
    return PlacedNote(place, end, pitch, 0, 64, float(place) / 2 if onset_s is None else onset_s, held_s)


def test_pedalled_notes_end_with_the_next() -> None:
    notes = [placed(Q(index), index + 3.8, 60 + index) for index in range(12)]
    lengths = {place: length for place, length, _ in settle_lengths(notes, 4, ternary=False)}
    assert all(lengths[Q(index)] == 1 for index in range(11))


def test_a_held_note_is_a_second_voice() -> None:
    notes = [placed(Q(0), 3.9, 48), *(placed(Q(index), index + 0.9, 60 + index) for index in range(12))]
    lengths = {note.pitch: length for _, length, note in settle_lengths(notes, 4, ternary=False)}
    assert lengths[48] == 4
    assert lengths[60] == lengths[61] == 1


def test_a_short_note_in_a_long_gap_is_followed_by_a_rest() -> None:
    notes = [placed(Q(0), 0.4, 60), placed(Q(4), 4.9, 62)]
    lengths = [length for _, length, _ in settle_lengths(notes, 4, ternary=False)]
    assert lengths[0] == Q(1, 2)


def test_a_quick_note_before_the_beat_is_a_grace_note() -> None:
    notes = [placed(Q(0), 0.1, 62, 0.0, 0.07), placed(Q(0), 0.9, 60, 0.09), placed(Q(1), 1.9, 64, 0.6)]
    assert sorted((note.pitch, length) for _, length, note in settle_lengths(notes, 4, ternary=False))[:2] == [
        (60, 1),
        (62, 0),
    ]


@given(st.lists(st.tuples(st.integers(0, 24), st.floats(0.1, 9), st.integers(40, 80)), min_size=1, max_size=30))
def test_a_part_never_sounds_in_more_than_two_voices(raw: list[tuple[int, float, int]]) -> None:
    notes = [placed(Q(at, 2), at / 2 + held, pitch, held_s=held) for at, held, pitch in raw]
    spans = {(place, place + length) for place, length, _ in settle_lengths(notes, 4, ternary=False) if length}
    for begin, end in spans:
        assert end > begin
        assert sum(one <= begin < other for one, other in spans) <= 2


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not here")
def test_a_prelude_of_bach_is_read_faster_than_it_is_played() -> None:
    path = next((SHARED / "asap" / "Bach__Prelude__bwv_846").glob("perf_*.mid"))
    heard = read_events(path.read_bytes())
    started = time.process_time()
    score = read_performed(heard, Wishes())
    taken = time.process_time() - started
    assert taken * 20 < heard.seconds([max(note.offset for note in heard.tracks[0].notes)])[0]
    onsets = {note.onset for note in score.notes}
    assert np.mean([(onset * 16).denominator == 1 for onset in onsets]) > 0.9
    assert score.keys[0][1] == Key("C")
