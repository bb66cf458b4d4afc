"""The music of a voice: pitches, lengths, groups, marks."""

from __future__ import annotations

from fractions import Fraction

import pytest

from abcllm.notation import BarLine, Chord, Grace, Note, Rest, parse
from abcllm.notation.theory import Pitch
from abcllm.notation.tune import Ending, MultiRest, Spacer, Tuplet

from .reading import HEADER, codes, heard, items, notes, read, tune_of


@pytest.mark.parametrize(
    ("body", "sound"),
    [
        ("C,, C, C c|c' c'' C' c,|]", "C2 C3 C4 C5 C6 C7 C5 C4"),
        ("^C _D =E ^^F|__B ^A _B z|]", "C#4 Db4 E4 F##4 Bbb4 A#4 Bb4 z"),
        ("^F F f F,|F z3|]", "F#4 F#4 F#5 F#3 F4 z/3"),
        ("C/ C/2 C// C/4 C3/4 C3/ C3/2 C2|]", "C4/(1/2) C4/(1/2) C4/(1/4) C4/(1/4) C4/(3/4) C4/(3/2) C4/(3/2) C4/2"),
        ("A>B A<B|A>>B A<<B|A>>>B c2|]",
         "A4/(3/2) B4/(1/2) A4/(1/2) B4/(3/2) A4/(7/4) B4/(1/4) A4/(1/4) B4/(7/4) A4/(15/8) B4/(1/8) C5/2"),
        ("A2>B2 c4|]", "A4/3 B4 C5/4"),
        ("A>z z<B|[Ac]>[Bd] c2|]", "A4/(3/2) z/(1/2) z/(1/2) B4/(3/2) [A4 C5]/(3/2) [B4 D5]/(1/2) C5/2"),
        ("(3CDE F2|]", "C4/(2/3) D4/(2/3) E4/(2/3) F4/2"),
        ("(3:2:2 C2D F2|]", "C4/(4/3) D4/(2/3) F4/2"),
        ("(3C>DE F2|]", "C4 D4/(1/3) E4/(2/3) F4/2"),
        ("(3[CE]zG (3{d}CDE|]", "[C4 E4]/(2/3) z/(2/3) G4/(2/3) C4/(2/3) D4/(2/3) E4/(2/3)"),
        ("[CEG]2 [CE] [C2E2]3/2|]", "[C4 E4 G4]/2 [C4 E4] [C4 E4]/3"),
        ("[^C=E_B]2 C2|C4|]", "[C#4 E4 Bb4]/2 C#4/2 C4/4"),
        ("C z D x|Z2|X|]", "C4 z D4 x Z2/8 Z1/4"),
        ("C4 & G,4|E4|]", "C4/4 E4/4"),
        ("^C4-|C2 C2|]", "C#4/4 C#4/2 C4/2"),
        ("^C4-|[K:F]C2 C2|]", "C#4/4 C#4/2 C4/2"),
        ("^C-|=C|]", "C#4 C4"),
        ("{^c}C c|]", "C4 C5"),
    ],
)  # fmt: skip
def test_what_sounds(body: str, sound: str) -> None:
    assert heard(body + "\n") == sound


@pytest.mark.parametrize(
    ("reach", "sound"),
    [("pitch", "F#4 F#5 F#4 F4"), ("octave", "F#4 F5 F#4 F4"), ("not", "F#4 F5 F4 F4")],
)
def test_how_far_accidentals_reach(reach: str, sound: str) -> None:
    for directive in ("I:", "%%"):
        assert heard(f"X:1\nM:3/4\nL:1/4\n{directive}propagate-accidentals {reach}\nK:C\n^F f F|F|]\n") == sound


