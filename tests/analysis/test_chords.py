"""Chords: the chart of a tune, how they fit, and the text without them."""

from __future__ import annotations

import gzip
import json
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given

from abcllm.analysis.chords import chart, chord_tone_share, chords_by_bar, progression, remove_chords, root_of
from abcllm.analysis.sections import notes_of
from abcllm.notation import Tune, parse
from tests.strategies import tune_texts

HEADER = "X:1\nL:1/4\nM:4/4\nK:C\n"


def tune(music: str) -> Tune:
    return parse(HEADER + music + "\n").tunes[0]


@pytest.mark.parametrize(
    ("music", "found"),
    [
        ('"C"CEGc|"F"FAcF|]', "| C | F |"),
        ('"C"CE"G7"GB|cccc|"F"FAcF|]', "| C G7 | - | F |"),
        ('G|"C"CEGc|"F"FAc:|', "| C | F |"),
        ('"G"G|"C"CEGc|"F"FAc:|', "| G | C | F |"),
        ('"C"CEGc|FA:|:ce|"F"FAcF|]', "| C | F |"),
        ('"Fine""C"CEGc|"^quick"FAcF|]', "| C | - |"),
        ('"C"z4|"N.C."Z|"Am"[Ac]4|]', "| C | N.C. | Am |"),
    ],
)
def test_the_chart_of_a_tune(music: str, found: str) -> None:
    assert chart(tune(music)) == found


def test_a_tune_without_chords_has_none() -> None:
    assert chords_by_bar(tune("CEGc|")) == ()
    assert progression(tune('"Fine"CEGc|')) == ()


def test_the_first_voice_with_chords_is_read() -> None:
    found = parse('X:1\nL:1/4\nM:2/4\nV:1\nV:2\nK:C\n[V:1]CE|EC|]\n[V:2]"C"C2|"G7"G2|]\n').tunes[0]
    assert progression(found) == ("C", "G7")


@pytest.mark.parametrize(("symbol", "root"), [("F#m7", "F#"), ("Bb/D", "Bb"), ("em", "E"), ("N.C.", "N.C.")])
def test_roots(symbol: str, root: str) -> None:
    assert root_of(symbol) == root


@pytest.mark.parametrize(
    ("music", "share"),
    [
        ('"C"CEGc|]', 1.0),
        ('"C"C2 D2|]', 0.5),
        ('"C"C2 z2|D4|]', 1 / 3),
        ('DDDD|"C"CEGc|]', 1.0),
        ('"C"CEGc|"N.C."DDDD|]', 1.0),
        ('"C"[DG]4|]', 1.0),
        ("CEGc|]", 0.0),
    ],
)
def test_the_share_of_chord_tones(music: str, share: float) -> None:
    assert chord_tone_share(tune(music)) == pytest.approx(share)


@pytest.mark.parametrize(
    ("abc", "without"),
    [
        ('K:C\n"C"CE "Fine"G2|"^Am"c4|\n', 'K:C\nCE "Fine"G2|"^Am"c4|\n'),
        ('T:The "Am"\nK:C\nw:"Am"\n% "Am"\nC4|% "Am"\n', 'T:The "Am"\nK:C\nw:"Am"\n% "Am"\nC4|% "Am"\n'),
        ('K:C\n[P:"A"]"Am"A4|\r\n"E"E4|', 'K:C\n[P:"A"]A4|\r\nE4|'),
        ('K:C\n"Am" A4|"unclosed\nE4|', 'K:C\n A4|"unclosed\nE4|'),
    ],
)
def test_chords_are_removed_from_the_music_alone(abc: str, without: str) -> None:
    assert remove_chords(abc) == without


def bare(text: str) -> list[list[tuple[int, object]]]:
    return [list(notes_of(voice.bars)) for voice in parse(text).tunes[0].voices]


@given(tune_texts())
def test_removing_chords_keeps_the_melody_and_leaves_none(text: str) -> None:
    without = remove_chords(text)
    assert progression(parse(without).tunes[0]) == ()
    assert bare(without) == bare(text)
    assert remove_chords(without) == without


def test_removing_chords_from_real_tunes(shared_tunes: Path) -> None:
    with gzip.open(shared_tunes / "nottingham" / "tunes.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["abc"] for line in islice(lines, 100)]
    harmonised = [text for text in texts if progression(parse(text).tunes[0])]
    assert len(harmonised) > 90
    for text in harmonised:
        assert not progression(parse(remove_chords(text)).tunes[0])
        assert bare(remove_chords(text)) == bare(text)
