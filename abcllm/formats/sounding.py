"""What sounds: notes with their times, and what else a listener could name at a time."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from ..notation.theory import Key, Meter
from ..notation.tune import Lyric, Note

__all__ = ["PlayedBar", "PlayedVoice", "SoundingNote"]


class SoundingNote(NamedTuple):
    """One note that is heard. `onset` and `duration` are in whole notes, `midi` is 60 for middle C.

    `voice` counts the voices of the tune from 0; accompaniment has the number after the last. `layer` is 0, or counts
    the overlay (`&`) that the note stands in. `bar` is the number of its bar, `note` the first of the written notes
    that it joins (None in accompaniment), `lyric` the syllable that is sung at this time.
    """

    voice: int
    onset: Fraction
    duration: Fraction
    midi: int
    velocity: int
    grace: bool = False
    layer: int = 0
    bar: int = 0
    note: Note | None = None
    lyric: Lyric | None = None
    staccato: bool = False

    @property
    def end(self) -> Fraction:
        """When it ends."""
        return self.onset + self.duration


class PlayedBar(NamedTuple):
    """A bar, or what is played of it, when it begins, its number, its length and the metre in force."""

    onset: Fraction
    number: int
    duration: Fraction
    meter: Meter


class PlayedVoice(NamedTuple):
    """One voice from beginning to end. Each of the changes is (onset, what is in force from then on)."""

    notes: list[SoundingNote]
    bars: list[PlayedBar]
    chord_symbols: list[tuple[Fraction, str]]
    tempos: list[tuple[Fraction, Fraction]]
    meters: list[tuple[Fraction, Meter]]
    keys: list[tuple[Fraction, Key]]
    programs: list[tuple[Fraction, int]]
    channel: int
    end: Fraction
