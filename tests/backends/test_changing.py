"""What is written into a tune that is there: one bar that lasts as it must, chords over notes that stay."""

from __future__ import annotations

from copy import copy
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abcllm.backends.changing import ChordGuide, GapGuide, count_notes
from abcllm.notation import check, parse

BEGUN = "X:1\nM:6/8\nL:1/8\nK:D\nA|dfa agf|"
REST = "|fdd d2|]\n"
BAR = Fraction(6, 8)


def say(guide: GapGuide | ChordGuide, text: str) -> list[bool]:
    """Offer the signs of a text one by one."""
    return [guide.offer(sign.encode()) for sign in text]


def test_a_bar_is_written_to_its_end_and_no_further() -> None:
    guide = GapGuide(BEGUN, BAR, "|")
    assert all(say(guide, "gec e"))
    assert not guide.is_finished
    assert say(guide, "4dB") == [False, True, True]
    assert guide.is_finished
    assert guide.said == "gec edB"


@pytest.mark.parametrize("piece", ["|", ":|", "\n", '"D"', "[ceg]", "K:G", "!trill!", "z", "%", "é", "\x00"])
def test_nothing_but_music_is_let_through(piece: str) -> None:
    assert not GapGuide(BEGUN, BAR, "|").offer(piece.encode())


def test_an_opening_is_part_of_the_bar() -> None:
    guide = GapGuide(BEGUN, BAR, "|", "g")
    assert all(say(guide, "2e"))
    assert all(say(guide, " d3"))
    assert guide.is_finished


def test_a_pickup_and_the_bar_that_it_completes() -> None:
    last = GapGuide(f"{BEGUN}gec edB|", Fraction(5, 8), "|]")
    assert all(say(last, "fdd d2"))
    assert last.is_finished
    pickup = GapGuide("X:1\nM:6/8\nL:1/8\nK:D\n", Fraction(1, 8), "|")
    assert pickup.offer(b"A")
    assert pickup.is_finished


@pytest.mark.parametrize("piece", [" ", "/", "{c}", "-", ">", "^", "("])
def test_nothing_goes_on_for_ever(piece: str) -> None:
    guide = GapGuide(BEGUN, BAR, "|")
    assert say(guide, "gec") == [True] * 3
    assert not all(guide.offer(piece.encode()) for _ in range(200))


def test_a_tuplet_is_whole_before_the_bar_is() -> None:
    guide = GapGuide("X:1\nM:2/4\nL:1/8\nK:D\nd2 f2|", Fraction(1, 2), "|")
    say(guide, "(3dfa a")
    assert not guide.is_finished
    assert guide.offer(b"g")
    assert guide.is_finished


def test_how_many_notes_there_are() -> None:
    busy = GapGuide(BEGUN, BAR, "|", least=7)
    assert all(say(busy, "dfaag"))
    assert say(busy, "f") == [True]
    assert not busy.is_finished
    assert all(say(busy, "/g/"))
    assert busy.is_finished
    calm = GapGuide(BEGUN, BAR, "|", most=2)
    assert all(say(calm, "d2"))
    assert say(calm, "fa") == [True, False]
    assert say(calm, "4") == [True]
    assert calm.is_finished


@settings(deadline=None)
@given(st.lists(st.sampled_from([*"ABcdefg", "2", "3", "/", "(3", "^", "=", ",", "'", " ", ">", "{e}"]), max_size=40))
def test_whatever_is_said_the_tune_is_valid(pieces: list[str]) -> None:
    guide = GapGuide(BEGUN, BAR, "|")
    for piece in pieces:
        if guide.is_finished:
            break
        guide.offer(piece.encode())
    if guide.is_finished:
        assert not [fault for fault in check(guide.text + REST) if str(fault.severity) == "error"]
        assert parse(guide.text + REST).tunes[0].voices[0].bars[2].duration == BAR


HEADER, MUSIC = "X:1\nM:6/8\nL:1/8\nK:D\n", "A|(dfa) {e}agf|gec e2f|\nw: la\n"
CHORDS = {2: ["D", "Bm"], 15: ["G", "A", "A7"]}


def chord_guide() -> ChordGuide:
    return ChordGuide(HEADER, MUSIC, {2, 15}, lambda at: CHORDS.get(at, ["Em"]))


def test_chords_stand_over_notes_that_stay() -> None:
    guide = chord_guide()
    assert all(say(guide, 'A|"D"(dfa) {e}agf|"A7"gec e2f|\nw: la\n'))
    assert guide.is_finished


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ("A|", "("),  # a chord is due
        ("A|", '"G'),  # and this one does not fit
        ('A|"D"', '"'),  # one is enough
        ('A|"D"(d', "g"),  # another note
        ('A|"D"(dfa) {', '"'),  # inside an ornament
        ('A|"D"(dfa) {e}', '"'),  # between an ornament and its note
        ('A|"D"(dfa)', '"'),  # before a space
        ('A|"D"(dfa) {e}agf|"A7"gec e2f|\n', '"'),  # before words
    ],
)
def test_what_would_change_the_tune_is_refused(said: str, refused: str) -> None:
    guide = chord_guide()
    assert all(say(guide, said))
    before = guide.text
    assert not all(say(copy(guide), refused))
    assert guide.text == before


def test_an_interrupted_one_can_be_brought_to_its_end() -> None:
    guide = chord_guide()
    say(guide, 'A|"D"(d')
    assert guide.ending() == MUSIC[4:]
    say(guide, 'fa) {e}agf|"A')
    assert guide.ending() is None


def test_ornaments_are_no_notes() -> None:
    assert count_notes("") == 0
    assert count_notes("{ab}c>d (3efg") == 5
