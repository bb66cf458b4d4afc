"""Events of one voice to the items of bars: no gaps, no overlaps, tuplets opened, slurs, ties and words paired.

A layer is what one voice does in one measure, a row what it does in all of them. Slurs nest in ABC; those that cross
come back nested the other way. Ties and slurs that lead nowhere are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Final

from ..notation.theory import Meter
from ..notation.tune import NO_MARKS, Chord, Field, Grace, Item, Lyric, Marks, Note, Rest, Tuplet
from .musicxml_events import Event

__all__ = ["ROUNDING", "fill", "items_of", "join_beams", "pair_links", "straighten"]

QUARTER: Final = Fraction(1, 4)
GRACE: Final = Fraction(1, 8)
HELD: Final = Lyric(hold=True)
ROUNDING: Final = Fraction(1, 96)  # of a whole note: how far rounded ticks may put a note from its place


def straighten(events: Sequence[Event]) -> list[list[Event]]:
    """Events in layers in which none begins before the one before has ended; places that ticks rounded are mended."""
    layers: list[list[Event]] = []
    for event in sorted(events, key=lambda event: event.onset):
        if not event.duration and not event.whole:
            continue
        for layer in layers:
            last = layer[-1]
            off = event.onset - last.end
            if off and abs(off) < ROUNDING and (last.inexact or event.inexact):
                event.onset = last.end
                event.inexact = True
            if event.onset >= last.end:
                layer.append(event)
                break
        else:
            layers.append([event])
    return layers


def fill(layer: list[Event], length: Fraction, *, visible: bool) -> list[Event]:
    """The layer with rests where it has gaps, as long as its measure."""
    full: list[Event] = []
    now = Fraction(0)
    voice, staff = (layer[0].voice, layer[0].staff) if layer else ("", 1)
    for event in layer:
        if event.whole:
            if len(layer) > 1:
                continue
            event.onset, event.duration = Fraction(0), length
        if event.onset >= length:
            break
        if event.end > length:
            event.duration, event.ratio = length - event.onset, (1, 1)
        if event.onset > now:
            full.append(Event(now, event.onset - now, voice, staff, visible=visible))
        full.append(event)
        now = event.end
    if now < length:
        full.append(Event(now, length - now, voice, staff, visible=visible))
    return full


def pair_links(row: Iterable[Event]) -> None:
    """Take out the ties and slurs of a row that have no other end, and hold the words that are held."""
    waiting: list[Event] = []
    opened: dict[str, list[tuple[Event, tuple[str, str, bool]]]] = {}
    held: set[int] = set()
    for event in row:
        for last in waiting:
            sounding = {member.pitch for member in event.members}
            for member in last.members:
                member.tied = member.tied and member.pitch in sounding
        waiting = [event] if any(member.tied for member in event.members) else []
        for part in (*event.graces, event, *event.graces_after):
            _pair_slurs(part, opened)
        _hold(event, held)
    for last in waiting:
        for member in last.members:
            member.tied = False
    for left in opened.values():
        for event, slur in left:
            event.slurs.remove(slur)


def _pair_slurs(event: Event, opened: dict[str, list[tuple[Event, tuple[str, str, bool]]]]) -> None:
    kept: list[tuple[str, str, bool]] = []
    for slur in sorted(event.slurs, key=lambda slur: slur[0] != "stop"):
        kind, number, _ = slur
        if kind == "start":
            kept.append(slur)
            opened.setdefault(number, []).append((event, slur))
        elif opened.get(number):
            opened[number].pop()
            kept.append(slur)
    event.slurs = kept


def _hold(event: Event, held: set[int]) -> None:
    """Words that go on under further notes are held until the next word of their verse, or a rest."""
    if not event.members:
        held.clear()
        return
    for verse in held - set(event.lyrics):
        event.lyrics[verse] = HELD
    held -= {verse for verse, lyric in event.lyrics.items() if lyric.text}
    held |= event.extends


def join_beams(layer: Sequence[Event], meter: Meter) -> None:
    """Beam short notes beat by beat, for scores that have no beams at all."""
    beat = Fraction(3, meter.unit) if meter.is_compound else QUARTER
    before: Event | None = None
    for event in layer:
        short = bool(event.members) and event.written < QUARTER
        if before is not None and short and before.onset // beat == event.onset // beat:
            event.beam = "continue"
        before = event if short else None


def items_of(layer: Sequence[Event], fields: Sequence[tuple[Fraction, Field]]) -> Iterator[Item]:
    """The items of a bar, with fields at their places."""
    waiting = sorted(fields, key=lambda pair: pair[0])
    left = 0
    for index, event in enumerate(layer):
        while waiting and waiting[0][0] <= event.onset and not left:
            yield waiting.pop(0)[1]
        joined = event.beam in ("continue", "end")
        if event.ratio != (1, 1) and not left:
            left = _tuplet_size(layer, index)
            yield Tuplet(event.ratio[0], event.ratio[1], left, joined)
        left = max(left - 1, 0)
        if any(grace.members for grace in event.graces):
            yield _grace(event.graces, joined=joined)
        yield _timed(event, joined=joined)
        if any(grace.members for grace in event.graces_after):
            yield _grace(event.graces_after, joined=False)
    for _, item in waiting:
        yield item


def _tuplet_size(layer: Sequence[Event], first: int) -> int:
    """How many events a tuplet takes: to the end of its bracket, or until it fills a simple length."""
    ratio = layer[first].ratio
    bracketed = layer[first].tuplet in ("start", "both") and any(
        event.tuplet in ("stop", "both") for event in layer[first + 1 :]
    )
    total = Fraction(0)
    for index in range(first, len(layer)):
        event = layer[index]
        if event.ratio != ratio or (index > first and event.tuplet in ("start", "both") and bracketed):
            return index - first
        total += event.duration
        if event.tuplet in ("stop", "both") if bracketed and index > first else _is_simple(total):
            return index - first + 1
    return len(layer) - first


def _is_simple(length: Fraction) -> bool:
    return length.denominator & (length.denominator - 1) == 0


def _timed(event: Event, *, joined: bool) -> Item:
    marks = _marks(event, event.decorations)
    if not event.members:
        return Rest(event.duration, event.written, event.visible, joined, marks=marks)
    ties = [member.tied for member in event.members]
    if len(event.members) == 1:
        member = event.members[0]
        accidental = member.pitch.alter if member.printed else None
        tie = "-" if member.tied else ""
        return Note(member.pitch, event.duration, event.written, accidental, tie, joined, marks=marks)
    notes = tuple(
        Note(
            member.pitch,
            event.duration,
            event.written,
            member.pitch.alter if member.printed else None,
            "-" if member.tied and not all(ties) else "",
            marks=Marks(tuple(member.decorations)) if member.decorations else NO_MARKS,
        )
        for member in sorted(event.members, key=lambda member: member.pitch.midi)
    )
    return Chord(notes, event.duration, event.written, "-" if all(ties) else "", joined, marks=marks)


def _marks(event: Event, decorations: Sequence[str]) -> Marks:
    verses = range(max(event.lyrics, default=-1) + 1)
    marks = Marks(
        tuple(dict.fromkeys(decorations)),
        tuple(event.chord_symbols),
        tuple(event.annotations),
        "".join(".(" if dashed else "(" for kind, _, dashed in event.slurs if kind == "start"),
        sum(kind == "stop" for kind, _, _ in event.slurs),
        tuple(event.lyrics.get(verse) for verse in verses),
    )
    return marks if marks != NO_MARKS else NO_MARKS


def _grace(graces: Sequence[Event], *, joined: bool) -> Grace:
    slurs = [slur for grace in graces for slur in grace.slurs]
    opens = "".join(".(" if dashed else "(" for kind, _, dashed in slurs if kind == "start")
    closes = sum(kind == "stop" for kind, _, _ in slurs)
    members: list[Note | Chord] = []
    for grace in graces:
        notes = tuple(
            Note(member.pitch, GRACE, GRACE, member.pitch.alter if member.printed else None)
            for member in sorted(grace.members, key=lambda member: member.pitch.midi)
        )
        if len(notes) == 1:
            kept = Marks(tuple(grace.decorations)) if grace.decorations else NO_MARKS
            only = notes[0]
            members.append(Note(only.pitch, GRACE, GRACE, only.accidental, marks=kept))
        elif notes:
            members.append(Chord(notes, GRACE, GRACE))
    return Grace(tuple(members), graces[0].slashed, joined, marks=Marks(opens=opens, closes=closes))