@pytest.mark.parametrize(
    ("meter", "body", "durations"),
    [
        ("6/8", "(2CD", [Fraction(3, 16)] * 2),
        ("6/8", "(4CDEF", [Fraction(3, 32)] * 4),
        ("4/4", "(5CDEFG", [Fraction(1, 20)] * 5),
        ("6/8", "(5CDEFG", [Fraction(3, 40)] * 5),
        ("4/4", "(6CDEFGA", [Fraction(1, 24)] * 6),
        ("9/8", "(7CDEFGAB", [Fraction(3, 56)] * 7),
        ("4/4", "(8CDEFGABc", [Fraction(3, 64)] * 8),
        ("4/4", "(9CDEFGABcd", [Fraction(2, 72)] * 9),
        ("4/4", "(11:8:4CDEF", [Fraction(1, 11)] * 4),
    ],
)
def test_tuplets(meter: str, body: str, durations: list[Fraction]) -> None:
    tune = tune_of(f"X:1\nM:{meter}\nL:1/8\nK:C\n{body}|]\n")
    assert [note.duration for note in notes(tune)] == durations


def test_the_nodes_of_a_bar() -> None:
    (bar,) = tune_of('"Am""^hi"!f!.(^C2- {/de}C>)D (3z[EG]y|Z|]\n').voices[0].bars[:1]
    kinds = [type(item) for item in bar.items]
    assert kinds == [Note, Grace, Note, Note, Tuplet, Rest, Chord, Spacer]
    first, grace, second, third, *_ = bar.items
    assert isinstance(first, Note)
    assert isinstance(second, Note)
    assert isinstance(third, Note)
    assert isinstance(grace, Grace)
    assert (first.marks.chord_symbols, first.marks.annotations) == (("Am",), ("^hi",))
    assert (first.marks.decorations, first.marks.opens) == (("f",), ".(")
    assert (first.tie, first.accidental, first.joined) == ("-", 1, False)
    assert grace.slashed
    assert [note.pitch for note in grace.notes if isinstance(note, Note)] == [Pitch("D", 5), Pitch("E", 5)]
    assert (second.broken, second.written, second.marks.closes, second.joined) == (1, Fraction(3, 8), 1, False)
    assert third.written == Fraction(1, 8)


def test_spaces_divide_beams() -> None:
    joined = [note.joined for note in notes(tune_of("CD EF|G A`B c|]\n"))]
    assert joined == [False, True, False, True, False, False, True, False]


def test_bars_of_rest() -> None:
    rest = items(tune_of("X:1\nM:3/4\nK:C\nZ4|]\n"))[0]
    assert rest == MultiRest(4, Fraction(3))


@pytest.mark.parametrize(
    ("line", "text", "ends", "starts"),
    [
        ("|", "|", 0, 0), ("||", "||", 0, 0), ("|]", "|]", 0, 0), ("[|", "[|", 0, 0), ("[|]", "[|]", 0, 0),
        (".|", ".|", 0, 0), ("|:", "|:", 0, 1), (":|", ":|", 1, 0), ("::", "::", 1, 1), (":|:", "::", 1, 1),
        (":||:", "::", 1, 1), ("||:", "|:", 0, 1), (":||", ":|", 1, 0), (":|]", ":|]", 1, 0), ("[|:", "[|:", 0, 1),
        ("|::", "|::", 0, 2), ("::|", "::|", 2, 0), ("|||", "||", 0, 0), ("|[|", "||", 0, 0),
    ],
)  # fmt: skip
def test_bar_lines(line: str, text: str, ends: int, starts: int) -> None:
    tune = tune_of(f"C4{line}C4:|\n")
    right = tune.voices[0].bars[0].right
    assert right == BarLine(text, ends, starts)
    assert right.is_invisible == (line == "[|]")


