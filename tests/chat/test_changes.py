"""Tempo and title are changed so that the tune on paper and the tune in memory are the same."""

from __future__ import annotations

import pytest

from abcllm import parse, write
from abcllm.chat.changes import set_tempo, set_title
from abcllm.notation import Tune

TUNES = {
    "all fields": "X:3\nT:One\nT:Two\nM:6/8\nL:1/8\nQ:3/8=100\nK:G\nG3 A3|]\n",
    "nothing but a key": "X:1\nK:G\nGABc|]\n",
    "a tempo in words": 'X:1\nQ:"Allegro"\nM:6/8\nK:G\nG3 A3|]\n',
    "a tempo of two beats": "X:1\nQ:1/4 1/8=80\nM:3/8\nK:G\nG3|]\n",
    "a change of tempo": "X:1\nL:1/4\nM:2/4\nQ:1/4=90\nK:G\nGA|[Q:1/4=60]Bc|]\n",
}


@pytest.fixture(params=TUNES, ids=str)
def tune(request: pytest.FixtureRequest) -> Tune:
    return parse(TUNES[request.param]).tunes[0]


def test_the_tempo_is_the_one_that_was_set(tune: Tune) -> None:
    changed = set_tempo(tune, 120)
    assert changed.tempo is not None
    assert changed.tempo.qpm == pytest.approx(120)
    assert parse(write(changed)).tunes[0] == changed
    assert changed.voices == tune.voices


def test_a_compound_metre_is_beaten_in_dotted_quarters() -> None:
    assert str(set_tempo(parse("X:1\nM:6/8\nK:G\nG3 A3|]\n").tunes[0], 150).tempo) == "3/8=100"


@pytest.mark.parametrize("title", ["Rain", "Wind & Rain", 'He said "no" 100%', "Öl\\u00e9", "雨"])
def test_the_title_is_the_one_that_was_set(tune: Tune, title: str) -> None:
    changed = set_title(tune, title)
    assert changed.title == title
    assert changed.titles[1:] == tune.titles[1:]
    assert parse(write(changed)).tunes[0] == changed
