"""Chord symbols: what they name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm.notation.harmony import INTERVALS, KIND_OF, is_silent, parse_chord_symbol


@pytest.mark.parametrize(
    ("text", "root", "kind", "intervals"),
    [
        ("C", "C", "major", (0, 4, 7)),
        ("Am", "A", "minor", (0, 3, 7)),
        ("F#m7b5", "F#", "half-diminished", (0, 3, 6, 10)),
        ("Bb7", "Bb", "dominant", (0, 4, 7, 10)),
        ("E♭maj7", "Eb", "major-seventh", (0, 4, 7, 11)),
        ("G+", "G", "augmented", (0, 4, 8)),
        ("Gaug", "G", "augmented", (0, 4, 8)),
        ("Bdim", "B", "diminished", (0, 3, 6)),
        ("Dsus", "D", "suspended-fourth", (0, 5, 7)),
        ("D7sus4", "D", "suspended-fourth", (0, 5, 7, 10)),
        ("C9", "C", "dominant-ninth", (0, 4, 7, 10, 14)),
        ("C13", "C", "dominant-13th", (0, 4, 7, 10, 14, 21)),
        ("Cadd9", "C", "major", (0, 4, 7, 14)),
        ("C7b9", "C", "dominant", (0, 4, 7, 10, 13)),
        ("C7b5", "C", "dominant", (0, 4, 6, 10)),
        ("C6/9", "C", "major-sixth", (0, 4, 7, 9, 14)),
        ("Cm(maj7)", "C", "major-minor", (0, 3, 7, 11)),
        ("C(no3)", "C", "power", (0, 7)),
        ("dm6", "D", "minor-sixth", (0, 3, 7, 9)),
        ("(Em)", "E", "minor", (0, 3, 7)),
    ],
)
def test_kinds(text: str, root: str, kind: str, intervals: tuple[int, ...]) -> None:
    chord = parse_chord_symbol(text)
    assert chord is not None
    assert (chord.root, chord.kind, chord.intervals) == (root, kind, intervals)


@pytest.mark.parametrize(
    ("text", "bass", "pitch_class"),
    [("D/F#", "F#", 6), ("Am7/G", "G", 7), ("D/f+", "F#", 6), ("C", "", 0), ("Bb/Ab", "Ab", 8), ("Cb", "", 11)],
)
def test_basses(text: str, bass: str, pitch_class: int) -> None:
    chord = parse_chord_symbol(text)
    assert chord is not None
    assert (chord.bass, chord.bass_pitch_class) == (bass, pitch_class)


@pytest.mark.parametrize("text", ["Fine", "", "D.C.", "4", "A modal", "H", "c", "N.C.", "Cmeow", "/B", "Adagio"])
def test_words_name_no_chord(text: str) -> None:
    assert parse_chord_symbol(text) is None


def test_silence() -> None:
    assert is_silent(" N.C. ")
    assert not is_silent("C")


@pytest.mark.parametrize("spelling", sorted(KIND_OF))
def test_every_spelling_is_read_as_its_kind(spelling: str) -> None:
    chord = parse_chord_symbol("C" + spelling)
    assert chord is not None
    assert (chord.kind, chord.degrees) == (KIND_OF[spelling], ())
    assert chord.intervals == INTERVALS[chord.kind]


@given(st.text(max_size=12))
def test_any_text_is_bearable(text: str) -> None:
    chord = parse_chord_symbol(text)
    assert chord is None or 0 <= chord.bass_pitch_class < 12