@pytest.mark.parametrize(
    ("body", "numbers"),
    [
        ("|:C4|1 D4:|2 E4|]", [(1,), (2,)]),
        ("|:C4|[1 D4:|[2 E4|]", [(1,), (2,)]),
        ("|:C4|[1,3 D4:|[2 E4:|[4 F4|]", [(1, 3), (2,), (4,)]),
        ("|:C4|1-3 D4:|4 E4|]", [(1, 2, 3), (4,)]),
        ("|:C4|[1.2 D4:|[3 E4|]", [(1, 2), (3,)]),
        ("|:C4| [1 D4:| [2 E4|]", [(1,), (2,)]),
    ],
)
def test_variant_endings(body: str, numbers: list[tuple[int, ...]]) -> None:
    tune = tune_of(body + "\n")
    assert [item.numbers for item in items(tune) if isinstance(item, Ending)] == numbers
    assert [bar.endings for bar in tune.voices[0].bars if bar.endings] == numbers
    assert not [code for code in codes(body + "\n") if code == "S305"]


def test_bars_are_numbered_as_musicians_count() -> None:
    with_pickup = tune_of("G|C D E F|C D E F|]\n").voices[0].bars
    assert [bar.number for bar in with_pickup] == [0, 1, 2]
    without = tune_of("C D E F|Z3|C D E F|]\n").voices[0].bars
    assert [bar.number for bar in without] == [1, 4, 5]


@pytest.mark.parametrize("body", ["[=g'''g''''] z2 z|]", "=g''' g'''' z2|]"])
def test_an_accidental_of_the_bar_can_bring_a_note_into_range(body: str) -> None:
    """Before it, the G sharp of the key would be too high."""
    assert parse(f"X:1\nT:t\nM:4/4\nL:1/4\nK:E\n{body}\n").diagnostics == ()


def test_dotted_bar_lines_divide_no_bar() -> None:
    assert codes("C D .|E F|C4|]\n") == []


@pytest.mark.parametrize(
    ("body", "code", "cut"),
    [
        ("C D E? F|C4|]", "N201", "?"),
        ("C D [EG F|C4|]", "N202", "["),
        ("C D {EG F|C4|]", "N203", "{"),
        ('C D "EG F|C4|]', "N204", '"'),
        ("C D E !trill F|C4|]", "N205", "!"),
        ("C D E ^ F|C4|]", "N206", "^"),
        ("C D E/0 F|C4|]", "N207", "E/0"),
        ("C D [Ez] F|C4|]", "N208", "z"),
        ("C D E] F|C4|]", "N209", "]"),
        ("C D [K:G E F|C4|]", "N210", "["),
        ("C D E _/F|C4|]", "N212", "_/"),
        ("C D E F,,,,,,|C4|]", "N213", "F,,,,,,"),
        ("C D E -E|C4|]", "N214", "-"),
        ("C D E>|C4|]", "R204", ">"),
        ("C D E>>>>F|C4|]", "R204", ">>>>"),
        ("C D (3EF|C4|]", "R205", "(3EF"),
        ("C D (1E F|C4|]", "R207", "(1"),
        ("C D Z|C4|]", "R208", "C D Z"),
        ("C D E F-|G4|]", "S301", "-"),
        ("(C D E F|C4|]", "S302", "("),
        ("C D E) F|C4|]", "S303", ")"),
        ("|:C D E F|C4|]", "S304", "|:"),
        ("|:C4|2 C4:|", "S305", "2"),
        ("C D : E F|C4|]", "S306", ":"),
        ("C D E F!|C4|]", "N205", "!"),
        ("C D E F]|C4|]", "S308", "]|"),
        ("!foo!C D E F|C4|]", "D501", "!foo!"),
    ],
)
def test_a_fault_gives_one_diagnostic_at_its_place(body: str, code: str, cut: str) -> None:
    book = read(body + "\n")
    assert [diagnostic.code for diagnostic in book.diagnostics] == [code]
    (fault,) = book.diagnostics
    assert book.source.slice(fault.span).startswith(cut)
    assert fault.line == HEADER.count("\n") + 1
    assert fault.column == body.index(cut) + 1 or cut in ("-",)


def test_reading_goes_on_at_the_next_bar_line() -> None:
    assert codes("C ? D ? E ? F|C ? D|E F G A|]\n") == ["N201", "N201"]


def test_far_too_many_bars_of_rest() -> None:
    assert codes("Z99999|]\n") == ["N207"]
