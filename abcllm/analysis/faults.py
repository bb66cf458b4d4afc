"""Faults as they stand in tunes that people and models write, put into a sound tune at a place of chance.

What is broken shows that it is: the reader finds an error, or no longer the same music. Of each kind it can be seen
from the rest of the tune how it was meant, or nearly so. `FAULTS` are the kinds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from random import Random
from typing import Final, NamedTuple, TypeAlias, TypeVar

from ..notation import Bar, Chord, Note, Severity, Tune, parse
from ..notation.source import Span
from ..notation.tune import Tuplet
from .sections import notes_of

__all__ = ["FAULTS", "Broken", "break_tune"]


class Broken(NamedTuple):
    """A tune with a fault of one kind of `FAULTS`."""

    kind: str
    abc: str


One = TypeVar("One", Chord, Tuplet)
Breaker: TypeAlias = Callable[[str, Tune, Random], "str | None"]

HEADER: Final = re.compile(r"(?:[A-Za-z]:[^\n]*\n)+")
KEY_LINE: Final = re.compile(r"^K:[^\n]*\n", re.MULTILINE)
METER_LINE: Final = re.compile(r"^M:[ \t]*(\S+)", re.MULTILINE)
METERS: Final = ("2/4", "3/4", "4/4", "5/4", "6/8", "9/8")
RUBBISH: Final = ("</html>", "<br>", "&nbsp;", "</p>", "<end of tune>", "**", "[/INST]")
REMARKS: Final = (
    "(and so on)", "Here the second part begins:", "Repeat as needed.", "This is the melody.", "Chorus - as before"
)  # fmt: skip


def break_tune(abc: str, tune: Tune, random: Random) -> Broken | None:
    """The text with one fault; None where it offers no place for any. `tune` is the sound tune that `abc` is read as.

    >>> abc = "X:1\\nM:2/4\\nL:1/4\\nK:C\\nC D|E F|G A|]\\n"
    >>> break_tune(abc, parse(abc).tunes[0], Random(2)).kind
    'no key'
    """
    for kind in random.sample(list(FAULTS), len(FAULTS)):
        broken = FAULTS[kind](abc, tune, random)
        if broken is not None and broken != abc and _shows(broken, tune):
            return Broken(kind, broken)
    return None


def _shows(broken: str, tune: Tune) -> bool:
    book = parse(broken)
    if any(one.severity is Severity.ERROR for one in book.diagnostics) or len(book.tunes) != 1:
        return True
    return [list(notes_of(voice.bars)) for voice in book.tunes[0].voices] != [
        list(notes_of(voice.bars)) for voice in tune.voices
    ]


def _plain_bars(tune: Tune) -> list[Bar]:
    """Full bars between plain bar lines that hold single notes alone."""
    bars = tune.voices[0].bars if tune.voices else ()
    return [
        bar for before, bar in pairwise(bars)
        if bar.duration == tune.meter.duration and bar.left is None and len(bar.items) > 2
        and all(line is not None and line.text == "|" for line in (before.right, bar.right))
        and all(isinstance(item, Note) and not (item.tie or item.broken) for item in bar.items)
    ]  # fmt: skip


def _note(tune: Tune, random: Random) -> Note | None:
    """A note of a plain bar, not the first."""
    bars = _plain_bars(tune)
    item = random.choice(random.choice(bars).items[1:]) if bars else None
    return item if isinstance(item, Note) else None


def _splice(abc: str, span: Span, new: str) -> str:
    return abc[: span.start] + new + abc[span.end :]


def _inserted(*choices: str) -> Breaker:
    """Something written before a note of a plain bar."""

    def insert(abc: str, tune: Tune, random: Random) -> str | None:
        note = _note(tune, random)
        return None if note is None else _splice(abc, Span(note.span.start, note.span.start), random.choice(choices))

    return insert


def _note_left_out(abc: str, tune: Tune, random: Random) -> str | None:
    note = _note(tune, random)
    return None if note is None else _splice(abc, note.span, "")


def _note_twice(abc: str, tune: Tune, random: Random) -> str | None:
    note = _note(tune, random)
    return None if note is None else _splice(abc, Span(note.span.end, note.span.end), abc[slice(*note.span)])


def _wrong_length(abc: str, tune: Tune, random: Random) -> str | None:
    note = _note(tune, random)
    if note is None:
        return None
    factor = random.choice((2, 3, 4))
    units = note.written * factor / tune.unit_length
    sign = "" if note.accidental is None else abc[note.span.start]
    return _splice(abc, note.span, f"{sign}{note.pitch.abc}{units}") if units.denominator == 1 else None


def _bar_line_left_out(abc: str, tune: Tune, random: Random) -> str | None:
    bars = _plain_bars(tune)
    if not bars:
        return None
    line = random.choice(bars).right
    return None if line is None else _splice(abc, line.span, " ")


def _one_of(tune: Tune, kind: type[One], random: Random) -> One | None:
    found = [item for voice in tune.voices for bar in voice.bars for item in bar.items if isinstance(item, kind)]
    return random.choice(found) if found else None


def _tuplet_mark_left_out(abc: str, tune: Tune, random: Random) -> str | None:
    tuplet = _one_of(tune, Tuplet, random)
    return None if tuplet is None else _splice(abc, tuplet.span, "")


def _chord_left_open(abc: str, tune: Tune, random: Random) -> str | None:
    chord = _one_of(tune, Chord, random)
    if chord is None:
        return None
    end = abc.find("]", chord.span.start, chord.span.end)
    return abc[:end] + abc[end + 1 :] if end != -1 else None


def _quote_left_open(abc: str, tune: Tune, random: Random) -> str | None:
    found = list(re.finditer(r'"[^"\n]*(")', abc))
    end = random.choice(found).start(1) if found else None
    return None if end is None else abc[:end] + abc[end + 1 :]


def _header_on_one_line(abc: str, tune: Tune, random: Random) -> str | None:
    header = HEADER.match(abc)
    if header is None:
        return None
    fields = header.group().splitlines()
    return " ".join(fields) + "\n" + abc[header.end() :] if len(fields) > 2 else None


def _no_key(abc: str, tune: Tune, random: Random) -> str | None:
    return KEY_LINE.sub("", abc, count=1)


def _no_number(abc: str, tune: Tune, random: Random) -> str | None:
    return abc.partition("\n")[2] if abc.startswith("X:") else None


def _wrong_meter(abc: str, tune: Tune, random: Random) -> str | None:
    found = METER_LINE.search(abc)
    if found is None or not tune.meter.beats:
        return None
    others = [meter for meter in METERS if meter != f"{sum(tune.meter.beats)}/{tune.meter.unit}"]
    return abc[: found.start(1)] + random.choice(others) + abc[found.end(1) :]


def _line_between(lines: Sequence[str]) -> Breaker:
    """A line written between two lines of music."""

    def insert(abc: str, tune: Tune, random: Random) -> str | None:
        bars = [bar for bar in tune.voices[0].bars[:-1] if bar.line_end] if tune.voices else []
        at = abc.find("\n", random.choice(bars).span.end) + 1 if bars else 0
        return f"{abc[:at]}{random.choice(lines)}\n{abc[at:]}" if at else None

    return insert


FAULTS: Final[dict[str, Breaker]] = {
    "note left out": _note_left_out,
    "note twice": _note_twice,
    "wrong length": _wrong_length,
    "bar line left out": _bar_line_left_out,
    "bar line too many": _inserted("|"),
    "tuplet mark left out": _tuplet_mark_left_out,
    "chord left open": _chord_left_open,
    "quote left open": _quote_left_open,
    "sign without meaning": _inserted("?", "#", "*", "k", "é"),
    "header on one line": _header_on_one_line,
    "no key": _no_key,
    "no number": _no_number,
    "wrong meter": _wrong_meter,
    "rubbish": _line_between(RUBBISH),
    "remark in the music": _line_between(REMARKS),
    "empty line": _line_between(("",)),
}
"""Every kind of fault by its name."""
