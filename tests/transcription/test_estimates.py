"""Metre, first bar line and key, estimated from notes; note values and names of pitches."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm.formats.performance import perform
from abcllm.notation import parse
from abcllm.notation.fields import parse_key
from abcllm.notation.theory import Key, Meter
from abcllm.transcription.keys import find_key, read_profiles
from abcllm.transcription.meters import SLOT, Line, Place, place_bars, read_tables
from abcllm.transcription.pitches import name_pitch_class, spell_pitch
from abcllm.transcription.values import Frame, Piece, write_values

JIG = "A|dAF DFA|ded cBA|dAF GEF|gfe dcB|AFA d2e|fed gfe|def gec|edd d2|]"
WALTZ = "G2 Bc d2|e2 d4|c2 BA F2|A2 G4|G2 Bc d2|g2 f4|e2 dc A2|B2 A4|c2 e2 g2|B2 d4|A2 Bc F2|G6|]"


def line(music: str, meter: str, key: str) -> Line:
    (tune,) = parse(f"X:1\nL:1/8\nM:{meter}\nK:{key}\n{music}\n").tunes
    return Line.of([(note.onset, note.duration, note.midi, 80) for note in perform(tune).notes], tune.key)


def test_the_first_bar_line_of_a_jig_comes_after_its_pickup() -> None:
    best = place_bars(line(JIG, "6/8", "D"), Meter((6,), 8))[0]
    assert best.slots * SLOT == Fraction(1, 8)


@pytest.mark.parametrize(("music", "meter", "key"), [(JIG, "6/8", "D"), (WALTZ, "3/4", "G")])
def test_the_metre_is_found_without_a_word(music: str, meter: str, key: str) -> None:
    assert str(place_bars(line(music, meter, key), None)[0].meter) == meter


def test_louder_notes_stand_on_bar_lines() -> None:
    notes = [(Fraction(place, 8), Fraction(1, 8), 62, 110 if place % 8 == 3 else 70) for place in range(64)]
    assert place_bars(Line.of(notes, Key("D")), Meter((4,), 4))[0].slots * SLOT == Fraction(3, 8)


def test_a_bar_of_two_counted_halves_and_a_metre_that_nobody_counted() -> None:
    found = place_bars(line(JIG, "6/8", "D"), Meter((12,), 8))
    assert len({place.slots for place in found}) == 24
    assert place_bars(line(JIG, "6/8", "D"), Meter((11,), 8)) == []
    assert isinstance(found[0], Place)


def test_the_tables_are_distributions() -> None:
    for table in read_tables().values():
        for column in (table.rhythm, table.moves, table.degrees):
            assert np.allclose(np.exp(column).sum(axis=1), 1, atol=0.05)
        assert np.isclose(np.exp(table.first).sum(), 1, atol=0.05)
    assert set(read_profiles()) == {"major", "minor", "dorian", "mixolydian"}


def weights(text: str) -> tuple[list[float], int]:
    heard = [0.0] * 12
    notes = perform(parse(f"X:1\nL:1/8\nK:C\n{text}|\n").tunes[0]).notes
    for note in notes:
        heard[note.midi % 12] += float(note.duration * 8)
    return heard, notes[-1].midi % 12


@pytest.mark.parametrize(
    ("text", "stated", "key"),
    [
        ("^F2 G2 A2 B2 c2 d2 e2 d4 B2 G4", None, "G"),
        ("A2 B2 c2 d2 e2 ^G2 A4 c2 e2 A4", None, "Am"),
        ("D2 E2 F2 A2 B2 c2 d4 A2 F2 D4", None, "Ddor"),
        ("^F2 G2 A2 B2 c2 d2 e2 d4 B2 G4", "C", "G"),  # nobody stated C: programs write it for nothing
        ("^F2 G2 A2 B2 c2 d2 e2 d4 B2 G4", "D", "D"),
        ("_B2 _e2 g2 f2 _e2 _B2 _A2 G2 _e4", None, "Eb"),
    ],
)
def test_keys(text: str, stated: str | None, key: str) -> None:
    found = find_key(*weights(text), parse_key(stated) if stated else None)
    assert str(found) == key


@given(st.lists(st.floats(0, 50), min_size=12, max_size=12), st.integers(0, 11), st.integers(1, 11))
def test_a_key_moves_with_its_notes(heard: list[float], last: int, steps: int) -> None:
    here, there = find_key(heard, last), find_key([*heard[-steps:], *heard[:-steps]], (last + steps) % 12)
    if sum(heard) and len(set(heard)) == 12:
        assert here.tonic_pitch_class is not None
        assert there.mode == here.mode
        assert there.tonic_pitch_class == (here.tonic_pitch_class + steps) % 12


@pytest.mark.parametrize(
    ("key", "line", "names"),
    [
        ("C", [60, 61, 62], "C4 C#4 D4"),
        ("C", [71, 70, 69], "B4 Bb4 A4"),
        ("Am", [69, 68, 69], "A4 G#4 A4"),
        ("G", [67, 65, 64], "G4 F4 E4"),
        ("Eb", [63, 66, 67], "Eb4 F#4 G4"),
        ("F#", [65, 66], "E#4 F#4"),
        ("Gb", [71, 70], "Cb5 Bb4"),
    ],
)
def test_names_of_pitches(key: str, line: list[int], names: str) -> None:
    spelled = [
        spell_pitch(pitch, parse_key(key), line[place - 1 : place], line[place + 1 : place + 2])
        for place, pitch in enumerate(line)
    ]
    assert " ".join(pitch.name for pitch in spelled) == names


@given(st.integers(0, 127), st.sampled_from([Key("C"), Key("F#"), Key("Gb"), Key("Cb"), Key("C#"), Key("A#", "minor")]))
def test_a_name_sounds_as_it_should(midi: int, key: Key) -> None:
    assert spell_pitch(midi, key).midi == midi
    assert name_pitch_class(midi % 12, key)[0] in "ABCDEFG"


def values(lengths: list[int], meter: Meter, whole: int = 384) -> str:
    """The values of notes of those lengths (in ticks of `whole`) in a bar: written length, tie, space."""
    pieces, now = [], 0
    for length in lengths:
        pieces.append(Piece(now, now + length, (60,)))
        now += length
    text = ""
    for value in write_values(pieces, Frame(0, whole, meter)):
        tuplet = f"({':'.join(map(str, value.tuplet))}" if value.tuplet else ""
        text += ("" if value.joined else " ") + tuplet + f"<{value.written}>" + "-" * bool(value.tied)
    return text.strip()


@pytest.mark.parametrize(
    ("lengths", "meter", "text"),
    [
        ([48, 48, 48, 48, 96, 96], (4, 4), "<1/8><1/8><1/8><1/8> <1/4><1/4>"),
        ([48, 48, 96, 96, 96], (3, 4), "<1/8><1/8> <1/4> <1/4> <1/4>"),
        ([240, 144], (4, 4), "<1/2>-<1/8> <3/8>"),
        ([48, 240, 96], (4, 4), "<1/8><3/8>-<1/4> <1/4>"),
        ([32, 32, 32, 96, 192], (4, 4), "(3:2:3<1/8><1/8><1/8> <1/4> <1/2>"),
        ([64, 32, 96, 192], (4, 4), "(3:2:2<1/4><1/8> <1/4> <1/2>"),
        ([32, 16, 16, 32, 96, 192], (4, 4), "(3:2:4<1/8><1/16><1/16><1/8> <1/4> <1/2>"),
        ([72, 72, 48, 48, 48], (6, 8), "(2:3:2<1/8><1/8> <1/8><1/8><1/8>"),
        ([32, 352], (4, 4), "(3:2:2<1/8><1/4>- <3/4>"),
        ([64, 272, 48], (4, 4), "(3:2:2<1/4><1/8>- <1/4>-<3/8> <1/8>"),
        ([432], (9, 8), "<3/4>-<3/8>"),
    ],
)
def test_note_values(lengths: list[int], meter: tuple[int, int], text: str) -> None:
    assert values(lengths, Meter((meter[0],), meter[1])) == text


@given(st.lists(st.integers(1, 400), min_size=1, max_size=12), st.sampled_from([(4, 4), (6, 8), (7, 8), (3, 4)]))
def test_values_last_as_long_as_their_notes(lengths: list[int], meter: tuple[int, int]) -> None:
    now, pieces = 0, []
    for length in lengths:
        pieces.append(Piece(now, now + length, (60,)))
        now += length
    found = write_values(pieces, Frame(0, 1920, Meter((meter[0],), meter[1])))
    assert sum(value.duration for value in found) == Fraction(now, 1920)
    assert [value.piece.start for value in found if value.begins] == [piece.start for piece in pieces]
