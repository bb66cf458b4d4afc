"""MusicXML to tunes: parts, staves and voices, keys, metres and clefs, repeats and endings, chord symbols and words.

Partwise and timewise scores, plain or compressed. What is read is written as ABC and read back, so the tune is one
that stands in ABC, and its bars are exact: a measure that is longer or shorter than its metre, and no pickup, says
its own. Key signatures that name no mode are major or minor as the notes say. Pitches are those on the page; clefs
with an octave mark and transposing instruments say how far they sound from there. Lines are the systems of the score,
or four measures long.

Lost on the way: cue notes, figured bass, tablature, lyrics' fonts, page layout; what sounds off the beat that is
written (swing) is as written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from ..errors import FormatError
from ..notation import Tune, Tunebook, parse, write
from ..notation.spelling import respell_tune
from ..notation.theory import FREE_METER, Clef, Key, Meter, Tempo
from ..notation.tune import NO_MARKS, Bar, BarLine, Ending, Field, Item, Marks, Voice
from ..notation.writer import length as spell_length
from .musicxml_document import read_document
from .musicxml_events import Measure, read_part
from .musicxml_header import Header, read_header
from .musicxml_layers import items_of, join_beams, pair_links
from .musicxml_modes import name_modes
from .musicxml_rows import Row, find_lengths, lay_rows, number_verses

__all__ = ["read_musicxml"]

LINE: Final = 4  # measures of a line where the score has no systems
UNITS: Final = (Fraction(1, 8), Fraction(1, 4), Fraction(1, 16))
STYLES: Final = {
    "light-light": "||", "light-heavy": "|]", "heavy-light": "[|", "dotted": ".|", "dashed": ".|", "none": "[|]",
    "heavy": "|]", "heavy-heavy": "|]",
}  # fmt: skip
REPEAT: Final = BarLine("|:", 0, 1)
PART: Final = re.compile(r"[\w .,'()&+-]{1,60}")
MOST_VOICES: Final = 256
NOT_EXACT: Final = frozenset(("R201", "R202", "R203"))


def read_musicxml(data: bytes, name: str) -> Tunebook:
    """The tune that a file holds. Raises `FormatError` where it is no MusicXML, or holds no music."""
    root = read_document(data, name)
    try:
        parts = [read_part(part) for part in root.iterfind("part")]
    except FormatError as fault:
        raise FormatError(f"{name} cannot be read as MusicXML: {fault}", format="musicxml") from None
    lengths = find_lengths(parts)
    for part in parts:  # measures without any time hold nothing that could be written
        part[:] = [measure for measure, length in zip(part, lengths, strict=False) if length]
    lengths = [length for length in lengths if length]
    if not lengths:
        raise FormatError(f"{name} cannot be read as MusicXML: there is no music in it", format="musicxml")
    rows = [row for index, part in enumerate(parts) for row in lay_rows(part, index, lengths)]
    if len(rows) > MOST_VOICES:
        message = f"it has {len(rows)} voices, and a tune holds {MOST_VOICES}"
        raise FormatError(f"{name} cannot be read as MusicXML: {message}", format="musicxml")
    for row in rows:
        pair_links(event for bar in row.bars for event in bar[0])
        for bar in row.bars:
            for overlay in bar[1:]:
                pair_links(overlay)
    number_verses(rows)
    name_modes(rows, {place for part in parts for place, measure in enumerate(part) if measure.modeless})
    header = read_header(root)
    score = _Score(parts, rows, lengths, header)
    if root.find(".//beam") is None:
        for row in rows:
            for place, bar in enumerate(row.bars):
                for layer in bar:
                    join_beams(layer, score.meters[place])
    return _exact(score, name)


def _exact(score: _Score, name: str) -> Tunebook:
    """The score as a book; measures that their metre cannot hold get one of their own."""
    for _ in range(3):
        book = parse(write(score.tune()), name=name)
        voices = book.tunes[0].voices if book.tunes else ()
        faults = [found for found in book.diagnostics if found.code in NOT_EXACT]
        if not faults:
            return book
        places = {
            place
            for voice in voices
            for place, bar in enumerate(bar for bar in voice.bars if bar.duration)
            if any(bar.span.start <= found.span.start <= bar.span.end for found in faults)
        }
        for place in sorted(places):
            score.mend(place)
    score.meters = [FREE_METER] * len(score.lengths)
    return parse(write(score.tune()), name=name)


class _Score:
    """All that was read, to be written as a tune."""

    def __init__(
        self, parts: Sequence[Sequence[Measure]], rows: Sequence[Row], lengths: Sequence[Fraction], header: Header
    ) -> None:
        self.rows, self.lengths, self.header = rows, lengths, header
        self.leader = max(parts, key=len)
        self.meters = self._meters()
        self.tempos = self._tempos(parts)
        self.breaks = self._breaks(parts)
        self.divided: set[int] = set()

    def _meters(self) -> list[Meter]:
        meters: list[Meter] = []
        meter = FREE_METER
        for measure in self.leader:
            for onset, _, value in measure.changes:
                if isinstance(value, Meter) and not onset:
                    meter = value
            meters.append(meter)
        return meters

    def mend(self, place: int) -> None:
        """Say of a measure how long it is; of one that a phrase divides from its other half, that a phrase ends."""
        length, full = self.lengths[place], self.meters[place].duration
        following = self.lengths[place + 1] if place + 1 < len(self.lengths) else Fraction(0)
        if place not in self.divided and following and length + following == full:
            self.divided.add(place)
            return
        if place - 1 in self.divided and place not in self.divided:
            return
        unit = max(4, length.denominator)
        simple = unit & (unit - 1) == 0 and unit <= 64 and length * unit <= 64
        self.meters[place] = Meter((int(length * unit),), unit) if simple else FREE_METER

    def _tempos(self, parts: Sequence[Sequence[Measure]]) -> dict[int, list[tuple[Fraction, Tempo]]]:
        """Tempo marks by measure; of several at one place the first."""
        tempos: dict[int, dict[Fraction, Tempo]] = {}
        for part in parts:
            for place, measure in enumerate(part):
                for sign in measure.signs:
                    if isinstance(sign.value, Tempo):
                        tempos.setdefault(place, {}).setdefault(sign.onset, sign.value)
        return {place: sorted(found.items(), key=lambda pair: pair[0]) for place, found in tempos.items()}

    def _breaks(self, parts: Sequence[Sequence[Measure]]) -> set[int]:
        """The measures after which a line ends."""
        starts = {place for part in parts for place, measure in enumerate(part) if measure.new_line and place}
        if starts:
            return {place - 1 for place in starts}
        shift = 1 if self.meters[0].duration is not None and self.lengths[0] < self.meters[0].duration else 0
        return set(range(shift + LINE - 1, len(self.lengths), LINE))

    # -- the tune ------------------------------------------------------------------------------------------

    def tune(self) -> Tune:
        """The tune as a tree, with the accidentals that it needs."""
        many = len(self.rows) > 1 or bool(self.header.names[0].name)
        states = [self._state(row) for row in self.rows]
        key = states[0].key
        tempos = self.tempos.get(0, [])
        tempo = tempos[0][1] if tempos and not tempos[0][0] else None
        meter = self.meters[0]
        unit = self._unit()
        voices = tuple(self._voice(row, str(number), key) for number, row in enumerate(self.rows, 1))
        fields = list(self.header.fields)
        fields += [Field("M", str(meter), meter), Field("L", f"{unit.numerator}/{unit.denominator}", unit)]
        if tempo is not None:
            fields.append(Field("Q", str(tempo), tempo))
        if many:
            if layout := self._layout():
                fields.append(Field("%%", f"score {layout}"))
            for number, (row, state) in enumerate(zip(self.rows, states, strict=True), 1):
                fields.append(Field("V", self._voice_field(row, number, state.moved_clef)))
        elif states[0].moved_clef != Clef("treble"):
            key = replace(key, clef=states[0].moved_clef)
        fields.append(Field("K", str(key), key))
        return respell_tune(Tune(1, tuple(fields), meter, unit, tempo, key, voices, self.header.words))

    def _state(self, row: Row) -> _State:
        """What is in force where a row begins."""
        state = _State(self.meters[0])
        state.take([value for onset, value in row.changes[0] if not onset])
        return state

    def _unit(self) -> Fraction:
        """The unit length with which the music is shortest."""
        events = (event for row in self.rows for bar in row.bars for layer in bar for event in layer)
        written = Counter(event.written for event in events)
        return min(UNITS, key=lambda unit: sum(n * len(spell_length(length, unit)) for length, n in written.items()))

    def _layout(self) -> str:
        """The text of `%%score`, or nothing where each voice simply has a staff of its own."""
        staves: list[list[int]] = []
        of_staff: list[tuple[int, int]] = []
        for number, row in enumerate(self.rows, 1):
            if of_staff and of_staff[-1] == (row.part, row.staff):
                staves[-1].append(number)
            else:
                of_staff.append((row.part, row.staff))
                staves.append([number])
        texts = [f"({' '.join(map(str, staff))})" if len(staff) > 1 else str(staff[0]) for staff in staves]
        groups = list(self.header.groups)
        many = [part for part in range(len(self.header.names)) if sum(where == part for where, _ in of_staff) > 1]
        groups += [(part, part, "{", True) for part in many]
        if not groups and all(len(staff) == 1 for staff in staves):
            return ""
        joined: set[int] = set()
        for first, last, sign, through in groups:
            own = [place for place, (part, _) in enumerate(of_staff) if first <= part <= last]
            if len(own) < 2:
                continue
            if sign:
                texts[own[0]] = sign + texts[own[0]]
                texts[own[-1]] += {"{": "}", "[": "]"}[sign]
            if through and sign != "{":
                joined |= set(own[1:])
        return " ".join(("| " if place in joined else "") + text for place, text in enumerate(texts))

    def _voice_field(self, row: Row, number: int, clef: Clef) -> str:
        text = f"{number} {clef}"
        is_first = not any(other.part == row.part for other in self.rows[: number - 1])
        if is_first and row.part < len(self.header.names):
            name = self.header.names[row.part]
            text += f' name="{name.name}"' if name.name else ""
            text += f' snm="{name.short}"' if name.short else ""
        return text

    def _voice(self, row: Row, id: str, key: Key) -> Voice:
        leads = row is self.rows[0]
        bars: list[Bar] = []
        state = self._state(row)
        carried: list[Key | Clef | int] = []
        if state.key != key:
            carried, state.key = [state.key], key
        for place, layers in enumerate(row.bars):
            fields, carried = self._fields(row, place, state, carried, leads=leads)
            measure = self.leader[place]
            items: list[Item] = []
            left = REPEAT if self._opens_apart(place) else None
            first = [field for onset, field in fields if not onset]
            if left is not None and place and first:
                bars.append(Bar(place, tuple(first), Fraction(0), right=left))
                fields, left = fields[len(first) :], None
            if measure.ending:
                items.append(Ending(measure.ending))
            items += items_of(layers[0], fields)
            overlays = tuple(tuple(items_of(layer, ())) for layer in layers[1:])
            ends = place in self.breaks or place == len(row.bars) - 1
            bars.append(Bar(place + 1, tuple(items), self.lengths[place], left, self._right(place), overlays, ends))
        return Voice(id, tuple(bars))

    def _fields(
        self, row: Row, place: int, state: _State, carried: list[Key | Clef | int], *, leads: bool
    ) -> tuple[list[tuple[Fraction, Field]], list[Key | Clef | int]]:
        """What changes in a bar of a row, and what only stands at its end and so belongs to the next one."""
        fields: list[tuple[Fraction, Field]] = []
        if leads:
            named = [sign for sign in self.leader[place].signs if sign.kind == "part"]
            fields += [
                (sign.onset, Field("P", str(sign.value), inline=True))
                for sign in named
                if PART.fullmatch(str(sign.value))
            ]
        if self.meters[place] != state.meter:
            state.meter = self.meters[place]
            fields.append((Fraction(0), Field("M", str(state.meter), state.meter, inline=True)))
        later: list[Key | Clef | int] = []
        changes = [(Fraction(0), value) for value in carried] + row.changes[place]
        onsets = sorted({onset for onset, _ in changes})
        for onset in onsets:
            values = [value for when, value in changes if when == onset]
            if onset >= self.lengths[place]:
                later += values
            elif state.take(values):
                key = state.shown()
                fields.append((onset, Field("K", str(key), key, inline=True)))
        if leads:
            for onset, tempo in self.tempos.get(place, []):
                if place or onset:
                    fields.append((onset, Field("Q", str(tempo), tempo, inline=True)))
        return fields, later

    def _opens_apart(self, place: int) -> bool:
        """Whether the measure opens a repeat that stands for itself: at the start, and after a change of key or metre.

        The change stands before the sign: it is not said again when the music goes back.
        """
        changed = self.meters[place] != self.meters[place - 1] or any(
            not onset for row in self.rows for onset, _ in row.changes[place]
        )
        return self.leader[place].starts and (not place or changed)

    def _right(self, place: int) -> BarLine:
        """The bar line after a measure, with the repeat that the next one opens."""
        measure = self.leader[place]
        following = self.leader[place + 1] if place + 1 < len(self.leader) else None
        starts = 1 if following is not None and following.starts and not self._opens_apart(place + 1) else 0
        marks = Marks(("fermata",)) if measure.fermata else NO_MARKS
        if measure.ends and starts:
            return BarLine("::" if measure.ends == 1 else ":" * measure.ends + "|:", measure.ends, 1, marks)
        if measure.ends:
            return BarLine(":" * measure.ends + "|", measure.ends, 0, marks)
        if starts:
            return replace(REPEAT, marks=marks)
        style = measure.right_style or (following.left_style if following is not None else "")
        if place in self.divided and STYLES.get(style, "|") in ("|", ".|"):
            return BarLine("||", marks=marks)
        last = "|]" if following is None and not measure.right_style else "|"
        return BarLine(STYLES.get(style, last), marks=marks)


class _State:
    """Key, clef, transposition and metre in force in a row."""

    def __init__(self, meter: Meter) -> None:
        self.key, self.clef, self.shift, self.meter = Key(), Clef("treble"), 0, meter
        self.changed = False

    @property
    def moved_clef(self) -> Clef:
        """The clef with how far it sounds from what is written."""
        return replace(self.clef, transpose=self.shift)

    def take(self, values: Sequence[Key | Clef | int]) -> bool:
        """Put values in force; true where one of them is new."""
        before = self.key, self.clef, self.shift
        for value in values:
            if isinstance(value, Key):
                self.key = value
            elif isinstance(value, Clef):
                self.clef = value
            else:
                self.shift = value
        self.changed = self.clef != before[1] or self.shift != before[2]
        return before != (self.key, self.clef, self.shift)

    def shown(self) -> Key:
        """The key as it is written, with the clef where that has changed."""
        return replace(self.key, clef=self.moved_clef) if self.changed else self.key
