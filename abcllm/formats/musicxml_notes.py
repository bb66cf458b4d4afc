"""One layer of one measure as MusicXML: notes, chords, rests, grace notes and what stands among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Final
from xml.etree.ElementTree import Element

from ..notation.theory import Key, Pitch
from ..notation.tune import NO_MARKS, Chord, Field, Grace, Item, Marks, Note, Rest, Spacer
from .beams import Planned, beam_flags, plan
from .links import Links
from .musicxml_attributes import Transposition
from .musicxml_marks import NOTEHEADS, add_annotation, add_chord_symbol, add_notations, directions_of
from .musicxml_tree import add
from .note_values import NoteValue, spell_duration

__all__ = ["LayerWriter", "add_marks"]

ACCIDENTALS: Final = {-2: "flat-flat", -1: "flat", 0: "natural", 1: "sharp", 2: "double-sharp"}
EIGHTH: Final = Fraction(1, 8)
SHORTEST_GRACE: Final = Fraction(1, 64)


class LayerWriter:
    """Writes the items of one layer into a measure.

    `ticks` turns a time since the measure's start into divisions; `field` is called for fields in the music and
    returns the key from then on. `full` is the length of a full bar, for whole-bar rests, or None. With `note_ids` each
    note is named by its place in the text.
    """

    def __init__(
        self,
        measure: Element,
        links: Links,
        transposition: Transposition,
        key: Key,
        voice: int,
        ticks: Callable[[Fraction], int],
        *,
        full: Fraction | None,
        dynamics_above: bool = False,
        note_ids: bool = False,
        field: Callable[[Field, Fraction], tuple[Key, Transposition]] | None = None,
    ) -> None:
        self.measure, self.links, self.transposition = measure, links, transposition
        self.voice, self.ticks, self.field = voice, ticks, field
        self.full, self.dynamics_above, self.note_ids = full, dynamics_above, note_ids
        self.signature = key.signature
        self.printed: dict[tuple[str, int], int] = {}
        self.apart: list[tuple[Fraction, Chord]] = []

    def write(self, items: Sequence[Item]) -> Fraction:
        """Write the items; returns how long they last."""
        planned = plan(items)
        now = Fraction(0)
        for index, item in enumerate(items):
            this = planned.get(index)
            if this is not None:
                self._write_timed(this, whole_bar=len(planned) == 1)
                now = this.onset + this.item.duration
            elif isinstance(item, Grace):
                self._write_grace(item)
            elif isinstance(item, Spacer):
                add_marks(self.measure, item.marks, dynamics_above=self.dynamics_above)
            elif isinstance(item, Field) and self.field is not None:
                key, self.transposition = self.field(item, now)
                if item.name == "K":
                    self.signature, self.printed = key.signature, {}
        return now

    def write_apart(self, voice: int) -> Fraction:
        """Write the notes of chords that last longer or shorter than their chord, as a layer of their own."""
        self.voice = voice
        now = Fraction(0)
        later: list[tuple[Fraction, Chord]] = []
        for onset, chord in self.apart:
            if onset < now:
                later.append((onset, chord))
                continue
            if onset > now:
                forward = add(self.measure, "forward")
                add(forward, "duration", self.ticks(onset) - self.ticks(now))
                add(forward, "voice", voice)
            this = Planned(chord, onset)
            ratio = chord.duration / chord.written
            this.ratio = (ratio.denominator, ratio.numerator)
            self._write_notes(this, chord.notes)
            now = onset + chord.duration
        self.apart = later
        return now

    # -- notes and rests -----------------------------------------------------------------------------------

    def _write_timed(self, this: Planned, *, whole_bar: bool) -> None:
        item = this.item
        add_marks(self.measure, item.marks, dynamics_above=self.dynamics_above)
        if isinstance(item, Rest):
            self._write_rest(this, item, whole_bar=whole_bar)
        elif isinstance(item, Note):
            self._write_notes(this, (item,))
        else:
            together = tuple(note for note in item.notes if note.written == item.written)
            self._write_notes(this, together or item.notes)
            if together and len(together) < len(item.notes):
                self._set_apart(this.onset, item)
        for direction in directions_of(item.marks.decorations, after=True, dynamics_above=self.dynamics_above):
            self.measure.append(direction)

    def _set_apart(self, onset: Fraction, item: Chord) -> None:
        others = [note for note in item.notes if note.written != item.written]
        for written in sorted({note.written for note in others}):
            notes = tuple(note for note in others if note.written == written)
            self.apart.append((onset, Chord(notes, notes[0].duration, written, item.tie)))

    def _write_rest(self, this: Planned, item: Rest, *, whole_bar: bool) -> None:
        hidden = "no" if not item.visible or "invisible" in item.marks.decorations else None
        if whole_bar and self.full is not None and item.duration == self.full:
            note = add(self.measure, "note", print_object=hidden)
            add(note, "rest", measure="yes")
            add(note, "duration", self.ticks(this.onset + item.duration) - self.ticks(this.onset))
            add(note, "voice", self.voice)
            notations = Element("notations")
            add_notations(notations, item.marks.decorations)
            if len(notations):
                note.append(notations)
            return
        begin = this.onset
        last = len(this.values) - 1
        for index, value in enumerate(this.values):
            end = begin + value.length * this.ratio[1] / this.ratio[0]
            note = add(self.measure, "note", print_object=hidden)
            add(note, "rest")
            add(note, "duration", self.ticks(end) - self.ticks(begin))
            add(note, "voice", self.voice)
            self._add_value(note, value, this.ratio)
            notations = Element("notations")
            if index == 0:
                add_notations(notations, item.marks.decorations)
                self._add_slurs(notations, item, "start")
            if index == last:
                self._add_slurs(notations, item, "stop")
            self._add_tuplet(notations, this, first=index == 0, last=index == last)
            if len(notations):
                note.append(notations)
            begin = end

    def _write_notes(self, this: Planned, notes: Sequence[Note]) -> None:
        """Notes of one length that sound together, in as many tied values as they need."""
        item = this.item
        begin = this.onset
        last = len(this.values) - 1
        for index, value in enumerate(this.values):
            end = begin + value.length * this.ratio[1] / this.ratio[0]
            for place, note in enumerate(notes):
                stops = index > 0 or id(note) in self.links.tie_stops
                starts = index < last or id(note) in self.links.tie_starts
                marks = item.marks if place == 0 and index == 0 else NO_MARKS
                own = note.marks if note is not item and index == 0 else NO_MARKS
                decorations = marks.decorations + own.decorations
                hidden = "no" if "invisible" in decorations else None
                element = add(self.measure, "note", print_object=hidden, id=self._id(note, index))
                if place:
                    add(element, "chord")
                self._add_pitch(element, note.pitch)
                add(element, "duration", self.ticks(end) - self.ticks(begin))
                for kind in ("stop",) * stops + ("start",) * starts:
                    add(element, "tie", type=kind)
                add(element, "voice", self.voice)
                self._add_value(element, value, this.ratio, self._accidental(note, stops=stops), decorations)
                if place == 0:
                    for level, word in enumerate(this.beams, 1):
                        add(element, "beam", word, number=level)
                notations = Element("notations")
                for kind in ("stop",) * stops + ("start",) * starts:
                    add(notations, "tied", type=kind)
                if place == 0:
                    self._add_slurs(notations, item, "stop" if index == last else "", "start" if index == 0 else "")
                    self._add_tuplet(notations, this, first=index == 0, last=index == last)
                add_notations(notations, decorations)
                if place and "arpeggio" in item.marks.decorations:
                    add(notations, "arpeggiate")
                if len(notations):
                    element.append(notations)
                if place == 0 and index == 0:
                    self._add_lyrics(element, item)
            begin = end

    def _write_grace(self, grace: Grace) -> None:
        """Grace notes: an eighth alone, sixteenths together, shorter where they are written shorter than others."""
        longest = max(member.written for member in grace.notes)
        base = EIGHTH if len(grace.notes) == 1 else EIGHTH / 2
        values = [spell_duration(max(base * member.written / longest, SHORTEST_GRACE))[0] for member in grace.notes]
        flags = [value.flags for value in values]
        beams = beam_flags(flags) if len(flags) > 1 and all(flags) else [()] * len(flags)
        for index, member in enumerate(grace.notes):
            add_marks(self.measure, member.marks, dynamics_above=self.dynamics_above)
            for place, note in enumerate(member.notes if isinstance(member, Chord) else (member,)):
                element = add(self.measure, "note", id=self._id(note, 0))
                add(element, "grace", slash="yes" if grace.slashed else None)
                if place:
                    add(element, "chord")
                self._add_pitch(element, note.pitch)
                add(element, "voice", self.voice)
                accidental = self._accidental(note, stops=False)
                self._add_value(element, values[index], (1, 1), accidental, note.marks.decorations)
                for level, word in enumerate(beams[index] if place == 0 else (), 1):
                    add(element, "beam", word, number=level)
                notations = Element("notations")
                if place == 0:
                    stop = "stop" if index == len(grace.notes) - 1 else ""
                    self._add_slurs(notations, grace, stop, "start" if index == 0 else "")
                add_notations(notations, note.marks.decorations)
                if len(notations):
                    element.append(notations)

    # -- parts of a note -----------------------------------------------------------------------------------

    def _id(self, note: Note, part: int) -> str | None:
        """The name of a note by its place in the text; of a length that takes several values, each has its own."""
        if not self.note_ids:
            return None
        return f"n{note.span.start}" + (f"-{part}" if part else "")

    def _add_pitch(self, element: Element, pitch: Pitch) -> None:
        parent = add(element, "pitch")
        add(parent, "step", pitch.step)
        if pitch.alter:
            add(parent, "alter", pitch.alter)
        shown = pitch.octave + self.transposition.octaves - self.transposition.shown
        add(parent, "octave", min(max(shown, 0), 9))

    def _accidental(self, note: Note, *, stops: bool) -> int | None:
        """The accidental to print: the written one, or the one that a reader of the score needs to find the pitch."""
        pitch = note.pitch
        place = pitch.step, pitch.octave
        if note.accidental is None and (
            stops or pitch.alter == self.printed.get(place, self.signature.get(pitch.step, 0))
        ):
            return None
        self.printed[place] = pitch.alter
        return pitch.alter

    def _add_value(
        self,
        element: Element,
        value: NoteValue,
        ratio: tuple[int, int],
        accidental: int | None = None,
        decorations: Sequence[str] = (),
    ) -> None:
        """Type, dots, accidental, time modification and note head, in the order that MusicXML asks for."""
        add(element, "type", value.type)
        for _ in range(value.dots):
            add(element, "dot")
        if accidental in ACCIDENTALS:
            sign = add(element, "accidental", ACCIDENTALS[accidental])
            if "courtesy" in decorations:
                sign.set("cautionary", "yes")
                sign.set("parentheses", "yes")
            if "editorial" in decorations:
                sign.set("editorial", "yes")
        actual, normal = ratio[0] * value.ratio[0], ratio[1] * value.ratio[1]
        if actual != normal:
            modification = add(element, "time-modification")
            add(modification, "actual-notes", actual)
            add(modification, "normal-notes", normal)
        for name in decorations:
            if name in NOTEHEADS:
                add(element, "notehead", NOTEHEADS[name])

    def _add_slurs(self, notations: Element, item: Item, *types: str) -> None:
        for end in self.links.slurs.get(id(item), ()):
            if end.type in types:
                line = "dashed" if end.dashed and end.type == "start" else None
                add(notations, "slur", type=end.type, number=end.number, line_type=line)

    def _add_tuplet(self, notations: Element, this: Planned, *, first: bool, last: bool) -> None:
        if first and this.tuplet in ("start", "both"):
            add(notations, "tuplet", type="start", number=1, bracket="yes" if this.bracket else "no")
        if last and this.tuplet in ("stop", "both"):
            add(notations, "tuplet", type="stop", number=1)

    def _add_lyrics(self, element: Element, item: Item) -> None:
        for syllable in self.links.syllables.get(id(item), ()):
            lyric = add(element, "lyric", number=syllable.verse)
            if syllable.text:
                add(lyric, "syllabic", syllable.syllabic)
                add(lyric, "text", syllable.text)
            if syllable.extend:
                add(lyric, "extend", type=syllable.extend)


def add_marks(measure: Element, marks: Marks, *, dynamics_above: bool = False) -> None:
    """What stands over or under a note or bar line: chord symbols, annotations, dynamics and their like."""
    if marks is NO_MARKS:
        return
    for text in marks.chord_symbols:
        add_chord_symbol(measure, text)
    for text in marks.annotations:
        add_annotation(measure, text)
    for direction in directions_of(marks.decorations, after=False, dynamics_above=dynamics_above):
        measure.append(direction)
