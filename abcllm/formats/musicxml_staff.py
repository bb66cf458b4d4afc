"""One staff as a part of MusicXML: its measures, with bar lines, endings, attributes and all its voices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final
from xml.etree.ElementTree import Element

from ..notation.theory import Clef, Key, Meter, Tempo
from ..notation.tune import NO_MARKS, TIMED, BarLine, Chord, Field, Item, Note, Tune, Voice
from .links import Links, find_links
from .measures import Measure
from .musicxml_attributes import (
    Transposition,
    add_clef,
    add_key,
    add_tempo,
    add_time,
    choose_clef,
    transposition_of,
)
from .musicxml_marks import add_words
from .musicxml_notes import LayerWriter, add_marks
from .musicxml_tree import add

__all__ = ["StaffWriter"]

STYLES: Final = {"||": "light-light", "|]": "light-heavy", "[|": "heavy-light", ".|": "dotted", "[|]": "none"}
OF_THE_SCORE: Final = frozenset("QPT")


class StaffWriter:
    """Writes the voices that share a staff. `places` are their places among the cells of each measure."""

    def __init__(
        self,
        tune: Tune,
        voices: Sequence[Voice],
        places: Sequence[int],
        divisions: int,
        *,
        leads: bool,
        note_ids: bool = False,
    ) -> None:
        self.tune, self.voices, self.places, self.divisions, self.leads = tune, voices, places, divisions, leads
        self.note_ids = note_ids
        self.key, self.meter = tune.key, tune.meter
        clef = _over(tune.key.clef, voices[0].clef)
        self.clef = choose_clef(
            clef, [note.pitch.midi for voice in voices for item in _notes(voice) for note in _single(item)]
        )
        self.transpositions = [transposition_of(_over(tune.key.clef, voice.clef)) for voice in voices]
        self.dynamics_above = any(note.marks.lyrics for note in _notes(voices[0]))
        self.measure = Element("measure")
        self.open_ending = "1"

    def write(self, part: Element, measures: Sequence[Measure], *, line_breaks: bool) -> None:
        """Write all measures into `part`."""
        links = [self._links(measures, place) for place in self.places]
        last = len(measures) - 1
        before: BarLine | None = None
        for index, measure in enumerate(measures):
            self.measure = add(part, "measure", number=measure.number, implicit="yes" if measure.implicit else None)
            if line_breaks and measure.new_line:
                add(self.measure, "print", new_system="yes")
            self._begin(measure, first=index == 0)
            self._add_left(measure, before)
            if self.leads:
                self._add_marks_of_score(measure, first=index == 0)
            self._write_layers(measure, links, measures[index + 1] if index < last else None)
            self._add_right(measure, is_last=index == last)
            before = measure.right

    def ticks(self, time: Fraction) -> int:
        """Divisions from the start of the measure."""
        return round(time * 4 * self.divisions)

    def _links(self, measures: Sequence[Measure], place: int) -> list[Links]:
        """The links of a voice, then of its overlays."""
        cells = [measure.cells[place] for measure in measures]
        layers = 1 + max((len(cell.overlays) for cell in cells), default=0)
        rows: list[list[Item]] = [[] for _ in range(layers)]
        for cell in cells:
            for row, items in zip(rows, (cell.items, *cell.overlays), strict=False):
                row.extend(items)
        return [find_links(row) for row in rows]

    # -- what a measure begins with ------------------------------------------------------------------------

    def _begin(self, measure: Measure, *, first: bool) -> None:
        """Attributes at the start of a measure: all of them in the first, later a rest of several measures."""
        if not first and measure.rests < 2:
            return
        attributes = add(self.measure, "attributes")
        if first:
            self._take_leading_fields(measure)
            add(attributes, "divisions", self.divisions)
            add_key(attributes, self.key)
            add_time(attributes, self.meter, first=True)
            add_clef(attributes, self.clef)
            if self.clef.stafflines is not None:
                add(add(attributes, "staff-details"), "staff-lines", self.clef.stafflines)
            self._add_transpose(attributes, self.transpositions[0])
        if measure.rests > 1:
            add(add(attributes, "measure-style"), "multiple-rest", measure.rests)

    def _take_leading_fields(self, measure: Measure) -> None:
        """A key or metre that stands before the first note is that of the score's beginning."""
        for item in measure.cells[self.places[0]].items:
            if isinstance(item, TIMED):
                return
            if isinstance(item, Field) and isinstance(item.value, Key):
                self._take_key(item.value)
            elif isinstance(item, Field) and isinstance(item.value, Meter):
                self.meter = item.value

    def _take_key(self, key: Key) -> None:
        self.key = key
        self.clef = choose_clef(_over(self.clef, key.clef), ())
        if key.clef.name or key.clef.octave_mark or key.clef.octave or key.clef.transpose or key.clef.middle:
            self.transpositions = [transposition_of(self.clef)] * len(self.voices)

    def _add_transpose(self, attributes: Element, transposition: Transposition) -> None:
        if not transposition.chromatic and not transposition.shown:
            return
        element = add(attributes, "transpose")
        semitones = abs(transposition.chromatic)
        sign = 1 if transposition.chromatic >= 0 else -1
        octaves, rest = divmod(semitones, 12)
        add(element, "diatonic", sign * round(rest * 7 / 12))
        add(element, "chromatic", sign * rest)
        if octave_change := sign * octaves + transposition.shown:
            add(element, "octave-change", octave_change)

    def _add_left(self, measure: Measure, before: BarLine | None) -> None:
        left = measure.left
        starts = max(left.starts if left else 0, before.starts if before else 0)
        style = "heavy-light" if starts else STYLES.get(left.text) if left is not None else None
        if not starts and not measure.ending and style is None:
            return
        line = add(self.measure, "barline", location="left")
        if style is not None:
            add(line, "bar-style", style)
        if measure.ending:
            self.open_ending = ",".join(map(str, measure.ending))
            add(line, "ending", f"{self.open_ending}.", number=self.open_ending, type="start")
        if starts:
            add(line, "repeat", direction="forward")

    def _add_marks_of_score(self, measure: Measure, *, first: bool) -> None:
        """Tempo, part labels and titles at the start of a measure, from whatever voice they stand in."""
        if first and self.tune.tempo is not None:
            add_tempo(self.measure, self.tune.tempo)
        seen: set[tuple[str, str]] = set()
        fields: list[Field] = []
        if first:
            names = [item.name for item in self.tune.fields]
            after_key = self.tune.fields[names.index("K") + 1 :] if "K" in names else ()
            fields += [item for item in after_key if item.name == "P"]
        for cell in measure.cells:
            for item in cell.items:
                if isinstance(item, TIMED):
                    break
                if isinstance(item, Field) and item.name in OF_THE_SCORE:
                    fields.append(item)
        for item in fields:
            if (item.name, item.text) not in seen:
                seen.add((item.name, item.text))
                self._add_mark_of_score(item)

    def _add_mark_of_score(self, item: Field) -> None:
        if isinstance(item.value, Tempo):
            add_tempo(self.measure, item.value)
        elif item.name == "P" and item.text:
            add(add(add(self.measure, "direction", placement="above"), "direction-type"), "rehearsal", item.text)
        elif item.name == "T" and item.text:
            add_words(self.measure, item.text, bold=True)

    # -- music ---------------------------------------------------------------------------------------------

    def _write_layers(self, measure: Measure, links: Sequence[Sequence[Links]], following: Measure | None) -> None:
        written = Fraction(0)
        number = 0
        apart: list[LayerWriter] = []
        for index, place in enumerate(self.places):
            cell = measure.cells[place]
            for layer, items in enumerate((cell.items, *cell.overlays)):
                number += 1
                if not any(isinstance(item, TIMED) for item in items) and number > 1:
                    continue
                self._go_back(written)
                writer = self._writer(links[index][layer], index, number, cell.meter, main=index == 0 and layer == 0)
                written = writer.write(items)
                if number == 1 and following is not None:
                    self._announce_clef(following)
                apart.append(writer)
        for writer in apart:
            while writer.apart:
                number += 1
                self._go_back(written)
                written = writer.write_apart(number)

    def _announce_clef(self, following: Measure) -> None:
        """A clef that changes with a measure stands at the end of the one before."""
        for item in following.cells[self.places[0]].items:
            if isinstance(item, TIMED):
                return
            if isinstance(item, Field) and isinstance(item.value, Key):
                clef = choose_clef(_over(self.clef, item.value.clef), ())
                if clef != self.clef:
                    self.clef = clef
                    self._change(clef=True)

    def _writer(self, links: Links, index: int, number: int, meter: Meter, *, main: bool) -> LayerWriter:
        return LayerWriter(
            self.measure,
            links,
            self.transpositions[index],
            self.key,
            number,
            self.ticks,
            full=meter.duration,
            dynamics_above=self.dynamics_above,
            note_ids=self.note_ids,
            field=self._take_field if main else None,
        )

    def _go_back(self, written: Fraction) -> None:
        if written:
            add(add(self.measure, "backup"), "duration", self.ticks(written))

    def _take_field(self, item: Field, now: Fraction) -> tuple[Key, Transposition]:
        """A field in the music: changes of key, clef and metre, and (in mid-bar) marks of the score."""
        if isinstance(item.value, Key) and item.value != self.key:
            old_key, old_clef = self.key, self.clef
            self._take_key(item.value)
            self._change(key=item.value.name != old_key.name, clef=self.clef != old_clef)
        elif isinstance(item.value, Meter) and item.value != self.meter:
            self.meter = item.value
            self._change(time=True)
        elif now and self.leads and item.name in OF_THE_SCORE:
            self._add_mark_of_score(item)
        return self.key, self.transpositions[0]

    def _change(self, *, key: bool = False, time: bool = False, clef: bool = False) -> None:
        """Print what has changed, in one sign with what changed at the same place."""
        last = self.measure[-1] if len(self.measure) else None
        if last is None or last.tag != "attributes" or last.find("divisions") is not None:
            last = add(self.measure, "attributes")
        key = key or last.find("key") is not None
        time = time or last.find("time") is not None
        clef = clef or last.find("clef") is not None
        last.clear()
        if key:
            add_key(last, self.key)
        if time:
            add_time(last, self.meter)
        if clef:
            add_clef(last, self.clef)
            self._add_transpose(last, self.transpositions[0])

    # -- what a measure ends with --------------------------------------------------------------------------

    def _add_right(self, measure: Measure, *, is_last: bool) -> None:
        right = measure.right
        if right is not None and right.marks is not NO_MARKS:
            add_marks(self.measure, right.marks)
        ends = right.ends if right is not None else 0
        style = "light-heavy" if ends else STYLES.get(right.text) if right is not None else "none" if is_last else None
        fermata = right is not None and "fermata" in right.marks.decorations
        if style is None and not measure.ends_ending and not fermata:
            return
        line = add(self.measure, "barline", location="right")
        if style is not None:
            add(line, "bar-style", style)
        if fermata:
            add(line, "fermata", type="upright")
        if measure.ends_ending:
            add(line, "ending", number=self.open_ending, type=measure.ends_ending)
        if ends:
            add(line, "repeat", direction="backward", times=ends + 1 if ends > 1 else None)


def _over(clef: Clef, other: Clef) -> Clef:
    """The first clef with what the other one names."""
    named = {"name": other.name, "octave_mark": other.octave_mark} if other.name or other.octave_mark else {}
    return replace(
        clef,
        **named,
        middle=other.middle or clef.middle,
        transpose=other.transpose or clef.transpose,
        octave=other.octave or clef.octave,
        stafflines=clef.stafflines if other.stafflines is None else other.stafflines,
    )


def _notes(voice: Voice) -> list[Note | Chord]:
    return [item for bar in voice.bars for item in bar.items if isinstance(item, Note | Chord)]


def _single(item: Note | Chord) -> tuple[Note, ...]:
    return item.notes if isinstance(item, Chord) else (item,)
