"""From text to tunes: where tunes begin and end, headers, voices, directives."""

from __future__ import annotations

from fractions import Fraction

import pytest

from abcllm.errors import NotationError
from abcllm.notation import Clef, Key, Source, parse
from abcllm.notation.tune import Field, LineBreak

from .reading import HEADER, codes, heard, items, notes, read, tune_of


def test_a_small_tune() -> None:
    book = parse(
        "X:7\nT:First\nT:Second\nC:trad.\nR:jig\nM:6/8\nL:1/8\nQ:3/8=120\nK:Ador clef=bass\nABc|]\n", "jig.abc"
    )
    (tune,) = book.tunes
    assert (tune.number, tune.titles, tune.title, tune.rhythm) == (7, ("First", "Second"), "First", "jig")
    assert (tune.unit_length, str(tune.meter), str(tune.tempo)) == (Fraction(1, 8), "6/8", "3/8=120")
    assert tune.key == Key("A", "dorian", clef=Clef("bass"))
    assert tune.texts("C") == ("trad.",)
    assert book.source.name == "jig.abc"
    assert book.source.slice(tune.span) == book.source.text
    book.raise_for_errors()


def test_errors_are_raised_when_asked_for() -> None:
    book = read("C D E F G|]\n")
    with pytest.raises(NotationError, match="R201") as raised:
        book.raise_for_errors()
    assert raised.value.diagnostics == book.diagnostics


def test_warnings_are_not_raised() -> None:
    read("(C D E F|]\n").raise_for_errors()


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_several_tunes_and_what_stands_between(newline: str) -> None:
    text = "%abc-2.1\nM:3/4\nL:1/4\n\nSome words.\nMore.\n\n"
    text += "X:1\nK:C\nC3|]\n\n% a remark\n\nAfter.\n\nX:2\nM:2/4\nK:G\nF2|]\n"
    book = parse(text.replace("\n", newline))
    assert [str(tune.meter) for tune in book.tunes] == ["3/4", "2/4"]
    assert [tune.unit_length for tune in book.tunes] == [Fraction(1, 4)] * 2
    assert [(field.name, field.text) for field in book.header] == [("M", "3/4"), ("L", "1/4")]
    assert [(free.text.split()[0], free.before) for free in book.free_text] == [("Some", 0), ("After.", 1)]
    assert book.diagnostics == ()
    assert notes(book.tunes[1])[0].pitch.name == "F#4"


def test_tunes_without_an_empty_line_between() -> None:
    assert [tune.number for tune in parse("X:1\nL:1/4\nM:1/4\nK:C\nC|]\nX:2\nL:1/4\nM:1/4\nK:C\nD|]\n").tunes] == [1, 2]


def test_a_fault_of_the_file_header_is_said_once() -> None:
    tune = "X:%d\nL:1/4\nK:C\nC4|]\n\n"
    found = parse("M:four\n\n" + tune % 1 + tune % 2).diagnostics
    assert [(fault.code, fault.line) for fault in found] == [("H105", 1)]


@pytest.mark.parametrize("text", ["", " \n\n", "Just words.\n", "<html><body>\n", "K\n", "\x00\x01\x02"])
def test_texts_without_a_tune(text: str) -> None:
    book = parse(text)
    assert book.tunes == ()
    assert [fault.code for fault in book.diagnostics] == ["T102"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("T:no number\nM:4/4\nL:1/4\nK:C\nC4|]\n", ["H101"]),
        ("X:1\nM:4/4\nL:1/4\nC4|D4|]\n", ["H103"]),
        ("X:1 L:1/8 M:4/4 K:A\n|: A8 | B8 :|\n", ["H110"]),
        ("X:1\nT:t\nL:1/0\nM:2/4\nK:C\nC4 C4|]\n", ["H106"]),
        ("X:1\nT:t\nM:0/0\nK:C\nC4|]\n", ["H105"]),
        ("X:99999999999\nM:4/4\nL:1/4\nK:C\nC4|]\n", ["H102"]),
        ("X:1\nT:t\n", ["H103"]),
        ("X:1\nT:t\nK:C\n", ["H114"]),
        ("X:1\nM:4/4\nL:1/4\nK:C\nC4|\n\nC4|D4|\n", ["T104"]),
    ],
)
def test_headers_with_faults(text: str, found: list[str]) -> None:
    assert [fault.code for fault in parse(text).diagnostics] == found


def test_a_header_on_one_line_is_taken_apart_and_can_be_fixed() -> None:
    book = parse("X:1 L:1/8 M:4/4 K:A\n|: A8 | B8 :|\n")
    (tune,) = book.tunes
    assert (str(tune.key), str(tune.meter), tune.unit_length) == ("A", "4/4", Fraction(1, 8))
    (fault,) = book.diagnostics
    assert fault.fix is not None
    assert fault.fix.replacement == "X:1\nL:1/8\nM:4/4\nK:A"


def test_without_l_the_unit_follows_from_the_metre() -> None:
    assert tune_of("X:1\nM:2/4\nK:C\nC8|]\n").unit_length == Fraction(1, 16)
    assert tune_of("X:1\nM:3/4\nK:C\nC6|]\n").unit_length == Fraction(1, 8)
    assert tune_of("X:1\nK:C\nC6|]\n").unit_length == Fraction(1, 8)


