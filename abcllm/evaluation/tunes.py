"""A tune as MV2H sees it: its notes with their voices, its bars, beats and parts of beats, keys and chord symbols."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from ..formats.performance import Performance, perform
from ..formats.sounding import PlayedBar
from ..notation.harmony import parse_chord_symbol, pitch_class
from ..notation.theory import Key, Meter
from ..notation.transforms import unfold
from ..notation.tune import TIMED, Chord, Note, Rest, Spacer, Tune
from .mv2h import KeyName, Music, VoiceNote
from .notes import TimedNote

__all__ = ["music_of", "timed_notes"]

MS_OF_WHOLE: Final = 2000  # all scores at one tempo: a quarter note takes half a second
MAJOR_LIKE: Final = frozenset(("major", "lydian", "mixolydian"))


def timed_notes(tune: Tune) -> list[TimedNote]:
    """The notes of a tune as they are played at its tempo, without grace notes."""
    performance = perform(tune)
    return [
        TimedNote(performance.seconds(note.onset), performance.seconds(note.end), note.midi)
        for note in performance.notes
        if not note.grace
    ]


def music_of(tune: Tune) -> Music:
    """The tune, repeats unfolded, at a tempo of 120 quarter notes a minute throughout."""
    performance = perform(tune)
    notes = tuple(
        VoiceNote(note.midi, _ms(note.onset), _ms(note.onset), _ms(note.end), note.voice * 16 + note.layer)
        for note in performance.notes
        if not note.grace
    )
    keys = tuple((_ms(onset), name) for onset, key in performance.keys if (name := _key_name(key)) is not None)
    return Music(notes, tuple(_groupings(performance)), keys, tuple(_chords(tune)))


def _ms(time: Fraction) -> int:
    return round(time * MS_OF_WHOLE)


def _key_name(key: Key) -> KeyName | None:
    tonic = key.tonic_pitch_class
    return None if tonic is None else KeyName(tonic, key.mode in MAJOR_LIKE)


def _groupings(performance: Performance) -> list[tuple[int, int]]:
    """Every full bar, and every beat and part of a beat in all bars; those of a pickup are counted from its end."""
    found: list[tuple[int, int]] = []
    for index, bar in enumerate(performance.bars):
        full = bar.meter.duration
        if full is None:
            continue
        if bar.duration == full:
            found.append((_ms(bar.onset), _ms(bar.onset + full)))
        beat, part = _beats(bar.meter)
        for length in (beat, part):
            found += _divided(bar, length, from_end=index == 0)
    return found


def _beats(meter: Meter) -> tuple[Fraction, Fraction]:
    """The beat and its parts: three units and one in compound metres, else the unit and its half."""
    unit = Fraction(1, meter.unit)
    return (unit * 3, unit) if meter.is_compound else (unit, unit / 2)


def _divided(bar: PlayedBar, length: Fraction, *, from_end: bool) -> list[tuple[int, int]]:
    count = bar.duration // length
    start = bar.onset + (bar.duration - count * length if from_end else 0)
    return [(_ms(start + place * length), _ms(start + (place + 1) * length)) for place in range(count)]


def _chords(tune: Tune) -> list[tuple[int, str]]:
    """Chord symbols with their times, by root and kind, whatever their spelling."""
    found: dict[int, str] = {}
    for voice in unfold(tune).voices:
        now = Fraction(0)
        for bar in voice.bars:
            for item in bar.items:
                if isinstance(item, Note | Chord | Rest | Spacer):
                    for text in item.marks.chord_symbols:
                        chord = parse_chord_symbol(text)
                        if chord is not None:
                            found[_ms(now)] = f"{pitch_class(chord.root)} {chord.kind}"
                if isinstance(item, TIMED):
                    now += item.duration
    return sorted(found.items())
