"""The body of a tune: lines of music spread over voices, and the words under them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from . import macros as macro_expansion
from .diagnostics import Findings
from .macros import Macro
from .scanner import PATTERN, Token
from .source import Span
from .state import Scope
from .text import cut_comment
from .theory import FREE_METER, NO_CLEF, Clef, Key, Meter
from .tune import Chord, Field, FieldValue, Note
from .voice import HANDLERS, VoiceReader
from .words import MOST_LINES, align_symbols, align_words, line_notes

MAX_VOICES: Final = 256
NOTE, SPACE = int(Token.NOTE), int(Token.SPACE)
SPECIAL: Final = frozenset({Token.FIELD, Token.CONTINUATION, Token.LINE_BREAK, Token.MICROTONE, Token.STRAY})
STRAY_CODES: Final = {
    "[": ("N202", "this chord is never closed"),
    "{": ("N203", "these grace notes are never closed"),
    '"': ("N204", "this quotation mark is never closed"),
    "]": ("N209", "this ] closes nothing"),
    "}": ("N209", "this } closes nothing"),
    "^": ("N206", "no note follows this accidental"),
    "_": ("N206", "no note follows this accidental"),
    "=": ("N206", "no note follows this accidental"),
    ":": ("S306", "this colon belongs to no bar line"),
}


class BodyReader:
    """Distributes the lines of the body over the readers of its voices."""

    def __init__(self, text: str, findings: Findings, *, keep: bool) -> None:
        self.text = text
        self.findings = findings
        self.scope = Scope(findings, keep=keep)
        self.key = Key()
        self.meter: Meter = FREE_METER
        self.unit_length = Fraction(1, 8)
        self.voices: dict[str, VoiceReader] = {}
        self.definitions: dict[str, tuple[dict[str, str], Clef]] = {}
        self.voice: VoiceReader | None = None
        self.in_body = False
        self.touched: list[VoiceReader] = []
        self.continued = False
        self.linebreaks: frozenset[str] = frozenset(("<EOL>", "$"))
        self.macros: list[Macro] = []
        self.queued: tuple[str, list[tuple[str, int]]] | None = None
        self.verse = 0
        self.noted: dict[str, list[tuple[int, Note | Chord]]] = {}
        self.wordy = False
        self.old_breaks = False
        self.too_many = False
        self.crowded = False

    def fork(self, other: BodyReader, findings: Findings) -> None:
        """Make what is mutable in this copy of `other` its own."""
        self.findings = findings
        scope = other.scope
        self.scope = Scope(findings, keep=scope.keep)
        self.scope.propagate, self.scope.symbols = scope.propagate, scope.symbols.copy()
        self.scope.unmeasured = scope.unmeasured
        self.voices = {name: voice.copy(self.scope) for name, voice in other.voices.items()}
        self.voice = self.voices[other.voice.id] if other.voice is not None else None
        self.touched = [self.voices[voice.id] for voice in other.touched]
        self.definitions = other.definitions.copy()
        self.macros = other.macros[:]

    @property
    def active(self) -> VoiceReader:
        """The voice that is being written."""
        if self.voice is None:
            raise LookupError("no voice before the body begins")
        return self.voice

    def begin_body(self) -> None:
        """Open the voice in which music stands that names none."""
        self.in_body = True
        for identifier in self.definitions or ("1",):
            self.add_voice(identifier)
        self.voice = next(iter(self.voices.values()))

    def open_body(self) -> None:
        """End the header; `TuneReader` says what that means."""
        self.begin_body()

    def inline(self, name: str, text: str, span: Span) -> None:
        """An inline field; `TuneReader` knows the fields."""
        raise LookupError(f"{name}: is read by the tune's reader")

    # -- voices --------------------------------------------------------------------------------------------

    def define_voice(self, identifier: str, properties: dict[str, str], clef: Clef, span: Span) -> None:
        """Note the properties of a V: field; later ones are added to earlier ones."""
        if identifier not in self.definitions and len(self.definitions) >= MAX_VOICES:
            self._refuse_voice(span)
            return
        if not self.in_body or properties or identifier in self.definitions:
            old, old_clef = self.definitions.get(identifier, ({}, NO_CLEF))
            self.definitions[identifier] = old | properties, clef if clef != NO_CLEF else old_clef

    def _refuse_voice(self, span: Span) -> None:
        if not self.crowded:
            self.crowded = True
            self.findings.report("V403", span, f"the tune has more than {MAX_VOICES} voices")

    def _say_too_many(self, span: Span) -> None:
        if not self.too_many:
            self.findings.report("V403", span, f"the tune has more than {MAX_VOICES} voices")
        self.too_many = True

    def add_voice(self, identifier: str) -> VoiceReader:
        voice = VoiceReader(self.scope, identifier, self.key, self.meter, self.unit_length)
        self.voices[identifier] = voice
        return voice

    def turn_to(self, identifier: str, span: Span) -> None:
        """Music from here on belongs to that voice."""
        voice = self.voices.get(identifier)
        if voice is None:
            only = next(iter(self.voices.values()))
            if len(self.voices) == 1 and not only.bars and not only.items and only.id not in self.definitions:
                del self.voices[only.id]
            if len(self.voices) >= MAX_VOICES:
                self._refuse_voice(span)
                return
            voice = self.add_voice(identifier)
        self.voice = voice

    def change(self, value: FieldValue, name: str) -> None:
        """A field changes the key, metre or unit length of the voice."""
        voice = self.active
        if isinstance(value, Key):
            voice.set_key(value)
        elif isinstance(value, Meter):
            voice.set_meter(value)
        elif isinstance(value, Fraction) and name == "L":
            voice.set_unit_length(value)

    def add_field(self, item: Field) -> None:
        self.active.add_field(item)

    # -- music ---------------------------------------------------------------------------------------------

    def read_music(self, start: int, end: int) -> None:
        """A line of music."""
        self.flush_words()
        self.open_body()
        text = self.text
        stop = cut_comment(text, start, end)
        if text[start:stop].isspace() or start == stop:
            return
        self.verse = 0
        if not self.continued:
            self.touched = []
        self.continued = False
        if self.macros:
            expansion = macro_expansion.expand(text[start:stop], self.macros, start)
            if expansion is not None:
                self._read_expanded(expansion)
                return
        self._read_tokens(PATTERN.finditer(text, start, stop), stop)
        self._end_line(stop)
        if stop < end:
            self.add_field(Field("%", text[stop + 1 : end].strip(), None, False, Span(stop, end)))

    def feed_token(self, start: int) -> None:
        """The token that begins at `start`, for a reader that follows a line while it is written."""
        match = PATTERN.match(self.text, start)
        if match is not None:
            self._read_tokens(iter((match,)), len(self.text))

    def _read_expanded(self, expansion: macro_expansion.Expansion) -> None:
        before = {voice.id: (len(voice.bars), len(voice.items)) for voice in self.voices.values()}
        self.scope.locate = expansion.locate
        self._read_tokens(PATTERN.finditer(expansion.text), len(expansion.text))
        self.scope.locate = None
        for voice in self.touched:
            voice.relocate(before.get(voice.id, (0, 0)), expansion.locate)
        self._end_line(expansion.locate(len(expansion.text)))

    def _touch(self, voice: VoiceReader) -> None:
        if voice not in self.touched:
            self.touched.append(voice)
            voice.line_mark = len(voice.bars), len(voice.items)
            voice.lines_under = 0

    def _read_tokens(self, matches: Iterator[re.Match[str]], end: int) -> None:
        voice = self.active
        read_note = voice.read_note
        handlers = HANDLERS
        touched = False
        for match in matches:
            kind = match.lastindex
            if kind == NOTE:
                if not touched:
                    self._touch(voice)
                    touched = True
                read_note(match)
            elif kind == SPACE:
                if match.group() != "`":
                    voice.joined = False
            elif kind in SPECIAL:
                self._read_special(kind, match.group(), Span(*match.span()), end)
                if voice is not self.voice:
                    voice = self.active
                    read_note = voice.read_note
                    touched = False
            else:
                if not touched:
                    self._touch(voice)
                    touched = True
                handlers[kind or 0](voice, match)

    def _read_special(self, kind: int | None, text: str, span: Span, end: int) -> None:
        voice = self.active
        if kind == Token.FIELD:
            if text[1] != "V":
                self._touch(voice)
            self.inline(text[1], text[3:-1], span)
        elif kind == Token.CONTINUATION:
            self.continued = True
        elif kind == Token.LINE_BREAK:
            self._read_line_break(text, span, end)
        elif kind == Token.MICROTONE:
            voice.report("N212", span, f"{text} is a microtone")
        elif text == "[" and self.text[span.start + 2 : span.start + 3] == ":":
            voice.report("N210", span, "this inline field is never closed")
        else:
            code, message = STRAY_CODES.get(text, ("N201", f"{text!r} means nothing here"))
            voice.report(code, span, message)

    def _read_line_break(self, text: str, span: Span, end: int) -> None:
        voice = self.active
        if text in self.linebreaks:
            voice.break_line(span.start)
            return
        if text == "!":
            after = self.text[span.end : end].lstrip()
            before = self.text[span.start - 1 : span.start]
            if not after or (before and before in "|:]") or self.text[span.end : span.end + 1].isspace():
                if not self.old_breaks:
                    self.findings.report("S307", span, "a ! as line break is a relic of older versions")
                    self.old_breaks = True
                if after:
                    voice.break_line(span.start)
                return
            voice.report("N205", span, "this decoration is never closed")
            return
        voice.report("N201", span, f"{text} means nothing here; I:linebreak {text} would make it a line break")

    def _end_line(self, at: int) -> None:
        for voice in self.touched:
            self.noted.pop(voice.id, None)
        if not self.continued and "<EOL>" in self.linebreaks:
            for voice in self.touched:
                voice.break_line(at)
        else:
            for voice in self.touched:
                voice.joined = False

    # -- words ---------------------------------------------------------------------------------------------

    def queue_words(self, name: str, start: int, end: int) -> None:
        """Keep a w: or s: line until it is known whether the next line goes on with it."""
        text = self.text[start:end].rstrip()
        if self.queued is not None and (name == "+" or (name == self.queued[0] and self._goes_on())):
            lines = self.queued[1]
            if lines[-1][0].endswith("\\"):
                lines[-1] = lines[-1][0][:-1], lines[-1][1]
            lines.append((text, start))
            return
        self.flush_words()
        self.queued = name, [(text, start)]

    def _goes_on(self) -> bool:
        return self.queued is not None and self.queued[1][-1][0].endswith("\\")

    def flush_words(self) -> None:
        """Align the words that were kept."""
        if self.queued is None:
            return
        (name, lines), self.queued = self.queued, None
        if not self.scope.keep:
            return
        first = lines[0][1]
        voice = self.voice
        if voice is None or voice.line_mark is None:
            self.findings.report("W602", (first - 2, first), f"no line of music stands before this {name}: line")
            return
        voice.lines_under = max(voice.lines_under, self.verse) + 1
        if voice.lines_under > MOST_LINES:
            self._refuse_words(Span(first - 2, first))
            return
        notes = self.noted.get(voice.id)
        if notes is None:
            notes = self.noted[voice.id] = line_notes(voice.bars, voice.items, voice.line_mark)
        text = " ".join(line.rstrip("\\") for line, _ in lines)
        surplus = (
            align_words(text, notes, self.verse) if name == "w" else align_symbols(text, notes)
        )  # fmt: skip
        if name == "w":
            self.verse += 1
        if surplus is not None:
            at = first + surplus
            what = "syllables" if name == "w" else "symbols"
            self.findings.report("W601", (at, at + 1), f"more {what} than the {len(notes)} notes of the line above")

    def _refuse_words(self, span: Span) -> None:
        if not self.wordy:
            self.wordy = True
            self.findings.report("W603", span, f"more than {MOST_LINES} lines of words stand under one line of music")

    def finish_voices(self, end: int) -> None:
        """Close all voices and compare their lengths."""
        for voice in self.voices.values():
            voice.finish(end)
        sounding = [voice for voice in self.voices.values() if voice.has_music]
        if len(sounding) > 1 and not self.crowded and not any(voice.faults for voice in sounding):
            longest = max(sounding, key=lambda voice: voice.total)
            for voice in sounding:
                if voice.total != longest.total:
                    missing = voice.length_text(longest.total - voice.total)
                    self.findings.report(
                        "V401",
                        voice.end_span,
                        f"voice {voice.id} is {missing} shorter than voice {longest.id}",
                        voice=voice.id,
                    )
