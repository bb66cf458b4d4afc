"""Tempo, title, mode and lengths are changed so that the tune on paper and the tune in memory are the same."""

from __future__ import annotations

from fractions import Fraction

import pytest

from abcllm import parse, write
from abcllm.chat.changes import keep_bars, scale_lengths, set_mode, set_tempo, set_title
from abcllm.errors import UsageError
from abcllm.formats.performance import perform
from abcllm.notation import Note, Pitch, Tune

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


JIG = """X:1
T:Stile
M:6/8
L:1/8
Q:3/8=110
K:D
A|"D"dfa "A7"a^gf|ge=c {^d}edB|[df]3 d3|d3 d2:|
B|cAc efe|d3 d2:|
"""


@pytest.fixture
def jig() -> Tune:
    return parse(JIG).tunes[0]


def test_another_mode_changes_the_notes_of_the_scale_alone(jig: Tune) -> None:
    minor = set_mode(jig, "minor")
    assert "K:Dm\nA|dfa a^gf|gec {^d}edB|[df]3 d3|d3 d2:|\nB|cAc efe|d3 d2:|" in write(minor)
    assert [pitch.midi for pitch in _sounding(minor)][:7] == [69, 74, 77, 81, 81, 80, 77]


@pytest.mark.parametrize("mode", ["minor", "dorian", "mixolydian", "lydian", "phrygian"])
def test_a_plain_tune_comes_back_from_another_mode(mode: str) -> None:
    plain = parse("X:1\nL:1/8\nM:4/4\nK:G\nGABc defg|g4 G4|]\n").tunes[0]
    assert set_mode(set_mode(plain, mode), "major") == plain


@pytest.mark.parametrize(
    ("abc", "words"),
    [
        ("K:none\nCDEF|]", "no major and minor"),
        ("K:HP\nCDEF|]", "no major and minor"),
        ("K:D ^g\nCDEF|]", "no major and minor"),
        ("K:D\nCDEF|[K:G]GABc|]", "changes its key"),
        ("K:Cb\nCDEF|]", "would need"),
    ],
)
def test_what_has_no_other_mode_is_said(abc: str, words: str) -> None:
    tune = parse(f"X:1\nM:4/4\nL:1/4\n{abc}\n").tunes[0]
    with pytest.raises(UsageError, match=words):
        set_mode(tune, "minor")


@pytest.mark.parametrize(
    ("meter", "twice", "half"),
    [
        ("2/4", "4/4", "2/8"),
        ("4/4", "4/2", "2/4"),
        ("C", "4/2", "2/4"),
        ("C|", "2/1", "2/4"),
        ("3/4", "3/2", "3/8"),
        ("6/8", "6/4", "6/16"),
        ("(2+2+3)/8", "(2+2+3)/4", "(2+2+3)/16"),
    ],
)
def test_metres_go_with_the_lengths(meter: str, twice: str, half: str) -> None:
    tune = parse(f"X:1\nM:{meter}\nL:1/8\nK:C\nC|]\n").tunes[0]
    assert str(scale_lengths(tune, Fraction(2)).meter) == twice
    assert str(scale_lengths(tune, Fraction(1, 2)).meter) == half


def test_lengths_inside_the_tune_go_with_the_others() -> None:
    tune = parse("X:1\nM:2/4\nK:C\nC4|[M:3/4][L:1/4]C3|]\n").tunes[0]
    scaled = scale_lengths(tune, Fraction(2))
    assert [2 * bar.duration for bar in tune.voices[0].bars] == [bar.duration for bar in scaled.voices[0].bars]
    assert scale_lengths(scaled, Fraction(1, 2)).voices == tune.voices


def test_a_tune_in_other_lengths_sounds_as_before(jig: Tune) -> None:
    before, after = perform(jig), perform(scale_lengths(jig, Fraction(2)))
    assert [before.seconds(note.onset) for note in before.notes] == [after.seconds(note.onset) for note in after.notes]


def test_bars_are_kept_with_the_pickup_before_them(jig: Tune) -> None:
    assert write(keep_bars(jig, range(1, 3))).endswith('A|"D"dfa "A7"a^gf|ge=c {^d}edB|]\n')
    assert write(keep_bars(jig, range(5, 8))).endswith("B|cAc efe|d3 d2:|\n")


def test_bars_that_do_not_stand_alone_are_refused() -> None:
    tune = parse("X:1\nM:2/4\nL:1/4\nK:C\nV:1\nCD|\nV:2\nEF|\n").tunes[0]
    with pytest.raises(UsageError, match="2 voices"):
        keep_bars(tune, range(1))


def _sounding(tune: Tune) -> list[Pitch]:
    return [item.pitch for bar in tune.voices[0].bars for item in bar.items if isinstance(item, Note)]
