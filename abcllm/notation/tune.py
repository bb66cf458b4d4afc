"""What a tune is: the tree that the parser gives and every other room reads.

A `Tunebook` holds tunes, a `Tune` header fields and voices, a `Voice` bars, a `Bar` items in the order in which
they are written. Nothing is unfolded here: a bar keeps what is printed, `transforms.unfold` and
`formats.performance` give what is heard. Equality ignores where in the text a node stood (`span`).

All lengths are fractions of a whole note. `written` is the printed length (dots and broken rhythm included),
`duration` what sounds (tuplets included).
"""

from __future__ import annotations

from dataclasses import field
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from .diagnostics import Diagnostic, Severity
from .nodes import node
from .source import NO_SPAN, Source, Span
from .theory import Clef, Key, Meter, Pitch, Tempo


class Lyric(NamedTuple):
    """One syllable under a note: `hyphen` where the word goes on, `hold` where it is held (`_`)."""

    text: str = ""
    hyphen: bool = False
    hold: bool = False


@node
class Marks:
    """What is attached to a note, rest, chord or bar line.

    `opens` are the slurs that begin here, as written (`(`, `.(` dotted); `closes` counts those that end here.
    `lyrics` has one entry a verse, None where the verse has nothing under this note.
    """

    decorations: tuple[str, ...] = ()
    chord_symbols: tuple[str, ...] = ()
    annotations: tuple[str, ...] = ()
    opens: str = ""
    closes: int = 0
    lyrics: tuple[Lyric | None, ...] = ()


NO_MARKS = Marks()


@node
class Note:
    """One note. `pitch` is what sounds (key, accidentals, clef), `accidental` what is printed (None: nothing).

    `tie` is `-`, `.-` (dotted) or empty; `broken` counts the `>` (positive) or `<` (negative) after it;
    `joined` says that no space stands before it, so that it is beamed to what precedes it.
    """

    pitch: Pitch
    duration: Fraction
    written: Fraction
    accidental: int | None = None
    tie: str = ""
    joined: bool = False
    broken: int = 0
    marks: Marks = NO_MARKS
    span: Span = field(default=NO_SPAN, compare=False, repr=False)


@node
class Rest:
    """A rest (`z`), or an invisible one (`x`)."""

    duration: Fraction
    written: Fraction
    visible: bool = True
    joined: bool = False
    broken: int = 0
    marks: Marks = NO_MARKS
    span: Span = field(default=NO_SPAN, compare=False, repr=False)


@node
class MultiRest:
    """A rest of whole bars (`Z4`), or an invisible one (`X4`)."""

    bars: int
    duration: Fraction
    visible: bool = True
    marks: Marks = NO_MARKS
    span: Span = field(default=NO_SPAN, compare=False, repr=False)


@node
class Chord:
    """Notes that sound together; time goes on by the length of the first (section 4.17)."""

    notes: tuple[Note, ...]
    duration: Fraction
    written: Fraction
    tie: str = ""
    joined: bool = False
    broken: int = 0
    marks: Marks = NO_MARKS
    span: Span = field(default=NO_SPAN, compare=False, repr=False)


@node
class Grace:
    """Grace notes before the next note; `slashed` for an acciaccatura (`{/g}`). They take no time of the bar.

    `marks` holds only slurs: one may begin before the brace and end after it.
    """

    notes: tuple[Note | Chord, ...]
    slashed: bool = False
    joined: bool = False
    marks: Marks = NO_MARKS
    span: Span = field(default=NO_SPAN, compare=False, repr=False)


@node
class Tuplet:
    """`p` notes in the time of `q`, for the next `r` notes (section 4.13)."""

    p: int
    q: int
    r: int
    joined: bool = False
    span: Span = field(default=NO_SPAN, compare=False, repr=False)


@node
class Spacer:
    """`y`: room in the picture, no time; things may hang on it."""

    joined: bool = False
    marks: Marks = NO_MARKS
    span: Span = field(default=NO_SPAN, compare=False, repr=False)


@node
class LineBreak:
    """A line of music ends in mid-bar; at a bar's end `Bar.line_end` says so."""

    span: Span = field(default=NO_SPAN, compare=False, repr=False)


@node
class Ending:
    """A variant ending begins: `[1`, `[1,3`, `[2-4`."""

    numbers: tuple[int, ...]
    span: Span = field(default=NO_SPAN, compare=False, repr=False)

    @property
    def text(self) -> str:
        return ",".join(map(str, self.numbers))


