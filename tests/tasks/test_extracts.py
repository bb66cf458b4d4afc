"""Extracts: what is hidden is hidden, and what sounds stays."""

from __future__ import annotations

import pytest
from hypothesis import given

from abcllm.notation import Key, parse, write
from abcllm.tasks.extracts import bare, changes, hide_key, hide_meter, opening, part, sounding
from tests.strategies import tune_texts
from tests.tasks.given import HEADER, REEL


def test_a_bare_tune_says_nothing_of_itself() -> None:
    tune = bare(parse("X:7\nT:Jig in D\nR:jig\nC:Me\nM:6/8\nK:D\nN:in D\nDFA d2f|]\nW:words\n").tunes[0])
    assert write(tune) == "X:1\nM:6/8\nL:1/8\nK:D\nDFA d2f|]\n"


@given(text=tune_texts())
def test_without_its_key_a_tune_sounds_the_same(text: str) -> None:
    tune = parse(text).tunes[0]
    if "K" in changes(tune):
        return
    hidden = parse(write(hide_key(tune))).tunes[0]
    assert hidden.key == Key("", "none", clef=tune.key.clef)
    assert sounding(hidden) == sounding(tune)


def test_courtesy_accidentals_do_not_tell_the_key() -> None:
    hidden = hide_key(parse("X:1\nL:1/4\nM:4/4\nK:G\nF =F F ^F|=c B c d|]\n").tunes[0])
    assert write(hidden).splitlines()[-1] == "^F =F F ^F|c B c d|]"


def test_without_its_metre_a_tune_keeps_its_bars() -> None:
    tune = parse("X:1\nM:9/8\nQ:3/8=100\nK:G\nGAB c2d (5GABcd|]\n").tunes[0]
    hidden = parse(write(hide_meter(tune))).tunes[0]
    assert hidden.meter.duration is None
    assert hidden.tempo is None
    assert sounding(hidden) == sounding(tune)


@pytest.mark.parametrize(
    ("body", "bars"), [("A|BcdA|efga|b4|]", 3), ("BcdA|efga|b4|]", 2), ("A3|:BcdA|efga:|", 3), ("B2|]", 1)]
)
def test_an_opening_has_two_bars_and_its_pickup(body: str, bars: int) -> None:
    tune = parse(f"X:1\nL:1/4\nM:4/4\nK:C\n{body}\n").tunes[0]
    assert len(opening(tune)) == bars


def test_a_part_stands_by_itself_or_is_none() -> None:
    tune = parse(REEL).tunes[0]
    first = part(tune, tune.voices[0].bars[:4])
    assert first is not None
    assert write(first) == HEADER + "|:A2FA dAFA|B2GB dBGB|A2FA dAFA|E2EF E4:|\n"
