"""Transposing: there and back is the same tune, and everything that names a pitch moves."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from abcllm.errors import UsageError
from abcllm.notation import Key, Tune, parse, transpose, write
from abcllm.notation.theory import STEPS
from abcllm.notation.tune import Chord, Grace, Note

from ..strategies import tunes
from .reading import notes, tune_of


def in_key(key: str, body: str = "C4|]") -> Tune:
    return parse(f"X:1\nM:4/4\nL:1/4\nK:{key}\n{body}\n").tunes[0]


def all_notes(tune: Tune) -> list[Note]:
    """Every note of every voice, those of chords, graces and overlays included."""
    found: list[Note] = []
    waiting: list[object] = []
    for voice in tune.voices:
        for bar in voice.bars:
            waiting += [*bar.items, *(item for overlay in bar.overlays for item in overlay)]
    for item in waiting:
        if isinstance(item, Note):
            found.append(item)
        elif isinstance(item, Chord | Grace):
            for note in item.notes:
                found += note.notes if isinstance(note, Chord) else [note]
    return found


def moved_alike(before: Tune, after: Tune) -> bool:
    """Whether all notes went the same way on the staff, none respelled."""
    pairs = zip(all_notes(before), all_notes(after), strict=True)
    places = [[7 * note.pitch.octave + STEPS.index(note.pitch.step) for note in pair] for pair in pairs]
    return len({new - old for old, new in places}) <= 1


@pytest.mark.parametrize(
    ("key", "semitones", "new"),
    [
        ("C", 1, "Db"), ("C", 2, "D"), ("C", 6, "F#"), ("C", -6, "F#"), ("C", 11, "B"), ("D", 3, "F"), ("G", -1, "F#"),
        ("Am", 6, "Ebm"), ("Am", 1, "Bbm"), ("Em", 2, "F#m"), ("Ador", 2, "Bdor"), ("Amix", 1, "Bbmix"),
        ("Ephr", 1, "Fphr"), ("Flyd", 6, "Blyd"), ("Bloc", 1, "Cloc"), ("F#", 1, "G"), ("Gb", 1, "G"), ("C#", 2, "Eb"),
        ("none", 2, "none ^f ^c"), ("Hp", 2, "Hp ^g ^d"), ("none", 1, "none _b _e _a _d _g"),
        ("D exp _b _e ^f", 2, "E exp =c =f ^g"),
        ("C", 12, "C"), ("C", -24, "C"), ("E bass", 5, "A clef=bass"), ("Ephr ^G", 5, "Aphr ^C"),
    ],
)  # fmt: skip
def test_the_new_key_has_the_fewest_accidentals(key: str, semitones: int, new: str) -> None:
    moved = transpose(in_key(key), semitones)
    assert str(moved.key) == new
    assert notes(moved)[0].pitch.midi == notes(in_key(key))[0].pitch.midi + semitones


@pytest.mark.parametrize(
    ("key", "wanted", "octave", "new", "first"),
    [
        ("C", "G", 0, "G", "G3"), ("C", "F", 0, "F", "F4"), ("C", "F#", 0, "F#", "F#4"), ("C", "Gb", 0, "Gb", "Gb4"),
        ("C", "C#", 0, "C#", "C#4"), ("C", "G", 1, "G", "G4"), ("C", "C", -1, "C", "C3"), ("Am", "Dm", 0, "Dm", "F4"),
        ("Ador", "D", 0, "Ddor", "F4"), ("G", "Bb major", 0, "Bb", "Eb4"),
    ],
)  # fmt: skip
def test_to_a_named_key(key: str, wanted: str, octave: int, new: str, first: str) -> None:
    moved = transpose(in_key(key), key=wanted, octave=octave)
    assert (str(moved.key), notes(moved)[0].pitch.name) == (new, first)


def test_to_a_key_object() -> None:
    assert str(transpose(in_key("Am"), key=Key("D", "minor")).key) == "Dm"


@pytest.mark.parametrize(
    ("key", "options", "message"),
    [
        ("C", {}, "not both"),
        ("C", {"semitones": 2, "key": "D"}, "not both"),
        ("C", {"key": "Dm"}, "keeps its mode"),
        ("C", {"key": Key("D", "minor")}, "keeps its mode"),
        ("C", {"key": "H"}, "is no key"),
        ("C", {"key": "none"}, "has no tonic"),
        ("none", {"key": "D"}, "transpose it by semitones"),
        ("C", {"semitones": 1000}, "at most 96"),
    ],
)
def test_what_cannot_be_asked(key: str, options: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        transpose(in_key(key), **options)  # type: ignore[arg-type]


def test_everything_that_names_a_pitch_moves() -> None:
    tune = tune_of('"Am7/G"C {^d}[EG]2 "Fine""^above"F|[K:G]"D7"!trill!F- F2 z & B,4|]\n')
    text = write(transpose(tune, 2)).splitlines()
    assert text[-2:] == ["K:D", '"Bm7/A"D {^e}[FA]2 "Fine""^above"G|[K:A] "E7"TG- G2 z&C4|]']


def test_courtesy_accidentals_stay() -> None:
    tune = transpose(in_key("G", "^F F =F ^F|=F ^c =c F|]"), 3)
    assert [note.accidental for note in notes(tune)] == [0, None, -1, 0, -1, 0, -1, None]


def test_no_semitones_change_nothing() -> None:
    tune = in_key("C#", "^^F G A B|]")
    assert transpose(tune, 0) is tune


def test_an_octave_keeps_the_spelling() -> None:
    tune = in_key("C#", "^^F G A B|]")
    assert str(transpose(tune, 12).key) == "C#"
    assert transpose(transpose(tune, 12), -12) == tune


def test_double_sharps_take_the_enharmonic_key() -> None:
    tune = in_key("E", "^^E2 z2|]")
    moved = transpose(tune, 2)
    assert str(moved.key) == "Gb"
    assert transpose(moved, -2) == tune


def test_notes_too_far_apart_are_respelled_one_by_one() -> None:
    tune = in_key("C", "^^B __F B2|]")
    moved = transpose(tune, 1)
    assert [note.pitch.midi for note in notes(moved)] == [note.pitch.midi + 1 for note in notes(tune)]
    assert parse(write(moved)).tunes == (moved,)


def test_all_keys_of_a_tune_move_alike() -> None:
    moved = transpose(in_key("G", "C4|[K:Em]C4|[K:D]C4|[K:G]C4|]"), -2)
    assert [str(item.value) for bar in moved.voices[0].bars for item in bar.items if hasattr(item, "value")] == [
        "Dm",
        "C",
        "F",
    ]


@given(tunes(), st.integers(-24, 24))
def test_there_and_back_is_the_same_tune(tune: Tune, semitones: int) -> None:
    moved = transpose(tune, semitones)
    assert parse(write(moved)).tunes == (moved,)
    assert [n.pitch.midi for n in all_notes(moved)] == [n.pitch.midi + semitones for n in all_notes(tune)]
    assume(moved_alike(tune, moved))
    back = transpose(moved, -semitones)
    assert [n.pitch.midi for n in all_notes(back)] == [n.pitch.midi for n in all_notes(tune)]
    idle = tune.key.explicit or tune.key.mode == "none"  # there a natural says nothing, and is not kept
    if abs(sum(tune.key.signature.values())) <= 5 and not (idle and 0 in dict(tune.key.accidentals).values()):
        assert back == tune


def test_real_tunes_come_back_the_same(shared_tunes: Path) -> None:
    checked = 0
    for path in sorted(shared_tunes.glob("*/tunes.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row, line in enumerate(lines):
                if row % 60 == 11:
                    record = json.loads(line)
                    (tune,) = parse(record["abc"]).tunes
                    semitones = checked % 25 - 12
                    assert transpose(transpose(tune, semitones), -semitones) == tune, record["id"]
                    checked += 1
    assert checked > 100
