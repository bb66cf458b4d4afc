"""The music of one voice: tokens in, notes and bars out.

`VoiceReader` turns each token into a node. It never raises on music: what cannot be read is reported once, and
further faults are muted until the next bar line, where reading begins afresh.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Final

from . import decorations
from .bars import BarReader
from .diagnostics import Fix
from .groups import GroupReader
from .lengths import Ticks, broken_ratio, scale
from .nodes import amend
from .scanner import Token
from .source import Span
from .state import amended
from .theory import TUPLET_TIME, Pitch
from .tune import NO_MARKS, Chord, Grace, MultiRest, Note, Rest, Spacer, Tuplet

Match = re.Match[str]
_span = tuple.__new__

MAX_BARS_OF_REST: Final = 999
ANNOTATION_SIGNS: Final = "^_<>@"


class VoiceReader(BarReader):
    """Reads the music of one voice. Attributes are its state; `copy` forks it in constant time."""

    def read_note(self, match: Match) -> None:
        text = match.group()
        reading = self.context.notes.get(text) or self.context.read_note(text)
        span = _span(Span, match.span())
        if reading is None:
            self.report("N207", span, f"the length of {text} cannot be played")
            reading = self.context.read_note(text.rstrip("0123456789/"))
            if reading is None:
                return
        pitch, accidental, written, ticks, playable = reading
        duration = written
        if accidental is not None or self.accidentals or self.ties:
            pitch = self.sounding(pitch, accidental)
            if self.ties:
                pitch = self.resolve_ties((pitch,), (accidental,))[0]
            playable = 0 <= pitch.midi <= 127
        if not playable:
            self.report("N213", span, f"{text} sounds outside the range of MIDI")
        broken = self.broken
        if broken:
            written, duration, ticks = self.take_broken(ticks)
        if self.tuplet_left:
            duration, ticks = self.take_tuplet(ticks)
        marks = self.take_marks() if self.pending else NO_MARKS
        note = Note(pitch, duration, written, accidental, "", self.joined, 0, marks, span)
        self.items.append(note)
        self.ticks += ticks
        self.joined = True
        self.last = self.broken_base = self.slur_end = note

    def sounding(self, pitch: Pitch, accidental: int | None) -> Pitch:
        """The pitch under the accidentals of the bar; an accidental of the note's own is remembered for the bar."""
        propagate = self.scope.propagate
        if propagate == "not":
            return pitch
        place = pitch.step if propagate == "pitch" else pitch.step + str(pitch.octave)
        if accidental is not None:
            self.accidentals[place] = accidental
        elif place in self.accidentals:
            return Pitch(pitch.step, pitch.octave, self.accidentals[place])
        return pitch

    def resolve_ties(self, pitches: tuple[Pitch, ...], accidentals: tuple[int | None, ...]) -> tuple[Pitch, ...]:
        """The notes after a tie: a tied note keeps its alteration over the bar line (section 4.11)."""
        waiting = {(pitch.step, pitch.octave): pitch for pitch in self.ties}
        self.ties = ()
        found = False
        result = []
        for pitch, accidental in zip(pitches, accidentals, strict=True):
            tied = waiting.get((pitch.step, pitch.octave))
            if tied is not None and (accidental is None or accidental == tied.alter):
                found = True
                result.append(tied)
            elif tied is None and any(w.midi == pitch.midi for w in waiting.values()):
                found = True
                result.append(pitch)
            else:
                result.append(pitch)
        if not found:
            names = ", ".join(pitch.name for pitch in waiting.values())
            self.report("S301", self.tie_span, f"the tie after {names} leads to {pitches[0].name}")
        return tuple(result)

    def take_broken(self, ticks: Ticks) -> tuple[Fraction, Fraction, Ticks]:
        """Length of the second note of a broken rhythm: written, sounding, ticks."""
        ratio = broken_ratio(self.broken)[1]
        self.broken = 0
        duration, ticks = scale(ticks, *ratio)
        return duration, duration, ticks

    def take_tuplet(self, ticks: Ticks) -> tuple[Fraction, Ticks]:
        """Length of a note of a tuplet."""
        self.tuplet_left -= 1
        return scale(ticks, self.tuplet[1], self.tuplet[0])

    def read_rest(self, match: Match) -> None:
        text, span = match.group(), _span(Span, match.span())
        letter = text[0]
        if letter == "y":
            self.items.append(Spacer(self.joined, self.take_signs(), span))
            return
        if letter in "ZX":
            self.read_bars_of_rest(text, span)
            return
        reading = self.context.rests.get(text[1:]) or self.context.read_length(text[1:])
        if reading is None:
            self.report("N207", span, f"the length of {text} cannot be played")
            reading = self.context.read_length("")
            if reading is None:
                return
        written, ticks = reading
        duration = written
        if self.ties:
            self.report("S301", self.tie_span, "the tie leads to a rest")
            self.ties = ()
        if self.broken:
            written, duration, ticks = self.take_broken(ticks)
        if self.tuplet_left:
            duration, ticks = self.take_tuplet(ticks)
        rest = Rest(duration, written, letter == "z", self.joined, 0, self.take_marks(), span)
        self.items.append(rest)
        self.ticks += ticks
        self.joined = True
        self.last = self.broken_base = self.slur_end = rest

    def read_bars_of_rest(self, text: str, span: Span) -> None:
        bars = int(text[1:5] or 1)
        if len(text) > 4 or not bars:
            self.report("N207", span, f"{text} rests more than {MAX_BARS_OF_REST} bars or none")
            bars = 1
        duration = (self.meter.duration or Fraction(1)) * bars
        self.items.append(MultiRest(bars, duration, text[0] == "Z", self.take_signs(), span))
        self.rest_bars += bars
        self.ties = ()

    def read_broken(self, match: Match) -> None:
        text, span = match.group(), _span(Span, match.span())
        base = self.broken_base
        if base is None or self.broken:
            self.report("R204", span, f"{text} needs a note before it")
            return
        if len(text) > 3:
            self.report("R204", span, f"{text}: broken rhythm has one to three marks", "write > or >> or >>>")
            return
        marks = len(text) if text[0] == ">" else -len(text)
        self.stretch(base, Fraction(*broken_ratio(marks)[0]))
        amend(base, "broken", marks)
        self.broken = marks
        self.broken_span = span

    def read_tuplet(self, match: Match) -> None:
        span = _span(Span, match.span())
        fields = (match.group()[1:] + "::").split(":")
        if any(len(part) > 3 for part in fields):
            self.report("R207", span, f"{match.group()} is no tuplet")
            return
        p = int(fields[0])
        beats = 3 if self.meter.is_compound else 2
        q = int(fields[1]) if fields[1] else TUPLET_TIME.get(p, beats if p in (5, 7, 9) else 0)
        r = int(fields[2] or p)
        if not (1 < p <= 64 and 0 < q <= 64 and 0 < r <= 128) and not (p == q == 1 or (p and q and r and fields[1])):
            self.report("R207", span, f"{match.group()} is no tuplet")
            return
        self.end_tuplet(span[0])
        self.items.append(Tuplet(p, q, r, self.joined, span))
        self.tuplet, self.tuplet_left, self.tuplet_span = (p, q), r, span

    def read_quoted(self, match: Match) -> None:
        text = match.group()[1:-1].replace('\\"', '"')
        self.add_quoted(text, match.start(), match.end())

    def add_quoted(self, text: str, start: int, end: int) -> None:
        (self.annotations if text[:1] and text[0] in ANNOTATION_SIGNS else self.chord_symbols).append(text)
        self.pending, self.pending_span = True, Span(start, end)

    def read_decoration(self, match: Match) -> None:
        self.add_decoration(match.group()[1:-1], match.start(), match.end())

    def add_decoration(self, name: str, start: int, end: int) -> None:
        name = decorations.canonical(name)
        if name not in decorations.NAMES:
            self.report("D501", (start, end), f"!{name}! is no decoration", decorations.suggest(name))
        self.decorations.append(name)
        self.pending, self.pending_span = True, Span(start, end)

    def read_shorthand(self, match: Match) -> None:
        self.add_shorthand(match.group(), match.start(), match.end())

    def add_shorthand(self, symbol: str, start: int, end: int) -> None:
        meaning = self.scope.symbols.get(symbol)
        if meaning is None:
            self.report("N201", (start, end), f"{symbol} means nothing here")
        elif meaning.startswith('"'):
            self.add_quoted(meaning[1:-1], start, end)
        elif meaning:
            self.decorations.append(meaning)
            self.pending, self.pending_span = True, Span(start, end)

    def read_slur_open(self, match: Match) -> None:
        self.opens += match.group()
        self.pending, self.pending_span = True, _span(Span, match.span())
        self.slurs.append((self.pending_span, self.bar_number))

    def read_slur_close(self, match: Match) -> None:
        if not self.slurs:
            self.report("S303", match.span(), "this slur was never opened")
        elif self.opens or self.slur_end is None:
            self.report("S303", match.span(), "this slur ends before its first note")
            self.slurs.pop()
            self.opens = self.opens[: self.opens.rfind("(")].removesuffix(".")
        else:
            self.slurs.pop()
            marks = self.slur_end.marks
            amend(self.slur_end, "marks", amended(marks, closes=marks.closes + 1))

    def read_tie(self, match: Match) -> None:
        span, last = _span(Span, match.span()), self.last
        if last is None or isinstance(last, Rest):
            self.report("S301", span, "this tie follows no note")
            return
        if not self.joined:
            same_bar = self.broken_base is last and match.string[last.span.end : span.start].isspace()
            fix = Fix(Span(last.span.end, span.end), match.group() + " ") if same_bar else None
            self.report("N214", span, "the tie does not stand directly after its note", fix=fix)
        amend(last, "tie", match.group())
        self.ties = tuple(note.pitch for note in last.notes) if isinstance(last, Chord) else (last.pitch,)
        self.tie_span = span

    def read_grace(self, match: Match) -> None:
        GroupReader(self).read_grace(match.group(), match.start())

    def read_chord(self, match: Match) -> None:
        GroupReader(self).read_chord(match.group(), match.start())

    def add_grace(self, grace: Grace) -> None:
        self.items.append(grace)
        self.slur_end = grace

    def add_chord(self, chord: Chord, ticks: Ticks) -> None:
        self.items.append(chord)
        self.ticks += ticks
        self.joined = True
        self.last = self.broken_base = self.slur_end = chord


HANDLERS: Final[dict[int, Callable[[VoiceReader, Match], None]]] = {
    Token.NOTE: VoiceReader.read_note,
    Token.BAR: VoiceReader.read_bar_line,
    Token.QUOTED: VoiceReader.read_quoted,
    Token.REST: VoiceReader.read_rest,
    Token.TUPLET: VoiceReader.read_tuplet,
    Token.SLUR_OPEN: VoiceReader.read_slur_open,
    Token.SLUR_CLOSE: VoiceReader.read_slur_close,
    Token.TIE: VoiceReader.read_tie,
    Token.BROKEN: VoiceReader.read_broken,
    Token.GRACE: VoiceReader.read_grace,
    Token.ENDING: VoiceReader.read_ending,
    Token.CHORD: VoiceReader.read_chord,
    Token.DECORATION: VoiceReader.read_decoration,
    Token.SHORTHAND: VoiceReader.read_shorthand,
    Token.OVERLAY: VoiceReader.read_overlay,
}
