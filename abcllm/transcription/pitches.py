"""How a sounding pitch is spelled in its key: F sharp or G flat.

Names stand on the line of fifths (... Bb F C G D A E B F# ...). A name costs what it lies beyond the seven of the key
signature, and more where a neighbour a semitone away would have the same letter: a leading note has the letter below
the note that it leads to. Sources: Temperley, The Cognition of Basic Musical Structures, chapter 5, 2001 (line of
fifths, voice leading); Meredith, The ps13 pitch spelling algorithm, 2006 (context before and after).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from ..notation.theory import SEMITONE_OF_STEP, Key, Pitch

__all__ = ["name_pitch_class", "spell_pitch"]

LINE: Final = "FCGDAEB"
WIDEST: Final = 15
"""Names from this many fifths below C to as many above: no more than two flats or sharps."""
SAME_LETTER_AFTER: Final = 2.5
SAME_LETTER_BEFORE: Final = 1.5
FLATS_IN_MINOR: Final = 1.0
"""What a flat costs more in minor, whose leading notes are raised."""


def spell_pitch(midi: int, key: Key, before: Sequence[int] = (), after: Sequence[int] = ()) -> Pitch:
    """The pitch with its name; `before` and `after` are the MIDI pitches of its neighbours in the same line.

    >>> spell_pitch(66, Key("C"), after=(67,)).name, spell_pitch(70, Key("C"), after=(69,)).name
    ('F#4', 'Bb4')
    """
    return _spell(midi, key.fifths, key.mode == "minor", _neighbour(midi, before), _neighbour(midi, after))


def name_pitch_class(pitch_class: int, key: Key) -> str:
    """The name of a root in that key: `Bb`.

    >>> name_pitch_class(10, Key("F")), name_pitch_class(10, Key("B"))
    ('Bb', 'A#')
    """
    pitch = _spell(60 + pitch_class, key.fifths, False, 0, 0)
    return pitch.step + ("#" * pitch.alter or "b" * -pitch.alter)


def _neighbour(midi: int, pitches: Sequence[int]) -> int:
    """1 or -1 where a neighbour is a semitone above or below, else 0."""
    for pitch in pitches:
        if abs(pitch - midi) == 1:
            return pitch - midi
    return 0


@lru_cache(maxsize=65536)
def _spell(midi: int, fifths: int, is_minor: bool, before: int, after: int) -> Pitch:
    here = min(_names(midi), key=lambda name: _cost(name, fifths, is_minor, before, after, midi))
    return _pitch(midi, here)


def _names(midi: int) -> list[int]:
    """The places on the line of fifths (C is 0) of all names of a pitch."""
    return [place for place in range(-WIDEST, WIDEST + 1) if place * 7 % 12 == midi % 12]


def _cost(place: int, fifths: int, is_minor: bool, before: int, after: int, midi: int) -> float:
    cost = float(max(fifths - 1 - place, place - fifths - 5, 0))
    if is_minor and place < fifths - 1:
        cost += FLATS_IN_MINOR
    step = _pitch(midi, place).step
    for neighbour, weight in ((before, SAME_LETTER_BEFORE), (after, SAME_LETTER_AFTER)):
        if neighbour and cost:
            other = _spell(midi + neighbour, fifths, is_minor, 0, 0)
            cost += weight * (other.step == step)
    return cost


@lru_cache(maxsize=8192)
def _pitch(midi: int, place: int) -> Pitch:
    step = LINE[(place + 1) % 7]
    alter = (place + 1) // 7
    return Pitch(step, (midi - SEMITONE_OF_STEP[step] - alter) // 12 - 1, alter)