@pytest.mark.parametrize(
    ("body", "sound"),
    [
        ("C4|[K:G]F4|[K:Eb]E4|]", "C4/4 F#4/4 Eb4/4"),
        ("C4|\nK:D\nF4|]", "C4/4 F#4/4"),
        ("C2 D2|[L:1/8]C2 D2 E2 F2|]", "C4/2 D4/2 C4 D4 E4 F4"),
        ("C2 D2|\nL:1/8\nC2 D2 E2 F2|]", "C4/2 D4/2 C4 D4 E4 F4"),
        ("C D \\\nE F|]", "C4 D4 E4 F4"),
        ("C D \\ % comment\n% another\nE F|]", "C4 D4 E4 F4"),
        ("C D % G A\n% B B\nE F|]", "C4 D4 E4 F4"),
        ("C [r:remark G A]D E F|]", "C4 D4 E4 F4"),
        ("%%vskip 10\nC D\n%%begintext\nC D E F G\n%%endtext\nE F|]", "C4 D4 E4 F4"),
        ("C D|\nT:second\nE F|]", "C4 D4 E4 F4"),
        ("C y D yy E y2 F|]", "C4 D4 E4 F4"),
    ],
)
def test_bodies(body: str, sound: str) -> None:
    assert heard(body + "\n") == sound


def test_lines_of_music_are_kept() -> None:
    bars = tune_of("C D E F|G4|\nA2\nB2|]\n").voices[0].bars
    assert [bar.line_end for bar in bars] == [False, True, False]
    assert [type(item) for item in bars[2].items].count(LineBreak) == 1


@pytest.mark.parametrize(
    ("directive", "body", "breaks"),
    [("", "C D $E F|]\n", 1), ("I:linebreak $\n", "C D $E F|\nG4|]\n", 1), ("I:linebreak !\n", "C D !E F|]\n", 1),
     ("I:linebreak <none>\n", "C4|\nD4|]\n", 0)],
)  # fmt: skip
def test_line_breaks(directive: str, body: str, breaks: int) -> None:
    tune = tune_of(f"X:1\nM:4/4\nL:1/4\n{directive}K:C\n{body}")
    found = sum(isinstance(item, LineBreak) for item in items(tune)) + sum(bar.line_end for bar in tune.voices[0].bars)
    assert found == breaks


def test_old_line_breaks() -> None:
    assert codes("C4|!\nD4|!\nE4|]\n") == ["S307"]


def test_voices_in_every_way() -> None:
    lines = tune_of("V:1\nC4|\nV:2\nC,4|\nV:1\nG4|]\nV:2\nG,4|]\n")
    inline = tune_of("[V:1]C4|G4|]\n[V:2]C,4|G,4|]\n")
    defined = tune_of("X:1\nM:4/4\nL:1/4\nV:1\nV:2\nK:C\n[V:1]C4|G4|]\n[V:2]C,4|G,4|]\n")
    for tune in (lines, inline, defined):
        assert [[note.pitch.name for note in notes(tune, voice)] for voice in (0, 1)] == [["C4", "G4"], ["C3", "G3"]]
        assert [voice.id for voice in tune.voices] == ["1", "2"]


def test_properties_of_voices() -> None:
    tune = tune_of(
        'X:1\nM:4/4\nL:1/4\nV:T name="Tenor" snm=T clef=treble-8\nV:B clef=bass\nK:C\n[V:T]C4|]\n[V:B]C4|]\n'
    )
    tenor, bass = tune.voices
    assert (tenor.id, tenor.name, tenor.short_name, tenor.clef) == ("T", "Tenor", "T", Clef("treble", "-8"))
    assert (bass.name, bass.clef) == ("", Clef("bass"))


def test_each_voice_has_its_own_key_length_and_accidentals() -> None:
    tune = tune_of("V:1\n[K:G][L:1/8]^C8|F8|]\nV:2\nC4|F4|]\n")
    assert [note.pitch.name for note in notes(tune, 0)] == ["C#4", "F#4"]
    assert [note.pitch.name for note in notes(tune, 1)] == ["C4", "F4"]


def test_fields_are_kept_where_they_stand() -> None:
    (first, *_) = tune_of("C D [K:G]E F|\nP:B\nG4|]\n").voices[0].bars
    assert [item for item in first.items if isinstance(item, Field)] == [Field("K", "G", Key("G"), True)]
    label = items(tune_of("C4|\nP:B\nG4|]\n"))[1]
    assert label == Field("P", "B")


def test_symbols_of_ones_own() -> None:
    tune = tune_of('X:1\nM:4/4\nL:1/4\nU:W=!fermata!\nU:h="^thumb"\nU:T=nil\nK:C\nWC hD TE F|]\n')
    first, second, third, _ = notes(tune)
    assert (first.marks.decorations, second.marks.annotations, third.marks.decorations) == (
        ("fermata",),
        ("^thumb",),
        (),
    )


def test_continued_fields() -> None:
    assert tune_of("X:1\nN:one\n+:two\nM:4/4\nL:1/4\nK:C\nC4|]\n").texts("N") == ("one two",)


def test_directives_and_remarks_are_kept() -> None:
    tune = tune_of("X:1\n%%titlefont Serif 20\n% by hand\nM:4/4\nL:1/4\nK:C\nC4|]\n")
    assert tune.texts("%%") == ("titlefont Serif 20",)
    assert tune.texts("%") == ("by hand",)


def test_places_of_notes() -> None:
    book = read('"Am"^c2-c2|{d}[EG]4|]\n')
    cut = [book.source.slice(item.span) for item in items(book.tunes[0])]
    assert cut == ["^c2", "c2", "{d}", "[EG]4"]


def test_a_source_can_be_given() -> None:
    source = Source(HEADER + "C4|]\n", "one.abc")
    assert parse(source).source is source
