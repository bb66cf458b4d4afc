"""Answers to questions about music itself, computed: intervals, notes of chords and scales, relative keys, signs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ..errors import UsageError
from ..notation import Key, Pitch
from ..notation.harmony import parse_chord_symbol
from ..notation.theory import SHARP_ORDER, SIGN_TEXT, STEPS
from ..notation.transposition import Interval
from ..request import key_words

__all__ = ["THEORY", "answer_theory"]

THEORY: Final = ("interval", "chord", "scale", "relative", "signs")
"""The kinds of questions that need no tune (`Ask.kind`)."""
NUMBERS: Final = ("unison", "second", "third", "fourth", "fifth", "sixth", "seventh")
PLAIN: Final = (0, 2, 4, 5, 7, 9, 11)
"""Semitones of the perfect and major intervals."""
UNISON: Final = {0: "perfect", 1: "augmented"}
PERFECT: Final = {-1: "diminished", 0: "perfect", 1: "augmented"}
OTHERS: Final = {-2: "diminished", -1: "minor", 0: "major", 1: "augmented"}
FIFTHS: Final = {0: 0, 1: -5, 2: 2, 3: -3, 4: 4, 5: -1, 6: -6, 7: 1, 8: -4, 9: 3, 10: -2, 11: 5, 15: 9, 18: 6}
"""How a note so many semitones over the root of a chord is spelled, on the line of fifths."""
AS_AUGMENTED: Final = ("augmented", "augmented-seventh")
OCTAVE: Final = 12


def answer_theory(kind: str, about: str) -> str:
    """The answer to a question of one of the kinds `THEORY`. Raises `UsageError` where there is none.

    >>> answer_theory("interval", "D F#"), answer_theory("chord", "Bbm7")
    ('D to F#: a major third, 4 semitones.', 'Bbm7: Bb Db F Ab.')
    """
    match kind:
        case "interval":
            return _interval(*map(_pitch, about.split()))
        case "chord":
            return f"{about}: {' '.join(_chord(about))}."
    tonic, mode = about.split()
    key = Key(tonic, mode)
    match kind:
        case "scale":
            return f"{key_words(key)}: {' '.join(_scale(key))}."
        case "relative":
            return _relative(key)
        case _:
            return _signs(key)


def _pitch(name: str) -> Pitch:
    return Pitch(name[0], 4, name.count("#") - name[1:].count("b"))


def _name(pitch: Pitch) -> str:
    return pitch.step + ("#" if pitch.alter > 0 else "b") * abs(pitch.alter)


def _interval(low: Pitch, high: Pitch) -> str:
    """The interval upwards from one note to the next of that name."""
    octaves, number = divmod(STEPS.index(high.step) - STEPS.index(low.step), 7)
    high = high._replace(octave=high.octave - octaves)
    semitones = high.midi - low.midi
    qualities = UNISON if number == 0 else PERFECT if number in (3, 4) else OTHERS
    quality = qualities.get(semitones - PLAIN[number])
    if quality is None:
        raise UsageError(f"from {_name(low)} to {_name(high)} there is no interval that has a name")
    article = "an" if quality == "augmented" else "a"
    sounds = f"{semitones} semitone{'s' * (semitones != 1)}"
    return f"{_name(low)} to {_name(high)}: {article} {quality} {NUMBERS[number]}, {sounds}."


def _chord(symbol: str) -> Iterable[str]:
    chord = parse_chord_symbol(symbol)
    if chord is None:
        raise UsageError(f'"{symbol}" names no chord')
    root = _pitch(chord.root)
    for semitones in chord.intervals:
        fifths = FIFTHS.get(semitones, FIFTHS[semitones % OCTAVE])
        if (chord.kind in AS_AUGMENTED and semitones == 8) or (chord.kind == "diminished-seventh" and semitones == 9):
            fifths += 12 if semitones == 8 else -12
        yield _name(Interval(semitones, fifths).move(root))


def _scale(key: Key) -> Iterable[str]:
    start = STEPS.index(key.tonic[0])
    return (step + SIGN_TEXT[key.signature.get(step, 0)] for step in (STEPS[start:] + STEPS[:start]))


def _relative(key: Key) -> str:
    other = "major" if key.mode == "minor" else "minor"
    spelled = (Key(step + sign, other) for step in STEPS for sign in ("", "#", "b"))
    same = next((one for one in spelled if one.fifths == key.fifths), None)
    if same is None:
        raise UsageError(f"{key_words(key)} has no relative {other} that is written")
    return f"The relative {other} of {key_words(key)} is {key_words(same)}."


def _signs(key: Key) -> str:
    count = min(abs(key.fifths), len(SHARP_ORDER))
    if not count:
        return f"{key_words(key)} has no sharps or flats."
    order = SHARP_ORDER if key.fifths > 0 else SHARP_ORDER[::-1]
    sign, name = ("#", "sharp") if key.fifths > 0 else ("b", "flat")
    signs = " ".join(step + sign for step in order[:count])
    return f"{key_words(key)} has {abs(key.fifths)} {name}{'s' * (count != 1)}: {signs}."
