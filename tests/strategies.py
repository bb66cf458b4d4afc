"""Hypothesis strategies: valid ABC with exact bars, tunes read from it, and tunes with something broken in them."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from abcllm.notation import Tune, parse
from abcllm.notation.theory import MODE_FIFTHS, Key

SIXTEENTH = Fraction(1, 16)
METERS = {
    "2/4": 8, "3/4": 12, "4/4": 16, "C": 16, "C|": 16, "6/8": 12, "9/8": 18, "12/8": 24, "5/8": 10, "(2+3)/8": 10,
    "3/2": 24,
}  # fmt: skip
UNITS = (Fraction(1, 4), Fraction(1, 8), Fraction(1, 16))
DECORATIONS = ("!trill!", "!fermata!", "!f!", "!accent!", "!3!", "!upbow!", ".", "~", "T", "!crescendo(!", "!courtesy!")
ANNOTATIONS = ('"^above"', '"_below"', '"<left"', '"@5,3 there"', '"^say \\"so\\""')
CHORD_SYMBOLS = ('"Am"', '"G7/B"', '"F#m7b5"', '"Bb"', '"C(Em)"', '"D/f+"')
WORDS = ("Hel-lo", "my~dear", "la", "_", "*", "o-ver", "Übung", "x\\-y", "it's")

_on_one_line = st.characters(
    codec="utf-8", categories=("L", "N", "P", "S", "Zs"), exclude_characters="\x85\u2028\u2029"
)  # fmt: skip
plain_texts = st.text(_on_one_line, max_size=20)
"""Texts of a field: anything that may stand on one line."""


@st.composite
def keys(draw: st.DrawFn) -> Key:
    """A key of up to seven sharps or flats, perhaps with accidentals of its own, or one without a tonic."""
    changes = st.tuples(st.sampled_from("cdefgab"), st.sampled_from((-1, 0, 1)))
    accidentals = draw(st.lists(changes, max_size=2, unique_by=lambda pair: pair[0]))
    kind = draw(st.sampled_from(("plain",) * 6 + ("modified", "explicit", "none", "HP", "Hp")))
    mode = draw(st.sampled_from(sorted(MODE_FIFTHS)))
    tonics = [letter + sign for letter in "CDEFGAB" for sign in ("", "#", "b")]
    tonic = draw(st.sampled_from([tonic for tonic in tonics if abs(Key(tonic, mode).fifths) <= 7]))
    if kind == "plain":
        return Key(tonic, mode)
    if kind == "modified":
        return Key(tonic, mode, tuple(accidentals))
    if kind == "explicit":
        return Key(tonic, "major", tuple(accidentals), True)
    return Key("", kind)


def spell_length(duration: Fraction, unit: Fraction) -> str:
    """A length as it is written after a note."""
    factor = duration / unit
    top = "" if factor.numerator == 1 else str(factor.numerator)
    return str(factor.numerator if factor != 1 else "") if factor.denominator == 1 else f"{top}/{factor.denominator}"


_signs = st.sampled_from(("", "", "", "", "^", "_", "=", "^^", "__"))
_letters = st.sampled_from(("C,", "G,", *"CDEFGABcdefgab", "c'"))
pitches = st.tuples(_signs, _letters).map("".join)
"""A note without its length."""


@st.composite
def elements(draw: st.DrawFn, room: int, unit: Fraction) -> tuple[str, int, int]:
    """A piece of a bar that lasts at most `room` sixteenths: its text, how long it lasts, how many notes it has."""
    kinds = ["note"] * 6 + ["chord", "rest", "marked", "grace"]
    kinds += ["broken", "tie", "slur"] if room >= 4 else []
    kinds += ["tuplet"] if room >= 4 else []
    kind = draw(st.sampled_from(kinds))
    size = draw(st.sampled_from([n for n in (1, 2, 2, 3, 4, 6, 8) if n <= room]))

    def note(sixteenths: Fraction | int) -> str:
        return draw(pitches) + spell_length(sixteenths * SIXTEENTH, unit)

    if kind in ("note", "rest"):
        return (note(size) if kind == "note" else "z" + spell_length(size * SIXTEENTH, unit)), size, int(kind == "note")
    if kind == "chord":
        members = draw(st.lists(pitches, min_size=2, max_size=3))
        return f"[{''.join(members)}]{spell_length(size * SIXTEENTH, unit)}", size, 1
    if kind == "marked":
        marks = draw(st.lists(st.sampled_from((*CHORD_SYMBOLS, *ANNOTATIONS)), max_size=2))
        signs = draw(st.lists(st.sampled_from(DECORATIONS), max_size=2))
        return "".join(marks) + "".join(signs) + note(size), size, 1
    if kind == "grace":
        inside = "".join(draw(st.lists(pitches, min_size=1, max_size=3)))
        return f"{{{draw(st.sampled_from(('', '/')))}{inside}}}{note(size)}", size, 1
    if kind == "broken":
        sign = draw(st.sampled_from((">", "<", ">>", "<<")))
        return f"{note(2)}{sign}{note(2)}", 4, 2
    if kind == "tie":
        held = draw(pitches)
        length = spell_length(2 * SIXTEENTH, unit)
        return f"{held}{length}-{held}{length}", 4, 2
    if kind == "slur":
        return f"({note(2)} {note(2)})", 4, 2
    return f"(3{note(2)}{note(2)}{note(2)}", 4, 3


@st.composite
def bars(draw: st.DrawFn, sixteenths: int, unit: Fraction) -> tuple[str, int]:
    """A bar without its bar lines that lasts exactly so long, and how many notes it has."""
    pieces, notes = [], 0
    while sixteenths:
        text, length, count = draw(elements(sixteenths, unit))
        pieces.append(text + draw(st.sampled_from(("", " "))))
        sixteenths -= length
        notes += count
    return "".join(pieces), notes


@st.composite
def voices(draw: st.DrawFn, meter: str, unit: Fraction, shape: list[tuple[int, str]]) -> list[str]:
    """The lines of one voice: for each line of `shape` so many bars, and the kind of section that they are."""
    lines = []
    for count, kind in shape:
        texts, notes = [], 0
        for _ in range(count):
            text, more = draw(bars(METERS[meter], unit))
            texts.append(text)
            notes += more
        if kind == "repeat":
            line = "|:" + "|".join(texts) + ":|"
        elif kind == "endings":
            line = "|:" + "|".join(texts) + "|1 " + texts[0] + ":|2 " + texts[-1] + "||"
        else:
            line = "|".join(texts) + draw(st.sampled_from(("|", "||", "|]")))
        lines.append(line)
        if draw(st.booleans()):
            words = draw(st.lists(st.sampled_from(WORDS), max_size=max(notes // 2, 1)))
            lines.append("w:" + " ".join(words)) if words and notes > 1 else None
    return lines


@st.composite
def tune_texts(draw: st.DrawFn, *, most_voices: int = 3) -> str:
    """A tune with nothing to complain of: exact bars, paired slurs and ties, words that find their notes."""
    meter, unit = draw(st.sampled_from(sorted(METERS))), draw(st.sampled_from(UNITS))
    header = [
        f"X:{draw(st.integers(1, 9999))}",
        "T:" + draw(st.sampled_from(("Tune", "Übung №1", "100\\% Bart\\'ok & Co", "a \\\\ b"))),
    ]
    more = ("C:trad.", "R:jig", "Q:1/4=120", 'Q:"Largo"', "N:a note", "%%stretchlast", "% remark")
    header += draw(st.lists(st.sampled_from(more), unique_by=lambda line: line[0], max_size=3))
    header += [f"M:{meter}", f"L:{unit}", f"K:{draw(keys())}"]
    shape = draw(
        st.lists(st.tuples(st.integers(1, 3), st.sampled_from(("plain", "repeat", "endings"))), min_size=1, max_size=3)
    )
    many = draw(st.integers(1, most_voices))
    parts = [draw(voices(meter, unit, shape)) for _ in range(many)]
    if many == 1:
        return "\n".join([*header, *parts[0]]) + "\n"
    lines = [line for number, part in enumerate(parts, 1) for line in (f"V:{number}", *part)]
    return "\n".join([*header, *lines]) + "\n"


def tunes(*, most_voices: int = 3) -> st.SearchStrategy[Tune]:
    """Tunes as the reader gives them."""
    return tune_texts(most_voices=most_voices).map(lambda text: parse(text).tunes[0])


@st.composite
def broken_texts(draw: st.DrawFn) -> str:
    """A tune with some characters removed, added or repeated, perhaps cut off."""
    text = draw(tune_texts())
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(len(text) - 1, 0)))
        piece = draw(
            st.sampled_from((*"ABcz|:[](){}\"!><-^_=,'/0234 .~\\%&+Lw\n\x00\t", "[K:", "|:", "(3", "{", "V:9\n", "é"))
        )
        kind = draw(st.sampled_from(("add", "remove", "replace", "repeat", "cut")))
        if kind == "add":
            text = text[:at] + piece + text[at:]
        elif kind == "remove":
            text = text[:at] + text[at + draw(st.integers(1, 4)) :]
        elif kind == "replace":
            text = text[:at] + piece + text[at + 1 :]
        elif kind == "repeat":
            text = text[:at] + text[at : at + 9] * 3 + text[at + 9 :]
        else:
            text = text[: max(at, len(text) // 2)]
    return text
