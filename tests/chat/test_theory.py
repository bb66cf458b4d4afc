"""Questions about music itself are answered as a textbook answers them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm.chat import Session
from abcllm.chat.theory import answer_theory
from abcllm.errors import UsageError
from abcllm.notation.harmony import parse_chord_symbol, pitch_class
from abcllm.request import Ask, read_request

from .conftest import say

NOTES = st.sampled_from([step + sign for step in "CDEFGAB" for sign in ("", "#", "b")])
SUFFIXES = st.sampled_from(["", "m", "7", "maj7", "m7", "dim", "dim7", "aug", "sus4", "6", "9", "m7b5", "7#9", "13"])


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("what is the interval from D to F sharp?", "D to F#: a major third, 4 semitones."),
        ("interval between B and C", "B to C: a minor second, 1 semitone."),
        ("what interval is C to F#", "C to F#: an augmented fourth, 6 semitones."),
        ("which interval is F# to C?", "F# to C: a diminished fifth, 6 semitones."),
        ("what interval is C to A#", "C to A#: an augmented sixth, 10 semitones."),
        ("what notes are in Dm7?", "Dm7: D F A C."),
        ("which notes are in the C major chord", "C major: C E G."),
        ("spell F#dim7", "F#dim7: F# A C Eb."),
        ("notes in Caug", "Caug: C E G#."),
        ("what are the notes of E dorian?", "E dorian: E F# G A B C# D."),
        ("what is the scale of F", "F major: F G A Bb C D E."),
        ("what is the relative minor of E flat", "The relative minor of Eb major is C minor."),
        ("what is the relative major of F# minor?", "The relative major of F# minor is A major."),
        ("how many sharps has E major?", "E major has 4 sharps: F# C# G# D#."),
        ("what is the key signature of D minor", "D minor has 1 flat: Bb."),
        ("how many flats are in C major", "C major has no sharps or flats."),
    ],
)
def test_what_is_asked_is_answered_without_a_tune(session: Session, question: str, answer: str) -> None:
    assert say(session, question) == f"{answer}\n"
    assert session.failures == []


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("从D到升F是什么音程", Ask("interval", "D F#")),
        ("D和A的音程", Ask("interval", "D A")),
        ("Dm7有哪些音", Ask("chord", "Dm7")),
        ("C和弦由哪些音组成", Ask("chord", "C")),
        ("D大调有哪些音", Ask("scale", "D major")),
        ("G大调的关系小调是什么", Ask("relative", "G major")),
        ("降B大调有几个降号", Ask("signs", "Bb major")),
    ],
)
def test_it_may_be_asked_in_chinese(question: str, asked: Ask) -> None:
    assert read_request(question) == asked


@pytest.mark.parametrize("text", ["what notes are in it", "spell it", "interval from D", "what notes are in xyz"])
def test_what_is_no_question_of_theory_is_none(text: str) -> None:
    asked = read_request(text)
    assert not (isinstance(asked, Ask) and asked.about)


def test_an_interval_without_a_name_is_said() -> None:
    with pytest.raises(UsageError, match="from Cb to F# there is no interval that has a name"):
        answer_theory("interval", "Cb F#")


@given(NOTES, NOTES)
def test_intervals_sound_as_many_semitones_as_are_said(low: str, high: str) -> None:
    try:
        said = answer_theory("interval", f"{low} {high}")
    except UsageError:
        return
    assert int(said.split(", ")[1].split()[0]) % 12 == (pitch_class(high) - pitch_class(low)) % 12


@given(NOTES, SUFFIXES)
def test_chords_are_spelled_as_they_sound(root: str, suffix: str) -> None:
    chord = parse_chord_symbol(root + suffix)
    assert chord is not None
    names = answer_theory("chord", root + suffix).partition(": ")[2].rstrip(".").split()
    assert [pitch_class(name) for name in names] == [*chord.pitch_classes]
    assert len({name[0] for name in names}) == len(names) or "#9" in suffix
