"""A score to a tune: bars, repeats, voices, note values, names of pitches, fields.

The tune is what the reader of ABC makes of it: `parse(write(tune)).tunes[0] == tune`. It is valid and exact; where the
repeats that were found would leave a bar that is not, the music is written out.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import Final, NamedTuple

from ..errors import FormatError
from ..notation.parser import parse
from ..notation.spelling import respell_tune
from ..notation.theory import Key, Meter, Tempo
from ..notation.tune import (
    NO_MARKS,
    Bar,
    BarLine,
    Chord,
    Ending,
    Field,
    Grace,
    Item,
    Marks,
    MultiRest,
    Note,
    Rest,
    Tune,
    Tuplet,
    Voice,
)
from ..notation.writer import write
from .bars import BarSpan, span_bars
from .chord_track import find_symbols
from .folding import Stretch, fold
from .layers import Layer, find_layers
from .pitches import spell_pitch
from .score import Part, Score
from .values import FINEST, Frame, Piece, Value, write_values

__all__ = ["BARS_IN_LINE", "write_score"]

BARS_IN_LINE: Final = 4
MOST_LAYERS: Final = 4
UNITS: Final = (Fraction(1, 8), Fraction(1, 16), Fraction(1, 4))
LOW: Final = 57
"""Mean pitch under which a voice is written in the bass clef: the A below middle C."""
TEMPO_CHANGE: Final = 0.05
EIGHTH: Final = Fraction(1, 8)
NOT_IN_NAMES: Final = str.maketrans("", "", '"\\%')


def write_score(
    score: Score, *, unit: Fraction | None = None, bars_in_line: int = BARS_IN_LINE, repeats: bool = True
) -> Tune:
    """The tune of a score that holds at least one note.

    `unit` is its unit note length, otherwise the one that makes the shortest text. Without `repeats` nothing is folded.
    Raises `FormatError` where no valid tune can be made of it.
    """
    draft = _Draft(score, bars_in_line)
    if repeats:
        tune = draft.tune(draft.folded(), unit)
        if tune is not None:
            return tune
    tune = draft.tune(draft.straight(), unit)
    if tune is None:
        raise FormatError("bars could not be found that its metres measure", format="midi")
    return tune


class _Strand(NamedTuple):
    """A layer of a part that becomes a voice. `first` says that it is the highest of its part."""

    part: Part
    layer: Layer
    first: bool
    onsets: list[Fraction]


class _Printed(NamedTuple):
    """A bar as it is printed: the music from `start` to `end` of the bar `span`."""

    start: Fraction
    end: Fraction
    span: BarSpan
    opens: bool
    closes: bool
    ending: int
    last: bool
    line_end: bool


class _Draft:
    """A score on its way to a tune."""

    def __init__(self, score: Score, bars_in_line: int) -> None:
        self.score = score
        self.bars_in_line = bars_in_line
        self.spans = span_bars(score)
        self.starts = [span.start for span in self.spans]
        melodic = [number for number, part in enumerate(score.parts) if part.role != "chords"]
        chordal = [note for note in score.notes if note.part not in melodic]
        self.symbols = find_symbols(chordal, score.keys, self.starts) if chordal else []
        self.notes = sorted(
            (note for note in score.notes if note.part in melodic),
            key=lambda note: (note.onset, note.part, note.pitch if note.duration else -1, note.duration),
        )
        self.strands = [strand for number in melodic for strand in self.strands_of(number)]
        times = {time.denominator for note in score.notes for time in (note.onset, note.duration)}
        times |= {time.denominator for span in self.spans for time in (span.start, span.full)}
        self.whole = lcm(FINEST, *times)
        self.tempos = _steady_tempos(score.tempos, self.starts)

    def strands_of(self, number: int) -> list[_Strand]:
        own = [note for note in self.notes if note.part == number]
        layers, _ = find_layers(own, MOST_LAYERS)
        part = self.score.parts[number]
        return [
            _Strand(part, layer, place == 0, [sound.onset for sound in layer.sounds])
            for place, layer in enumerate(layers)
        ]

    @property
    def end(self) -> Fraction:
        return max(note.onset + note.duration for note in self.notes)

    def folded(self) -> list[Stretch]:
        marks: list[tuple[Fraction, str]] = list(self.symbols)
        marks += [(onset, f"Q:{tempo}") for onset, tempo in self.tempos[1:]]
        return fold(self.notes, self.spans, marks, self.score.keys, self.end)

    def straight(self) -> list[Stretch]:
        """All bars in order; the last is short where a pickup completes it."""
        end = self.spans[-1].end
        if self.score.pickup and self.end <= end - self.score.pickup and len(self.spans) > 1:
            end -= self.score.pickup
        return [Stretch(Fraction(0), end)]

    def tune(self, stretches: Sequence[Stretch], unit: Fraction | None) -> Tune | None:
        """The tune that prints those stretches, or None where it would not be valid and exact."""
        printed = self.print_bars(stretches)
        voices = tuple(
            _VoiceBuilder(self, strand, str(number), printed, leads=number == 1).voice()
            for number, strand in enumerate(self.strands, 1)
        )
        key, meter = self.score.keys[0][1], printed[0].span.meter
        chosen = unit or _best_unit(voices)
        voices = tuple(_with_graces(voice, chosen) for voice in voices)
        fields = self.fields(voices, key, meter, chosen)
        draft = Tune(1, fields, meter, chosen, None, key, voices)
        book = parse(write(respell_tune(draft)))
        return None if book.diagnostics or not book.tunes else book.tunes[0]

    def fields(self, voices: Sequence[Voice], key: Key, meter: Meter, unit: Fraction) -> tuple[Field, ...]:
        fields = [Field("T", self.score.title)] if self.score.title else []
        fields += [Field("M", str(meter), meter), Field("L", f"{unit.numerator}/{unit.denominator}", unit)]
        if self.tempos:
            tempo = _tempo(self.tempos[0][1], meter)
            fields.append(Field("Q", str(tempo), tempo))
        if len(voices) > 1:
            fields += self.staves()
            fields += [Field("V", _definition(voice)) for voice in voices]
        elif voices[0].clef.name:
            key = Key(key.tonic, key.mode, clef=voices[0].clef)
        return (*fields, Field("K", str(key), key))

    def staves(self) -> list[Field]:
        """Which voices share a staff, and which staves a brace, where that is not each for itself."""
        staves: list[list[str]] = []
        hands: list[bool] = []
        for number, strand in enumerate(self.strands, 1):
            if strand.first:
                staves.append([])
                hands.append(strand.part.role == "hand")
            staves[-1].append(str(number))
        if all(len(staff) == 1 for staff in staves) and not any(hands):
            return []
        texts = [f"({' '.join(staff)})" if len(staff) > 1 else staff[0] for staff in staves]
        braced: list[str] = []
        for place, (text, hand) in enumerate(zip(texts, hands, strict=True)):
            second = hand and place > 0 and hands[place - 1] and not braced[-1].endswith("}")
            braced[-1:] = [f"{{{braced[-1]} {text}}}"] if second else [*braced[-1:], text]
        return [Field("%%", f"score {' '.join(braced)}")]

    def print_bars(self, stretches: Sequence[Stretch]) -> list[_Printed]:
        printed: list[_Printed] = []
        counted = 0
        for number, stretch in enumerate(stretches):
            if not stretch.ending:
                counted = 0
            inner = self.starts[bisect_right(self.starts, stretch.start) : bisect_left(self.starts, stretch.end)]
            edges = [stretch.start, *inner, stretch.end]
            for place, (start, end) in enumerate(pairwise(edges)):
                span = self.spans[bisect_right(self.starts, start) - 1]
                last = place == len(edges) - 2
                counted += end - start == span.full
                following = stretches[number + 1] if last and number + 1 < len(stretches) else None
                goes_on = following is not None and following.ending > 0
                leads_in = following is not None and following.opens and len(edges) == 2 and end - start < span.full
                closes_section = last and not goes_on and not (leads_in and not stretch.closes)
                line_end = closes_section or (counted >= self.bars_in_line and not (last and stretch.ending == 1))
                if line_end and not closes_section and end - start != span.full and place == 0:
                    line_end = False
                counted = 0 if line_end else counted
                printed.append(
                    _Printed(
                        start,
                        end,
                        span,
                        stretch.opens and place == 0,
                        stretch.closes and last,
                        stretch.ending if place == 0 else 0,
                        last and not goes_on and not stretch.closes,
                        line_end,
                    )
                )
        return printed


class _VoiceBuilder:
    """Builds one voice from printed bars. The first voice of a tune `leads`: it has the chord symbols and tempos."""

    def __init__(self, draft: _Draft, strand: _Strand, id: str, printed: Sequence[_Printed], *, leads: bool) -> None:
        self.draft, self.strand, self.id, self.printed = draft, strand, id, printed
        self.whole = draft.whole
        self.symbols = draft.symbols if leads else []
        self.symbol_onsets = [onset for onset, _ in self.symbols]
        self.tempos = dict(draft.tempos) if leads else {}
        self.keys = draft.score.keys
        self.key_onsets = [onset for onset, _ in self.keys]
        self.key = self.keys[0][1]

    def voice(self) -> Voice:
        bars: list[Bar] = []
        meter = self.printed[0].span.meter
        alone = len(self.draft.strands) == 1
        for number, printed in enumerate(self.printed):
            items: list[Item] = []
            if printed.ending:
                items.append(Ending((printed.ending,)))
            if printed.span.meter != meter:
                meter = printed.span.meter
                items.append(Field("M", str(meter), meter, inline=True))
            key = self.keys[max(bisect_right(self.key_onsets, printed.start) - 1, 0)][1]
            if key != self.key:
                self.key = key
                items.append(Field("K", str(key), key, inline=True))
            if number and printed.start in self.tempos:
                tempo = _tempo(self.tempos[printed.start], meter)
                items.append(Field("Q", str(tempo), tempo, inline=True))
            items += self.music(printed)
            following = self.printed[number + 1] if number + 1 < len(self.printed) else None
            leads_in = following is not None and following.opens and not printed.line_end
            right = BarLine("|:", 0, 1) if leads_in else BarLine(self.right(printed, last=following is None))
            left = BarLine("|:", 0, 1) if printed.opens and (not number or self.printed[number - 1].line_end) else None
            bars.append(Bar(number, tuple(items), Fraction(0), left, right, (), printed.line_end))
        part = self.strand.part
        pitches = [pitch for sound in self.strand.layer.sounds for pitch in sound.pitches]
        low = sum(pitches) < LOW * len(pitches)
        properties: list[tuple[str, str]] = []
        if low or not alone:
            properties.append(("clef", "bass" if low else "treble"))
        if not alone and self.strand.first and (name := part.name.translate(NOT_IN_NAMES).strip()):
            properties.append(("name", name))
        clef = Key().clef if not low else type(Key().clef)("bass")
        return Voice(self.id, tuple(bars), clef=clef, properties=tuple(properties))

    @staticmethod
    def right(printed: _Printed, *, last: bool) -> str:
        if printed.closes:
            return ":|"
        if last:
            return "|]"
        return "||" if printed.last else "|"

    def music(self, printed: _Printed) -> list[Item]:
        """Notes and rests of a bar."""
        pieces = self.pieces(printed)
        span = printed.span
        if (
            len(pieces) == 1
            and not pieces[0].pitches
            and not pieces[0].symbols
            and printed.end - printed.start == span.full
        ):
            return [MultiRest(1, span.full, self.strand.first)]
        origin = span.start if span.start or span.end - span.start == span.full else span.end - span.full
        frame = Frame(self.ticks(origin), self.whole, span.meter)
        return [item for value in write_values(pieces, frame) for item in self.items(value)]

    def pieces(self, printed: _Printed) -> list[Piece]:
        sounds, onsets = self.strand.layer.sounds, self.strand.onsets
        pieces: list[Piece] = []
        now = printed.start
        at = max(bisect_right(onsets, now) - 1, 0)
        while at < len(sounds) and sounds[at].onset < printed.end:
            sound = sounds[at]
            at += 1
            start, end = max(sound.onset, printed.start), min(sound.end, printed.end)
            if end <= start:
                continue
            if start > now:
                pieces += self.cut(now, start, (), (), ())
            pitches = tuple(sound.pitches)
            graces = tuple(sound.graces) if sound.onset >= printed.start else ()
            pieces += self.cut(start, end, pitches, pitches if sound.end > end else (), graces)
            now = end
        if now < printed.end:
            pieces += self.cut(now, printed.end, (), (), ())
        return pieces

    def cut(
        self, start: Fraction, end: Fraction, pitches: tuple[int, ...], tied: tuple[int, ...], graces: tuple[int, ...]
    ) -> Iterable[Piece]:
        """One piece, or several where chord symbols stand inside it."""
        first, last = bisect_left(self.symbol_onsets, start), bisect_left(self.symbol_onsets, end)
        edges = sorted({start, *self.symbol_onsets[first:last], end})
        for begin, stop in pairwise(edges):
            symbols = tuple(text for onset, text in self.symbols[first:last] if onset == begin)
            yield Piece(
                self.ticks(begin), self.ticks(stop), pitches, tied if stop == end else pitches, symbols,
                graces if begin == start else (),
            )  # fmt: skip

    def ticks(self, time: Fraction) -> int:
        return time.numerator * (self.whole // time.denominator)

    def items(self, value: Value) -> Iterable[Item]:
        piece = value.piece
        joined = value.joined
        if value.tuplet is not None:
            yield Tuplet(*value.tuplet, joined)
            joined = joined or not value.begins
        symbols = piece.symbols if value.begins else ()
        if value.begins and piece.graces:
            graces = tuple(
                Note(spell_pitch(pitch, self.key, (), piece.pitches), EIGHTH, EIGHTH) for pitch in piece.graces
            )
            yield Grace(graces, joined=joined)
            joined = True
        marks = Marks((), symbols) if symbols else NO_MARKS
        if not piece.pitches:
            visible = self.strand.first
            yield Rest(value.duration, value.written, visible, joined, marks=marks)
            return
        notes = tuple(self.note(pitch, value) for pitch in piece.pitches)
        if len(notes) == 1:
            tie = "-" if value.tied else ""
            yield Note(notes[0].pitch, value.duration, value.written, None, tie, joined, marks=marks)
        else:
            yield Chord(notes, value.duration, value.written, "-" if value.tied else "", joined, marks=marks)

    def note(self, pitch: int, value: Value) -> Note:
        before, after = self.neighbours(value.piece)
        return Note(spell_pitch(pitch, self.key, before, after), value.duration, value.written)

    def neighbours(self, piece: Piece) -> tuple[Sequence[int], Sequence[int]]:
        """The pitches before and after a piece in its layer."""
        sounds = self.strand.layer.sounds
        at = bisect_right(self.strand.onsets, Fraction(piece.start, self.whole)) - 1
        before = sounds[at - 1].pitches if at else ()
        return before, sounds[at + 1].pitches if at + 1 < len(sounds) else ()


def _definition(voice: Voice) -> str:
    from ..notation.reader import voice_definition

    return voice_definition(voice)


def _best_unit(voices: Sequence[Voice]) -> Fraction:
    """The unit note length that makes the shortest text."""
    lengths: dict[Fraction, int] = {}
    for voice in voices:
        for bar in voice.bars:
            for item in bar.items:
                if isinstance(item, Note | Chord | Rest):
                    lengths[item.written] = lengths.get(item.written, 0) + 1
    return min(UNITS, key=lambda unit: sum(count * _width(length / unit) for length, count in lengths.items()))


def _with_graces(voice: Voice, unit: Fraction) -> Voice:
    """The voice with grace notes that are one unit long."""
    if unit == EIGHTH:
        return voice

    def timed(item: Item) -> Item:
        if not isinstance(item, Grace):
            return item
        return replace(item, notes=tuple(replace(note, duration=unit, written=unit) for note in item.notes))

    return replace(voice, bars=tuple(replace(bar, items=tuple(map(timed, bar.items))) for bar in voice.bars))


def _width(factor: Fraction) -> int:
    top = "" if factor.numerator == 1 else str(factor.numerator)
    bottom = "" if factor.denominator == 1 else "/" if factor.denominator == 2 else f"/{factor.denominator}"
    return len(top) + len(bottom)


def _tempo(qpm: float, meter: Meter) -> Tempo:
    """A tempo in the beats that a musician counts, in whole numbers where that is near enough."""
    beat = Fraction(3, meter.unit) if meter.is_compound else Fraction(1, 4)
    if meter == Meter((2,), 2):
        beat = Fraction(1, 2)
    per_minute = qpm / float(beat * 4)
    whole = round(per_minute)
    return Tempo((beat,), float(whole) if abs(per_minute - whole) < 0.05 and whole else round(per_minute, 2))


def _steady_tempos(
    tempos: Sequence[tuple[Fraction, float]], starts: Sequence[Fraction]
) -> list[tuple[Fraction, float]]:
    """The tempos that are worth a mark, at the bars where they begin: changes that are felt."""
    kept: list[tuple[Fraction, float]] = []
    for onset, qpm in tempos:
        start = starts[max(bisect_right(starts, onset) - 1, 0)] if kept else Fraction(0)
        if kept and abs(qpm / kept[-1][1] - 1) < TEMPO_CHANGE:
            continue
        if kept and kept[-1][0] == start:
            kept.pop()
        kept.append((start, qpm))
    return kept
