"""Bars are counted as musicians count them."""

from __future__ import annotations

import pytest

from abcllm.chat.stretches import find_stretch, name_bars, number_bars
from abcllm.errors import UsageError
from abcllm.notation import Tune, parse
from abcllm.request import Stretch

HEAD = "X:1\nL:1/8\nM:6/8\nK:D\n"


@pytest.fixture
def jig() -> Tune:
    """Two parts of four bars, each after a pickup; the second with two endings."""
    return parse(
        f"{HEAD}A|dfa agf|gec edB|dfa agf|edd d2:|\n[K:G]|:A|Bdg gdB|cea gec|Bdg gdB|1 AGG G2:|2 AGG G3|]\n"
    ).tunes[0]


def test_a_pickup_is_no_bar_of_its_own(jig: Tune) -> None:
    assert number_bars(jig) == [0, 1, 2, 3, 4, 4, 4, 5, 6, 7, 8, 8]


@pytest.mark.parametrize(
    ("where", "places"),
    [
        (Stretch(), range(12)),
        (Stretch(1, 1), range(1, 2)),
        (Stretch(4, 4), range(4, 5)),
        (Stretch(4, 5), range(4, 8)),
        (Stretch(-1, -1), range(10, 12)),
        (Stretch(-2, -1), range(9, 12)),
        (Stretch(part=1), range(5)),
    ],
)
def test_where_bars_stand(jig: Tune, where: Stretch, places: range) -> None:
    assert find_stretch(jig, where) == places


def test_the_second_part_holds_all_of_its_bars(jig: Tune) -> None:
    assert set(range(6, 12)) <= {*find_stretch(jig, Stretch(part=2))}
    assert find_stretch(jig, Stretch(part=-1)) == find_stretch(jig, Stretch(part=2))


@pytest.mark.parametrize(
    ("where", "words"),
    [
        (Stretch(10, 10), "the tune has 8 bars, and so no bar 10"),
        (Stretch(8, 12), "so no bars 8 to 12"),
        (Stretch(-20, -1), "so no last 20 bars"),
        (Stretch(part=3), "the tune has 2 parts, and so no part 3"),
    ],
)
def test_what_is_not_there_is_said(jig: Tune, where: Stretch, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        find_stretch(jig, where)


def test_a_bar_in_two_halves_is_one() -> None:
    tune = parse("X:1\nL:1/4\nM:4/4\nK:D\nDEFG|AB||cd|edcB|]\n").tunes[0]
    assert number_bars(tune) == [1, 2, 2, 3]


@pytest.mark.parametrize(
    ("music", "places"),
    [
        ("DEFG|AB||cd|edcB|]", range(1, 3)),
        ("DEFG|A||Bcd|edcB|]", range(1, 3)),
        ("DEFG|ABc||d|edcB|]", range(1, 2)),  # a pickup to the next part
        ("DEFG|AB:|cd|edcB|]", range(1, 2)),  # what is heard after it is not always this
        ("DEFG|ABcd||cd|edcB|]", range(1, 2)),
    ],
)
def test_a_bar_that_a_double_bar_cuts_is_meant_as_a_whole(music: str, places: range) -> None:
    tune = parse(f"X:1\nL:1/4\nM:4/4\nK:D\n{music}\n").tunes[0]
    assert find_stretch(tune, Stretch(2, 2)) == places


def test_bars_in_words(jig: Tune) -> None:
    assert name_bars(jig, find_stretch(jig, Stretch(2, 3))) == "bars 2 to 3"
    assert name_bars(jig, find_stretch(jig, Stretch(2, 2))) == "bar 2"
    assert name_bars(jig, find_stretch(jig, Stretch())) == "bars 1 to 8"


@pytest.mark.parametrize("part", [1, 2])
def test_a_part_is_named_without_its_pickup(jig: Tune, part: int) -> None:
    name = {1: "bars 1 to 4", 2: "bars 5 to 8"}[part]
    assert name_bars(jig, find_stretch(jig, Stretch(part=part))) == name
    plain = parse("X:1\nL:1/4\nM:2/4\nK:D\nDE|FG|AB|AG:|\nDE|FG|AB|AG:|\n").tunes[0]
    assert name_bars(plain, find_stretch(plain, Stretch(part=part))) == name
