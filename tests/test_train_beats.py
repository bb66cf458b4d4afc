"""tools/train_beats without training: scores with their beats, and performances made of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

TOOL = Path(__file__).resolve().parents[1] / "tools" / "train_beats"
BOOK = """X:1
T:A waltz
M:3/4
L:1/4
Q:1/4=150
K:G
D|"G"GBd|"D"d2c|"G"BAG|"D"A2F|"G"GBd|"C"e2c|"D"dcA|"G"G2|]

X:2
T:A jig
M:6/8
L:1/8
K:D
|:dAF DFA|dcd edB|ABA FED|EFE E2A|dAF DFA|dcd edB|ABA FED|DED D3:|

X:3
T:A march
M:4/4
L:1/4
K:C
C2EG|c2GE|FAGF|E2D2|C2EG|c2GE|FDGB,|C4|]
"""
MUSESCORE = """<?xml version="1.0" encoding="UTF-8"?>
<museScore version="3.01"><Score><Staff id="1">
<Measure len="1/4"><voice><TimeSig><sigN>2</sigN><sigD>4</sigD></TimeSig><Tempo><tempo>1.5</tempo></Tempo>
<Chord><durationType>eighth</durationType><Note><pitch>60</pitch></Note></Chord>
<Chord><acciaccatura/><durationType>eighth</durationType><Note><pitch>63</pitch></Note></Chord>
<Chord><durationType>eighth</durationType><Note><Spanner type="Tie"><next/></Spanner><pitch>62</pitch></Note></Chord>
</voice></Measure>
<Measure><voice>
<Chord><dots>1</dots><durationType>eighth</durationType>
<Note><Spanner type="Tie"><prev/></Spanner><pitch>62</pitch></Note></Chord>
<Rest><durationType>16th</durationType></Rest>
<Tuplet><normalNotes>2</normalNotes><actualNotes>3</actualNotes></Tuplet>
<Chord><durationType>eighth</durationType><Note><pitch>64</pitch></Note></Chord>
<Chord><durationType>eighth</durationType><Note><pitch>65</pitch></Note></Chord>
<Chord><durationType>eighth</durationType><Note><pitch>67</pitch></Note></Chord>
<endTuplet/></voice></Measure></Staff></Score></museScore>
"""

HUMDRUM = """!!!COM: Paderewski, Ignacy Jan
!!!AIN: 1 piano
**kern	**dynam	**kern
*M3/4	*	*M3/4
*MM90	*	*MM90
4C	p	8ccL
.	.	[8ddJ
=1	=1	=1
*	*	*^
2.CC 2.C	.	4dd]	2.g
.	.	qee-/	.
.	.	6f#	.
.	.	12r	.
.	.	4b	.
*	*	*v	*v
=2	=2	=2
4r	.	4cc
==	==	==
*-	*-	*-
"""


@pytest.fixture(autouse=True)
def _tool(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(TOOL))
    yield
    for name in ("humdrum", "scores", "performing"):
        sys.modules.pop(name, None)


@pytest.fixture
def scores() -> ModuleType:
    return __import__("scores")


@pytest.fixture
def performing() -> ModuleType:
    return __import__("performing")


def test_beats_of_a_book(scores: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "tunes.abc"
    path.write_text(BOOK, "utf-8")
    waltz, jig, _ = scores.read_abc(path)
    assert waltz.beats[:5].tolist() == [[0, 0], [1, 1], [2, 0], [3, 0], [4, 1]], "the pickup is the last beat of a bar"
    assert waltz.qpm == 150
    assert jig.beats[:3].tolist() == [[0, 1], [1.5, 0], [3, 1]]
    assert len(jig.beats) == 32, "repeats are played"


def test_a_musescore_file(scores: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "song.mscx"
    path.write_text(MUSESCORE, "utf-8")
    song = scores.read_musescore(path)
    assert song.qpm == 90
    assert song.beats.tolist() == [[0, 0], [1, 1], [2, 0]]
    rows = [[round(float(value), 3) for value in row[:3]] for row in song.notes]
    assert rows[0] == [0, 0.5, 60]
    assert [0.5, 1.25, 62] in rows, "tied over the bar"
    assert rows[-3:] == [[2, 0.333, 64], [2.333, 0.333, 65], [2.667, 0.333, 67]]
    assert song.notes[song.notes[:, 2] == 63][0, 4] == 1, "a grace note"


def test_a_humdrum_file(tmp_path: Path) -> None:
    humdrum = __import__("humdrum")
    path = tmp_path / "piano.krn"
    path.write_text(HUMDRUM, "utf-8")
    assert humdrum.is_for_piano(path)
    piano = humdrum.read_humdrum(path)
    assert piano.qpm == 90
    assert piano.beats.tolist() == [[0, 0], [1, 1], [2, 0], [3, 0], [4, 1]], "the pickup is the last beat of a bar"
    rows = [[round(float(value), 3) for value in row] for row in piano.notes]
    assert rows[:3] == [[0, 0.5, 72, 0, 0], [0, 1, 48, 1, 0], [0.5, 1.5, 74, 0, 0]], "tied over the bar"
    assert rows[3:6] == [[1, 3, 36, 1, 0], [1, 3, 48, 1, 0], [1, 3, 67, 0, 0]]
    assert rows[6:] == [[2, 0.125, 75, 0, 1], [2, 0.667, 66, 0, 0], [3, 1, 71, 0, 0], [4, 1, 72, 0, 0]]


@pytest.mark.parametrize(
    ("word", "other"), [("Paderewski, Ignacy Jan", "Chopin, Fryderyk"), ("1 piano", "2 violn"), ("**kern", "**text")]
)
def test_what_is_not_read_of_humdrum(word: str, other: str, tmp_path: Path) -> None:
    path = tmp_path / "other.krn"
    path.write_text(HUMDRUM.replace(word, other), "utf-8")
    assert not __import__("humdrum").is_for_piano(path)


def test_a_damaged_humdrum_file(tmp_path: Path) -> None:
    path = tmp_path / "piano.krn"
    path.write_text(HUMDRUM.replace("2.CC 2.C\t.\t", ""), "utf-8")
    with pytest.raises(ValueError, match=r"piano\.krn: a line of 2 columns where there are 4"):
        __import__("humdrum").read_humdrum(path)


def test_performances_are_in_order_with_beats_that_advance(
    scores: ModuleType, performing: ModuleType, tmp_path: Path
) -> None:
    path = tmp_path / "tunes.abc"
    path.write_text(BOOK, "utf-8")
    book = list(scores.read_abc(path))
    chance = np.random.default_rng(1)
    for score in [*book, performing.layer([book[1], book[1]], chance), performing.coarsen(book[2])]:
        played = performing.perform_score(score, chance)
        assert len(played.notes) > 12
        assert (np.diff(played.notes[:, 0]) >= 0).all()
        assert (np.diff(played.beats[:, 0]) > 0).all()
        assert (played.notes[:, 1] > 0).all()
        assert len(played.beats) == len(score.beats)


def test_coarser_beats_are_beats_of_the_score(scores: ModuleType, performing: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "tunes.abc"
    path.write_text(BOOK, "utf-8")
    waltz, jig, march = scores.read_abc(path)
    assert performing.coarsen(waltz) is waltz
    assert performing.coarsen(jig) is jig
    coarse = performing.coarsen(march)
    assert coarse.beats[:4].tolist() == [[0, 1], [2, 0], [4, 1], [6, 0]]


def test_broken_chords_fill_the_time_of_the_chord(scores: ModuleType, performing: ModuleType) -> None:
    notes = np.array([[0, 1, 60, 0, 0], [0, 1, 64, 0, 0], [1, 1, 67, 0, 0]], np.float32)
    score = scores.PlainScore(notes, np.array([[0, 1], [1, 0]], np.float32), 0.0)
    broken = performing.break_chords(score, np.random.default_rng(0)).notes
    first = broken[broken[:, 0] < 1]
    assert first[:, 1].sum() == pytest.approx(1)
    assert set(first[:, 2]) == {60, 64}
    assert broken[-1].tolist() == [1, 1, 67, 0, 0]