FieldValue: TypeAlias = Key | Meter | Tempo | Fraction | None


@node
class Field:
    """An information field, stylesheet directive (`name` is `%%`) or comment (`name` is `%`).

    `text` is as written, trimmed; for K, M, L and Q that could be read it is the canonical form of `value`.
    `inline` is True for `[K:G]`.
    """

    name: str
    text: str
    value: FieldValue = field(default=None, compare=False)
    inline: bool = False
    span: Span = field(default=NO_SPAN, compare=False, repr=False)


Item: TypeAlias = Note | Rest | MultiRest | Chord | Grace | Tuplet | Spacer | LineBreak | Ending | Field
TIMED = (Note, Chord, Rest, MultiRest)


@node
class BarLine:
    """A bar line in canonical form, with the repeats it closes and opens.

    `ends` is 1 for `:|` (the section is played twice), 2 for `::|` (three times); `starts` likewise for `|:`.
    """

    text: str = "|"
    ends: int = 0
    starts: int = 0
    marks: Marks = NO_MARKS
    span: Span = field(default=NO_SPAN, compare=False, repr=False)

    @property
    def is_seam(self) -> bool:
        """True where a section may end or begin, and with it a bar that is not full."""
        return self.text not in ("|", ".|")

    @property
    def is_invisible(self) -> bool:
        return "[|]" in self.text


@node
class Bar:
    """The music between two bar lines of one voice.

    `left` is a bar line of its own at the bar's start (`|:` at the head of a line), None where the `right` of the
    bar before serves. `number` counts from 1, a pickup is 0. `duration` is what the items last.
    `overlays` are further voices inside this bar (`&`).
    """

    number: int
    items: tuple[Item, ...]
    duration: Fraction
    left: BarLine | None = None
    right: BarLine | None = None
    overlays: tuple[tuple[Item, ...], ...] = ()
    line_end: bool = False
    span: Span = field(default=NO_SPAN, compare=False, repr=False)

    @property
    def endings(self) -> tuple[int, ...]:
        """Numbers of the variant ending that begins in this bar, else empty."""
        for item in self.items:
            if isinstance(item, Ending):
                return item.numbers
        return ()


@node
class Voice:
    """One voice: its V: properties and its bars."""

    id: str
    bars: tuple[Bar, ...]
    name: str = ""
    short_name: str = ""
    clef: Clef = Clef()
    properties: tuple[tuple[str, str], ...] = ()


@node
class Tune:
    """A tune. `number` is its reference number (X:), the other values are those in force at its start.

    `fields` are those of the header in order (X: excepted, inherited ones of the file header included) and those
    that stand between K: and the first note. `words` are the W: lines.
    """

    number: int
    fields: tuple[Field, ...]
    meter: Meter
    unit_length: Fraction
    tempo: Tempo | None
    key: Key
    voices: tuple[Voice, ...]
    words: tuple[str, ...] = ()
    span: Span = field(default=NO_SPAN, compare=False, repr=False)

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of all header fields of that name: `tune.texts("C")` gives the composers."""
        return tuple(item.text for item in self.fields if item.name == name)

    @property
    def titles(self) -> tuple[str, ...]:
        return self.texts("T")

    @property
    def title(self) -> str:
        """The first title, or an empty text."""
        return next(iter(self.texts("T")), "")

    @property
    def rhythm(self) -> str:
        """The R: field (jig, reel, ...), or an empty text."""
        return next(iter(self.texts("R")), "")


@node
class FreeText:
    """Text between tunes (section 2.2.3); `before` is the index of the tune that it precedes."""

    text: str
    before: int
    span: Span = field(default=NO_SPAN, compare=False, repr=False)


@node
class Tunebook:
    """All that a text holds: its tunes, the file header, free text, and what was found wrong with it."""

    tunes: tuple[Tune, ...]
    diagnostics: tuple[Diagnostic, ...]
    source: Source = field(compare=False, repr=False)
    header: tuple[Field, ...] = ()
    free_text: tuple[FreeText, ...] = ()

    def raise_for_errors(self) -> None:
        """Raise `NotationError`, carrying all diagnostics, if one of them is an error."""
        from ..errors import NotationError

        if any(diagnostic.severity is Severity.ERROR for diagnostic in self.diagnostics):
            raise NotationError(self.diagnostics, self.source)
