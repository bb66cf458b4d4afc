"""The codes of IrishMAN, worked by hand for each habit of its authors' program, and the sounder variant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm.analysis.control_codes import ControlCodes, form_codes, irishman_codes, read_codes
from abcllm.notation import parse

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "schemas" / "irishman"

# name, music after the header, codes counted by hand
BY_HAND = [
    ("one section, its end sign", "DEFG|ABcd|]", "S:1\nB:2\n"),
    ("one section without an end sign: the last bar line becomes one", "DEFG|ABcd|", "S:1\nB:2\n"),
    ("no bar line at all is one bar", "DEFG", "S:1\nB:1\n"),
    ("what follows the last sign is no section", "DEFG||ABcd|]EFGA|BAGF|", "S:2\nB:1\nE:2\nB:1\n"),
    ("only one sign: what follows is lost", "DEFG||ABcd", "S:1\nB:1\n"),
    ("a pickup counts as a bar", "A|DEFG|ABcd|]", "S:1\nB:3\n"),
    ("a sign at the very start belongs to the first section", "|:DEFG|ABcd:|", "S:1\nB:2\n"),
    (":: ends one and begins the next", "DEFG::DEFG:|", "S:2\nB:1\nE:8\nB:1\n"),
    ("|: in the middle ends a section too", "DE|:DE:|", "S:2\nB:1\nE:5\nB:1\n"),
    ("endings belong to the section before", "|:DEFG|1 ABcd:|2 dcBA|]", "S:1\nB:3\n"),
    ("a digit after a chord symbol's quote does not make an ending", 'DEFG||"7"ABcd|]', "S:2\nB:1\nE:1\nB:1\n"),
    ("nor one after a letter", "DEFG||A2B2|]", "S:2\nB:1\nE:2\nB:1\n"),
    ("nor one after a bracket of a triplet", "DEFG||(3ABc d2|]", "S:2\nB:1\nE:1\nB:1\n"),
    ("spaces before a digit are passed over", "DEFG:| 2 ABcd|]", "S:1\nB:2\n"),
    ("the same letters and sign are 10", "DEFG||DEFG||", "S:2\nB:1\nE:10\nB:1\n"),
    ("bar lines are letters too: DEFG|] and DEFG|| differ in one of six", "DEFG||DEFG|]", "S:2\nB:1\nE:8\nB:1\n"),
    ("half is rounded to even: 2.5 to 2", "ABCDEF||abFGHJ||", "S:2\nB:1\nE:2\nB:1\n"),
    ("E to each earlier section, in order, before B", "DEFG||AAAA||DEFG||", "S:3\nB:1\nE:3\nB:1\nE:10\nE:3\nB:1\n"),
    ("line ends count as letters", "DE\nFG||DEFG||", "S:2\nB:1\nE:9\nB:1\n"),
    ("signs inside endings are one bar line each", "|:DE|FG:|2 AB||cd|]", "S:2\nB:3\nE:1\nB:1\n"),
]


@pytest.mark.parametrize(("habit", "music", "codes"), BY_HAND, ids=[one[0] for one in BY_HAND])
def test_by_hand(habit: str, music: str, codes: str) -> None:
    assert str(irishman_codes(f"X:1\nL:1/8\nM:4/4\nK:D\n{music}\n")) == codes


def test_eight_sections_are_the_most() -> None:
    kept = irishman_codes("X:1\nK:D\n" + "A||" * 8)
    assert kept is not None
    assert len(kept.bars) == 8
    assert irishman_codes("X:1\nK:D\n" + "A||" * 9) is None


def test_thirty_two_bars_are_the_most() -> None:
    kept = irishman_codes("X:1\nK:D\n" + "A|" * 31 + "A|]")
    assert kept is not None
    assert kept.bars == (32,)
    assert irishman_codes("X:1\nK:D\n" + "A|" * 32 + "A|]") is None


def test_a_tune_that_begins_with_an_ending_is_dropped() -> None:
    assert irishman_codes("X:1\nK:D\n1 DEFG:|2 GFED|]") is None


def test_the_tune_of_the_paper() -> None:
    """Twinkle, twinkle: [SECS_3][BARS_4][SIM_6][BARS_4][SIM_10][SIM_6][BARS_4] in the first edition of the paper."""
    tune = (
        'X:1\nL:1/4\nM:4/4\nK:C\n"C" C C G G |"F" A A"C" G2 |"G" F F"C" E E |"G" D D"C" C2 ||"C" G G"F" F F |'
        '"C" E E"G" D2 |"C" G G"F" F F |"C" E E"G" D2 ||"C" C C G G |"F" A A"C" G2 |"G" F F"C" E E |"G" D D"C" C2 |]\n'
    )
    codes = irishman_codes(tune)
    assert codes == ControlCodes((4, 4, 4), ((), (6,), (10, 6)))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the sample of IrishMAN is not here")
def test_examples_as_published() -> None:
    """Tunes that TunesFormer wrote for S:2 B:9 E:4 B:9 have these sections and bars; their likeness is the model's."""
    for block in (SHARED / "tunesformer_output.abc").read_text(encoding="utf-8").strip().split("\n\n"):
        wanted = read_codes(block)
        plain = "\n".join(line for line in block.split("\n") if line[:2] not in ("S:", "B:", "E:"))
        found = irishman_codes(plain)
        assert wanted is not None
        assert found is not None
        assert found.bars == wanted.bars == (9, 9)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the sample of IrishMAN is not here")
def test_codes_of_the_sample_lie_in_the_published_ranges() -> None:
    with (SHARED / "abc_only.head300.jsonl").open(encoding="utf-8") as lines:
        codes = [irishman_codes("X:1\n" + json.loads(line)["abc_music"]) for line in lines]
    kept = [one for one in codes if one is not None]
    assert len(kept) > 0.95 * len(codes)
    assert all(1 <= len(one.bars) <= 8 and min(one.bars) >= 1 and max(one.bars) <= 32 for one in kept)
    assert all(0 <= likeness <= 10 for one in kept for row in one.likeness for likeness in row)


@given(st.lists(st.integers(1, 32), min_size=1, max_size=8))
def test_what_is_written_is_read(bars: list[int]) -> None:
    likeness = tuple(tuple((at * 7 + one) % 11 for one in range(at)) for at in range(len(bars)))
    codes = ControlCodes(tuple(bars), likeness)
    assert read_codes(f"X:1\n{codes}L:1/8\nK:C\n") == codes


def test_broken_codes_are_none() -> None:
    assert read_codes("S:2\nB:8\n") is None
    assert read_codes("S:2\nB:8\nB:8\n") is None
    assert read_codes("no codes") is None


def test_the_sounder_variant_counts_as_musicians_do() -> None:
    tune = parse("X:1\nL:1/8\nM:4/4\nK:D\nA|:DEFG ABcd|dcBA GFED|1 D6 A:|2 D8||\nDEFG ABcd|dcBA GFED|]\n").tunes[0]
    assert form_codes(tune) == ControlCodes((3, 2), ((), (8,)))
    spaced = parse('X:1\nL:1/8\nM:4/4\nK:D\n"D"D E F G A B c d||DEFG ABcd|]\n').tunes[0]
    assert form_codes(spaced) == ControlCodes((1, 1), ((), (10,)))
    raw = irishman_codes('X:1\nL:1/8\nM:4/4\nK:D\n"D"D E F G A B c d||DEFG ABcd|]\n')
    assert raw is not None
    assert raw.likeness[1] != (10,)
