"""One part of MusicXML as events: what each voice does when, measure by measure, with all that hangs on it.

Times are exact fractions of a whole note from the start of the measure. A note's length is that of its printed value
wherever the file's ticks agree with it to within their rounding, so that a septuplet stays one. Cue notes are rests.
Source: MusicXML 4.0, elements `note`, `backup`, `forward`, `direction`, `harmony`, `barline`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final
from xml.etree.ElementTree import Element

from ..errors import FormatError
from ..notation.theory import STEPS, Clef, Key, Meter, Pitch, Tempo
from ..notation.tune import Lyric
from . import musicxml_signs as signs
from .settings import OCTAVES_OF_MARK

__all__ = ["Event", "Measure", "Member", "Sign", "read_part"]

LONGEST: Final = 64  # whole notes of one note or measure
MOST_DIVISIONS: Final = 10**7
MOST_RATIO: Final = 64
MOST_VERSES: Final = 32


@dataclass(slots=True)
class Member:
    """One note of an event. `printed` is an accidental that a reader of the score would not have needed."""

    pitch: Pitch
    printed: bool = False
    tied: bool = False
    decorations: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Event:
    """A note, chord or rest (no members) of one voice. `ratio` is (3, 2) where three stand in the time of two.

    `whole` is a rest that fills its measure, however long it says it is; `slurs` are (start or stop, number, dashed).
    """

    onset: Fraction
    duration: Fraction
    voice: str
    staff: int
    members: list[Member] = field(default_factory=list)
    visible: bool = True
    whole: bool = False
    ratio: tuple[int, int] = (1, 1)
    inexact: bool = False
    beam: str = ""
    tuplet: str = ""
    grace: bool = False
    slashed: bool = False
    graces: list[Event] = field(default_factory=list)
    graces_after: list[Event] = field(default_factory=list)
    slurs: list[tuple[str, str, bool]] = field(default_factory=list)
    lyrics: dict[int, Lyric] = field(default_factory=dict)
    extends: set[int] = field(default_factory=set)
    decorations: list[str] = field(default_factory=list)
    chord_symbols: list[str] = field(default_factory=list)
    annotations: list[str] = field(default_factory=list)

    @property
    def written(self) -> Fraction:
        """Its length before tuplets change it."""
        return self.duration * self.ratio[0] / self.ratio[1]

    @property
    def end(self) -> Fraction:
        return self.onset + self.duration


@dataclass(slots=True)
class Sign:
    """What stands over the music at one place. `kind` is chord, annotation, decoration, after, tempo or part."""

    onset: Fraction
    staff: int
    voice: str
    kind: str
    value: str | Tempo


@dataclass(slots=True)
class Measure:
    """One measure of a part: its events by voice, in order of appearance, and what surrounds them.

    `layers` are the events of each voice with their places mended, none begun before the one before has ended;
    `changes` are keys, metres, clefs and transpositions (onset, staff or 0 for all, value); `modeless` says that a key
    of it names no mode.
    """

    voices: dict[str, list[Event]] = field(default_factory=dict)
    layers: dict[str, list[list[Event]]] = field(default_factory=dict)
    signs: list[Sign] = field(default_factory=list)
    changes: list[tuple[Fraction, int, Key | Meter | Clef | int]] = field(default_factory=list)
    modeless: bool = False
    left_style: str = ""
    right_style: str = ""
    starts: bool = False
    ends: int = 0
    ending: tuple[int, ...] = ()
    new_line: bool = False
    fermata: bool = False


def read_part(part: Element) -> list[Measure]:
    """The measures of one part."""
    reader = _PartReader()
    return [reader.measure(element) for element in part.iterfind("measure")]


class _PartReader:
    """Walks through a part, keeping what is in force."""

    def __init__(self) -> None:
        self.divisions = 1
        self.signatures: dict[int, dict[str, int]] = {}
        self.marks: dict[int, int] = {}
        self.wedges: dict[str, str] = {}
        self.now = Fraction(0)
        self.printed: dict[tuple[int, str, int], int] = {}
        self.graces: dict[str, list[Event]] = {}
        self.into = Measure()

    def measure(self, element: Element) -> Measure:
        self.into = Measure()
        self.now = Fraction(0)
        self.printed, self.graces = {}, {}
        for child in element:
            if child.tag == "note":
                self._note(child)
            elif child.tag == "backup":
                self.now = max(self.now - self._time(child), Fraction(0))
            elif child.tag == "forward":
                self.now = self._bounded(self.now + self._time(child))
            elif child.tag == "attributes":
                self._attributes(child)
            elif child.tag == "direction":
                self._direction(child)
            elif child.tag == "harmony":
                if text := signs.chord_symbol_of(child):
                    self._add_sign(child, "chord", text)
            elif child.tag == "barline":
                self._barline(child)
            elif child.tag == "print":
                self.into.new_line |= child.get("new-system") == "yes" or child.get("new-page") == "yes"
        for voice, graces in self.graces.items():
            for last in self.into.voices.get(voice, [])[-1:]:
                last.graces_after = graces
        return self.into

    def _time(self, element: Element) -> Fraction:
        try:
            ticks = Fraction((element.findtext("duration") or "0").strip())
        except (ValueError, ZeroDivisionError):
            ticks = Fraction(0)
        return self._bounded(max(ticks, Fraction(0)) / (4 * self.divisions))

    def _bounded(self, time: Fraction) -> Fraction:
        if time > LONGEST:
            raise FormatError(f"a measure lasts more than {LONGEST} whole notes", format="musicxml")
        return time

    # -- attributes and bar lines --------------------------------------------------------------------------

    def _attributes(self, element: Element) -> None:
        for child in element:
            staff = signs.number_of(child.get("number"))
            if child.tag == "divisions":
                self.divisions = min(max(signs.number_of(child.text, 1), 1), MOST_DIVISIONS)
            elif child.tag == "key":
                key = signs.key_of(child)
                self.into.modeless |= signs.names_no_mode(child)
                self.signatures[staff] = key.signature
                self.into.changes.append((self.now, staff, key))
            elif child.tag == "time":
                self.into.changes.append((self.now, 0, signs.meter_of(child)))
            elif child.tag == "clef":
                clef = signs.clef_of(child)
                self.marks[staff or 1] = OCTAVES_OF_MARK[clef.octave_mark]
                self.into.changes.append((self.now, staff or 1, clef))
            elif child.tag == "transpose":
                self.into.changes.append((self.now, staff, signs.transposition_of(child)))

    def _barline(self, element: Element) -> None:
        style = signs.one_line(element.findtext("bar-style"))
        ending, repeat = element.find("ending"), element.find("repeat")
        if element.get("location", "right") == "left" or (repeat is not None and repeat.get("direction") == "forward"):
            self.into.left_style = style
        else:
            self.into.right_style = style or "regular"
            self.into.fermata |= element.find("fermata") is not None
        if repeat is not None and repeat.get("direction") == "forward":
            self.into.starts = True
        elif repeat is not None:
            self.into.ends = min(max(signs.number_of(repeat.get("times"), 2) - 1, 1), 9)
        if ending is not None and ending.get("type") == "start":
            numbers = [signs.number_of(text) for text in (ending.get("number") or "").split(",")]
            self.into.ending = tuple(number for number in numbers if 0 < number < 100)

    # -- over the music ------------------------------------------------------------------------------------

    def _add_sign(self, element: Element, kind: str, value: str | Tempo) -> None:
        offset = element.findtext("offset")
        at = self.now
        if offset is not None:
            at = max(at + Fraction(signs.number_of(offset), 4 * self.divisions), Fraction(0))
        staff, voice = signs.number_of(element.findtext("staff"), 1), signs.one_line(element.findtext("voice"))
        self.into.signs.append(Sign(at, staff, voice, kind, value))

    def _direction(self, element: Element) -> None:
        tempo = signs.tempo_of(element)
        if tempo is not None:
            self._add_sign(element, "tempo", tempo)
        for kind in (child for found in element.iterfind("direction-type") for child in found):
            names = signs.direction_decorations(kind, self.wedges)
            for name in names:
                self._add_sign(element, "after" if name.endswith(")") or name == "ped-up" else "decoration", name)
            text = signs.one_line(kind.text)
            if kind.tag == "rehearsal" and text:
                self._add_sign(element, "part", text)
            elif kind.tag == "words" and text and not names and tempo is None:
                place = "_" if element.get("placement") == "below" else "^"
                self._add_sign(element, "annotation", place + text)

    # -- notes ---------------------------------------------------------------------------------------------

    def _note(self, note: Element) -> None:
        voice = signs.one_line(note.findtext("voice")) or "1"
        staff = max(signs.number_of(note.findtext("staff"), 1), 1)
        events = self.into.voices.setdefault(voice, [])
        is_grace = note.find("grace") is not None
        row = self.graces.setdefault(voice, []) if is_grace else events
        if note.find("chord") is not None and row and row[-1].members:
            if note.find("cue") is None:
                self._add_member(row[-1], note, staff)
                self._add_slurs(row[-1], note)
            return
        event = self._event(note, voice, staff)
        if note.find("cue") is not None:
            if is_grace:
                return
            event.visible = False
        elif note.find("rest") is None:
            self._add_member(event, note, staff)
            self._add_links(event, note)
        else:
            event.visible = note.get("print-object") != "no"
            event.decorations = signs.decorations_of(note)
            self._add_slurs(event, note)
        row.append(event)
        if not is_grace:
            event.graces = self.graces.pop(voice, [])
            self.now = self._bounded(self.now + self._time(note))

    def _event(self, note: Element, voice: str, staff: int) -> Event:
        rest = note.find("rest")
        duration = self._time(note)
        event = Event(self.now, duration, voice, staff)
        grace = note.find("grace")
        if grace is not None:
            event.grace, event.slashed = True, grace.get("slash") == "yes"
            return event
        if rest is not None and (rest.get("measure") == "yes" or note.find("type") is None) and self.now == 0:
            event.whole = True
            return event
        value = signs.LENGTH_OF_TYPE.get(signs.one_line(note.findtext("type")))
        if value is None:
            return event
        value *= 2 - Fraction(1, 2 ** min(len(note.findall("dot")), 4))
        actual = signs.number_of(note.findtext("time-modification/actual-notes"), 1)
        normal = signs.number_of(note.findtext("time-modification/normal-notes"), 1)
        if not (0 < actual <= MOST_RATIO and 0 < normal <= MOST_RATIO):
            return event
        length = value * normal / actual
        if abs(length - duration) < Fraction(1, 4 * self.divisions):
            event.inexact = length != duration
            event.duration = length
            if actual != normal:
                event.ratio = (actual, normal)
        return event

    def _add_member(self, event: Event, note: Element, staff: int) -> None:
        pitch = note.find("pitch")
        prefix = ""
        if pitch is None:
            pitch, prefix = note.find("unpitched"), "display-"
        step = signs.one_line(pitch.findtext(f"{prefix}step")) if pitch is not None else ""
        octave = signs.number_of(pitch.findtext(f"{prefix}octave"), 4) if pitch is not None else 4
        alter = signs.number_of(pitch.findtext("alter")) if pitch is not None else 0
        alter = max(min(alter, 2), -2)
        step = step if step and step in STEPS else "B"
        place = staff, step, octave
        signature = self.signatures.get(staff, self.signatures.get(0, {}))
        printed = note.find("accidental") is not None and self.printed.get(place, signature.get(step, 0)) == alter
        self.printed[place] = alter
        octave = min(max(octave, 0), 9) - self.marks.get(staff, 0)
        member = Member(Pitch(step, octave, alter), printed)
        starts = [tie.get("type") for tie in note.iterfind("tie")] + [
            tie.get("type") for tie in note.iterfind("notations/tied")
        ]
        member.tied = "start" in starts
        names = signs.decorations_of(note) + (["invisible"] if note.get("print-object") == "no" else [])
        event.members.append(member)
        if len(event.members) == 1:
            event.decorations = names
        else:
            member.decorations = [name for name in names if name not in event.decorations]

    def _add_slurs(self, event: Event, note: Element) -> None:
        for slur in note.iterfind("notations/slur"):
            if slur.get("type") in ("start", "stop"):
                dashed = slur.get("line-type") in ("dashed", "dotted")
                event.slurs.append((str(slur.get("type")), slur.get("number", "1"), dashed))
        kinds = [tuplet.get("type") for tuplet in note.iterfind("notations/tuplet")]
        if kinds:
            event.tuplet = "both" if len(set(kinds)) > 1 else kinds[0] or ""

    def _add_links(self, event: Event, note: Element) -> None:
        """Beam, slurs, tuplet brackets and words."""
        event.beam = next((signs.one_line(b.text) for b in note.iterfind("beam") if b.get("number", "1") == "1"), "")
        self._add_slurs(event, note)
        for verse, lyric in self._lyrics(note):
            text = "".join(signs.one_line(found.text) for found in lyric.iterfind("text"))
            extend = lyric.find("extend")
            if text:
                hyphen = signs.one_line(lyric.findtext("syllabic")) in ("begin", "middle")
                event.lyrics[verse] = Lyric(text, hyphen)
            elif extend is not None and extend.get("type") in ("continue", "stop"):
                event.lyrics[verse] = Lyric(hold=True)
            if extend is not None and text:
                event.extends.add(verse)

    def _lyrics(self, note: Element) -> Iterator[tuple[int, Element]]:
        for place, lyric in enumerate(note.iterfind("lyric")):
            number = lyric.get("number", "")
            digits = "".join(sign for sign in number if sign.isdigit())[:3]
            verse = int(digits) - 1 if digits and int(digits) else place
            if verse < MOST_VERSES:
                yield verse, lyric
