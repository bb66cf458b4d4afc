"""Bars against a reference: which are the same music, and whether repeats were found where they stand.

A bar is what sounds in it: for each note when it begins in the bar, how long it is written with ties inside the bar
joined, its MIDI pitch, and whether it is tied on. Nothing is transposed; spelling, beams, voices, grace notes, words
and decorations do not count. The bars of two tunes are compared as they are played, repeats unfolded, by their
longest common subsequence, so that a missing bar costs one bar and not all that follow; a bar that a repeat divides
counts as the whole that is played.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from rapidfuzz.distance import LCSseq

from ..notation.theory import Meter
from ..notation.transforms import unfold
from ..notation.tune import TIMED, Chord, Field, Item, Note, Tune, Voice
from .notes import Agreement

__all__ = ["BarContent", "BarNote", "Repeat", "bar_contents", "compare_bars", "repeats_of"]


class BarNote(NamedTuple):
    """A note in a bar: times are fractions of a whole note; `tied` says that it goes on in the next bar."""

    onset: Fraction
    duration: Fraction
    pitch: int
    tied: bool


BarContent: TypeAlias = frozenset[BarNote]


class Repeat(NamedTuple):
    """What the bar `bar` (from 0) has of repeats: `starts` before it, `ends` after it, `ending` at its head."""

    bar: int
    starts: int
    ends: int
    ending: tuple[int, ...]


def compare_bars(reference: Tune, estimate: Tune) -> Agreement:
    """How many bars of the tunes, as they are played, are the same."""
    ours, theirs = bar_contents(reference), bar_contents(estimate)
    return Agreement(LCSseq.similarity(ours, theirs), len(ours), len(theirs))


def bar_contents(tune: Tune, *, unfolded: bool = True) -> list[BarContent]:
    """The content of each bar of a tune, all voices together; without `unfolded` those that are printed."""
    tune = unfold(tune) if unfolded else tune
    bars: list[set[BarNote]] = []
    for voice in tune.voices:
        rows = _rows(voice, tune.meter)
        if unfolded:
            rows = _whole(rows)
        bars += [set() for _ in range(len(rows) - len(bars))]
        for content, row in zip(bars, rows, strict=False):
            content.update(row.notes)
    return [frozenset(bar) for bar in bars]


class _Row(NamedTuple):
    """A bar of one voice: its notes, how long it lasts, and how long it would if it were full."""

    notes: list[BarNote]
    duration: Fraction
    full: Fraction | None


def _rows(voice: Voice, meter: Meter) -> list[_Row]:
    rows = []
    for bar in voice.bars:
        for item in bar.items:
            if isinstance(item, Field) and isinstance(item.value, Meter):
                meter = item.value
        if any(isinstance(item, TIMED) for item in bar.items):
            notes = [note for layer in (bar.items, *bar.overlays) for note in _notes(layer)]
            rows.append(_Row(notes, bar.duration, meter.duration))
    return rows


def _whole(rows: list[_Row]) -> list[_Row]:
    """The same with bars that a repeat or a phrase divides put together."""
    whole: list[_Row] = []
    for row in rows:
        last = whole[-1] if whole else None
        if last is None or last.duration == last.full or last.duration + row.duration != last.full:
            whole.append(row)
            continue
        going_on = {
            note.pitch: note for note in last.notes if note.tied and note.onset + note.duration == last.duration
        }
        notes = [note for note in last.notes if note not in going_on.values()]
        for note in row.notes:
            before = None if note.onset else going_on.pop(note.pitch, None)
            if before is None:
                notes.append(note._replace(onset=note.onset + last.duration))
            else:
                notes.append(before._replace(duration=before.duration + note.duration, tied=note.tied))
        whole[-1] = _Row([*notes, *going_on.values()], last.full, last.full)
    return whole


def _notes(items: Iterable[Item]) -> list[BarNote]:
    """The notes of one layer, those tied inside it joined."""
    found: list[BarNote] = []
    now = Fraction(0)
    waiting: dict[int, int] = {}
    for item in items:
        if isinstance(item, Note | Chord):
            going_on: dict[int, int] = {}
            for note in item.notes if isinstance(item, Chord) else (item,):
                tied = bool(note.tie or item.tie)
                pitch = note.pitch.midi
                if pitch in waiting:
                    place = waiting[pitch]
                    found[place] = found[place]._replace(duration=found[place].duration + note.duration, tied=tied)
                else:
                    place = len(found)
                    found.append(BarNote(now, note.duration, pitch, tied))
                if tied:
                    going_on[pitch] = place
            waiting = going_on
        if isinstance(item, TIMED):
            now += item.duration
    return found


def repeats_of(tune: Tune) -> tuple[Repeat, ...]:
    """The repeats and variant endings of a tune's first voice, by bars that hold music.

    A repeat that goes back to the beginning is the same with and without its sign there.
    """
    repeats: list[Repeat] = []
    starts = 0
    ending: tuple[int, ...] = ()
    for bar in tune.voices[0].bars if tune.voices else ():
        starts = max(starts, bar.left.starts if bar.left else 0)
        ending = bar.endings or ending
        if any(isinstance(item, TIMED) for item in bar.items):
            repeats.append(Repeat(len(repeats), starts if repeats else 0, 0, ending))
            starts, ending = 0, ()
        if repeats and bar.right is not None:
            repeats[-1] = repeats[-1]._replace(ends=max(repeats[-1].ends, bar.right.ends))
            starts = max(starts, bar.right.starts)
    return tuple(repeat for repeat in repeats if repeat.starts or repeat.ends or repeat.ending)
