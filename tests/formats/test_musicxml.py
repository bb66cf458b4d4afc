"""MusicXML: what is printed, element by element, and laws over all tunes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given, settings

from abcllm.errors import FormatError
from abcllm.formats.musicxml import write_musicxml
from abcllm.formats.staves import Group, lay_out
from abcllm.notation import Chord, Note, Tune, parse
from tests.strategies import broken_texts, tunes

HEAD = "X:1\nT:t\nM:4/4\nL:1/8\nK:C\n"


def score(body: str, head: str = HEAD) -> Element:
    return fromstring(write_musicxml(parse(head + body + "\n").tunes[0]).encode())


def texts(element: Element, path: str) -> list[str]:
    return [found.text or "" for found in element.iterfind(path)]


def notes(element: Element) -> list[Element]:
    return [note for note in element.iter("note") if note.find("grace") is None]


def values(element: Element) -> list[str]:
    """Type and dots of each note: `eighth.`"""
    return [note.findtext("type", "bar") + "." * len(note.findall("dot")) for note in element.iter("note")]


def attributes(element: Element, path: str, *names: str) -> list[tuple[str | None, ...]]:
    return [tuple(found.get(name) for name in names) for found in element.iterfind(path)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("C D2 E3 F/ G/4 A8", ["eighth", "quarter", "quarter.", "16th", "32nd", "whole"]),
        ("C7|D14|E16", ["half..", "whole..", "breve"]),
        ("C5|D9|E10", ["half", "eighth", "half.", "quarter.", "whole", "quarter"]),
        ("z8|z5 C3|x2 z6", ["bar", "half", "eighth", "quarter.", "quarter", "half."]),
        ("[CE]3 [C2E2]", ["quarter.", "quarter.", "quarter", "quarter"]),
        ("C/3 D/5", ["16th", "32nd"]),
    ],
)
def test_note_values(body: str, expected: list[str]) -> None:
    assert values(score(body + "|]")) == expected


def test_what_is_no_note_value_is_tied() -> None:
    assert attributes(score("C5 D3|]"), ".//tie", "type") == [("start",), ("stop",)]
    assert attributes(score("z5 D3|]"), ".//tie", "type") == []


@pytest.mark.parametrize(
    ("body", "accidentals"),
    [
        ("^F _B =F ^^c __d", ["sharp", "flat", "natural", "double-sharp", "flat-flat"]),
        ("^F F f", ["sharp", None, "sharp"]),  # ABC: in all octaves; a printed accidental holds in its own
        ("^F4-|F4 F4", ["sharp", None, None]),
        ("^F4-|F2 ^F2", ["sharp", None, "sharp"]),
    ],
)
def test_accidentals_are_those_that_a_reader_needs(body: str, accidentals: list[str | None]) -> None:
    assert [note.findtext("accidental") for note in notes(score(body + "|]"))] == accidentals


def test_accidentals_without_propagation() -> None:
    xml = score("^F F|F2|]", HEAD.replace("K:", "I:propagate-accidentals not\nK:"))
    assert [note.findtext("accidental") for note in notes(xml)] == ["sharp", "natural", None]


@pytest.mark.parametrize(
    ("key", "steps"),
    [
        ("Eb", "-3 major"), ("F#m", "3 minor"), ("Ador", "1 dorian"), ("none", "0"), ("HP", "0"), ("Hp", "2"),
        ("C ^f", "1"), ("D exp _b ^f", "F1 B-1"), ("G#", "F2 C1 D1 E1 G1 A1 B1"), ("D =c", "1"),
    ],
)  # fmt: skip
def test_keys(key: str, steps: str) -> None:
    element = score("C8|]", f"X:1\nM:4/4\nL:1/8\nK:{key}\n").find(".//key")
    assert element is not None
    if element.find("fifths") is not None:
        assert f"{element.findtext('fifths')} {element.findtext('mode', '')}".strip() == steps
    else:
        names, alters = texts(element, "key-step"), texts(element, "key-alter")
        found = {a + b for a, b in zip(names, alters, strict=True)}
        assert found == set(steps.split())


@pytest.mark.parametrize(
    ("meter", "symbol", "beats"),
    [("C", "common", "4"), ("C|", "cut", "2"), ("6/8", None, "6"), ("(2+3)/8", None, "2+3")],
)
def test_metres(meter: str, symbol: str | None, beats: str) -> None:
    time = score("C8|]", f"X:1\nM:{meter}\nL:1/8\nK:C\n").find(".//time")
    assert time is not None
    assert (time.get("symbol"), time.findtext("beats")) == (symbol, beats)


def test_free_metre() -> None:
    assert score("C8|]", "X:1\nM:none\nL:1/8\nK:C\n").find(".//time/senza-misura") is not None
    assert attributes(score("C8|[M:none]C3|]"), ".//time", "print-object") == [(None,), ("no",)]


@pytest.mark.parametrize(
    ("clef", "sign", "line", "octave"),
    [
        ("treble", "G", "2", None), ("bass", "F", "4", None), ("bass3", "F", "3", None), ("alto", "C", "3", None),
        ("tenor", "C", "4", None), ("treble-8", "G", "2", "-1"), ("bass+15", "F", "4", "2"),
        ("perc", "percussion", None, None), ("none", "none", None, None),
    ],
)  # fmt: skip
def test_clefs(clef: str, sign: str, line: str | None, octave: str | None) -> None:
    element = score("C8|]", f"X:1\nM:4/4\nL:1/8\nK:C clef={clef}\n").find(".//clef")
    assert element is not None
    found = (element.findtext("sign"), element.findtext("line"), element.findtext("clef-octave-change"))
    assert found == (sign, line, octave)


def test_a_low_voice_without_clef_gets_the_bass_clef() -> None:
    assert [texts(score(body), ".//clef/sign") for body in ("C,,2 D,, E,, F,,4|]", "C2 G,6|]")] == [["F"], ["G"]]


def test_octaves_and_transposition() -> None:
    def octave(key: str) -> str:
        return score("c8|]", f"X:1\nM:4/4\nL:1/8\nK:C {key}\n").findtext(".//octave", "")

    assert [octave(key) for key in ("", "treble-8", "octave=-1", "bass middle=d")] == ["5", "4", "4", "3"]
    xml = score("c8|]", "X:1\nM:4/4\nL:1/8\nK:C transpose=-14\n")
    transpose = xml.find(".//transpose")
    assert transpose is not None
    assert [(part.tag, part.text) for part in transpose] == [
        ("diatonic", "-1"), ("chromatic", "-2"), ("octave-change", "-1"),
    ]  # fmt: skip


def test_changes_at_one_place_are_one_sign() -> None:
    xml = score("c8|[K:D clef=bass][M:3/4]D,6|C,2[K:G]D,4|]")
    first, second, third = ([[part.tag for part in a] for a in m.iterfind("attributes")] for m in xml.iter("measure"))
    assert first == [["divisions", "key", "time", "clef"], ["clef"]]  # the clef stands before the bar line
    assert (second, third) == ([["key", "time"]], [["key"]])


@pytest.mark.parametrize(
    ("body", "beams"),
    [
        ("CDEF GA", ["begin", "continue", "continue", "end", "begin", "end"]),
        ("C2DE F", [None, "begin", "end", None]),
        ("CD|EF", ["begin", "end", "begin", "end"]),
        ("CzD E", ["begin", None, "end", None]),
        ("C`D{g}E", ["begin", "continue", "end"]),
        ("(3CDE(3FGA", ["begin", *["continue"] * 4, "end"]),
        ("C>D", ["begin", "end"]),
    ],
)
def test_beams_follow_the_spaces(body: str, beams: list[str | None]) -> None:
    assert [note.findtext("beam") for note in notes(score(body + "|]"))] == beams


def test_inner_beams_and_hooks() -> None:
    xml = score("C>D E/F/G C3/2D/ z2|]")
    found = [[beam.text for beam in note.iterfind("beam")] for note in notes(xml)]
    assert found[:7] == [
        ["begin"], ["end", "backward hook"], ["begin", "begin"], ["continue", "end"], ["end"], ["begin"],
        ["end", "backward hook"],
    ]  # fmt: skip


def test_tuplets() -> None:
    xml = score("(3CDE (5:4:5FGABz|(3:2:2C2D (3[CE]zG|]")
    assert attributes(xml, ".//tuplet", "type", "bracket") == [
        ("start", "no"), ("stop", None), ("start", "yes"), ("stop", None),
        ("start", "yes"), ("stop", None), ("start", "no"), ("stop", None),
    ]  # fmt: skip
    ratios = [(m.findtext("actual-notes"), m.findtext("normal-notes")) for m in xml.iter("time-modification")]
    assert Counter(ratios) == {("3", "2"): 9, ("5", "4"): 5}


def test_graces() -> None:
    xml = score("{g}C {/g}D {gab}E {g/a}F|]")
    graces = [note for note in xml.iter("note") if note.find("grace") is not None]
    assert [grace.findtext("type") for grace in graces] == ["eighth", "eighth", *["16th"] * 3, "32nd", "16th"]
    assert [grace.find("grace").get("slash") for grace in graces][:3] == [None, "yes", None]  # type: ignore[union-attr]
    assert all(grace.find("duration") is None for grace in graces)


def test_slurs_are_numbered_and_paired() -> None:
    xml = score("(C(D E)F) .(G A) {(B}c) (d|]")
    found = attributes(xml, ".//slur", "type", "number", "line-type")
    assert found == [
        ("start", "1", None), ("start", "2", None), ("stop", "2", None), ("stop", "1", None), ("start", "1", "dashed"),
        ("stop", "1", None), ("start", "1", None), ("stop", "1", None),
    ]  # fmt: skip


def test_ties_of_chords() -> None:
    xml = score("[C-E]2[CF]2 [CE]2-[CE]2|]")
    found = [[tie.get("type") for tie in note.iterfind("tie")] for note in notes(xml)]
    assert found == [["start"], [], ["stop"], [], ["start"], ["start"], ["stop"], ["stop"]]


def test_chords_of_unequal_notes_are_two_layers() -> None:
    xml = score("[C2E4] D2 z4|]")
    assert [(n.findtext("pitch/step"), n.findtext("voice"), n.findtext("duration")) for n in notes(xml)][::3] == [
        ("C", "1", "1"), ("E", "2", "2"),
    ]  # fmt: skip


def described(line: Element) -> tuple[str | None, ...]:
    """Place, style, and the kind of each ending and repeat."""
    parts = [part.get("type") or part.get("direction") for part in line if part.tag != "bar-style"]
    return line.get("location"), line.findtext("bar-style"), *parts


def test_bar_lines_repeats_and_endings() -> None:
    xml = score("|:C8|1 D8:|2 E8||F8|]\n|::G8::|A8.|B8[|]c8")
    lines = [[described(line) for line in measure.iter("barline")] for measure in xml.iter("measure")]
    assert lines == [
        [("left", "heavy-light", "forward")],
        [("left", None, "start"), ("right", "light-heavy", "stop", "backward")],
        [("left", None, "start"), ("right", "light-light", "discontinue")],
        [("right", "light-heavy")],
        [("left", "heavy-light", "forward"), ("right", "light-heavy", "backward")],
        [("right", "dotted")],
        [("right", "none")],
        [("right", "none")],
    ]
    assert attributes(xml, ".//repeat[@times]", "times") == [("3",)]


def test_an_ending_in_mid_bar_begins_a_measure() -> None:
    xml = score("|:C4[1,3 D4:|[2 E4|]")
    assert attributes(xml, ".//measure", "number", "implicit")[:2] == [("1", None), ("1", "yes")]
    assert attributes(xml, ".//ending[@type='start']", "number") == [("1,3",), ("2",)]


def test_pickup_and_line_ends() -> None:
    xml = score("C2|D8|\nE8|\nF8|]")
    assert attributes(xml, ".//measure", "number", "implicit")[:2] == [("0", "yes"), ("1", None)]
    assert [measure.find("print") is not None for measure in xml.iter("measure")] == [False, False, True, True]
    plain = fromstring(write_musicxml(parse(HEAD + "C8|\nD8|]\n").tunes[0], line_breaks=False).encode())
    assert plain.find(".//print") is None


def test_bars_of_rest() -> None:
    xml = score("C8|Z3|X|D8|]")
    assert len(xml.findall(".//measure")) == 6
    assert texts(xml, ".//multiple-rest") == ["3"]
    assert attributes(xml, ".//rest", "measure") == [("yes",)] * 4


def test_decorations() -> None:
    xml = score(
        "!trill!C~D.E!accent!F !fermata!G!upbow!A!3!B!tenuto!c|!f!C!segno!D!<(!E!<)!F !arpeggio![CE]!///!D!D.C.!F2|]"
    )
    for path in (
        "ornaments/trill-mark", "ornaments/turn", "articulations/staccato", "articulations/accent", "fermata",
        "technical/up-bow", "technical/fingering", "articulations/tenuto", "arpeggiate", "ornaments/tremolo",
    ):  # fmt: skip
        assert xml.find(f".//notations/{path}") is not None, path
    for path in ("dynamics/f", "segno", "wedge[@type='crescendo']", "wedge[@type='stop']", "words"):
        assert xml.find(f".//direction-type/{path}") is not None, path


def test_words_over_the_music() -> None:
    xml = score('"^up"C"_down"D"<left"E"@5,3 at"F"Fine"G "Bb7/D"A"N.C."B2|[P:A]C4[Q:"Slow"1/4=60]D4|\nT:Trio\nE8|]')
    found = [(d.get("placement"), d.findtext("direction-type/words")) for d in xml.iter("direction")]
    assert found == [
        ("above", "up"), ("below", "down"), ("above", "left"), ("above", "at"), ("above", "Fine"), ("above", "N.C."),
        ("above", None), ("above", "Slow"), ("above", "Trio"),
    ]  # fmt: skip
    assert texts(xml, ".//rehearsal") == ["A"]
    harmony = xml.find(".//harmony")
    assert harmony is not None
    assert [harmony.findtext(path) for path in ("root/root-step", "root/root-alter", "kind", "bass/bass-step")] == [
        "B", "-1", "dominant", "D",
    ]  # fmt: skip
    assert (xml.findtext(".//per-minute"), xml.findtext(".//beat-unit")) == ("60", "quarter")


def test_lyrics() -> None:
    xml = score("C D E F|G A B c|]\nw:Hel-lo dear__ one-\nw:x y")
    found = [
        (lyric.get("number"), lyric.findtext("syllabic"), lyric.findtext("text"),
         lyric.find("extend").get("type") if lyric.find("extend") is not None else None)  # type: ignore[union-attr]
        for lyric in xml.iter("lyric")
    ]  # fmt: skip
    assert found == [
        ("1", "begin", "Hel", None), ("2", "single", "x", None), ("1", "end", "lo", None), ("2", "single", "y", None),
        ("1", "single", "dear", "start"), ("1", None, None, "continue"), ("1", None, None, "stop"),
        ("1", "begin", "one", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("directive", "staves", "groups"),
    [
        ("", ((0,), (1,), (2,), (3,)), ()),
        ("%%score (1 2) | (3 4)", ((0, 1), (2, 3)), (Group("none", 0, 1, True),)),
        ("%%score [1 2 {3 4}]", ((0,), (1,), (2,), (3,)), (Group("brace", 2, 3, True), Group("bracket", 0, 3, False))),
        ("%%staves [1 2] | 3", ((0,), (1,), (2,)), (Group("bracket", 0, 1, True),)),
        ("%%score 2 9 *3", ((1,), (2,)), ()),
        ("%%score 8 9", ((0,), (1,), (2,), (3,)), ()),
        ("%%score [(1 2", ((0, 1),), ()),
    ],
)
def test_layout(directive: str, staves: tuple[tuple[int, ...], ...], groups: tuple[Group, ...]) -> None:
    head = f"X:1\n{directive}\n" if directive else "X:1\n"
    text = head + "M:4/4\nL:1/8\nK:C\n" + "".join(f"V:{n}\nC8|]\n" for n in range(1, 5))
    layout = lay_out(parse(text).tunes[0])
    assert (layout.staves, layout.groups) == (staves, groups)


def test_voices_of_a_staff_and_overlays_are_layers() -> None:
    xml = score("V:1\nc8 & e8|]\nV:2\nC8|]", HEAD.replace("K:", "%%score (1 2)\nK:"))
    assert len(xml.findall("part")) == 1
    assert texts(xml, ".//note/voice") == ["1", "2", "3"]
    assert texts(xml, ".//backup/duration") == ["4", "4"]


def test_a_voice_without_a_bar_line_is_divided_in_time() -> None:
    xml = score("V:1\nC4||D4|E8|]\nV:2\nc4 d4|e8|]")
    steps = [[texts(measure, ".//step") for measure in part.iter("measure")] for part in xml.iter("part")]
    assert steps == [[["C"], ["D"], ["E"]]] * 2


def test_a_voice_that_ends_early_is_filled_with_rests() -> None:
    xml = score("V:1\nC8|D8|]\nV:2\nc8|")
    assert [len(part.findall("measure")) for part in xml.iter("part")] == [2, 2]


def test_header() -> None:
    head = "X:1\nT:Title & <more>\nT:Second\nC:Me\nR:jig\nO:Here\nM:4/4\nL:1/8\nK:C\n"
    xml = score("C8|]\nW:words\x07 below", head)
    assert xml.findtext("work/work-title") == "Title & <more>"
    assert texts(xml, "identification/creator") == ["Me"]
    assert list(zip(texts(xml, "credit/credit-type"), texts(xml, "credit/credit-words"), strict=True)) == [
        ("title", "Title & <more>"), ("subtitle", "Second"), ("rhythm", "jig"), ("composer", "Me"),
        ("lyrics", "words below"),
    ]  # fmt: skip


def test_what_cannot_be_written_is_said() -> None:
    book = parse("X:1\nK:C\nC|]\n\nX:2\nK:C\nD|]\n")
    with pytest.raises(FormatError, match="there are 2 tunes"):
        write_musicxml(book.tunes)
    assert "<note" in write_musicxml(parse("X:1\nK:C\n").tunes[0])


def lengths(part: Element) -> Iterator[tuple[Fraction, Fraction]]:
    """How far each measure goes by its notes, and how long its first layer is."""
    divisions = int(part.findtext(".//divisions", "1"))
    for measure in part.iter("measure"):
        now = furthest = 0
        first: int | None = None
        for child in measure:
            length = int(child.findtext("duration", "0"))
            if child.tag == "backup":
                first = now if first is None else first
                now -= length
                assert now == 0
            elif child.tag == "forward" or (child.tag == "note" and child.find("chord") is None):
                now += length
            furthest = max(furthest, now)
        yield Fraction(furthest, divisions * 4), Fraction(now if first is None else first, divisions * 4)


@settings(max_examples=60)
@given(tunes())
def test_measures_last_as_long_as_bars(tune: Tune) -> None:
    xml = fromstring(write_musicxml(tune).encode())
    for part, voice in zip(xml.iter("part"), tune.voices, strict=True):
        written = [length for _, length in lengths(part)]
        assert written == [bar.duration for bar in voice.bars if bar.duration]


@settings(max_examples=60)
@given(tunes())
def test_every_note_is_printed_once(tune: Tune) -> None:
    xml = fromstring(write_musicxml(tune).encode())
    printed = Counter(
        (note.findtext("pitch/step"), int(note.findtext("pitch/alter", "0")), int(note.findtext("pitch/octave", "0")))
        for note in notes(xml)
        if note.find("pitch") is not None and not (note.find("tie[@type='stop']") is not None)
    )
    items = [item for voice in tune.voices for bar in voice.bars for item in bar.items]
    written = Counter(
        (note.pitch.step, note.pitch.alter, note.pitch.octave)
        for item in items
        if isinstance(item, Note | Chord)
        for note in (item.notes if isinstance(item, Chord) else (item,))
    )
    tied = sum(1 for note in notes(xml) if note.find("tie[@type='stop']") is not None)
    assert set(printed) <= set(written)
    assert printed.total() + tied >= written.total()


@settings(max_examples=60)
@given(broken_texts())
def test_broken_tunes_are_written_too(text: str) -> None:
    for tune in parse(text).tunes:
        xml = fromstring(write_musicxml(tune).encode())
        counts = {len(part.findall("measure")) for part in xml.iter("part")}
        assert len(counts) == 1


def test_notes_are_named_by_their_place_in_the_text() -> None:
    text = "X:1\nL:1/8\nM:4/4\nK:C\n{g}[CE]2 D5 z|\n"
    plain, named = (write_musicxml(parse(text).tunes[0], note_ids=ids) for ids in (False, True))
    ids = re.findall(r'<note id="n(\d+)(-1)?">', named)
    assert [(text[int(place)], part) for place, part in ids] == [
        ("g", ""), ("C", ""), ("E", ""), ("D", ""), ("D", "-1"),
    ]  # fmt: skip
    assert re.sub(r' id="n[^"]*"', "", named) == plain
