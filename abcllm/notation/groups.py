"""Chords and grace notes: what stands inside `[CEG]` and `{cd}`.

Sources: ABC standard 2.1, sections 4.12 and 4.17. A chord lasts as long as its first note; a length after the
bracket multiplies those inside.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from .lengths import read_factor, ticks_of
from .nodes import amend
from .scanner import CHORD_PART, GRACE_PART, NOTE_PARTS
from .source import Span
from .tune import Chord, Grace, Marks, Note

if TYPE_CHECKING:
    from .voice import VoiceReader


class GroupReader:
    """Reads chords and grace groups for a voice."""

    __slots__ = ("voice",)

    def __init__(self, voice: VoiceReader) -> None:
        self.voice = voice

    def read_chord(self, text: str, start: int) -> None:
        """A chord token: the bracketed notes and the length after them."""
        voice = self.voice
        close = text.rindex("]")
        span = Span(start, start + len(text))
        outer = NOTE_PARTS.match("C" + text[close + 1 :])
        factor = read_factor(*outer.groups()[3:]) if outer else None
        if factor is None:
            voice.report("N207", (start + close, span.end), f"the length {text[close + 1 :]} cannot be played")
            factor = Fraction(1)
        kept = voice.decorations, voice.chord_symbols, voice.annotations, voice.opens, voice.pending
        voice.decorations, voice.chord_symbols, voice.annotations, voice.opens = [], [], [], ""
        voice.pending = False
        notes = self._notes(text[1:close], start + 1)
        voice.decorations, voice.chord_symbols, voice.annotations, voice.opens, voice.pending = kept
        if not notes:
            voice.report("N208", span, "this chord holds no note")
            return
        if factor != 1:
            for note in notes:
                amend(note, "written", note.written * factor)
                amend(note, "duration", note.duration * factor)
        if voice.ties:
            pitches = voice.resolve_ties(tuple(n.pitch for n in notes), tuple(n.accidental for n in notes))
            for note, pitch in zip(notes, pitches, strict=True):
                amend(note, "pitch", pitch)
        tied = tuple(note.pitch for note in notes if note.tie)
        if tied:
            voice.ties, voice.tie_span = tied, span
        written = notes[0].written
        duration, ticks = written, ticks_of(written)
        broken, in_tuplet = voice.broken, voice.tuplet_left
        if broken:
            written, duration, ticks = voice.take_broken(ticks)
        if in_tuplet:
            duration, ticks = voice.take_tuplet(ticks)
        if broken or in_tuplet:
            shorter = written / notes[0].written
            ratio = duration / notes[0].duration
            for note in notes:
                amend(note, "written", note.written * shorter)
                amend(note, "duration", note.duration * ratio)
        voice.add_chord(Chord(tuple(notes), duration, written, "", voice.joined, 0, voice.take_marks(), span), ticks)

    def _notes(self, inner: str, offset: int) -> list[Note]:
        voice = self.voice
        notes: list[Note] = []
        at = 0
        while at < len(inner):
            match = CHORD_PART.match(inner, at)
            if match is None:
                if inner[at:].strip():
                    voice.report("N208", (offset + at, offset + at + 1), f"{inner[at]} cannot stand in a chord")
                    at += 1
                    continue
                break
            at = match.end()
            kind = match.lastgroup
            if kind in ("note", "tie"):
                note = self._note(match, offset)
                if note is not None:
                    notes.append(note)
            elif kind == "rest":
                voice.report(
                    "N208", (offset + match.start("rest"), offset + at), "a rest cannot stand in a chord", "remove it"
                )
            else:
                self._mark(match, offset, notes)
        return notes

    def _note(self, match: re.Match[str], offset: int) -> Note | None:
        voice = self.voice
        text = match.group("note")
        span = Span(offset + match.start("note"), offset + match.end())
        reading = voice.context.notes.get(text) or voice.context.read_note(text)
        if reading is None:
            voice.report("N207", span, f"the length of {text} cannot be played")
            return None
        pitch = reading.pitch
        if reading.accidental is not None or voice.accidentals:
            pitch = voice.sounding(pitch, reading.accidental)
        if not 0 <= pitch.midi <= 127:
            voice.report("N213", span, f"{text} sounds outside the range of MIDI")
        return Note(
            pitch,
            reading.duration,
            reading.duration,
            reading.accidental,
            match.group("tie") or "",
            False,
            0,
            voice.take_marks(),
            span,
        )

    def _mark(self, match: re.Match[str], offset: int, notes: list[Note]) -> None:
        """A decoration or slur inside a group, for the note that follows (or, closing, for the one before)."""
        voice = self.voice
        kind = match.lastgroup or ""
        text, start, end = match.group(kind), offset + match.start(kind), offset + match.end(kind)
        if kind == "deco":
            voice.add_decoration(text[1:-1], start, end)
        elif kind == "quote":
            voice.add_quoted(text[1:-1], start, end)
        elif kind == "short":
            voice.add_shorthand(text, start, end)
        elif kind == "open":
            voice.opens += text
            voice.slurs.append((Span(start, end), voice.bar_number))
            voice.pending = True
        elif kind == "close":
            if not voice.slurs or not notes:
                voice.report("S303", (start, end), "this slur was never opened")
                return
            voice.slurs.pop()
            marks = notes[-1].marks
            amend(
                notes[-1],
                "marks",
                Marks(marks.decorations, marks.chord_symbols, marks.annotations, marks.opens, marks.closes + 1),
            )

    def read_grace(self, text: str, start: int) -> None:
        """A grace group: it takes no time of the bar, and its accidentals do not reach the notes after it."""
        voice = self.voice
        span = Span(start, start + len(text))
        inner = text[1:-1]
        slashed = inner.startswith("/")
        at = 1 if slashed else 0
        kept = voice.decorations, voice.chord_symbols, voice.annotations, voice.opens, voice.pending
        kept_ties, voice.ties = voice.ties, ()
        kept_accidentals, voice.accidentals = voice.accidentals, voice.accidentals.copy()
        voice.decorations, voice.chord_symbols, voice.annotations, voice.opens = [], [], [], ""
        voice.pending = False
        notes: list[Note | Chord] = []
        flat: list[Note] = []
        while at < len(inner):
            match = GRACE_PART.match(inner, at)
            if match is None:
                if inner[at:].strip():
                    voice.report("N208", (start + 1 + at, start + 2 + at), f"{inner[at]} cannot stand in grace notes")
                    at += 1
                    continue
                break
            at = match.end()
            kind = match.lastgroup
            if kind in ("note", "tie"):
                note = self._note(match, start + 1)
                if note is not None:
                    notes.append(note)
                    flat.append(note)
            elif kind == "length":
                members = self._notes(match.group("chord")[1:-1], start + 2 + match.start("chord"))
                if members:
                    first = members[0]
                    notes.append(Chord(tuple(members), first.duration, first.written, span=span))
                    flat.extend(members)
            elif kind != "broken":
                self._mark(match, start + 1, flat)
        voice.decorations, voice.chord_symbols, voice.annotations, voice.opens, voice.pending = kept
        voice.ties, voice.accidentals = kept_ties, kept_accidentals
        if not notes:
            voice.report("N208", span, "these grace notes hold no note")
            return
        voice.add_grace(Grace(tuple(notes), slashed, voice.joined, voice.take_opens(), span))
