"""One tune, line by line: header fields, then the body with its voices, words and directives.

`TuneReader` is fed lines and gives a `Tune` at the end. It is a state machine that can be copied between lines,
which is how the prefix reader follows a generator. Sources: ABC standard 2.1, sections 2, 3, 6, 7 and 11.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from . import decorations
from .body import BodyReader
from .diagnostics import Findings, Fix
from .fields import FieldFault, parse_key, parse_meter, parse_parts, parse_tempo, parse_unit_length, parse_voice
from .macros import parse_macro
from .nodes import amend
from .source import Span
from .text import cut_comment, decode_text
from .theory import NO_CLEF, Key, Meter, Tempo
from .tune import Field, FieldValue, Tune, Voice
from .voice import VoiceReader

STRING_FIELDS: Final = frozenset("ABCDFGHNORSTZ")
KNOWN_FIELDS: Final = STRING_FIELDS | frozenset("IKLMPQUVWXmrsw")
INHERITED: Final = STRING_FIELDS | frozenset("ILMUm")
INLINE_FIELDS: Final = frozenset("IKLMmNPQRrUV")
FILLS_A_BAR: Final = frozenset("ABCDEFGabcdefgxyzZ")  # `C:|` is music, not a field
CONTINUED: Final = STRING_FIELDS | {"r"}
SINGLE: Final = {"M", "L", "K", "Q", "P"}
FIELDS_IN_LINE: Final = re.compile(r"\s+(?=[A-Za-z]:(?=\S))")


class TuneReader(BodyReader):
    """Reads one tune from its lines (`read_line`), which are ranges of offsets into `text`."""

    def __init__(
        self, text: str, findings: Findings, start: int, inherited: tuple[Field, ...] = (), *, keep: bool = True
    ) -> None:
        super().__init__(text, findings, keep=keep)
        self.start = start
        self.number: int | None = None
        self.fields: list[Field] = []
        self.words: list[str] = []
        self.key_field: Span | None = None
        self.in_header = True
        self.meter_given = self.unit_given = False
        self.tempo: Tempo | None = None
        self.block: tuple[str, int, list[str]] | None = None
        self.parts: tuple[tuple[str, ...], Span] | None = None
        self.labels: set[str] = set()
        for item in inherited:
            self._apply(item.name, item.text, item.span, item.span[0], inherited=True)
        self.inherited_count = len(self.fields)

    def copy(self, findings: Findings) -> TuneReader:
        """An independent reader in the same state (of a tune that is not kept)."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        other.fork(self, findings)
        other.fields = self.fields[:]
        other.words = []
        other.labels = self.labels.copy()
        if self.block is not None:
            other.block = self.block[0], self.block[1], self.block[2][:1]
        return other

    # -- lines ---------------------------------------------------------------------------------------------

    def read_line(self, start: int, end: int) -> None:
        """Read one line, given without its line end; empty lines are the caller's (they end the tune)."""
        text = self.text
        if self.block is not None:
            self._read_block_line(start, end)
            return
        head = text[start]
        if head == "%":
            self.flush_words()
            self._read_remark(start, end)
        elif start + 1 < end and text[start + 1] == ":" and (head.isalpha() or head == "+") and head.isascii():
            if not self.in_header and text[start + 2 : start + 3] in ("|", ":") and head in FILLS_A_BAR:
                self.read_music(start, end)
            elif head == "+":
                self._continue_field(start, end)
            else:
                self._read_field_line(start, end)
        elif not self.in_header:
            self.read_music(start, end)
        else:
            self._read_header_stray(start, end)

    def _read_header_stray(self, start: int, end: int) -> None:
        text = self.text
        if not text[start:end].strip():
            return
        if "|" in text[start:end]:
            self.findings.report("H103", (start, end), "the music begins, but no K: field came before it")
            self._assume_key(start)
            self.read_music(start, end)
        else:
            shown = text[start:end].strip()
            self.findings.report("H108", (start, end), f"{shown[:40]!r} is no field of the header")

    def _read_remark(self, start: int, end: int) -> None:
        """A comment, a directive or the first line of a text block."""
        text = self.text
        if text.startswith("%%", start):
            body = text[start + 2 : end].strip()
            if body.startswith("begin") and body[5:6].isalpha():
                self.block = body.split()[0][5:], start, [body]
                return
            at = cut_comment(text, start + 2, end)
            self._apply("%%", text[start + 2 : at].strip(), Span(start, end), start + 2)
        else:
            self._apply("%", text[start + 1 : end].strip(), Span(start, end), start + 1)

    def _read_block_line(self, start: int, end: int) -> None:
        assert_block = self.block
        if assert_block is None:
            return
        kind, first, lines = assert_block
        line = self.text[start:end]
        bare = line[2:] if line.startswith("%%") else line
        if bare.strip() == "end" + kind:
            self.block = None
            self._apply("%%", "\n".join([*lines, "end" + kind]), Span(first, end), first)
        else:
            lines.append(bare.rstrip("\r"))

    def _read_field_line(self, start: int, end: int) -> None:
        text = self.text
        name = text[start]
        at = cut_comment(text, start + 2, end)
        if name in "ws":
            self.queue_words(name, start + 2, at)
            return
        self.flush_words()
        value = text[start + 2 : at]
        if self.in_header and name in "XMLKQ" and FIELDS_IN_LINE.search(value) and '"' not in value:
            pieces = FIELDS_IN_LINE.split(value)
            fix = Fix(Span(start, at), "\n".join([f"{name}:{pieces[0].strip()}", *pieces[1:]]))
            self.findings.report(
                "H110", (start, at), f"{len(pieces)} fields stand on one line; only the first would be read", fix=fix
            )
            place = start
            for index, piece in enumerate(pieces):
                head, body = (name, piece) if index == 0 else (piece[0], piece[2:])
                place = text.find(body, place, at) if body else place
                self._apply(head, body.strip(), Span(start, at), place)
            return
        self._apply(name, value.strip(), Span(start, at), start + 2)
        if at < end:
            self._apply("%", text[at + 1 : end].strip(), Span(at, end), at + 1)

    def _continue_field(self, start: int, end: int) -> None:
        """`+:` goes on with the field before it (section 3.3)."""
        if self.queued is not None:
            self.queue_words("+", start + 2, cut_comment(self.text, start + 2, end))
            return
        more = decode_text(self.text[start + 2 : cut_comment(self.text, start + 2, end)].strip())
        fields = self.fields if not self.voice or not self.voice.items else self.voice.items
        if self.last_words:
            self.words[-1] += " " + more
        elif fields and isinstance(fields[-1], Field) and fields[-1].name in CONTINUED:
            amend(fields[-1], "text", f"{fields[-1].text} {more}".strip())
        else:
            self.findings.report("H108", (start, end), "+: continues a field of words, but none stands before it")

    last_words = False

    # -- fields --------------------------------------------------------------------------------------------

    def _apply(self, name: str, text: str, span: Span, at: int, *, inherited: bool = False) -> None:
        """Give a field its meaning and keep it; `at` is the offset of its text."""
        self.last_words = name == "W"
        if name == "X":
            self._read_number(text, span)
            return
        if name not in KNOWN_FIELDS and name not in ("%", "%%"):
            self.findings.report("H109", span, f"{name}: is no field of the standard")
        if name == "W":
            self.words.append(decode_text(text))
            return
        if name == "V":
            self._read_voice(text, span, at)
            return
        if name in STRING_FIELDS or name == "r":
            text = decode_text(text)
        value: FieldValue = None
        if name in ("K", "M", "L", "Q"):
            value = self._read_value(name, text, span, at)
            if value is None:
                if name == "K" and self.in_header:
                    self._assume_key(span[0], text)
                return
            text = _spell_value(value)
        elif name in ("P", "U", "m", "I", "%%"):
            self._read_setting(name, text, span)
            if name == "m" or (name == "I" and text.split(None, 1)[:1] == ["linebreak"]):
                return
        item = Field(name, text, value, False, span)
        if not self.in_body:
            self._keep(item)
            if name == "K" and not inherited:
                self._end_header(span)
            return
        if value is not None:
            self.change(value, name)
        self.add_field(item)

    def _end_header(self, span: Span) -> None:
        if self.in_header:
            self.key_field = span
            self.in_header = False

    def _assume_key(self, at: int, text: str = "") -> None:
        """No K: that could be read came: go on in the major key of its tonic, else in C, as players do."""
        self.in_header = False
        self.key_field = Span(at, at)
        tonic = re.match(r"[A-G][#b]?", text)
        key = Key(tonic.group()) if tonic else self.key
        self._keep(Field("K", str(key), key, False, self.key_field))

    def _keep(self, item: Field) -> None:
        """Keep a header field; of those that can only be one the last counts."""
        value = item.value
        if isinstance(value, Key):
            self.key = value
        elif isinstance(value, Meter):
            self.meter, self.meter_given = value, True
        elif isinstance(value, Fraction):
            self.unit_length, self.unit_given = value, True
        elif isinstance(value, Tempo):
            self.tempo = value
        if item.name in SINGLE and not (item.name == "P" and not self.in_header):
            self.fields = [field for field in self.fields if field.name != item.name]
        self.fields.append(item)

    def _read_number(self, text: str, span: Span) -> None:
        if text.isascii() and text.isdigit() and len(text) <= 9:
            self.number = int(text)
        else:
            self.number = 0
            self.findings.report("H102", span, f"the reference number is {text[:40]!r}")

    def _read_value(self, name: str, text: str, span: Span, at: int) -> FieldValue:
        """The value of a K:, M:, L: or Q: field; None after saying what is wrong."""
        try:
            if name == "K":
                key = parse_key(text)
                if key.tonic == "" and key.mode == "" and self.in_body and self.voice is not None:
                    old = self.voice.key
                    key = Key(old.tonic, old.mode, old.accidentals, old.explicit, key.clef)
                return Key("", "none", key.accidentals, key.explicit, key.clef) if key.mode == "" else key
            if name == "M":
                return parse_meter(text)
            if name == "L":
                return parse_unit_length(text)
            unit = self.voice.unit_length if self.voice is not None else self._unit()
            return parse_tempo(text, unit)
        except FieldFault as fault:
            code = {"K": "H104", "M": "H105", "L": "H106", "Q": "H107"}[name]
            lead = at + len(self.text[at : span[1]]) - len(self.text[at : span[1]].lstrip())
            place = (lead + fault.start, max(lead + fault.end, lead + fault.start + 1)) if text else span
            self.findings.report(code, place, fault.message, fault.hint)
            if name in "ML":
                self.scope.unmeasured = True
            return None

    def _read_setting(self, name: str, text: str, span: Span) -> None:
        """Fields that change how the rest is read: P, U, m, I and directives."""
        if name == "P":
            if self.in_header:
                try:
                    self.parts = parse_parts(text), span
                except FieldFault as fault:
                    self.findings.report("H111", span, fault.message, fault.hint)
            else:
                self.labels.add(text[:1])
        elif name == "U":
            definition = decorations.parse_definition(text)
            if definition is None:
                self.findings.report("H112", span, f"U:{text} defines no symbol")
            else:
                self.scope.symbols[definition[0]] = definition[1]
        elif name == "m":
            macro = parse_macro(text)
            if macro is None:
                self.findings.report("H112", span, f"m:{text} defines no macro")
            else:
                self.macros.append(macro)
        else:
            word, _, rest = text.partition(" ")
            if word == "propagate-accidentals" and rest.strip() in ("not", "octave", "pitch"):
                self.scope.propagate = rest.strip()
            elif word == "linebreak":
                self.linebreaks = frozenset(rest.split())

    def _read_voice(self, text: str, span: Span, at: int) -> None:
        """V: defines a voice in the header and turns to it in the body (section 7)."""
        try:
            identifier, properties, clef = parse_voice(text)
        except FieldFault as fault:
            self.findings.report("V402", (at + fault.start, max(at + fault.end, at + 1)), fault.message, fault.hint)
            identifier, properties, clef = (text.split() or ["1"])[0], {}, NO_CLEF
        self.define_voice(identifier, properties, clef, span)
        if not self.in_header:
            self.open_body()
            self.turn_to(identifier, span)
        elif identifier not in (f.text for f in self.fields if f.name == "V"):
            self.fields.append(Field("V", identifier, None, False, span))

    def _unit(self) -> Fraction:
        return self.unit_length if self.unit_given else self.meter.default_unit_length

    def inline(self, name: str, text: str, span: Span) -> None:
        """An inline field, `[K:G]`."""
        if name not in INLINE_FIELDS:
            self.active.report("N210", span, f"{name}: cannot stand inside the music")
            return
        text = text.strip()
        if name == "V":
            self._read_voice(text, span, span[0] + 3)
            return
        value: FieldValue = None
        if name in ("K", "M", "L", "Q"):
            value = self._read_value(name, text, span, span[0] + 3)
            if value is None:
                return
            self.change(value, name)
            text = _spell_value(value)
        elif name in ("P", "U", "m", "I"):
            self._read_setting(name, text, span)
        self.active.add_field(Field(name, decode_text(text) if name in "Nr" else text, value, True, span))

    # -- the end -------------------------------------------------------------------------------------------

    def open_body(self) -> None:
        """The first note, bar or turn to a voice: what was read so far is the header."""
        if not self.in_body:
            self.unit_length = self._unit()
            self.begin_body()

    def finish(self, end: int) -> Tune:
        """The tune is over."""
        self.flush_words()
        if self.block is not None:
            kind, first, lines = self.block
            self.findings.report("T103", (first, first + len(lines[0]) + 2), f"%%begin{kind} has no %%end{kind}")
            self.block = None
        place = (self.start, min(self.start + 3, end))
        if self.number is None:
            self.findings.report("H101", place, "the tune has no X: field")
        keyless = self.key_field is None
        if keyless:
            self.findings.report("H103", place, "the tune has no K: field")
            self._assume_key(end)
        self.open_body()
        self.finish_voices(end)
        if not keyless and self.key_field is not None and not any(voice.has_music for voice in self.voices.values()):
            self.findings.report("H114", self.key_field, "no note follows the header")
        if self.parts is not None:
            missing = sorted(set(self.parts[0]) - self.labels)
            if missing and self.labels:
                self.findings.report("H113", self.parts[1], f"part {', '.join(missing)} does not occur in the tune")
        voices = tuple(self.build_voice(reader) for reader in self.voices.values())
        return Tune(
            self.number or 0,
            self._header_fields(voices),
            self.meter,
            self.unit_length,
            self.tempo,
            self.key,
            voices,
            tuple(self.words),
            Span(self.start, end),
        )

    def build_voice(self, reader: VoiceReader) -> Voice:
        """The finished voice with the properties of its V: fields."""
        properties, clef = self.definitions.get(reader.id, ({}, NO_CLEF))
        name = properties.get("name", properties.get("nm", ""))
        short = properties.get("subname", properties.get("snm", properties.get("sname", "")))
        return Voice(reader.id, tuple(reader.bars), name, short, clef, tuple(properties.items()))

    def _header_fields(self, voices: tuple[Voice, ...]) -> tuple[Field, ...]:
        """The kept fields, with a V: field for each voice that has something to say of itself."""
        by_id = {voice.id: voice for voice in voices}
        fields = [
            Field("V", voice_definition(by_id[f.text]), None, False, f.span) if f.name == "V" else f
            for f in self.fields
            if f.name != "V" or f.text in by_id  # a voice too many has been reported, and is not there
        ]
        listed = {f.text for f in self.fields if f.name == "V"}
        unlisted = [voice for voice in voices if voice.id not in listed]
        alone = len(voices) == 1
        if any(voice.properties or (voice.id != "1" if alone else not voice.bars) for voice in unlisted):
            at = next((index for index, item in enumerate(fields) if item.name == "K"), len(fields))
            fields[at:at] = [Field("V", voice_definition(voice)) for voice in unlisted]
        return tuple(fields)


def voice_definition(voice: Voice) -> str:
    """The text of the V: field that defines a voice."""
    parts = [voice.id]
    for key, value in voice.properties:
        plain = value and re.fullmatch(r"[^\s\"=]+", value) and key not in ("name", "nm", "subname", "snm", "sname")
        parts.append(f"{key}={value}" if plain else f'{key}="{value}"')
    return " ".join(parts)


def _spell_value(value: FieldValue) -> str:
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return str(value)
