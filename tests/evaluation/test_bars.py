"""Bars and repeats against a reference."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings

from abcllm.evaluation.bars import BarNote, Repeat, bar_contents, compare_bars, repeats_of
from abcllm.evaluation.notes import Agreement
from abcllm.notation import Tune, parse, transpose, unfold
from abcllm.notation.transforms import change_unit_length
from tests.strategies import tunes

HEAD = "X:1\nL:1/8\nM:4/4\nK:D\n"


def tune(body: str, head: str = HEAD) -> Tune:
    return parse(head + body + "\n").tunes[0]


def test_what_a_bar_holds() -> None:
    (bar,) = bar_contents(tune("{g}FA-A(3d2e2f2z-|]".replace("z-", "") + "\n"))
    assert bar == {
        BarNote(Fraction(0), Fraction(1, 8), 66, False),
        BarNote(Fraction(1, 8), Fraction(1, 4), 69, False),
        BarNote(Fraction(3, 8), Fraction(1, 6), 74, False),
        BarNote(Fraction(3, 8) + Fraction(1, 6), Fraction(1, 6), 76, False),
        BarNote(Fraction(3, 8) + Fraction(1, 3), Fraction(1, 6), 78, False),
    }


@pytest.mark.parametrize(
    "same",
    [
        "F2A2 d2f2|a8|]",
        '"D"!f!F2 A2 d2 (f2|a8)|]',
        "F-F A2 d2 f2|a4-a4|]",
        "^F2 A2 d2 _g2|a8|]",
        "[V:1]F2 z2 d2 z2|a8|]\n[V:2]z2 A2 z2 f2|z8|]",
    ],
)
def test_what_sounds_alike_is_the_same(same: str) -> None:
    assert compare_bars(tune("F2 A2 d2 f2|a8|]"), tune(same)) == Agreement(2, 2, 2)


@pytest.mark.parametrize("other", ["F2 A2 d3 f|a8|]", "F2 A2 d2 f2|a8-|", "F2 A2 d2 =f2|a8|]", "F2 A2 d2 f2|A8|]"])
def test_what_sounds_otherwise_is_not(other: str) -> None:
    assert compare_bars(tune("F2 A2 d2 f2|a8|]"), tune(other)).matched == 1


def test_a_bar_left_out_costs_one_bar() -> None:
    whole, cut = tune("D8|E8|F8|G8|]"), tune("D8|F8|G8|]")
    assert compare_bars(whole, cut) == Agreement(3, 4, 3)


def test_repeats_are_unfolded_for_bars() -> None:
    assert compare_bars(tune("|:D8|1 E8:|2 F8|]"), tune("D8|E8|D8|F8|]")) == Agreement(4, 4, 4)


def test_a_bar_that_a_repeat_divides_counts_as_one() -> None:
    folded, written_out = tune("A2|D8|E4 F2:|"), tune("A2|D8|E4 F2A2|D8|E4 F2|]")
    assert compare_bars(folded, written_out) == Agreement(5, 5, 5)
    tied = tune("A2|D8|E4 F2-||F2|D8|]")
    assert bar_contents(tied) == bar_contents(tune("A2|D8|E4 F4|D8|]"))
    assert len(bar_contents(tied, unfolded=False)) == 5


@pytest.mark.parametrize("same", ["|:D8|1 E8:|2 F8|]", "D8|1 E8:|2 F8|]", "|:D8|1 E8:|\n|2 F8||"])
def test_repeats_are_the_same(same: str) -> None:
    assert repeats_of(tune(same)) == (Repeat(1, 0, 1, (1,)), Repeat(2, 0, 0, (2,)))


def test_repeats_are_found_where_they_stand() -> None:
    assert repeats_of(tune("D8:|:E8|F8:|G8|]")) == (Repeat(0, 0, 1, ()), Repeat(1, 1, 0, ()), Repeat(2, 0, 1, ()))
    assert repeats_of(tune("D8|E8|]")) == ()
    assert repeats_of(parse("X:1\nK:C\n").tunes[0]) == ()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tunes())
def test_laws(tune: Tune) -> None:
    bars = bar_contents(tune)
    whole = Agreement(len(bars), len(bars), len(bars))
    assert compare_bars(tune, change_unit_length(tune, "1/16")) == whole
    assert compare_bars(tune, unfold(tune)) == whole
    if any(bars):
        assert compare_bars(tune, transpose(tune, 1)).matched < len(bars)
