"""What the signs of MusicXML are in ABC: keys, metres, clefs, tempos, chord symbols, decorations, bar lines.

The tables of the writer are read backwards, so that both sides agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final
from xml.etree.ElementTree import Element

from ..notation.decorations import NAMES
from ..notation.harmony import INTERVALS, KIND_OF, parse_chord_symbol
from ..notation.theory import FREE_METER, MODE_FIFTHS, SHARP_ORDER, SIGN_TEXT, Clef, Key, Meter, Tempo
from .musicxml_attributes import SIGN_AND_LINE
from .musicxml_marks import ARTICULATIONS, DYNAMICS, NOTEHEADS, ORNAMENTS, TECHNICAL, TREMOLOS, WORDS
from .note_values import TYPES
from .settings import OCTAVES_OF_MARK

__all__ = [
    "LENGTH_OF_TYPE",
    "chord_symbol_of",
    "clef_of",
    "decorations_of",
    "direction_decorations",
    "inline",
    "key_of",
    "key_on",
    "meter_of",
    "names_no_mode",
    "number_of",
    "one_line",
    "tempo_of",
    "transposition_of",
]

LENGTH_OF_TYPE: Final = {name: length for length, name in TYPES} | {"maxima": Fraction(8)}
NAME_OF_SIGN: Final = {("F", 4): "bass", ("C", 3): "alto", ("C", 4): "tenor", ("G", 2): "treble"}
LETTER_OF_SIGN: Final = {"F": "bass", "C": "alto", "G": "treble", "percussion": "perc", "none": "none", "TAB": "treble"}
MARK_OF_OCTAVES: Final = {octaves: mark for mark, octaves in OCTAVES_OF_MARK.items()}
DECORATION_OF_ARTICULATION: Final = {sign: name for name, sign in reversed(ARTICULATIONS.items())} | {
    "strong-accent": "marcato",
    "staccatissimo": "wedge",
    "caesura": "longphrase",
    "breath-mark": "breath",
    "detached-legato": "tenuto",
    "scoop": "slide",
}
DECORATION_OF_ORNAMENT: Final = {sign: name for name, sign in reversed(ORNAMENTS.items())} | {
    "trill-mark": "trill",
    "turn": "turn",
    "inverted-turn": "invertedturn",
    "delayed-turn": "turn",
    "delayed-inverted-turn": "invertedturn",
}
DECORATION_OF_TECHNICAL: Final = {sign: name for name, sign in TECHNICAL.items()}
DECORATION_OF_TREMOLO: Final = {strokes: name for name, strokes in reversed(TREMOLOS.items())}
DECORATION_OF_HEAD: Final = {head: name for name, head in NOTEHEADS.items()}
DECORATION_OF_WORDS: Final = {words.casefold().rstrip("."): name for name, (words, _) in reversed(WORDS.items())} | {
    "dc": "D.C.",
    "ds": "D.S.",
    "da capo": "D.C.",
    "dal segno": "D.S.",
    "da capo al fine": "D.C.alfine",
    "dal segno al fine": "D.S.alfine",
    "crescendo": "cresc",
    "diminuendo": "dim",
}
SPELLING_OF_KIND: Final = {kind: spelling for spelling, kind in reversed(KIND_OF.items())} | {
    "augmented": "aug",
    "diminished": "dim",
    "dominant-seventh": "7",
    "major-sixth": "6",
    "power": "5",
}
SPACE: Final = re.compile(r"\s+")
MOST_BEATS: Final = 64
MOST_UNITS: Final = 64


def one_line(text: str | None) -> str:
    """Text as one line, without what would end a quoted text of ABC."""
    return SPACE.sub(" ", text or "").strip()


def inline(text: str) -> str:
    """Text that can stand in an inline field."""
    return one_line(text.replace("[", "(").replace("]", ")"))


def number_of(text: str | None, usual: int = 0) -> int:
    """A whole number, or `usual` where there is none."""
    try:
        return round(float(text or ""))
    except (ValueError, OverflowError):
        return usual


def key_of(element: Element) -> Key:
    """The key that a signature shows, as major where it names no mode; accidental by accidental where it is unusual."""
    if element.find("key-step") is not None:
        pairs = zip(element.iterfind("key-step"), element.iterfind("key-alter"), strict=False)
        signs = {(step.text or "").strip().lower(): number_of(alter.text) for step, alter in pairs}
        changed = tuple((step, alter) for step, alter in signs.items() if step in "cdefgab" and step and abs(alter) < 3)
        return Key("C", "major", changed, explicit=True)
    fifths = max(min(number_of(element.findtext("fifths")), 7), -7)
    return key_on(fifths, _mode_of(element) or "major")


def names_no_mode(element: Element) -> bool:
    """Whether a usual signature does not say in which mode it is."""
    return element.find("fifths") is not None and not _mode_of(element)


def key_on(fifths: int, mode: str) -> Key:
    """The key of that mode with so many sharps (or flats, below 0).

    >>> str(key_on(-3, "minor"))
    'Cm'
    """
    octave, index = divmod(fifths - MODE_FIFTHS[mode] + 1, 7)
    return Key(SHARP_ORDER[index] + SIGN_TEXT.get(octave, ""), mode)


def _mode_of(element: Element) -> str:
    mode = one_line(element.findtext("mode")).lower()
    mode = {"ionian": "major", "aeolian": "minor"}.get(mode, mode)
    return mode if mode in MODE_FIFTHS else ""


def meter_of(element: Element) -> Meter:
    """The metre that a time signature shows; free where it shows none."""
    beats = [one_line(found.text) for found in element.iterfind("beats")]
    units = [number_of(found.text) for found in element.iterfind("beat-type")]
    if element.find("senza-misura") is not None or not beats or not units:
        return FREE_METER
    parts = [int(part) for part in "+".join(beats).split("+") if part.strip().isdigit()]
    unit = units[0]
    if not parts or any(other != unit for other in units) or unit < 1 or unit & (unit - 1) or unit > MOST_UNITS:
        return FREE_METER
    if not 0 < sum(parts) <= MOST_BEATS:
        return FREE_METER
    symbol = element.get("symbol")
    if symbol == "common" and (parts, unit) == ([4], 4):
        return Meter((4,), 4, "C")
    if symbol == "cut" and (parts, unit) == ([2], 2):
        return Meter((2,), 2, "C|")
    return Meter(tuple(parts), unit)


def clef_of(element: Element) -> Clef:
    """The clef, with its line where it is not the usual one and its octave mark."""
    sign = one_line(element.findtext("sign"))
    line = number_of(element.findtext("line"))
    name = LETTER_OF_SIGN.get(sign, "treble")
    if sign in ("G", "F", "C"):
        usual = SIGN_AND_LINE[name][1]
        name = NAME_OF_SIGN.get((sign, line or usual)) or f"{name}{line}"
    octaves = number_of(element.findtext("clef-octave-change"))
    return Clef(name, MARK_OF_OCTAVES.get(octaves, ""))


def transposition_of(element: Element) -> int:
    """Semitones by which the music sounds higher than it is written."""
    return number_of(element.findtext("chromatic")) + 12 * number_of(element.findtext("octave-change"))


def tempo_of(direction: Element) -> Tempo | None:
    """The tempo mark in a direction: words with a metronome mark, or with what a player is told."""
    words = inline(" ".join(found.text or "" for found in direction.iter("words"))).replace('"', "'")
    metronome = direction.find("direction-type/metronome")
    if metronome is not None and len(metronome.findall("beat-unit")) == 1:
        beat = LENGTH_OF_TYPE.get(one_line(metronome.findtext("beat-unit")))
        rate = re.search(r"\d+(\.\d+)?", metronome.findtext("per-minute") or "")
        if beat is not None and rate and float(rate.group()):
            dots = len(metronome.findall("beat-unit-dot"))
            beat *= 2 - Fraction(1, 2**dots)
            return Tempo((beat,), float(rate.group()), words)
    sound = direction.find("sound")
    rate_text = sound.get("tempo", "") if sound is not None else ""
    if words and re.fullmatch(r"\d+(\.\d+)?", rate_text) and 5 <= float(rate_text) <= 1000:
        return Tempo((Fraction(1, 4),), float(f"{float(rate_text):g}"), words)
    return None


def chord_symbol_of(element: Element) -> str:
    """The chord symbol of a `harmony`, or an empty text: root, kind as it is shown, degrees, bass."""
    root = _note_name(element, "root")
    kind = element.find("kind")
    if not root or kind is None:
        return "N.C." if kind is not None and one_line(kind.text) == "none" else ""
    name = one_line(kind.text)
    bass = _note_name(element, "bass")
    low = f"/{bass}" if bass else ""
    degrees = "".join(_degree(degree) for degree in element.iterfind("degree"))
    suffix = SPELLING_OF_KIND.get(name, "" if name in INTERVALS else None)
    spelled = [one_line(kind.get("text")).replace("♭", "b").replace("♯", "#")] if kind.get("text") is not None else []
    spelled += [suffix + degrees, suffix] if suffix is not None else []
    for text in spelled:
        chord = parse_chord_symbol(root + text + low)
        if chord is not None and '"' not in text and (suffix is None or chord.kind == KIND_OF.get(suffix, chord.kind)):
            return root + text + low
    return root + low


def _note_name(element: Element, prefix: str) -> str:
    step = one_line(element.findtext(f"{prefix}/{prefix}-step"))
    alter = number_of(element.findtext(f"{prefix}/{prefix}-alter"))
    return step + SIGN_TEXT.get(alter, "") if step in tuple("ABCDEFG") else ""


def _degree(element: Element) -> str:
    value, alter = number_of(element.findtext("degree-value")), number_of(element.findtext("degree-alter"))
    action = one_line(element.findtext("degree-type"))
    sign = {1: "#", -1: "b"}.get(alter, "")
    return f"no{value}" if action == "subtract" else f"{sign}{value}" if sign else f"add{value}"


def decorations_of(note: Element) -> list[str]:
    """The decorations of a note, in the order of its notations."""
    found: list[str] = []
    for notations in note.iterfind("notations"):
        for child in notations:
            found += _decorations_in(child)
    head = note.find("notehead")
    if head is not None and (name := DECORATION_OF_HEAD.get(one_line(head.text))):
        found.append(name)
    accidental = note.find("accidental")
    if accidental is not None:
        if accidental.get("cautionary") == "yes" or accidental.get("parentheses") == "yes":
            found.append("courtesy")
        if accidental.get("editorial") == "yes":
            found.append("editorial")
    return list(dict.fromkeys(found))


def _decorations_in(element: Element) -> Iterator[str]:
    if element.tag == "fermata":
        yield "invertedfermata" if element.get("type") == "inverted" else "fermata"
    elif element.tag == "arpeggiate":
        yield "arpeggio"
    elif element.tag in ("glissando", "slide"):
        opening = element.get("type") == "start"
        wave = "-" if element.get("line-type") == "solid" or element.tag == "slide" else "~"
        yield wave + ("(" if opening else ")")
    elif element.tag == "dynamics":
        yield from _dynamics(element)
    elif element.tag == "articulations":
        for sign in element:
            if name := DECORATION_OF_ARTICULATION.get(sign.tag):
                yield name
    elif element.tag == "technical":
        for sign in element:
            if sign.tag == "fingering" and one_line(sign.text) in ("0", "1", "2", "3", "4", "5"):
                yield one_line(sign.text)
            elif name := DECORATION_OF_TECHNICAL.get(sign.tag):
                yield name
    elif element.tag == "ornaments":
        yield from _ornaments(element)


def _ornaments(element: Element) -> Iterator[str]:
    waves = {sign.get("type") for sign in element.iterfind("wavy-line")}
    for sign in element:
        if sign.tag == "trill-mark":
            yield "trill(" if "start" in waves and "stop" not in waves else "trill"
        elif sign.tag == "tremolo" and sign.get("type", "single") == "single":
            if name := DECORATION_OF_TREMOLO.get(number_of(sign.text)):
                yield name
        elif sign.tag in ("turn", "inverted-turn") and sign.get("slash") == "yes":
            yield DECORATION_OF_ORNAMENT[sign.tag] + "x"
        elif name := DECORATION_OF_ORNAMENT.get(sign.tag):
            yield name
    if waves == {"stop"}:
        yield "trill)"


def _dynamics(element: Element) -> Iterator[str]:
    for sign in element:
        name = one_line(sign.text) if sign.tag == "other-dynamics" else sign.tag
        if name in DYNAMICS:
            yield name
        elif name in ("sf", "fz", "sfp", "sffz", "rf", "rfz", "fp"):
            yield "sfz"


def direction_decorations(kind: Element, wedges: dict[str, str]) -> list[str]:
    """The decorations that a child of a `direction-type` is; `wedges` remembers which hairpins are open."""
    number = kind.get("number", "1")
    if kind.tag == "dynamics":
        return list(_dynamics(kind))
    if kind.tag in ("segno", "coda"):
        return [kind.tag]
    if kind.tag == "wedge":
        if kind.get("type") in ("crescendo", "diminuendo"):
            wedges[number] = str(kind.get("type"))
            return [f"{wedges[number]}("]
        return [f"{wedges.pop(number)})"] if kind.get("type") == "stop" and number in wedges else []
    if kind.tag == "pedal":
        name = {"start": "ped", "stop": "ped-up"}.get(kind.get("type", ""))
        return [name] if name else []
    if kind.tag == "words":
        name = DECORATION_OF_WORDS.get(one_line(kind.text).casefold().rstrip("."))
        return [name] if name in NAMES else []
    return []
