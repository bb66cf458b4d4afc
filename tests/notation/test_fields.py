"""Values of fields: keys, metres, unit lengths, tempos, voices, orders of parts."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm.notation import Clef, Key, Meter, Tempo
from abcllm.notation.fields import (
    FieldFault,
    parse_key,
    parse_meter,
    parse_parts,
    parse_tempo,
    parse_unit_length,
    parse_voice,
)

from ..strategies import keys

SHARPS = "FCGDAEB"


@pytest.mark.parametrize(
    ("text", "name", "fifths"),
    [
        ("C", "C", 0),
        ("Am", "Am", 0),
        ("A minor", "Am", 0),
        ("A Minor", "Am", 0),
        ("AMIN", "Am", 0),
        ("Aaeolian", "Am", 0),
        ("G major", "G", 1),
        ("Gmaj", "G", 1),
        ("C ionian", "C", 0),
        ("Bb", "Bb", -2),
        ("F#m", "F#m", 3),
        ("Ador", "Ador", 1),
        ("A Dorian", "Ador", 1),
        ("E mix", "Emix", 3),
        ("EPhr", "Ephr", 0),
        ("F Lydian", "Flyd", 0),
        ("Bloc", "Bloc", 0),
        ("C#", "C#", 7),
        ("Cb", "Cb", -7),
        ("D#m", "D#m", 6),
        ("Abm", "Abm", -7),
        ("none", "none", 0),
        ("  D  ", "D", 2),
    ],
)
def test_keys(text: str, name: str, fifths: int) -> None:
    key = parse_key(text)
    assert (key.name, key.fifths) == (name, fifths)
    flats = SHARPS[::-1]
    assert key.signature == (dict.fromkeys(SHARPS[:fifths], 1) if fifths >= 0 else dict.fromkeys(flats[:-fifths], -1))


@pytest.mark.parametrize(
    ("text", "signature"),
    [
        ("HP", {"F": 1, "C": 1}),
        ("Hp", {"F": 1, "C": 1}),
        ("D Phr ^f", {"B": -1, "E": -1, "F": 1}),
        ("D exp _b _e ^f", {"B": -1, "E": -1, "F": 1}),
        ("D =c", {"F": 1}),
        ("D maj =f ^g", {"C": 1, "G": 1}),
        ("none ^f", {"F": 1}),
        ("^f _b", {"F": 1, "B": -1}),
        ("C exp __b ^^f", {"B": -2, "F": 2}),
    ],
)
def test_keys_with_accidentals_of_their_own(text: str, signature: dict[str, int]) -> None:
    assert parse_key(text).signature == signature


@pytest.mark.parametrize(
    ("text", "clef"),
    [
        ("C bass", Clef("bass")),
        ("C clef=treble-8", Clef("treble", "-8")),
        ("G clef=alto middle=C", Clef("alto", middle="C")),
        ("Am clef=bass transpose=-12 octave=-1", Clef("bass", transpose=-12, octave=-1)),
        ("C clef=bass3 stafflines=4", Clef("bass3", stafflines=4)),
        ("clef=tenor", Clef("tenor")),
        ("C treble+8", Clef("treble", "+8")),
        ("C clef=F", Clef("bass")),
        ("C perc", Clef("perc")),
    ],
)
def test_clefs(text: str, clef: Clef) -> None:
    assert parse_key(text).clef == clef


@given(keys())
def test_a_key_is_read_as_it_is_written(key: Key) -> None:
    assert parse_key(str(key)) == key


@pytest.mark.parametrize(
    "text", ["", "H", "Z", "Cfoo", "C majestic", "c", "D clef=piano", "D transpose=x", "D octave=9999", "Dorian?"]
)
def test_texts_that_are_no_key(text: str) -> None:
    with pytest.raises(FieldFault) as fault:
        parse_key(text)
    assert fault.value.message
    assert 0 <= fault.value.start <= fault.value.end


@pytest.mark.parametrize(
    ("text", "meter", "duration", "unit"),
    [
        ("4/4", Meter((4,), 4), Fraction(1), Fraction(1, 8)),
        ("C", Meter((4,), 4, "C"), Fraction(1), Fraction(1, 8)),
        ("C|", Meter((2,), 2, "C|"), Fraction(1), Fraction(1, 8)),
        ("6/8", Meter((6,), 8), Fraction(3, 4), Fraction(1, 8)),
        ("2/4", Meter((2,), 4), Fraction(1, 2), Fraction(1, 16)),
        ("5/16", Meter((5,), 16), Fraction(5, 16), Fraction(1, 16)),
        ("(2+3)/8", Meter((2, 3), 8), Fraction(5, 8), Fraction(1, 16)),
        ("2 + 3 + 2 / 8", Meter((2, 3, 2), 8), Fraction(7, 8), Fraction(1, 8)),
        ("none", Meter((), 4, "none"), None, Fraction(1, 8)),
    ],
)
def test_metres(text: str, meter: Meter, duration: Fraction | None, unit: Fraction) -> None:
    read = parse_meter(text)
    assert (read, read.duration, read.default_unit_length) == (meter, duration, unit)
    assert parse_meter(str(read)) == read


def test_compound_metres_are_those_in_threes() -> None:
    metres = ("6/8", "9/8", "12/8", "3/8", "3/4", "6/4", "4/4", "C")
    assert [text for text in metres if parse_meter(text).is_compound] == ["6/8", "9/8", "12/8"]


@pytest.mark.parametrize(
    "text", ["0/0", "4/0", "0/4", "4/5", "4", "four/four", "4/4/4", "99999999999/4", "4/1024", "(2+)/8"]
)
def test_texts_that_are_no_metre(text: str) -> None:
    with pytest.raises(FieldFault):
        parse_meter(text)


@pytest.mark.parametrize(
    ("text", "unit"),
    [("1/8", Fraction(1, 8)), ("1", Fraction(1)), (" 1 / 4 ", Fraction(1, 4)), ("2/8", Fraction(1, 4))],
)
def test_unit_lengths(text: str, unit: Fraction) -> None:
    assert parse_unit_length(text) == unit


@pytest.mark.parametrize("text", ["", "1/0", "0/8", "8th", "1/8/8", "99999999999", "1/100000", "-1/8"])
def test_texts_that_are_no_unit_length(text: str) -> None:
    with pytest.raises(FieldFault):
        parse_unit_length(text)


@pytest.mark.parametrize(
    ("text", "qpm"),
    [
        ("1/4=120", 120),
        ("3/8=60", 90),
        ("1/4 3/8 1/4 3/8=40", 200),
        ('"Allegro" 1/4=120', 120),
        ('1/2=60 "slowly"', 120),
        ("120", 60),
        ("C=100", 50),
        ("1/4=ca. 90.5", 90.5),
        ('"Largo"', None),
    ],
)
def test_tempos(text: str, qpm: float | None) -> None:
    tempo = parse_tempo(text)
    assert tempo.qpm == qpm
    assert parse_tempo(str(tempo)) == tempo


def test_the_words_of_a_tempo() -> None:
    assert parse_tempo('"Allegro" 1/4=120 "molto"') == Tempo((Fraction(1, 4),), 120.0, "Allegro", "molto")


@pytest.mark.parametrize("text", ["", "fast", "1/4=", "=120", "1/0=120", "1/4=0", "1/4=99999999", "1/4"])
def test_texts_that_are_no_tempo(text: str) -> None:
    with pytest.raises(FieldFault):
        parse_tempo(text)


def test_voices() -> None:
    identifier, properties, clef = parse_voice('T1 name="Tenor I" clef=treble-8 snm=T.I up')
    assert identifier == "T1"
    assert properties == {"name": "Tenor I", "clef": "treble-8", "snm": "T.I", "stem": "up"}
    assert clef == Clef("treble", "-8")


@pytest.mark.parametrize("text", ["", "1 loud", "1 clef=piano", "1 octave=one"])
def test_texts_that_are_no_voice(text: str) -> None:
    with pytest.raises(FieldFault):
        parse_voice(text)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("AABB", "AABB"),
        ("A2(BA)2", "AABABA"),
        ("((AB)2C)2", "ABABCABABC"),
        ("A.B", "AB"),
        ("A B, C", "ABC"),
        ("A3", "AAA"),
    ],
)
def test_orders_of_parts(text: str, order: str) -> None:
    assert "".join(parse_parts(text)) == order


@pytest.mark.parametrize(
    "text", ["", "A(B", "A)", "()", "12", "A?", "(" * 50, "A99999999(B99999)", "((((A99)99)99)99)99"]
)
def test_texts_that_are_no_order_of_parts(text: str) -> None:
    with pytest.raises(FieldFault):
        parse_parts(text)


@given(st.text(alphabet='ABCDEFGHPabcdefg#b _^=/0123456789+()mixdorexpclef="|,.-', max_size=30))
def test_no_text_makes_a_field_raise_anything_else(text: str) -> None:
    for parse in (parse_key, parse_meter, parse_unit_length, parse_tempo, parse_voice, parse_parts):
        with suppress(FieldFault):
            parse(text)
