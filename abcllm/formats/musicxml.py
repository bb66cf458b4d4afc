"""Tunes as MusicXML 4.0, partwise: the score as the author laid it out, one part for each staff.

`%%score` and `%%staves` say which voices share a staff; overlays are further voices of their staff. Lines of the ABC
text become systems (`line_breaks`). Lengths that are no note value are split and tied; bars whose length is wrong are
written as they are. An accidental that the conventions of printed music need (it holds in its own octave only) is
printed even where ABC does not.

Lost on the way: the text itself, comments and directives but `%%score` and `%%MIDI program`, decorations that MusicXML
has no sign for, part order (P: of the header), the stretch of octave lines (`!8va(!` stands as a word).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ..errors import FormatError
from ..notation.tune import Chord, Item, Note, Rest, Tune, Voice
from .measures import Measure, find_measures
from .musicxml_staff import StaffWriter
from .musicxml_tree import add
from .staves import Layout, lay_out

__all__ = ["write_musicxml"]

HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN"'
    ' "http://www.musicxml.org/dtds/partwise.dtd">\n'
)
MOST_DIVISIONS: Final = 2**4 * 3**2 * 5 * 7 * 4


def write_musicxml(tunes: Tune | Sequence[Tune], *, line_breaks: bool = True, note_ids: bool = False) -> str:
    """One tune as MusicXML. With `line_breaks`, a system begins where a line of the text does.

    With `note_ids` a note whose text begins at character 42 has the id `n42`, so that engraved notes can be found
    again; this is for tunes as they were read: one that was changed since has lost its places.
    Raises `FormatError` for more than one tune.
    """
    chosen = (tunes,) if isinstance(tunes, Tune) else tuple(tunes)
    if len(chosen) != 1:
        raise FormatError(f"a file of MusicXML holds one score, and there are {len(chosen)} tunes", format="musicxml")
    score = _build(chosen[0], line_breaks=line_breaks, note_ids=note_ids)
    indent(score, " ")
    return HEAD + tostring(score, encoding="unicode") + "\n"


def _build(tune: Tune, *, line_breaks: bool, note_ids: bool) -> Element:
    layout = lay_out(tune)
    voices = [tune.voices[index] for staff in layout.staves for index in staff]
    measures = find_measures(tune, voices)
    score = Element("score-partwise", version="4.0")
    _add_header(score, tune)
    _add_part_list(score, tune, layout)
    divisions = _divisions(measures)
    first = 0
    for number, staff in enumerate(layout.staves):
        places = range(first, first + len(staff))
        part = add(score, "part", id=f"P{number + 1}")
        writer = StaffWriter(
            tune, [voices[place] for place in places], places, divisions, leads=number == 0, note_ids=note_ids
        )
        writer.write(part, measures, line_breaks=line_breaks)
        first += len(staff)
    if not layout.staves:
        _add_empty_part(score)
    return score


def _add_header(score: Element, tune: Tune) -> None:
    if tune.title:
        add(add(score, "work"), "work-title", tune.title)
        add(score, "movement-title", tune.title)
    identification = add(score, "identification")
    for composer in tune.texts("C"):
        add(identification, "creator", composer, type="composer")
    for author in tune.texts("A"):
        add(identification, "creator", author, type="lyricist")
    encoding = add(identification, "encoding")
    add(encoding, "software", "abcllm")
    for source in (*tune.texts("S"), *tune.texts("B"))[:1]:
        add(identification, "source", source)
    facts = [
        ("rhythm", tune.rhythm),
        ("origin", ", ".join(tune.texts("O"))),
        ("transcription", ", ".join(tune.texts("Z"))),
    ]
    if any(text for _, text in facts):
        miscellaneous = add(identification, "miscellaneous")
        for name, text in facts:
            if text:
                add(miscellaneous, "miscellaneous-field", text, name=name)
    credits = [("title", tune.title), *(("subtitle", title) for title in tune.titles[1:]), ("rhythm", tune.rhythm)]
    credits += [("composer", composer) for composer in tune.texts("C")]
    credits += [("lyrics", "\n".join(tune.words))]
    for kind, text in credits:
        if text:
            element = add(score, "credit", page=1)
            add(element, "credit-type", kind)
            add(element, "credit-words", text)


def _add_part_list(score: Element, tune: Tune, layout: Layout) -> None:
    parts = add(score, "part-list")
    for number, staff in enumerate(layout.staves):
        for index, group in enumerate(layout.groups, 1):
            if group.first == number:
                element = add(parts, "part-group", type="start", number=index)
                add(element, "group-symbol", group.symbol)
                add(element, "group-barline", "yes" if group.joined else "no")
        part = add(parts, "score-part", id=f"P{number + 1}")
        own = [tune.voices[index] for index in staff]
        add(part, "part-name", _names(own, short=False))
        if short := _names(own, short=True):
            add(part, "part-abbreviation", short)
        for index, group in enumerate(layout.groups, 1):
            if group.last == number:
                add(parts, "part-group", type="stop", number=index)
    if not layout.staves:
        add(add(parts, "score-part", id="P1"), "part-name")


def _names(voices: Sequence[Voice], *, short: bool) -> str:
    names = [(voice.short_name if short else voice.name).replace("\\n", "\n") for voice in voices]
    return "\n".join(dict.fromkeys(name for name in names if name))


def _divisions(measures: Sequence[Measure]) -> int:
    """Parts of a quarter note in which all lengths are whole numbers, unless that takes too many."""
    divisions = 1
    for measure in measures:
        for cell in measure.cells:
            for items in (cell.items, *cell.overlays):
                for item in items:
                    for quarter in _quarters(item):
                        divisions = lcm(divisions, quarter.denominator)
                if divisions > MOST_DIVISIONS:
                    return MOST_DIVISIONS
    return divisions


def _quarters(item: Item) -> list[Fraction]:
    """The lengths in an item, in quarter notes."""
    if isinstance(item, Note | Rest):
        return [item.duration * 4]
    if isinstance(item, Chord):
        return [item.duration * 4, *(note.duration * 4 for note in item.notes)]
    return []


def _add_empty_part(score: Element) -> None:
    measure = SubElement(add(score, "part", id="P1"), "measure", number="1")
    attributes = add(measure, "attributes")
    add(attributes, "divisions", 1)
    note = add(measure, "note", print_object="no")
    add(note, "rest", measure="yes")
    add(note, "duration", 4)
