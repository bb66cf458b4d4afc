"""A tune is changed in words: what was asked for is changed, everything else stays, and it is said which is which."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from abcllm.analysis.chords import progression, remove_chords
from abcllm.analysis.sections import notes_of
from abcllm.backends import Sampling, get_backend
from abcllm.backends.guiding import Guide
from abcllm.chat import Session
from abcllm.chat.stretches import number_bars
from abcllm.conversation import Conversation
from abcllm.errors import BackendError, UsageError
from abcllm.notation import Tune, parse, write
from abcllm.request import Request

from .conftest import Drone, Fiddler, say

JIG = """X:1
T:The Stile
R:jig
M:6/8
L:1/8
Q:3/8=110
K:D
A|"D"dfa "A7"agf|gec edB|dfa (agf)|gec e2f|
dfa agf|gec edB|dfa age|fdd d2:|
|:a|bag fed|gfe dcB|bag fed|gec e2a|
bag fed|gfe dcB|Adf age|1 fdd d2:|2 fdd d3|]
"""


class Given(Fiddler):
    """Its first tune is always the same."""

    def compose(self, request: Request, sampling: Sampling) -> Iterator[str]:
        yield JIG


class Short(Given):
    """A tune with a bar that is too short, which no rule can put right; or another text."""

    def __init__(self, abc: str = JIG.replace("gfe dcB|bag", "gfe dc|bag", 1)) -> None:
        super().__init__()
        self.abc = abc

    def compose(self, request: Request, sampling: Sampling) -> Iterator[str]:
        yield self.abc


@pytest.fixture
def session(tmp_path: Path) -> Session:
    session = Session(Given(), seed=7, folder=tmp_path)
    say(session, "a 16-bar jig in D")
    return session


def music(tune: Tune) -> list[list[tuple[int, Fraction]]]:
    return [[*notes_of((bar,))] for bar in tune.voices[0].bars]


def changed(before: Tune, after: Tune) -> set[int]:
    """The numbers of the bars that have other notes."""
    pairs = zip(number_bars(before), music(before), music(after), strict=True)
    return {number for number, one, other in pairs if one != other}


def current(session: Session) -> Tune:
    assert session.tune is not None
    return session.tune


@pytest.mark.parametrize(
    ("text", "bars", "words"),
    [
        ("make bar 5 busier", {5}, "bar 5 made busier, the others as they were: by the composer, seed 8"),
        ("make bars 5-6 simpler", {5, 6}, "bars 5 to 6 made simpler"),
        ("change bars 9 to 10", {9, 10}, "bars 9 to 10 written anew"),
        ("rewrite the last bar", {16}, "bar 16 written anew"),
        ("make bar 1 busier", {1}, "bar 1 made busier"),
        ("vary bars 2-4", {2, 3, 4}, "bars 2 to 4 varied"),
    ],
)
def test_only_the_bars_that_were_named_are_changed(session: Session, text: str, bars: set[int], words: str) -> None:
    before = current(session)
    said = say(session, text)
    assert words in said
    assert changed(before, current(session)) <= bars
    assert changed(before, current(session))
    assert say(session, "is it valid") == "It is valid: no fault was found.\n"
    say(session, "undo")
    assert current(session) == before


def test_busier_has_more_notes_and_simpler_fewer(session: Session) -> None:
    def count(bar: int) -> int:
        numbers = number_bars(current(session))
        return sum(len(notes) for number, notes in zip(numbers, music(current(session)), strict=True) if number == bar)

    assert count(5) == 6
    say(session, "make bar 5 busier")
    assert count(5) >= 8
    say(session, "undo")
    say(session, "make bar 5 simpler")
    assert count(5) <= 4


def test_chord_symbols_stay(session: Session) -> None:
    say(session, "make bars 1-3 busier")
    assert progression(current(session)) == ("D", "A7")
    assert say(session, "is it valid") == "It is valid: no fault was found.\n"


@pytest.mark.parametrize(
    "bar", ["(df)a agf", "df(a ag)f", "d(fa agf)", "(dfa agf)", "dfa (agf)", "(dfa ag)f", "(dfa) (ag)f"]
)
@pytest.mark.parametrize("how", ["busier", "simpler"])
def test_slurs_are_gone(tmp_path: Path, bar: str, how: str) -> None:
    session = Session(Short(JIG.replace("(agf)", "agf").replace("dfa agf", bar, 1)), seed=3, folder=tmp_path)
    say(session, "a 16-bar jig in D")
    assert f"bar 3 made {how}" in say(session, f"make bar 3 {how}")
    assert not re.search(r"\((?!3)|\)", write(current(session)))
    assert say(session, "is it valid") == "It is valid: no fault was found.\n"


@pytest.mark.parametrize("how", ["busier", "simpler"])
def test_the_pitches_on_strong_beats_stay(session: Session, how: str) -> None:
    say(session, f"make bars 5-8 {how}")
    bars = music(current(session))[5:9]
    assert [bar[0][0] for bar in bars] == [74, 79, 74, 78]
    halves = [_pitch_at(bar, Fraction(3, 8)) for bar in bars]
    assert halves == [81, 76, 81, 74]


def _pitch_at(bar: list[tuple[int, Fraction]], when: Fraction) -> int | None:
    """The pitch that begins then."""
    now = Fraction(0)
    for pitch, length in bar:
        if now == when:
            return pitch
        now += length
    return None


def test_the_second_part_alone(session: Session) -> None:
    before = current(session)
    assert "bars 9 to 16 written anew" in say(session, "rewrite the second part")
    assert music(before)[:9] == music(current(session))[:9]


def test_trying_again_gives_another_version_of_the_same_change(session: Session) -> None:
    before = current(session)
    say(session, "change bars 9 to 10")
    first = current(session)
    say(session, "/retry")
    assert current(session) != first
    assert changed(before, current(session)) <= {9, 10}


@pytest.mark.parametrize(("text", "count"), [("continue for 4 bars", 4), ("add a third part", 8)])
def test_the_tune_goes_on_behind_its_end(session: Session, text: str, count: int) -> None:
    before = current(session)
    assert f"{count} bars added, the others as they were" in say(session, text)
    assert music(current(session))[: len(music(before))] == music(before)
    assert say(session, "how many bars") == f"{16 + count} as written, repeats counted once.\n"
    assert say(session, "is it valid") == "It is valid: no fault was found.\n"


def test_chords_are_put_over_notes_that_stay(session: Session) -> None:
    before = remove_chords(write(current(session)))
    assert "chords added, every note as it was" in say(session, "harmonise it")
    assert remove_chords(write(current(session))) == before
    assert len(progression(current(session))) >= 16


@pytest.mark.parametrize(
    ("kind", "meter", "length"), [("hornpipe", "4/4", 8), ("waltz", "3/4", 6), ("polka", "2/4", 4)]
)
def test_another_kind_keeps_the_strong_notes(session: Session, kind: str, meter: str, length: int) -> None:
    before = current(session)
    assert f"a {kind} on the same strong notes" in say(session, f"in the style of a {kind}")
    tune = current(session)
    assert (tune.rhythm, str(tune.meter), tune.key, tune.title) == (kind, meter, before.key, before.title)
    strong = [notes[0][0] for number, notes in zip(number_bars(before), music(before), strict=True) if len(notes) > 1]
    assert [notes[0][0] for notes in music(tune) if len(notes) > 1][: len(strong)] == strong or length < 6
    assert say(session, "is it valid") == "It is valid: no fault was found.\n"


def test_chords_and_parts_are_told(session: Session) -> None:
    assert say(session, "what chords are there?").startswith("| D A7 | - | - |")
    assert say(session, "how many parts has it?") == "2 parts, AB, of 8, 8 bars.\n"
    assert say(session, "有几段").startswith("2 段，AB，各长 8, 8 小节")


def test_minor_is_computed(session: Session) -> None:
    said = say(session, "make it minor")
    assert "D minor instead of major; its chords are left out, for they do not fit any more: computed" in said
    assert "K:Dm\n" in said
    assert "in D minor already" in say(session, "make it minor")


def test_lengths_are_computed(session: Session) -> None:
    said = say(session, "double the note lengths")
    assert "M:6/4\nL:1/4\nQ:3/4=110\n" in said
    assert "it sounds as before: computed" in said


def test_parts_are_kept_with_their_pickup(session: Session) -> None:
    said = say(session, "keep only the first part")
    assert "only bars 1 to 8 kept: computed" in said
    assert music(current(session))[0] == [(69, music(current(session))[0][0][1])]
    assert "bars" not in "".join(line for line in said.splitlines() if line.startswith("asked for"))


def test_an_octave_and_the_same_key(session: Session) -> None:
    assert "(an octave down: computed, not composed)" in say(session, "down an octave")
    assert "in D major already" in say(session, "transpose to D")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("make bar 40 busier", "the tune has 16 bars, and so no bar 40"),
        ("rewrite part 5", "the tune has 2 parts, and so no part 5"),
        ("repair it", "no fault was found"),
    ],
)
def test_what_cannot_be_changed_is_said(session: Session, text: str, words: str) -> None:
    before = current(session)
    assert words in say(session, text)
    assert current(session) is before
    assert isinstance(session.failures[0], UsageError)


def test_a_composer_of_whole_tunes_says_so(drone: Drone) -> None:
    session = Session(drone, seed=1)
    say(session, "a 4-bar jig in G")
    assert 'the composer "drone" writes whole tunes only' in say(session, "make bar 2 busier")
    assert isinstance(session.failures[0], BackendError)


class Silent(Given):
    """Finds nothing for any place."""

    def __init__(self) -> None:
        super().__init__()
        self.held = 0

    def write_held(self, conversation: Conversation, guide: Guide, sampling: Sampling) -> Iterator[str]:
        self.held += 1
        yield ""


def test_a_composer_who_finds_nothing_for_one_bar_is_not_asked_for_the_others(tmp_path: Path) -> None:
    silent = Silent()
    session = Session(silent, seed=7, folder=tmp_path)
    say(session, "a 16-bar jig in D")
    assert "of 10 versions that were tried none is valid" in say(session, "vary bars 1-16")
    assert silent.held == 10


def test_a_fault_is_told_once(tmp_path: Path) -> None:
    session = Session(Short(JIG.replace("dfa agf|gec edB|dfa age", "(dfa agf|gec edB|dfa age", 1)), folder=tmp_path)
    fault = "warning S302"
    assert fault in say(session, "a 12-bar jig in D")
    assert fault not in say(session, "call it Rain")
    said = say(session, "add chords")
    assert fault not in said
    assert "asked for the length" not in said
    assert "It is valid; but look at this:\nthe tune:9:" in say(session, "is it valid")


def test_what_is_repaired_is_as_long_as_it_is_then(tmp_path: Path) -> None:
    session = Session(Short(JIG.replace("dfa agf|gec edB|dfa age", "dfa agfgec edB|dfa age", 1)), folder=tmp_path)
    say(session, "a 15-bar jig in D")
    assert session.request is not None
    assert "asked for" not in say(session, "repair it")


class Timid(Short):
    """Says the same until it is told to be bold."""

    def write_held(self, conversation: Conversation, guide: Guide, sampling: Sampling) -> Iterator[str]:
        yield "bag fed" if sampling.temperature <= 1 else "gec edc"


def test_later_versions_are_bolder(tmp_path: Path) -> None:
    session = Session(Timid(JIG), seed=3, folder=tmp_path)
    say(session, "a 16-bar jig in D")
    assert "bar 9 written anew" in say(session, "rewrite bar 9")


WALTZ = "X:1\nT:Slow\nM:3/4\nL:1/8\nK:D\n"


class Scribe(Short):
    """Copies what stands there, and puts in chords."""

    PIECES = (*Fiddler.PIECES, *'^~T!.>"#milrt4567{}')


@pytest.mark.parametrize(
    "music",
    [
        "A2|(d2f2) a2|(g>f ed) e2|d4||",  # a slur begins the bar
        'A2|"^trill"d2f2 a2|">"g2 ed e2|d4||',  # words above a note
        "A2|Td2 ~f2 a2|(Tg2 .e2) {f}e2|d4||",  # signs before it
        "A2|!trill!d2f2 a2|{fg}g2 ed e2|d4||",
    ],
)
def test_chords_stand_beside_whatever_else_belongs_to_a_note(tmp_path: Path, music: str) -> None:
    session = Session(Scribe(f"{WALTZ}{music}\n"), seed=3, folder=tmp_path)
    say(session, "a waltz in D")
    before = remove_chords(write(current(session)))
    assert "chords added, every note as it was" in say(session, "add chords")
    assert remove_chords(write(current(session))) == before
    assert len(progression(current(session))) >= 3


@pytest.mark.parametrize("text", ["make it a reel", "make it a waltz", "make it a slip jig"])
def test_a_last_bar_may_be_short(tmp_path: Path, text: str) -> None:
    session = Session(Short(f"{WALTZ}AB|d2f2 a2|g2 ed e2|d4:|\nfg|a2f2 d2|f2 ed e2|d4|]\n"), seed=3, folder=tmp_path)
    say(session, "a waltz in D")
    assert "on the same strong notes" in say(session, text)
    assert say(session, "is it valid") == "It is valid: no fault was found.\n"


@pytest.mark.parametrize(
    ("music", "text", "words"),
    [
        ("d/e/f/g/ a/g/f/e/ d/e/f/g/|d6|]", "make bar 1 busier", "as busy as they can be"),
        ("d6|a6|]", "make bar 1 simpler", "as simple as they can be"),
        ("d2-f2 a2|d2e2f2|]", "rewrite bar 2", "a tie between two pitches"),
    ],
)
def test_what_cannot_be_done_with_these_notes_is_said(tmp_path: Path, music: str, text: str, words: str) -> None:
    session = Session(Short(f"{WALTZ}{music}\n"), seed=3, folder=tmp_path)
    say(session, "a waltz in D")
    assert words in say(session, text)
    assert len(session.history) == 1


class Careless(Given):
    """Writes things down as models do."""

    TEXT = "Here you are!\n```abc\nX:1 T:Torn M:6/8 L:1/8 K:D\nD3 F3|AB d3|\n```\nEnjoy."

    def compose(self, request: Request, sampling: Sampling) -> Iterator[str]:
        yield self.TEXT


def test_what_was_done_to_read_an_answer_is_said_in_passing(tmp_path: Path) -> None:
    session = Session(Careless(), folder=tmp_path)
    pieces = [piece for piece in session.answer("a 2-bar jig in D") if piece.aside]
    assert len(pieces) == 1
    assert pieces[0].text.startswith("(read with repairs: ")
    assert pieces[0].text.count("\n") == 1
    assert current(session).title == "Torn"


class Faulty(Given):
    """A tune with one fault that has a safe fix, and one that has none."""

    def compose(self, request: Request, sampling: Sampling) -> Iterator[str]:
        yield "X:1\nT:Faulty\nM:2/4\nL:1/8\nK:D\nd2 f2|(dffa|d3f|a4|]\n"


def test_safe_fixes_are_applied_and_named(tmp_path: Path) -> None:
    session = Session(Faulty(), seed=3, folder=tmp_path)
    say(session, "a 4-bar polka in D")
    assert session.version is not None
    fixable = [fault for fault in session.version.faults if fault.fix is not None]
    said = say(session, "/fix")
    assert ("fixed: " in said) == bool(fixable)


def test_nothing_is_written_into_a_tune_with_faults(tmp_path: Path) -> None:
    session = Session(Short(), seed=3, folder=tmp_path)
    say(session, "a 16-bar jig in D")
    before = current(session)
    assert 'say: "repair it"' in say(session, "make bar 1 busier")
    assert "there is no safe fix" in say(session, "/fix")
    assert current(session) is before


@pytest.mark.parametrize(("right", "wrong"), [("dcB|bag", "dc|bag"), ("age|[1", "agefg|[1"), ("gec e2f", "gec f")])
def test_a_bar_of_another_length_is_put_right_and_no_other(tmp_path: Path, right: str, wrong: str) -> None:
    session = Session(Short(write(parse(JIG).tunes[0]).replace(right, wrong, 1)), seed=3, folder=tmp_path)
    say(session, "a 16-bar jig in D")
    before = current(session)
    assert "put right, as near to the text as could be: by the composer, seed 4" in say(session, "repair it")
    assert say(session, "is it valid") == "It is valid: no fault was found.\n"
    assert len(changed(before, current(session))) == 1


def test_both_halves_of_a_bar_that_a_double_bar_cuts_are_changed(tmp_path: Path) -> None:
    session = Session(
        Short(JIG.replace("dfa agf|gec edB|dfa age", "dfa||agf|gec edB|dfa age")), seed=3, folder=tmp_path
    )
    say(session, "a 16-bar jig in D")
    before = current(session)
    assert "bar 5 written anew, the others as they were" in say(session, "rewrite bar 5")
    assert changed(before, current(session)) == {5}
    assert sum(one != other for one, other in zip(music(before), music(current(session)), strict=True)) == 2
    assert say(session, "is it valid") == "It is valid: no fault was found.\n"


@pytest.mark.slow
def test_a_conversation_with_the_composer_that_ships(tmp_path: Path) -> None:
    session = Session(get_backend("neural"), seed=3, folder=tmp_path)
    for text in ("a 16-bar jig in D", "make bar 5 busier", "add a third part", "harmonise it", "make it a hornpipe"):
        say(session, text)
        assert say(session, "is it valid") == "It is valid: no fault was found.\n"
    assert len(session.history) == 5
    assert session.failures == []
