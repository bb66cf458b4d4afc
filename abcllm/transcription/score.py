"""Quantised music: what a reader of MIDI gives and the writer of tunes takes.

All times are fractions of a whole note from the first note or rest of the music; a pickup is music before the first
full bar.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from ..notation.theory import Key, Meter

__all__ = ["Part", "Score", "ScoreNote"]


class ScoreNote(NamedTuple):
    """A note: when it begins, how long it is written, its MIDI pitch, and the part that plays it (index of `parts`).

    A note of no duration is a grace note before what begins with it in its part.
    """

    onset: Fraction
    duration: Fraction
    pitch: int
    part: int = 0
    velocity: int = 64


class Part(NamedTuple):
    """A track, channel or hand: its name as the file has it, its General MIDI program (0-127), `role` what it does.

    `role` is `melody`, `chords` (harmony to be written as chord symbols), `hand`, `voice` or empty.
    """

    name: str = ""
    program: int = 0
    role: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """Quantised music. `meters` and `keys` are (onset, value) in order, the first at 0; `tempos` are (onset, quarters a
    minute). `pickup` is how long the first bar is where it is not full, else 0. `notices` are sentences for the user:
    what was left out, mended or guessed.
    """

    notes: tuple[ScoreNote, ...]
    parts: tuple[Part, ...]
    meters: tuple[tuple[Fraction, Meter], ...]
    keys: tuple[tuple[Fraction, Key], ...]
    tempos: tuple[tuple[Fraction, float], ...] = ()
    pickup: Fraction = Fraction(0)
    title: str = ""
    notices: tuple[str, ...] = ()
