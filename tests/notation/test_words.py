"""Words and symbols under the music."""

from __future__ import annotations

import pytest

from abcllm.notation import Note, parse, write
from abcllm.notation.tune import Lyric

from .reading import codes, items, notes, tune_of


def sung(body: str, verse: int = 0) -> list[str]:
    """What stands under each note: `Hel-`, `lo`, `_`, or `.` for nothing."""
    words = []
    for note in notes(tune_of(body)):
        lyric = note.marks.lyrics[verse] if verse < len(note.marks.lyrics) else None
        words.append("." if lyric is None else "_" if lyric.hold else lyric.text + "-" * lyric.hyphen)
    return words


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("one two three four", "one two three four"),
        ("Hel-lo my dear", "Hel- lo my dear"),
        ("Hel - lo my", "Hel - lo my"),
        ("love _ _ me", "love _ _ me"),
        ("love__ me", "love _ _ me"),
        ("* two * four", ". two . four"),
        ("my~dear old friend", "my dear|old|friend|."),
        (r"x\-y z", "x-y z . ."),
        ("syll-a--ble", "syll- a- - ble"),
        ("one | two", "one . two ."),
        ("| one", ". . one ."),
        (r"Fran\cc-ois", "Franç- ois . ."),
        ("1.~First verse a b", "1. First|verse|a|b"),
    ],
)
def test_alignment(words: str, expected: str) -> None:
    wanted = expected.split("|") if "|" in expected else expected.split(" ")
    assert sung(f"C D|E F|]\nw:{words}\n".replace("C D|", "C D z2|").replace("E F|", "E F z2|")) == wanted


def test_verses() -> None:
    body = "C D E F|]\nw:a b c d\nw:e f g h\n"
    assert [sung(body, verse) for verse in (0, 1)] == [["a", "b", "c", "d"], ["e", "f", "g", "h"]]


def test_a_second_verse_under_fewer_notes() -> None:
    (first, *_, last) = notes(tune_of("C D E F|]\nw:a b c d\nw:e\n"))
    assert first.marks.lyrics == (Lyric("a"), Lyric("e"))
    assert last.marks.lyrics == (Lyric("d"),)


def test_rests_graces_and_spacers_take_no_syllable_and_chords_take_one() -> None:
    assert sung("{c}C z [EG] y|F|]\nw:a b c\n") == ["a", ".", ".", "c"]
    chord = items(tune_of("{c}C z [EG] y|F|]\nw:a b c\n"))[3]
    assert not isinstance(chord, Note)
    assert chord.marks.lyrics == (Lyric("b"),)  # type: ignore[union-attr]


def test_words_over_several_lines() -> None:
    assert sung("C D E F|]\nw:a b \\\nw:c d\n") == ["a", "b", "c", "d"]
    assert sung("C D E F|]\nw:a b\n+:c d\n") == ["a", "b", "c", "d"]


def test_words_belong_to_the_line_above() -> None:
    assert sung("C D E F|\nG A B c|]\nw:a b c d\n")[4:] == ["a", "b", "c", "d"]
    assert sung("C D E F|\\\nG A B c|]\nw:a b c d e f g h\n") == list("abcdefgh")


def test_words_of_two_voices() -> None:
    tune = tune_of("V:1\nC D E F|]\nw:a b c d\nV:2\nC4|]\nw:x\n")
    assert [note.marks.lyrics[0].text for note in notes(tune, 1) if note.marks.lyrics[0]] == ["x"]
    assert len(notes(tune, 0)[3].marks.lyrics) == 1


def test_words_after_the_tune_are_kept() -> None:
    assert tune_of("C D E F|]\nW:First line\nW:\nW:Second\n").words == ("First line", "", "Second")


def test_a_symbol_line() -> None:
    first, second, third, fourth = notes(tune_of('C D E F|]\ns:!f! * "Am" "^up"\n'))
    assert first.marks.decorations == ("f",)
    assert second.marks.decorations == ()
    assert third.marks.chord_symbols == ("Am",)
    assert fourth.marks.annotations == ("^up",)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("C D E F|]\nw:a b c d e\n", ["W601"]),
        ("C D E F|]\ns:!f! * * * !p!\n", ["W601"]),
        ("w:a\nC D E F|]\n", ["W602"]),
        ("C D E F|]\nw:a b c d *\n", []),
    ],
)
def test_faults(body: str, found: list[str]) -> None:
    assert codes(body) == found


def test_a_hundred_verses_are_read_and_written() -> None:
    text = (
        "X:1\nM:4/4\nL:1/4\nK:C\nC D E F|\n" + "".join(f"w:a{number} *b*\n" for number in range(150)) + "G4|]\nw:end\n"
    )
    tune = parse(text).tunes[0]
    first, *_, last = notes(tune)
    assert [lyric.text for lyric in first.marks.lyrics if lyric] == [f"a{number}" for number in range(100)]
    assert last.marks.lyrics == (Lyric("end"),)
    assert parse(write(tune)).tunes == (tune,)


def test_notes_that_go_on_below_words_get_their_own() -> None:
    """A line of words is laid under all notes since the line of music began, those included that came after others."""
    assert sung("C D\\\nw:a b\nE F|]\nw:* * c d\n") == ["a", "b", "c", "d"]
    tune = tune_of("V:1\nC D\nV:2\nE F\nV:1\nw:a b\nG A\nw:c d\n")
    assert [note.marks.lyrics[0].text for note in notes(tune, 0) if note.marks.lyrics[0]] == ["a", "b", "c", "d"]
