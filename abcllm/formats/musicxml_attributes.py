"""Clefs, keys, metres and tempos as MusicXML."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Final
from xml.etree.ElementTree import Element

from ..notation.theory import SHARP_ORDER, STEPS, Clef, Key, Meter, Tempo
from .musicxml_tree import add
from .note_values import spell_duration
from .settings import OCTAVES_OF_MARK, tempo_qpm

__all__ = ["Transposition", "add_clef", "add_key", "add_tempo", "add_time", "choose_clef", "transposition_of"]

SIGN_AND_LINE: Final = {
    "treble": ("G", 2), "alto": ("C", 3), "tenor": ("C", 4), "bass": ("F", 4), "perc": ("percussion", 3),
    "none": ("none", 0),
}  # fmt: skip
MIDDLE_LINE: Final = {"treble": ("B", 4), "alto": ("C", 4), "tenor": ("A", 3), "bass": ("D", 3)}
MODES: Final = frozenset(["major", "minor", "dorian", "phrygian", "lydian", "mixolydian", "locrian"])
HIGHEST_IN_BASS: Final = 62  # a voice without a clef gets the bass clef where it stays below this note (D4)
USUAL_IN_BASS: Final = 55


class Transposition:
    """How far what is printed and what is written in ABC stand from what sounds.

    `octaves` are added to a note of ABC to get the sounding pitch without `transpose=`; `shown` are the octaves by
    which `middle=` moves the print; `chromatic` is `transpose=` in semitones.
    """

    __slots__ = ("chromatic", "octaves", "shown")

    def __init__(self, octaves: int, shown: int, chromatic: int) -> None:
        self.octaves, self.shown, self.chromatic = octaves, shown, chromatic


def transposition_of(clef: Clef) -> Transposition:
    """What a clef (with all that is in force) does to the notes."""
    octaves = clef.octave + OCTAVES_OF_MARK.get(clef.octave_mark, 0)
    return Transposition(octaves, _octaves_of_middle(clef), clef.transpose)


def _octaves_of_middle(clef: Clef) -> int:
    """Octaves by which notes are printed lower, so that the note of `middle=` comes near the middle line."""
    letter = clef.middle[:1]
    usual = MIDDLE_LINE.get(clef.name.rstrip("12345") or "treble")
    if not letter or letter.upper() not in STEPS or usual is None:
        return 0
    octave = (5 if letter.islower() else 4) + clef.middle.count("'") - clef.middle.count(",")
    steps = 7 * (octave - usual[1]) + STEPS.index(letter.upper()) - STEPS.index(usual[0])
    return round(steps / 7)


def choose_clef(clef: Clef, pitches: Iterable[int]) -> Clef:
    """The clef itself where it has a name, else treble or bass, whichever suits these MIDI pitches."""
    from dataclasses import replace

    if clef.name and clef.name != "auto":
        return clef
    heard = sorted(pitches)
    is_low = bool(heard) and heard[-1] <= HIGHEST_IN_BASS and heard[len(heard) // 2] <= USUAL_IN_BASS
    return replace(clef, name="bass" if is_low and not clef.middle and not clef.octave_mark else "treble")


def add_clef(parent: Element, clef: Clef) -> None:
    """The clef's sign and line."""
    name, line = clef.name.rstrip("12345"), clef.name[-1:]
    sign, usual = SIGN_AND_LINE.get(name, ("G", 2))
    element = add(parent, "clef")
    add(element, "sign", sign)
    if sign not in ("percussion", "none"):
        add(element, "line", line if line.isdigit() else usual)
        if octaves := OCTAVES_OF_MARK.get(clef.octave_mark, 0):
            add(element, "clef-octave-change", octaves)


def add_key(parent: Element, key: Key) -> None:
    """The signature: on the circle of fifths where it is one of those, else accidental by accidental."""
    element = add(parent, "key")
    fifths = _fifths_of(key)
    if fifths is not None:
        add(element, "fifths", fifths)
        if key.mode in MODES and not key.accidentals and not key.explicit:
            add(element, "mode", key.mode)
        return
    order = SHARP_ORDER if sum(key.signature.values()) >= 0 else SHARP_ORDER[::-1]
    for step, alter in sorted(key.signature.items(), key=lambda pair: order.index(pair[0])):
        add(element, "key-step", step)
        add(element, "key-alter", alter)


def _fifths_of(key: Key) -> int | None:
    if key.mode == "HP":
        return 0
    signature = key.signature
    for fifths in range(-7, 8):
        steps = SHARP_ORDER[:fifths] if fifths >= 0 else SHARP_ORDER[fifths:]
        if signature == dict.fromkeys(steps, 1 if fifths > 0 else -1):
            return fifths
    return None


def add_time(parent: Element, meter: Meter, *, first: bool = False) -> None:
    """The time signature; free metre has none.

    Where free metre does not begin the score it is a hidden 4/4: verovio comes down on a change to senza-misura.
    """
    if meter.duration is None:
        hidden = add(parent, "time", print_object="no")
        if first:
            add(hidden, "senza-misura")
        else:
            add(hidden, "beats", 4)
            add(hidden, "beat-type", 4)
        return
    symbol = {"C": "common", "C|": "cut"}.get(meter.symbol)
    element = add(parent, "time", symbol=symbol)
    add(element, "beats", "2" if meter.symbol == "C|" else "+".join(map(str, meter.beats)))
    add(element, "beat-type", meter.unit)


def add_tempo(parent: Element, tempo: Tempo) -> None:
    """A tempo mark: its words, and a metronome mark where it has a number."""
    if not (tempo.before or tempo.after or tempo.per_minute is not None):
        return
    direction = add(parent, "direction", placement="above")
    if words := " ".join(filter(None, (tempo.before, tempo.after))):
        add(add(direction, "direction-type"), "words", words, font_weight="bold")
    if tempo.per_minute is not None and (beat := sum(tempo.beats, Fraction(0))):
        value = spell_duration(beat)[0]
        metronome = add(add(direction, "direction-type"), "metronome", parentheses="no")
        add(metronome, "beat-unit", value.type)
        for _ in range(value.dots):
            add(metronome, "beat-unit-dot")
        add(metronome, "per-minute", f"{tempo.per_minute * float(beat / value.length):g}")
    add(direction, "sound", tempo=f"{float(tempo_qpm(tempo)):g}")
