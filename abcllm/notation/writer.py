"""A tune to canonical ABC: one spelling for each thing, so that `parse(write(tune)).tunes[0] == tune`.

What is kept: all fields, directives and comments, the author's lines, spacing (beams), broken rhythm, endings.
What becomes one: bar line spellings, decoration spellings, note lengths, accidentals of keys, text escapes (to
plain UTF-8), macros (expanded), inherited fields of the file header (written out in each tune).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import lru_cache

from .decorations import SHORTHAND_OF, parse_definition
from .lengths import broken_ratio
from .text import encode_text
from .theory import ACCIDENTAL_TEXT, TUPLET_TIME
from .tune import (
    NO_MARKS,
    BarLine,
    Chord,
    Ending,
    Field,
    Grace,
    Item,
    LineBreak,
    Lyric,
    Marks,
    MultiRest,
    Note,
    Rest,
    Spacer,
    Tune,
    Tunebook,
    Tuplet,
    Voice,
)

TEXT_FIELDS = frozenset("ABCDFGHNORSTZWr")


def write(music: Tune | Tunebook | Iterable[Tune]) -> str:
    """Canonical ABC of a tune, or of several with an empty line between them.

    >>> from .parser import parse
    >>> print(write(parse("X:1\\nT:t\\nL:1/4\\nM:2/4\\nK:D dor\\nC1  d/2e/2|f3/ g/||").tunes[0]))
    X:1
    T:t
    L:1/4
    M:2/4
    K:Ddor
    C d/e/|f3/ g/||
    <BLANKLINE>
    """
    if isinstance(music, Tune):
        return TuneWriter(music).write()
    tunes = music.tunes if isinstance(music, Tunebook) else music
    return "\n".join(TuneWriter(tune).write() for tune in tunes)


class TuneWriter:
    """Writes one tune."""

    def __init__(self, tune: Tune) -> None:
        self.tune = tune
        redefined = {
            definition[0]
            for item in tune.fields
            if item.name == "U" and (definition := parse_definition(item.text)) is not None
        }
        self.shorthand = {name: sign for name, sign in SHORTHAND_OF.items() if sign not in redefined}

    def write(self) -> str:
        tune = self.tune
        lines = [f"X:{tune.number}"]
        for item in tune.fields:
            lines += _field_lines(item)
        if not any(item.name == "K" for item in tune.fields):
            lines.append(f"K:{tune.key}")
        lines += self.body()
        lines += [f"W:{encode_text(text)}" for text in tune.words]
        return "\n".join(lines) + "\n"

    def body(self) -> Iterator[str]:
        """The lines of music: those of several voices in turn."""
        voices = self.tune.voices
        if len(voices) == 1:
            if _begins_with_field(voices[0]):
                yield f"V:{voices[0].id}"  # without it the field would belong to the header
            yield from (line for system in VoiceWriter(self, voices[0]).systems() for line in system)
            return
        streams = [(voice, VoiceWriter(self, voice).systems()) for voice in voices]
        while streams:
            remaining = []
            for voice, systems in streams:
                system = next(systems, None)
                if system is None:
                    continue
                remaining.append((voice, systems))
                if _is_field_line(system[0]) or not set(voice.id).isdisjoint("[]|"):
                    yield f"V:{voice.id}"
                    yield from system
                else:
                    yield f"[V:{voice.id}]{system[0]}"
                    yield from system[1:]
            streams = remaining


def _begins_with_field(voice: Voice) -> bool:
    first = voice.bars[0] if voice.bars else None
    item = first.items[0] if first is not None and first.left is None and first.items else None
    return isinstance(item, Field) and not item.inline


def _is_field_line(line: str) -> bool:
    return line.startswith("%") or (len(line) > 1 and line[1] == ":" and line[0].isalpha() and line[2:3] not in "|:")


def _field_lines(item: Field) -> list[str]:
    text = encode_text(item.text) if item.name in TEXT_FIELDS else item.text
    if item.name == "%":
        return [f"% {text}" if text else "%"]
    if item.name == "%%":
        first, *block = text.split("\n")
        return [f"%%{first}", *block[:-1], *(f"%%{last}" for last in block[-1:])]
    return [f"{item.name}:{text}"]


class VoiceWriter:
    """Writes the music of one voice, line by line, each with the words under it."""

    def __init__(self, writer: TuneWriter, voice: Voice) -> None:
        self.shorthand = writer.shorthand
        self.voice = voice
        self.unit = writer.tune.unit_length
        self.parts: list[str] = []
        self.done: list[str] = []
        self.lyrics: list[tuple[Lyric | None, ...]] = []
        self.broken = 0
        self.after_opening: bool | None = None

    def systems(self) -> Iterator[list[str]]:
        """Groups of lines that belong together: field lines, one line of music, its words."""
        return filter(None, self._systems())

    def _systems(self) -> Iterator[list[str]]:
        for bar in self.voice.bars:
            if bar.left is not None:
                self.bar_line(bar.left)
            self.broken = 0
            yield from self.items(bar.items)
            sung = self.lyrics
            for overlay in bar.overlays:
                self.add("&")
                self.broken, self.lyrics = 0, []
                yield from self.items(overlay)
            self.lyrics = sung
            if bar.right is not None:
                self.bar_line(bar.right)
            if bar.line_end:
                yield self.flush()
        if self.parts or self.done:
            yield self.flush()

    def add(self, text: str) -> None:
        if text:
            self.parts.append(text)

    def items(self, items: tuple[Item, ...]) -> Iterator[list[str]]:
        for item in items:
            if isinstance(item, LineBreak):
                yield self.flush()
            elif isinstance(item, Field) and not item.inline:
                if self.parts:
                    self.add("\\")
                    self.done.append("".join(self.parts))
                    self.parts = []
                self.done += _field_lines(item)
                self.apply(item)
            else:
                self.item(item)

    def flush(self) -> list[str]:
        """The line of music so far, with its words."""
        music = "".join(self.parts)
        lines = [*self.done, music] if music else self.done
        lines += self.words()
        self.parts, self.done, self.lyrics = [], [], []
        return lines

    def words(self) -> list[str]:
        verses = max(map(len, self.lyrics), default=0)
        lines = []
        for verse in range(verses):
            syllables = [lyrics[verse] if verse < len(lyrics) else None for lyrics in self.lyrics]
            while syllables and syllables[-1] is None:
                syllables.pop()
            lines.append("w:" + "".join(_syllable(lyric) for lyric in syllables).rstrip(" "))
        return lines

    def apply(self, item: Field) -> None:
        if item.name == "L" and isinstance(item.value, Fraction):
            self.unit = item.value

    def item(self, item: Item) -> None:
        """One item of a bar."""
        if isinstance(item, Note):  # most things are
            self.space(item.joined or self.after_opening is False)
            self.after_opening = None
            self.note(item)
            return
        if isinstance(item, Chord | Rest | Grace | Spacer | Tuplet):
            self.space(item.joined or self.after_opening is False)
            self.after_opening = item.joined if isinstance(item, Grace | Tuplet) else None
        if isinstance(item, Chord):
            self.chord(item)
        elif isinstance(item, Rest):
            self.add(self.prefix(item.marks) + ("z" if item.visible else "x"))
            self.add(length(self.base(item), self.unit))
            self.end_note(item)
        elif isinstance(item, MultiRest):
            letter = "Z" if item.visible else "X"
            self.add(self.prefix(item.marks) + letter + (str(item.bars) if item.bars > 1 else ""))
        elif isinstance(item, Grace):
            self.grace(item)
        elif isinstance(item, Tuplet):
            self.tuplet(item)
        elif isinstance(item, Spacer):
            self.add(self.prefix(item.marks) + "y")
        elif isinstance(item, Ending):
            self.add("[" + item.text + " ")
        elif isinstance(item, Field):
            text = encode_text(item.text) if item.name in TEXT_FIELDS else item.text
            self.add(f"[{item.name}:{text}]")
            self.apply(item)

    def space(self, joined: bool) -> None:
        """A space where the beam is broken, unless something stands there already."""
        if not joined and self.parts and self.parts[-1][-1] not in " |:&":
            self.add(" ")

    def base(self, item: Note | Chord | Rest) -> Fraction:
        """The length before broken rhythm changed it."""
        written = item.written
        if self.broken:
            written /= Fraction(*broken_ratio(self.broken)[1])
        if item.broken:
            written /= Fraction(*broken_ratio(item.broken)[0])
        return written

    def end_note(self, item: Note | Chord | Rest) -> None:
        """Tie, slur ends, broken rhythm and words after a note."""
        if isinstance(item, Note | Chord):
            if item.tie:
                self.add(item.tie)
            self.lyrics.append(item.marks.lyrics)
        if item.marks.closes:
            self.add(")" * item.marks.closes)
        if item.broken:
            self.add(">" * item.broken or "<" * -item.broken)
        self.broken = item.broken

    def note(self, note: Note) -> None:
        self.add(self.prefix(note.marks) + spelled(note) + length(self.base(note), self.unit))
        self.end_note(note)

    def chord(self, chord: Chord) -> None:
        base = self.base(chord)
        same = all(note.written == chord.written for note in chord.notes)
        ratio = base / chord.written
        inner = []
        for note in chord.notes:
            size = "" if same else length(note.written * ratio, self.unit)
            inner.append(self.prefix(note.marks) + spelled(note) + size + note.tie + ")" * note.marks.closes)
        outer = length(base, self.unit) if same else ""
        self.add(f"{self.prefix(chord.marks)}[{''.join(inner)}]{outer}")
        self.end_note(chord)

    def grace(self, grace: Grace) -> None:
        inner = []
        for note in grace.notes:
            if isinstance(note, Chord):
                members = "".join(spelled(n) + length(n.written, self.unit) for n in note.notes)
                inner.append(f"[{members}]")
            else:
                size = length(note.written, self.unit)
                inner.append(self.prefix(note.marks) + spelled(note) + size + note.tie + ")" * note.marks.closes)
        self.add(
            grace.marks.opens + "{" + ("/" if grace.slashed else "") + "".join(inner) + "}" + ")" * grace.marks.closes
        )

    def tuplet(self, tuplet: Tuplet) -> None:
        p, q, r = tuplet.p, tuplet.q, tuplet.r
        simple = TUPLET_TIME.get(p) == q
        self.add(f"({p}" if simple and r == p else f"({p}:{q}:{r}" if r != p else f"({p}:{q}")

    def prefix(self, marks: Marks) -> str:
        """What stands before a note: chord symbols, annotations, slurs, decorations (section 4.20)."""
        if marks is NO_MARKS:
            return ""
        quoted = "".join(f'"{_quote(text)}"' for text in (*marks.chord_symbols, *marks.annotations))
        signs = "".join(self.shorthand.get(name) or f"!{name}!" for name in marks.decorations)
        return quoted + marks.opens + signs

    def bar_line(self, line: BarLine) -> None:
        if self.parts and (self.parts[-1][-1] in "|:]" or self.parts == ["X"]):  # X: would begin a tune
            self.add(" ")
        quoted = "".join(f'"{_quote(text)}"' for text in (*line.marks.chord_symbols, *line.marks.annotations))
        self.add(quoted + "".join(f"!{name}!" for name in line.marks.decorations) + line.text)


def spelled(note: Note) -> str:
    """Accidental, letter and octave of a note."""
    return ("" if note.accidental is None else ACCIDENTAL_TEXT[note.accidental]) + note.pitch.abc


def length(duration: Fraction, unit: Fraction) -> str:
    """The shortest way to write a length: `2`, `/`, `3/2`, empty for one unit."""
    return _length(duration.numerator, duration.denominator, unit.numerator, unit.denominator)


@lru_cache(maxsize=4096)
def _length(numerator: int, denominator: int, unit_numerator: int, unit_denominator: int) -> str:
    factor = Fraction(numerator * unit_denominator, denominator * unit_numerator)
    if factor.denominator == 1:
        return "" if factor == 1 else str(factor.numerator)
    top = "" if factor.numerator == 1 else str(factor.numerator)
    return f"{top}/" if factor.denominator == 2 else f"{top}/{factor.denominator}"


def _quote(text: str) -> str:
    return text.replace('"', '\\"')


def _syllable(lyric: Lyric | None) -> str:
    if lyric is None:
        return "* "
    if lyric.hold:
        return "_ "
    text = encode_text(lyric.text).replace("-", "\\-").replace(" ", "~")
    return f"{text}-" if lyric.hyphen else f"{text} "
