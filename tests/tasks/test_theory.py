"""Theory: the right option is right by another count, and answers are read however the letters are given."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from random import Random

import pytest

from abcllm.notation import parse
from abcllm.notation.harmony import parse_chord_symbol, pitch_class
from abcllm.record import Place, Record
from abcllm.tasks import get_task
from abcllm.tasks.choices import Question, read_choice
from abcllm.tasks.names import find_keys
from abcllm.tasks.theory_pitch import PITCH_KINDS
from abcllm.tasks.theory_time import TIME_KINDS, plain_bars
from tests.tasks.given import REEL, ask, scores

BARS = plain_bars(parse(REEL).tunes[0])
KINDS = {kind.__name__.removeprefix("_"): kind for kind in (*PITCH_KINDS, *TIME_KINDS)}
DRAWS = 60


def questions(name: str, language: str = "en") -> Iterator[Question]:
    for seed in range(DRAWS):
        for bars in ([], BARS):
            question = KINDS[name](Random(seed), language, bars)
            if question is not None:
                yield question


def semitones(text: str) -> list[int]:
    """MIDI numbers of ABC notes under K:C."""
    (tune,) = parse(f"X:1\nL:1/8\nK:none\n{text}\n").tunes
    return [note.pitch.midi for bar in tune.voices[0].bars for item in bar.items
            for note in getattr(item, "notes", (item,)) if hasattr(note, "pitch")]  # fmt: skip


def eighths(text: str) -> list[Fraction]:
    """Length of each bar in eighths."""
    (tune,) = parse(f"X:1\nL:1/8\nK:none\n{text}\n").tunes
    return [bar.duration * 8 for bar in tune.voices[0].bars]


SIZES = {"minor second": 1, "major second": 2, "minor third": 3, "major third": 4, "perfect fourth": 5,
         "augmented fourth": 6, "diminished fifth": 6, "perfect fifth": 7, "minor sixth": 8, "major sixth": 9,
         "minor seventh": 10, "major seventh": 11, "octave": 12}  # fmt: skip


@pytest.mark.parametrize("name", sorted(KINDS))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_options_differ_and_some_are_right(name: str, language: str) -> None:
    drawn = list(questions(name, language))
    assert len(drawn) > DRAWS / 4
    assert len({(one.rule, str(one.values), one.right) for one in drawn}) > 5
    for question in drawn:
        options = (*question.right, *question.wrong)
        assert len(set(options)) == len(options) in (4, 5)
        assert question.right


def test_intervals_are_as_wide_as_they_are_called() -> None:
    for question in questions("name_interval"):
        low, high = semitones(f"{question.values['low']} {question.values['high']}")
        assert high - low == SIZES[question.right[0]]
    for question in questions("reach_note"):
        low, high = semitones(f"{question.values['note']} {question.right[0]}")
        assert high - low == SIZES[str(question.values["interval"])]
    for question in questions("transpose_fragment"):
        before, after = semitones(str(question.values["notes"])), semitones(question.right[0])
        assert {b - a for a, b in zip(before, after, strict=True)} == {SIZES[str(question.values["interval"])]}


def test_chords_hold_the_notes_of_their_symbols() -> None:
    for question in questions("name_chord"):
        symbol = parse_chord_symbol(question.right[0])
        assert symbol is not None
        assert {midi % 12 for midi in semitones(str(question.values["chord"]))} == set(symbol.pitch_classes)
    for question in questions("spell_chord"):
        symbol = parse_chord_symbol(str(question.values["symbol"]))
        assert symbol is not None
        assert [pitch_class(note) for note in question.right[0].split()] == list(symbol.pitch_classes)


def test_scales_degrees_and_members_are_those_of_the_key() -> None:
    for question in questions("spell_scale"):
        (key,) = find_keys(str(question.values["key"]))
        notes = question.right[0].split()
        assert notes[0] == key.tonic
        assert {note[0]: note.count("#") - note.count("b") for note in notes if len(note) > 1} == key.signature
    for question in questions("find_degree"):
        (key,) = find_keys(str(question.values["key"]))
        degree = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh").index(
            str(question.values["degree"])
        )
        steps = "CDEFGAB"
        assert question.right[0][0] == steps[(steps.index(key.tonic[0]) + degree) % 7]
    for question in questions("pick_scale_notes"):
        (key,) = find_keys(str(question.values["key"]))
        scale = {(key.tonic_pitch_class or 0) + at for at in ((0, 2, 4, 5, 7, 9, 11) if key.mode == "major" else
                                                            (0, 2, 3, 5, 7, 8, 10))}  # fmt: skip
        classes = {one % 12 for one in scale}
        assert all(pitch_class(note) in classes for note in question.right)
        assert not any(pitch_class(note) in classes for note in question.wrong)


def test_signatures_and_relatives() -> None:
    for question in questions("count_signs"):
        (key,) = find_keys(str(question.values["key"]))
        count = int(question.right[0][0]) if question.right[0][0].isdigit() else 0
        assert count == len(key.signature)
    for question in questions("find_relative"):
        (key,), (other,) = find_keys(str(question.values["key"])), find_keys(question.right[0])
        assert key.signature == other.signature
        assert key.mode != other.mode


def test_bars_are_full_with_the_right_option_alone() -> None:
    for question in questions("find_time_signature"):
        (length,) = set(eighths(str(question.values["music"])))
        right, wrong = Fraction(question.right[0]) * 8, [Fraction(one) * 8 for one in question.wrong]
        assert length == right
        assert length not in wrong
    for question in questions("place_bar_lines"):
        full = Fraction(str(question.values["meter"])) * 8
        assert set(eighths(question.right[0])) == {full}
        assert all(set(eighths(one)) != {full} for one in question.wrong)
    for question in questions("fill_bar"):
        full = Fraction(str(question.values["meter"])) * 8
        assert eighths(f"{question.values['music']} {question.right[0]}") == [full]
        assert all(eighths(f"{question.values['music']} {one}") != [full] for one in question.wrong)
    for question in questions("count_bars_of"):
        (total,) = eighths(str(question.values["music"]))
        assert total == int(question.right[0]) * Fraction(str(question.values["meter"])) * 8


def test_lengths_and_kinds_of_metres() -> None:
    names = ("whole", "half", "quarter", "eighth", "sixteenth", "thirty-second")
    values = {f"{name} note": Fraction(1, 2**at) for at, name in enumerate(names)}
    values |= {f"dotted {name}": value * 3 / 2 for name, value in values.items()}
    for question in questions("name_length"):
        tune = parse(f"X:1\nL:{question.values['unit']}\nK:C\n{question.values['note']}\n").tunes[0]
        assert tune.voices[0].bars[0].duration == values[question.right[0]]
    kinds = {(str(one.values["meter"]), one.right[0]) for one in questions("name_meter_kind")}
    assert {("6/8", "compound duple"), ("3/4", "simple triple"), ("12/8", "compound quadruple")} <= kinds
    for question in questions("pick_compound_meters"):
        assert {*question.right} <= {"6/8", "9/8", "12/8", "6/4"}
        assert not {*question.wrong} & {"6/8", "9/8", "12/8", "6/4"}


@pytest.mark.parametrize(
    ("reply", "letters"),
    [("B", "B"), ("B.", "B"), ("(B)", "B"), ("B. a third", "B"), ("B\nbecause it is", "B"), ("The answer is B.", "B"),
     ("Answer: B", "B"), ("答案是B。", "B"), ("选B", "B"), ("A, C", "AC"), ("The answers are A, C and D.", "ACD"),
     ("答案：A，C", "AC"), ("D E F#", "D"), ("major third", "B"), ("First I thought of A, but the answer is C", "C"),
     ("", ""), ("A good question!", ""), ("I do not know", ""), ("E", "")],
)  # fmt: skip
def test_answers_are_read_however_they_are_given(reply: str, letters: str) -> None:
    options = {"A": "minor third", "B": "Major third", "C": "fourth", "D": "D E F#"}
    assert read_choice(reply, options) == frozenset(letters)


def test_several_right_options_are_all_wanted() -> None:
    talks = (ask("theory", id=str(one)) for one in range(300))
    talk = next(one for one in talks if one.messages[1].text.count(",") == 1)
    assert "all" in talk.messages[0].text or "every" in talk.messages[0].text
    assert scores("theory", talk, talk.messages[1].text) == {"answer": 1, "options": 1}
    half = talk.messages[1].text.rstrip(".").split(",")[0][-1]
    assert scores("theory", talk, half) == {"answer": 0, "options": 0.5}


def test_a_record_needs_no_tune() -> None:
    bare = Record("1", "own", "CC0-1.0", Place("own", 1), text="words")
    talk = get_task("theory").build(bare, 0, "zh")
    assert talk is not None
    assert set(scores("theory", talk, talk.messages[1].text).values()) == {1}
