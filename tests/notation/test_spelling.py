"""Accidentals that make notes sound as they are meant to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm.notation import Key, Note, Tune, parse, write
from abcllm.notation.spelling import respell, respell_tune

from ..strategies import tunes
from .reading import heard, notes, tune_of


@given(tunes())
def test_a_tune_that_is_spelled_stays_as_it_is(tune: Tune) -> None:
    assert respell_tune(tune) == tune


@given(tunes(), st.sampled_from(["C", "Gb", "F#", "none", "Ddor", "C exp ^f _b"]))
def test_the_same_notes_under_another_signature(tune: Tune, name: str) -> None:
    key = parse(f"X:1\nK:{name}\nC|]\n").tunes[0].key
    fields = tuple(replace(item, text=str(key), value=key) if item.name == "K" else item for item in tune.fields)
    moved = respell_tune(replace(tune, key=key, fields=fields))
    assert parse(write(moved)).tunes == (moved,)
    for voice in range(len(tune.voices)):
        assert [note.pitch for note in notes(moved, voice)] == [note.pitch for note in notes(tune, voice)]


@pytest.mark.parametrize(
    ("reach", "printed"),
    [("pitch", [1, None, 0, None]), ("octave", [1, 1, 0, None]), ("not", [1, 1, None, None])],
)
def test_accidentals_are_printed_as_far_as_they_reach(reach: str, printed: list[int | None]) -> None:
    (voice,) = tune_of("^F ^f F F|]\n".replace("F F|", "=F =F|")).voices
    (bar,) = voice.bars
    bare = tuple(replace(item, accidental=None) for item in bar.items if isinstance(item, Note))
    spelled = respell(replace(voice, bars=(replace(bar, items=bare),)), Key(), reach)
    assert [item.accidental for item in spelled.bars[0].items if isinstance(item, Note)] == printed


def test_a_tied_note_needs_no_accidental_and_the_next_one_does() -> None:
    assert heard("^F4-|F ^F F2|]\n") == "F#4/4 F#4 F#4 F#4/2"
    (voice,) = tune_of("^F4-|F ^F F2|]\n").voices
    assert respell(voice, Key()) == voice
