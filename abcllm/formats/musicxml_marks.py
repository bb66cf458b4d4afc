"""What stands over and under the notes as MusicXML: decorations, chord symbols, annotations, words of the score."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from xml.etree.ElementTree import Element

from ..notation.harmony import ChordSymbol, parse_chord_symbol
from .musicxml_tree import add

__all__ = ["NOTEHEADS", "add_annotation", "add_chord_symbol", "add_notations", "add_words", "directions_of"]

ARTICULATIONS: Final = {
    "staccato": "staccato", "accent": "accent", "tenuto": "tenuto", "wedge": "staccatissimo",
    "marcato": "strong-accent", "^": "strong-accent", "breath": "breath-mark", "shortphrase": "breath-mark",
    "mediumphrase": "caesura", "longphrase": "caesura", "slide": "scoop",
}  # fmt: skip
ORNAMENTS: Final = {
    "trill": "trill-mark", "trill(": "trill-mark", "lowermordent": "mordent", "uppermordent": "inverted-mordent",
    "roll": "turn", "turn": "turn", "turnx": "turn", "invertedturn": "inverted-turn",
    "invertedturnx": "inverted-turn",
}  # fmt: skip
TECHNICAL: Final = {
    "upbow": "up-bow", "downbow": "down-bow", "open": "open-string", "thumb": "thumb-position",
    "snap": "snap-pizzicato", "+": "stopped",
}  # fmt: skip
TREMOLOS: Final = {
    "/": 1, "//": 2, "///": 3, "////": 4, "trem1": 1, "trem2": 2, "trem3": 3, "trem4": 4,
}  # fmt: skip
DYNAMICS: Final = frozenset(["pppp", "ppp", "pp", "p", "mp", "mf", "f", "ff", "fff", "ffff", "sfz"])
WEDGES: Final = {
    "crescendo(": "crescendo", "diminuendo(": "diminuendo", "crescendo)": "stop", "diminuendo)": "stop",
}  # fmt: skip
WORDS: Final = {
    "D.C.": ("D.C.", {"dacapo": "yes"}), "dacapo": ("Da Capo", {"dacapo": "yes"}),
    "D.S.": ("D.S.", {"dalsegno": "segno"}), "dacoda": ("Da Coda", {"tocoda": "coda"}),
    "D.C.alcoda": ("D.C. al Coda", {"dacapo": "yes"}), "D.C.alfine": ("D.C. al Fine", {"dacapo": "yes"}),
    "D.S.alcoda": ("D.S. al Coda", {"dalsegno": "segno"}), "D.S.alfine": ("D.S. al Fine", {"dalsegno": "segno"}),
    "fine": ("Fine", {"fine": "yes"}), "cresc": ("cresc.", {}), "dim": ("dim.", {}), "8va(": ("8va", {}),
    "8vb(": ("8vb", {}), "15ma(": ("15ma", {}), "15mb(": ("15mb", {}),
}  # fmt: skip
PEDALS: Final = {"ped": "start", "pedal(": "start", "ped-up": "stop", "pedal)": "stop"}
NOTEHEADS: Final = {
    "style=x": "x", "style=harmonic": "diamond", "style=triangle": "triangle", "style=rhythm": "slash",
}  # fmt: skip
AFTER_THE_NOTE: Final = frozenset(("crescendo)", "diminuendo)", "ped-up", "pedal)"))


def add_notations(notations: Element, decorations: Iterable[str]) -> None:
    """The decorations that belong to the note itself."""
    groups: dict[str, Element] = {}

    def group(name: str) -> Element:
        if name not in groups:
            groups[name] = add(notations, name)
        return groups[name]

    for name in decorations:
        if name in ORNAMENTS:
            add(group("ornaments"), ORNAMENTS[name], slash="yes" if name.endswith("turnx") else None)
            if name == "trill(":
                add(group("ornaments"), "wavy-line", type="start", number=1)
        elif name == "trill)":
            add(group("ornaments"), "wavy-line", type="stop", number=1)
        elif name in TREMOLOS:
            add(group("ornaments"), "tremolo", TREMOLOS[name], type="single")
        elif name in TECHNICAL:
            add(group("technical"), TECHNICAL[name])
        elif name in ("0", "1", "2", "3", "4", "5"):
            add(group("technical"), "fingering", name)
        elif name in ARTICULATIONS:
            add(group("articulations"), ARTICULATIONS[name])
        elif name in ("fermata", "invertedfermata"):
            add(notations, "fermata", type="inverted" if name == "invertedfermata" else "upright")
        elif name == "arpeggio":
            add(notations, "arpeggiate")
        elif name in ("glissando(", "~(", "-(", "glissando)", "~)", "-)"):
            wavy = "wavy" if name[0] != "-" else "solid"
            add(notations, "glissando", line_type=wavy, number=1, type="start" if name.endswith("(") else "stop")


def directions_of(decorations: Iterable[str], *, after: bool, dynamics_above: bool = False) -> list[Element]:
    """The decorations beside the note: dynamics, hairpins, segno and the like; `after` for those behind it."""
    found: list[Element] = []
    names = list(decorations)
    hairpin_ends_before = not DYNAMICS.isdisjoint(names)
    for name in sorted(names, key=lambda name: name in DYNAMICS) if hairpin_ends_before else names:
        is_after = name in AFTER_THE_NOTE and not (hairpin_ends_before and name in WEDGES)
        if is_after != after:
            continue
        placement = "above" if dynamics_above else "below"
        direction = Element("direction")
        kind = add(direction, "direction-type")
        if name in DYNAMICS:
            dynamics = add(kind, "dynamics")
            if name in ("pppp", "ffff"):
                add(dynamics, "other-dynamics", name)
            else:
                add(dynamics, name)
        elif name in WEDGES:
            add(kind, "wedge", type=WEDGES[name], number=1)
        elif name in PEDALS:
            add(kind, "pedal", type=PEDALS[name], line="no", sign="yes")
            placement = "below"
        elif name in ("segno", "coda"):
            add(kind, name)
            add(direction, "sound", **{name: name})
            placement = "above"
        elif name in WORDS:
            words, sound = WORDS[name]
            add(kind, "words", words, font_style="italic" if name in ("cresc", "dim") else None)
            if sound:
                add(direction, "sound", **sound)
            placement = "below" if name in ("cresc", "dim") else "above"
        else:
            continue
        direction.set("placement", placement)
        found.append(direction)
    return found


def add_annotation(measure: Element, text: str) -> None:
    """A text with its sign in front: ^ above, _ below; those beside the note stand above it."""
    sign, body = text[:1], text[1:]
    if sign == "@":
        body = body.partition(" ")[2] or body.rpartition(",")[2].lstrip("+-.0123456789")
    if body.strip():
        add_words(measure, body, placement="below" if sign == "_" else "above")


def add_words(measure: Element, text: str, *, placement: str = "above", bold: bool = False) -> None:
    """Words over or under the music."""
    direction = add(measure, "direction", placement=placement)
    add(add(direction, "direction-type"), "words", text, font_weight="bold" if bold else None)


def add_chord_symbol(measure: Element, text: str) -> None:
    """A chord symbol, spelled as in the text; what names no chord (`N.C.` too) is kept as words.

    Degrees (`7b9`) are in the text of the kind alone: engravers would print them a second time.
    """
    chord = parse_chord_symbol(text)
    if chord is not None:
        _add_harmony(measure, chord)
    elif text.strip():
        add_words(measure, text)


def _add_harmony(measure: Element, chord: ChordSymbol) -> None:
    harmony = add(measure, "harmony", placement="above", print_frame="no")
    _add_note_name(add(harmony, "root"), "root", chord.root)
    shown = re.sub(r"b(?=\d)", "♭", re.sub(r"#(?=\d)", "♯", chord.suffix))
    add(harmony, "kind", chord.kind, text=shown)
    if chord.bass:
        _add_note_name(add(harmony, "bass"), "bass", chord.bass)


def _add_note_name(parent: Element, prefix: str, name: str) -> None:
    add(parent, f"{prefix}-step", name[0])
    if alter := name.count("#") - name.count("b"):
        add(parent, f"{prefix}-alter", alter)
