"""Repeats found in music that is written out."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abcllm.formats.performance import perform
from abcllm.notation import Tune, parse, unfold, write
from abcllm.notation.theory import Key, Meter
from abcllm.transcription.score import Part, Score, ScoreNote
from abcllm.transcription.writing import write_score

EIGHTH = Fraction(1, 8)
A = "GABc dedB cBAG FGAD GABc dedB cBAF G4"
B = "gfgb agef gedB cBAc BAGB cedc BGAF G4"


def score(text: str, pickup: int = 0) -> Score:
    """A score in 4/4 from letters, an eighth each; a digit lengthens the note before it."""
    notes: list[ScoreNote] = []
    now = Fraction(0)
    for letter in text.replace(" ", ""):
        if letter.isdigit():
            notes[-1] = notes[-1]._replace(duration=EIGHTH * int(letter))
            now += EIGHTH * (int(letter) - 1)
        else:
            (note,) = perform(parse(f"X:1\nL:1/8\nK:G\n{letter}|\n").tunes[0]).notes
            notes.append(ScoreNote(now, EIGHTH, note.midi))
            now += EIGHTH
    start = Fraction(0)
    return Score(
        tuple(notes), (Part(),), ((start, Meter((4,), 4)),), ((start, Key("G")),), pickup=EIGHTH * pickup
    )  # fmt: skip


def lines(tune: Tune) -> list[str]:
    return write(tune).split("K:G\n")[1].replace(" ", "").splitlines()


def sounds(tune: Tune) -> list[tuple[Fraction, int]]:
    return [(note.onset, note.midi) for note in perform(tune).notes]


@pytest.mark.parametrize(("text", "bars", "repeats"), [(A + A + B + B, 8, 2), (A + A + B, 8, 1), (A + B, 8, 0)])
def test_sections_that_come_twice(text: str, bars: int, repeats: int) -> None:
    found = write_score(score(text))
    assert sounds(found) == [(note.onset, note.pitch) for note in score(text).notes]
    assert len(found.voices[0].bars) == bars
    assert "".join(lines(found)).count(":|") == "".join(lines(found)).count("|:") == repeats


def test_endings_that_differ() -> None:
    first, second = A.removesuffix("cBAF G4") + "cBAF D4", A
    tune = write_score(score(first + second + B))
    assert lines(tune)[0].endswith("[1cBAFD4:|[2cBAFG4||")
    assert sounds(tune) == [(note.onset, note.pitch) for note in score(first + second + B).notes]


def test_a_pickup_belongs_to_the_repeat_where_it_comes_again() -> None:
    with_pickup = "d" + A.removesuffix("4") + "3"
    tune = write_score(score(with_pickup * 2, 1))
    assert lines(tune)[0].startswith("|:d|GABcdedB|")
    assert lines(tune)[-1].endswith("G3:|")


def test_a_pickup_that_does_not_come_again_stands_before_the_repeat() -> None:
    tune = write_score(score("d" + A + A, 1))
    assert lines(tune)[0].startswith("d|:GABcdedB|")


def test_repeats_can_be_left_written_out() -> None:
    tune = write_score(score(A + A), repeats=False)
    assert len(tune.voices[0].bars) == 8


def test_a_note_held_over_the_end_of_a_section_is_no_place_for_a_repeat() -> None:
    held = score(A + A)
    last = next(place for place, note in enumerate(held.notes) if note.onset == Fraction(7, 2))
    notes = list(held.notes)
    notes[last] = notes[last]._replace(duration=Fraction(5, 8))
    tune = write_score(Score(tuple(notes), held.parts, held.meters, held.keys))
    assert not [bar for bar in tune.voices[0].bars if bar.right is not None and bar.right.ends]
    assert not parse(write(tune)).diagnostics


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.sampled_from(("GABc dedB", "g2 f2 e2 d2", "G8", "Bcde f2 g2")), min_size=1, max_size=24),
    st.integers(0, 7),
)
def test_what_is_folded_sounds_as_before(bars: list[str], pickup: int) -> None:
    """`d` is a pickup of one to seven eighths; every other bar is one of four, so that much comes again."""
    text = "d" * pickup + " ".join(bars)
    wanted = score(text, pickup)
    tune = write_score(wanted)
    assert sounds(tune) == [(note.onset, note.pitch) for note in wanted.notes]
    assert sounds(unfold(tune)) == sounds(tune)
    assert not parse(write(tune)).diagnostics
