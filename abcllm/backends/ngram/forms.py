"""The form of a tune: its parts, which bars in them are the same, and what each bar is for.

A folk tune says most things twice. The composer takes the form of a real tune of the same kind (which bar repeats
which), and writes new music into it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from fractions import Fraction
from typing import Final, TypeAlias

from ...notation import Bar, Tune
from .melody import Gesture, bar_gestures, tonic_octave

GestureBar: TypeAlias = tuple[Gesture, ...]


class Role(IntEnum):
    """What a bar is for in its part."""

    PICKUP = 0
    OPENING = 1
    INNER = 2
    PENULTIMATE = 3
    CLOSING = 4
    PHRASE_END = 5


PHRASE: Final = 4


def bar_role(index: int, count: int) -> Role:
    """The role of bar `index` (from 0, the pickup not counted) of a part of `count` bars."""
    if index == count - 1:
        return Role.CLOSING
    if index == 0:
        return Role.OPENING
    if index == count - 2:
        return Role.PENULTIMATE
    return Role.PHRASE_END if index % PHRASE == PHRASE - 1 else Role.INNER


@dataclass(frozen=True, slots=True)
class Form:
    """The parts of a tune, each a list of bar numbers: bars of one number are the same music.

    `pickup` is the length of the upbeat of each part, in whole notes.
    """

    parts: tuple[tuple[int, ...], ...]
    pickup: Fraction = Fraction(0)

    @property
    def bars(self) -> int:
        return sum(map(len, self.parts))


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a melody: its upbeat and its bars."""

    pickup: GestureBar
    bars: tuple[GestureBar, ...]


def read_sections(tune: Tune) -> list[Section] | None:
    """The parts of a one-voice tune as gestures, second endings left out.

    None where the tune is not of the plain kind that the model learns: exact bars, one metre, one key, no chords.
    """
    full = tune.meter.duration
    tonic = tonic_octave(tune)
    if full is None or tonic is None or len(tune.voices) != 1:
        return None
    groups = _split(tune.voices[0].bars)
    sections: list[Section] = []
    for group in groups:
        read: list[GestureBar] = []
        for bar in group:
            if any(getattr(item, "name", "") in ("K", "M", "L") for item in bar.items):
                return None
            gestures = bar_gestures(bar, tune.key, tonic)
            if gestures is None:
                return None
            read.append(tuple(gestures))
        lengths = [sum((g.duration for g in bar), Fraction(0)) for bar in read]
        pickup: GestureBar = ()
        if lengths and lengths[0] < full:
            pickup, read, lengths = read[0], read[1:], lengths[1:]
        if not read or any(value != full for value in lengths[:-1]) or len(read) > 32:
            return None
        upbeat = sum((g.duration for g in pickup), Fraction(0))
        if lengths[-1] not in (full, full - upbeat):
            return None
        sections.append(Section(pickup, tuple(read)))
    return [_tied_to_same(section) for section in sections] or None


def _tied_to_same(section: Section) -> Section:
    """The section without the ties that lead to another pitch (which are slurs)."""
    bars = [section.pickup, *section.bars]
    following: int | None = None
    for at in range(len(bars) - 1, -1, -1):
        cleaned: list[Gesture] = []
        for gesture in reversed(bars[at]):
            tones = []
            for tone in reversed(gesture.tones):
                tones.append(replace(tone, tied=tone.tied and tone.step is not None and tone.step == following))
                following = tone.step
            cleaned.append(replace(gesture, tones=tuple(reversed(tones))))
        bars[at] = tuple(reversed(cleaned))
    return Section(bars[0], tuple(bars[1:]))


def _split(bars: Sequence[Bar]) -> list[list[Bar]]:
    """The bars part by part: a part ends at a repeat sign or a double bar line; of endings the first is kept."""
    groups: list[list[Bar]] = []
    group: list[Bar] = []
    skipping = False
    for bar in bars:
        if bar.left is not None and bar.left.is_seam and group:
            groups.append(group)
            group = []
        if bar.endings:
            skipping = 1 not in bar.endings
        if not skipping and bar.duration:
            group.append(bar)
        if bar.right is not None and bar.right.is_seam:
            if group:
                groups.append(group)
                group = []
            skipping = False
    if group:
        groups.append(group)
    return groups


def form_of(sections: Sequence[Section]) -> Form | None:
    """The form of a melody; None where its parts do not begin alike."""
    upbeats = {sum((g.duration for g in section.pickup), Fraction(0)) for section in sections}
    if len(upbeats) > 1:
        return None
    numbers: dict[GestureBar, int] = {}
    parts = tuple(tuple(numbers.setdefault(bar, len(numbers)) for bar in section.bars) for section in sections)
    return Form(parts, upbeats.pop())


def plain_form(bars: int) -> Form:
    """A form for any number of bars: parts of eight, whose second half begins like the first."""
    sizes = [8] * (bars // 8) + ([bars % 8] if bars % 8 else [])
    parts: list[tuple[int, ...]] = []
    count = 0
    for size in sizes:
        if size == 8:
            parts.append(tuple(count + number for number in (0, 1, 2, 3, 0, 1, 4, 5)))
            count += 6
        else:
            parts.append(tuple(range(count, count + size)))
            count += size
    return Form(tuple(parts))
