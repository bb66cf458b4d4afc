"""Event JSON: exact times beside plain numbers, one event for each note that is heard."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

from abcllm.formats import encode
from abcllm.formats.json import VERSION, write_json
from abcllm.formats.performance import perform
from abcllm.notation import Tune, parse
from tests.strategies import tunes

TUNE = parse(
    "X:7\nT:One\nT:Two\nC:Me\nR:jig\nO:Here\nM:3/4\nL:1/4\nQ:1/4=60\nK:Gm\n|:(3B/c/d/ e {f}g:|\nw:sol *\nW:below\n"
).tunes[0]


def read(*tunes: Tune, **options: Any) -> list[dict[str, Any]]:
    content = json.loads(write_json(tunes, **options))
    assert (content["format"], content["version"]) == ("abcllm events", VERSION)
    found: list[dict[str, Any]] = content["tunes"]
    return found


def test_what_a_tune_says_of_itself() -> None:
    (tune,) = read(TUNE)
    assert {name: tune[name] for name in ("number", "titles", "composers", "rhythm", "origin", "words")} == {
        "number": 7, "titles": ["One", "Two"], "composers": ["Me"], "rhythm": "jig", "origin": ["Here"],
        "words": ["below"],
    }  # fmt: skip
    assert (tune["key"], tune["meter"], tune["unit_length"]) == ("Gm", "3/4", "1/4")
    assert (tune["duration"], tune["duration_s"]) == ("3/2", 6.0)
    assert tune["tempos"] == [{"onset": "0", "onset_quarters": 0.0, "onset_s": 0.0, "qpm": 60.0}]


def test_an_event() -> None:
    (tune,) = read(TUNE)
    assert tune["notes"][0] == {
        "voice": 0, "layer": 0, "bar": 1, "onset": "0", "onset_quarters": 0.0, "onset_s": 0.0, "duration": "1/12",
        "duration_quarters": 0.333333, "duration_s": 0.333333, "midi": 70, "velocity": 90, "pitch": "Bb4",
        "grace": False,
        "lyric": {"text": "sol", "hyphen": False, "hold": False},
    }  # fmt: skip
    assert [note["grace"] for note in tune["notes"][:6]] == [False, False, False, False, True, False]


def test_tempo_and_several_tunes() -> None:
    assert [tune["duration_s"] for tune in read(TUNE, TUNE, tempo_qpm=120)] == [3.0, 3.0]
    assert encode([TUNE, TUNE], "json")[0] == write_json([TUNE, TUNE])
    assert write_json(TUNE) == write_json([TUNE])


@pytest.mark.parametrize("title", ["\u2028 Übung", '"quoted"', "back\\slash"])
def test_text_is_kept(title: str) -> None:
    tune = parse(f"X:1\nT:{title}\nK:C\nC|]\n").tunes[0]
    assert read(tune)[0]["titles"] == [tune.title]


@settings(max_examples=40)
@given(tunes())
def test_events_are_the_performance(tune: Tune) -> None:
    (events,) = read(tune)
    played = perform(tune)
    found = [
        (Fraction(e["onset"]), Fraction(e["duration"]), e["midi"], e["voice"], e["grace"]) for e in events["notes"]
    ]
    assert found == [(n.onset, n.duration, n.midi, n.voice, n.grace) for n in played.notes]
    for event in events["notes"]:
        assert event["onset_quarters"] == pytest.approx(float(4 * Fraction(event["onset"])), abs=1e-6)
