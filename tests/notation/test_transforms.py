"""Unfolding, unit lengths, single voices, several voices."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm.errors import FormatError, UnknownName, UsageError
from abcllm.notation import Tune, change_unit_length, check, extract_voice, merge_voices, parse, unfold, write
from abcllm.notation.tune import Ending

from ..strategies import tunes
from .reading import HEADER, items, notes, tune_of


def unfolded(body: str) -> str:
    return write(unfold(tune_of(body))).removeprefix(HEADER)


def sequence(tune: Tune, voice: int = 0) -> list[tuple[int, Fraction]]:
    return [(note.pitch.midi, note.duration) for note in notes(tune, voice)]


@pytest.mark.parametrize(
    ("body", "plain"),
    [
        ("C4|D4|]", "C4|D4|]"),
        ("|:C4|D4:|E4|]", "C4|D4||C4|D4||E4|]"),
        ("C4|D4:|E4|]", "C4|D4||C4|D4||E4|]"),
        ("|:C4::D4:|", "C4||C4||D4||\nD4|]"),
        ("|::C4::|", "C4||\nC4||\nC4|]"),
        ("|:C4|1 D4:|2 E4|]", "C4|D4||C4|E4|]"),
        ("|:C4|[1,3 D4:|[2 E4:|[4 F4|]", "C4|D4||C4|E4||C4|D4||C4|F4|]"),
        ("|:C4|[1-3 D4:|[4 F4|]", "C4|D4||C4|D4||C4|D4||C4|F4|]"),
        ("|:G|C3 G|1 D3:|2 D4|]", "G|C3 G|D3||G|C3 G|D4|]"),
        ("|:C D [1 E F:|[2 G A|]", "C D E F||C D G A|]"),
        ("C4:|D4:|", "C4||C4||D4||\nD4|]"),
        ("|:C4|1 D4|E4:|2 F4|G4|]A4|]", "C4|D4|E4||C4|F4|G4|] A4|]"),
        ("C4 & E4:|D4|]", "C4&E4||C4&E4||D4|]"),
    ],
)
def test_repeats_and_endings_are_written_out(body: str, plain: str) -> None:
    assert unfolded(body + "\n") == plain + "\n"
    assert unfolded(plain + "\n") == plain + "\n"


@pytest.mark.parametrize(
    ("order", "heard"),
    [("AAB", "C C D"), ("A2(BA)2", "C C D C D C"), ("BA", "D C"), ("(AB)2", "C D C D")],
)
def test_parts_are_written_out(order: str, heard: str) -> None:
    tune = unfold(tune_of(f"X:1\nM:1/4\nL:1/4\nP:{order}\nK:C\nP:A\nC|\nP:B\nD|]\n"))
    assert " ".join(note.pitch.step for note in notes(tune)) == heard
    assert not any(field.name == "P" and len(field.text) > 1 for field in tune.fields)


def test_key_and_metre_are_restated_where_a_repeat_goes_back() -> None:
    tune = unfold(tune_of("F4|[K:G][M:2/4][Q:1/4=60]F2:|\n"))
    assert [note.pitch.name for note in notes(tune)] == ["F4", "F#4", "F4", "F#4"]
    assert check(write(tune)) == ()
    assert "[K:C]" in write(tune)
    assert "[M:4/4]" in write(tune)


def test_each_time_has_its_verse() -> None:
    tune = unfold(tune_of("|:C D E F:|\nw:a b c d\nw:e f g h\n"))
    assert [note.marks.lyrics[0].text for note in notes(tune) if note.marks.lyrics[0]] == list("abcdefgh")


def test_accidentals_hold_what_was_heard() -> None:
    tune = unfold(tune_of("|:^F [1 ^F F2:|[2 F F2|]\n"))
    assert [note.pitch.name for note in notes(tune)] == ["F#4", "F#4", "F#4", "F#4", "F4", "F4"]


def test_voices_are_unfolded_together() -> None:
    tune = unfold(tune_of("V:1\n|:C4|1 D4:|2 E4|]\nV:2\n|:C,4|1 D,4:|2 E,4|]\n"))
    assert [note.pitch.name for note in notes(tune, 1)] == ["C3", "D3", "C3", "E3"]
    assert check(write(tune)) == ()


def test_too_much_to_be_unfolded() -> None:
    body = "|:" + "C D E F|" * 500 + ":|"
    with pytest.raises(FormatError, match="too long"):
        unfold(tune_of(f"X:1\nM:4/4\nL:1/4\nP:A9999\nK:C\nP:A\n{body}\n"))


@given(tunes())
def test_nothing_is_left_to_unfold(tune: Tune) -> None:
    plain = unfold(tune)
    assert parse(write(plain)).tunes == (plain,)
    assert unfold(plain) == plain
    assert not any(isinstance(item, Ending) for voice in range(len(plain.voices)) for item in items(plain, voice))
    for voice in plain.voices:
        assert not any(line.ends or line.starts for bar in voice.bars for line in (bar.left, bar.right) if line)


@given(tunes(), st.sampled_from([Fraction(1, n) for n in (1, 2, 4, 8, 16, 32)]))
def test_another_unit_length_changes_nothing_that_is_heard(tune: Tune, unit: Fraction) -> None:
    changed = change_unit_length(tune, unit)
    assert changed.unit_length == unit
    assert parse(write(changed)).tunes == (changed,)
    assert change_unit_length(changed, tune.unit_length) == tune
    assert changed.voices == tune.voices


def test_changes_of_the_unit_length_are_taken_out() -> None:
    tune = change_unit_length(tune_of("C4|[L:1/8]C8|\nL:1/16\nC16|]\n"), Fraction(1, 8))
    assert write(tune).endswith("L:1/8\nK:C\nC8|C8|\nC8|]\n")


@pytest.mark.parametrize("unit", [Fraction(0), Fraction(-1, 8), Fraction(1, 1000), Fraction(17)])
def test_units_that_cannot_be_written(unit: Fraction) -> None:
    with pytest.raises(UsageError, match="unit note length"):
        change_unit_length(tune_of("C4|]\n"), unit)


DUET = (
    "X:1\nM:2/4\nL:1/4\n%%score 1 2\nV:1 name=\"Flute\"\nV:2 clef=bass\nK:D\n"
    "V:1\n[P:A][Q:1/4=90]F2|[P:B]G2|]\nV:2\nD,2|[K:G]F,2|]\n"
)  # fmt: skip


def test_one_voice_of_several() -> None:
    bass = extract_voice(parse(DUET).tunes[0], "2")
    assert [(voice.id, voice.clef.name) for voice in bass.voices] == [("2", "bass")]
    assert [note.pitch.name for note in notes(bass)] == ["D3", "F#3"]
    assert "score" not in write(bass)
    assert "[P:A]" in write(bass)
    assert "[Q:1/4=90]" in write(bass)
    assert "[P:B]" in write(bass).split("|")[1]
    flute = extract_voice(parse(DUET).tunes[0], "1")
    assert flute.voices[0].name == "Flute"
    assert check(write(flute)) == check(write(bass)) == ()


def test_a_voice_that_is_not_there() -> None:
    with pytest.raises(UnknownName, match="no voice is called '3'"):
        extract_voice(parse(DUET).tunes[0], "3")


def test_voices_of_several_tunes_together() -> None:
    other = parse("X:2\nM:3/4\nL:1/8\nK:Eb\nE6|z6|]\n").tunes[0]
    merged = merge_voices(tune_of("C4|D4|]\n"), other, parse(DUET).tunes[0].voices[1])
    assert [voice.id for voice in merged.voices] == ["1", "2", "3"]
    assert [note.pitch.name for note in notes(merged, 1)] == ["Eb4"]
    assert "[K:Eb][M:3/4]" in write(merged)
    assert merged.voices[2].clef.name == "bass"


def test_a_score_names_the_voices_that_are_added() -> None:
    duet = parse(DUET).tunes[0]
    assert "%%score 1 2 3 4\n" in write(merge_voices(duet, duet))
    assert check(write(merge_voices(duet, duet))) == ()


@given(tunes())
def test_what_was_merged_can_be_taken_out_again(tune: Tune) -> None:
    merged = merge_voices(tune, tune)
    assert parse(write(merged)).tunes == (merged,)
    many = len(tune.voices)
    assert len(merged.voices) == 2 * many
    for place, voice in enumerate(merged.voices):
        alone = extract_voice(merged, voice.id)
        assert parse(write(alone)).tunes == (alone,)
        assert sequence(alone) == sequence(tune, place % many)
