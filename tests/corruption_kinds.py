"""Ways to break a good tune: one fault each, at a known place.

Each kind takes a `Target` and a random generator and gives the broken text, the line of the fault and the number of
the bar (None where it is in no bar); or None where the tune offers no place for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Final

from abcllm.notation import Bar, Note, Tune, parse


@dataclass(frozen=True)
class Corruption:
    """A broken tune: `line` from 1 (of the broken text), `bar` as players count."""

    text: str
    line: int
    bar: int | None = None


@dataclass(frozen=True)
class Target:
    """A tune to be broken, with what the kinds look for."""

    text: str

    @cached_property
    def tune(self) -> Tune:
        return parse(self.text).tunes[0]

    @cached_property
    def inner(self) -> list[Bar]:
        """Full bars between plain bar lines, with nothing but single notes in even rhythm."""
        bars = self.tune.voices[0].bars
        full = self.tune.meter.duration
        return [
            bar
            for before, bar, after in zip(bars, bars[1:], bars[2:], strict=False)
            if full
            and all(b.right is not None and b.right.text == "|" and b.left is None for b in (before, bar))
            and before.duration == bar.duration == after.duration == full
            and not after.endings
            and len(bar.items) > 2
            and all(isinstance(i, Note) and not i.broken and not i.tie and not i.marks.opens for i in bar.items)
            and "\n" not in self.text[bar.span.start : bar.span.end + 1]
        ]

    def line_of(self, offset: int, text: str | None = None) -> int:
        return (self.text if text is None else text).count("\n", 0, offset) + 1

    def splice(self, start: int, end: int, new: str, bar: Bar | None = None) -> Corruption:
        """Replace a part of the text."""
        text = self.text[:start] + new + self.text[end:]
        return Corruption(text, self.line_of(start), None if bar is None else bar.number)


Kind = Callable[[Target, Random], "Corruption | None"]
KINDS: Final[dict[str, Kind]] = {}


def kind(function: Kind) -> Kind:
    KINDS[function.__name__] = function
    return function


def pick(target: Target, random: Random, *, plain_line: str = "") -> tuple[Bar, Note, int] | None:
    """An inner bar and one of its notes (not the first), where the line holds none of `plain_line`."""
    bars = []
    for bar in target.inner:
        at = target.text.rfind("\n", 0, bar.span.start) + 1
        line = target.text[at : target.text.find("\n", bar.span.start)]
        if not any(sign in line for sign in plain_line):
            bars.append(bar)
    if not bars:
        return None
    bar = random.choice(bars)
    index = random.randrange(1, len(bar.items))
    note = bar.items[index]
    return (bar, note, index) if isinstance(note, Note) else None


def insertion(name: str, new: str, *, plain_line: str = "", after: bool = False) -> None:
    """A kind that writes something before (or after) a note of an inner bar."""

    def insert(target: Target, random: Random) -> Corruption | None:
        place = pick(target, random, plain_line=plain_line)
        if place is None:
            return None
        bar, note, _ = place
        at = note.span.end if after else note.span.start
        return target.splice(at, at, new, bar)

    insert.__name__ = name
    kind(insert)


insertion("a note too many", "c")
insertion("a chord never closed", "[")
insertion("a chord closed that was not opened", "]", after=True)
insertion("grace notes closed that were not opened", "}", after=True)
insertion("a quotation mark never closed", '"', plain_line='"')
insertion("grace notes never closed", "{", plain_line="{}")
insertion("a decoration never closed", "!trill ", plain_line="!")
insertion("an inline field never closed", "[K:C ", plain_line="]")
insertion("a question mark", "?")
insertion("a letter that means nothing", "k")
insertion("a reserved sign", "#")
insertion("a control character", "\x01")
insertion("a letter of another alphabet", "é")
insertion("a misspelt decoration", "!trlil!")
insertion("an accidental alone", "^ ")
insertion("a slur never closed", "(", plain_line="()")
insertion("a tuplet of one", "(1")
insertion("a tuplet of no kind", "(10")
insertion("a colon", " : ")
insertion("an inline field that may not stand there", "[T:title]")
insertion("an inline key that is none", "[K:Hx]")


@kind
def a_note_missing(target: Target, random: Random) -> Corruption | None:
    place = pick(target, random)
    return place and target.splice(*place[1].span, "", place[0])


@kind
def a_length_doubled(target: Target, random: Random) -> Corruption | None:
    place = pick(target, random)
    return place and target.splice(*place[1].span, target.text[slice(*place[1].span)] * 2, place[0])


@kind
def a_length_divided_by_zero(target: Target, random: Random) -> Corruption | None:
    place = pick(target, random)
    if place is None:
        return None
    bar, note, _ = place
    return target.splice(*note.span, note.pitch.abc + "/0", bar)


@kind
def an_absurd_length(target: Target, random: Random) -> Corruption | None:
    place = pick(target, random)
    if place is None:
        return None
    bar, note, _ = place
    return target.splice(*note.span, note.pitch.abc + "99999999", bar)


@kind
def a_bar_line_missing(target: Target, random: Random) -> Corruption | None:
    place = pick(target, random)
    if place is None or place[0].right is None:
        return None
    bar = place[0]
    return target.splice(*bar.right.span, " ", bar)


@kind
def a_bar_line_too_many(target: Target, random: Random) -> Corruption | None:
    place = pick(target, random)
    return place and target.splice(place[1].span.start, place[1].span.start, "|", place[0])


@kind
def a_tuplet_too_short(target: Target, random: Random) -> Corruption | None:
    place = pick(target, random)
    if place is None:
        return None
    bar = place[0]
    last = bar.items[-1]
    return target.splice(last.span[0], last.span[0], "(3", bar)


@kind
def broken_rhythm_at_the_bar_line(target: Target, random: Random) -> Corruption | None:
    place = pick(target, random)
    if place is None:
        return None
    bar = place[0]
    end = bar.items[-1].span[1]
    return target.splice(end, end, ">", bar)


@kind
def a_tie_to_another_pitch(target: Target, random: Random) -> Corruption | None:
    place = pick(target, random)
    if place is None:
        return None
    bar, note, index = place
    before = bar.items[index - 1]
    if not isinstance(before, Note) or before.pitch.midi == note.pitch.midi:
        return None
    return target.splice(before.span.end, before.span.end, "-", bar)


@kind
def a_slur_never_opened(target: Target, random: Random) -> Corruption | None:
    if "(" in target.text.split("\nK:", 1)[-1]:
        return None
    place = pick(target, random)
    return place and target.splice(place[1].span.end, place[1].span.end, ")", place[0])


@kind
def a_second_ending_without_a_first(target: Target, random: Random) -> Corruption | None:
    place = pick(target, random)
    if place is None or any(bar.endings for bar in target.tune.voices[0].bars):
        return None
    bar = place[0]
    return target.splice(bar.span.start, bar.span.start, "[2 ", bar)


@kind
def bars_of_rest_among_notes(target: Target, random: Random) -> Corruption | None:
    place = pick(target, random)
    return place and target.splice(*place[1].span, "Z", place[0])


@kind
def an_octave_out_of_range(target: Target, random: Random) -> Corruption | None:
    place = pick(target, random)
    return place and target.splice(place[1].span.start + 1, place[1].span.start + 1, "'" * 12, place[0])


def header(name: str, letter: str, new: str) -> None:
    """A kind that gives a field of the header another text (or none)."""

    def change(target: Target, random: Random) -> Corruption | None:
        lines = target.text.split("\n")
        at = next((index for index, line in enumerate(lines) if line.startswith(letter + ":")), None)
        if at is None:
            return None
        lines[at : at + 1] = [f"{letter}:{new}"] if new else []
        return Corruption("\n".join(lines), at + 1)

    change.__name__ = name
    kind(change)


header("a key that is none", "K", "Hx")
header("a metre that is none", "M", "5-4")
header("a metre of nothing", "M", "0/4")
header("a unit length that is none", "L", "1-8")
header("a unit length of nothing", "L", "1/0")
header("a tempo that is none", "Q", "quickly")
header("a reference number in words", "X", "one")
header("two fields on one line", "X", "1 T:joined")
header("no key", "K", "")
header("no reference number", "X", "")


def line_before_key(name: str, line: str) -> None:
    """A kind that writes a line into the header."""

    def write(target: Target, random: Random) -> Corruption | None:
        at = target.text.index("\nK:") + 1
        return Corruption(target.text[:at] + line + "\n" + target.text[at:], target.line_of(at))

    write.__name__ = name
    kind(write)


line_before_key("prose in the header", "as my grandmother played it")
line_before_key("a field of no meaning", "E:wide")
line_before_key("a macro without a text", "m:~G2")
line_before_key("a symbol without a meaning", "U:T")
line_before_key("a voice with an unknown property", "V:1 loud")


@kind
def more_syllables_than_notes(target: Target, random: Random) -> Corruption | None:
    lines = target.text.rstrip("\n").split("\n")
    if len(lines[-1]) < 8 or lines[-1][1:2] == ":" or lines[-1].startswith("%"):
        return None
    text = "\n".join([*lines, "w:" + " ".join(["la"] * 300)]) + "\n"
    return Corruption(text, len(lines) + 1)


@kind
def a_text_block_never_closed(target: Target, random: Random) -> Corruption | None:
    lines = target.text.rstrip("\n").split("\n")
    return Corruption("\n".join([*lines, "%%begintext", "words"]) + "\n", len(lines) + 1)
