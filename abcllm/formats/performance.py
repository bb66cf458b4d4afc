"""A tune as it is heard: repeats and parts unfolded, ties joined, every note with its time.

Times and durations are exact fractions of a whole note; `Performance.seconds` turns them into seconds by the tempos
of the tune. Tuplets, broken rhythm and chords are in the notes' durations already. What sounds is the written pitch
moved by `octave=`, `transpose=` and the octave mark of the clef (a clef's name and `middle=` move nothing) and by
`%%MIDI transpose`. Rhythm is played as written: nothing swings, fermatas do not hold, ornaments are not spelled out.
`notation.playing_order` says in what order the music is played.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple, TypeVar

from ..notation.playing_order import find_labels, flatten
from ..notation.theory import Key, Meter
from ..notation.tune import Tune
from .accompaniment import accompany
from .playing import play_voice
from .settings import DEFAULT_QPM, FASTEST_QPM, SLOWEST_QPM
from .sounding import PlayedBar, SoundingNote

__all__ = ["Performance", "SoundingNote", "perform"]

T = TypeVar("T")


class Performance(NamedTuple):
    """A tune played. Everything has its onset in whole notes from the start; the first of each change is at 0.

    `notes` are in order of onset, then voice; `tempos` in quarter notes a minute; `programs` and `channels` (of MIDI)
    hold what the tune itself chose: (onset, voice, program), and a channel from 1 for each voice, or 0. `bars` are
    those of the longest voice, `duration` is its length; `elapsed` are the seconds at each of the `tempos`.
    """

    notes: tuple[SoundingNote, ...]
    voices: tuple[str, ...]
    bars: tuple[PlayedBar, ...]
    tempos: tuple[tuple[Fraction, Fraction], ...]
    meters: tuple[tuple[Fraction, Meter], ...]
    keys: tuple[tuple[Fraction, Key], ...]
    programs: tuple[tuple[Fraction, int, int], ...]
    channels: tuple[int, ...]
    duration: Fraction
    elapsed: tuple[Fraction, ...]

    def seconds(self, onset: Fraction) -> float:
        """When that place is reached, in seconds from the start."""
        return float(self.exact_seconds(onset))

    def exact_seconds(self, onset: Fraction) -> Fraction:
        """As `seconds`, without rounding."""
        last = max(bisect_right(self.tempos, onset, key=lambda change: change[0]) - 1, 0)
        begin, qpm = self.tempos[last]
        return self.elapsed[last] + (onset - begin) * 240 / qpm


def perform(tune: Tune, *, chords: bool = False, graces: bool = False, tempo_qpm: float | None = None) -> Performance:
    """Play a tune.

    `chords` adds an accompaniment from the chord symbols, as a voice after the others. Grace notes stand apart
    (`SoundingNote.grace`) and take no time of the note that they adorn, unless `graces` asks for it. `tempo_qpm`
    replaces the first tempo, in quarter notes a minute; the others keep their proportion to it. Without a tempo in
    the tune it is 120.
    Raises `FormatError` where repeats and parts make more music than anyone could play.

    >>> from abcllm.notation import parse
    >>> tune = parse("X:1\\nL:1/4\\nM:4/4\\nK:C\\n|:C2-C D:|\\n").tunes[0]
    >>> [(str(note.onset), str(note.duration), note.midi) for note in perform(tune).notes]
    [('0', '3/4', 60), ('3/4', '1/4', 62), ('1', '3/4', 60), ('7/4', '1/4', 62)]
    """
    rows = [flatten(voice) for voice in tune.voices]
    labels = find_labels(tune, rows)
    played = [play_voice(tune, index, row, labels, graces=graces) for index, row in enumerate(rows)]
    end = max((voice.end for voice in played), default=Fraction(0))
    notes = [note for voice in played for note in voice.notes]
    names = [voice.name or voice.id for voice in tune.voices]
    channels = [voice.channel for voice in played]
    leader = max(played, key=lambda voice: len(voice.bars), default=None)
    bars = tuple(leader.bars) if leader else ()
    if chords:
        symbols = [symbol for voice in played for symbol in voice.chord_symbols]
        notes += accompany(symbols, bars, end, len(played))
        names.append("Chords")
        channels.append(0)
    notes.sort(key=lambda note: (note.onset, note.voice, not note.grace, note.midi))
    tempos = _scaled(_merged(voice.tempos for voice in played) or ((Fraction(0), DEFAULT_QPM),), tempo_qpm)
    programs = sorted((onset, index, number) for index, voice in enumerate(played) for onset, number in voice.programs)
    return Performance(
        tuple(notes),
        tuple(names),
        bars,
        tempos,
        _merged(voice.meters for voice in played) or ((Fraction(0), tune.meter),),
        _merged(voice.keys for voice in played) or ((Fraction(0), tune.key),),
        tuple(programs),
        tuple(channels),
        end,
        _elapsed(tempos),
    )


def _merged(voices: Iterable[list[tuple[Fraction, T]]]) -> tuple[tuple[Fraction, T], ...]:
    """The changes of all voices in order; of several at one time the first voice's that says something new."""
    merged: dict[Fraction, T] = {}
    for changes in voices:
        for onset, value in changes:
            merged.setdefault(onset, value)
    return tuple(sorted(merged.items(), key=lambda change: change[0]))


def _scaled(
    tempos: tuple[tuple[Fraction, Fraction], ...], first_qpm: float | None
) -> tuple[tuple[Fraction, Fraction], ...]:
    if first_qpm is None:
        return tempos
    ratio = Fraction(first_qpm).limit_denominator(10**6) / tempos[0][1]
    return tuple((onset, min(max(qpm * ratio, SLOWEST_QPM), FASTEST_QPM)) for onset, qpm in tempos)


def _elapsed(tempos: tuple[tuple[Fraction, Fraction], ...]) -> tuple[Fraction, ...]:
    """Seconds at the onset of each tempo."""
    elapsed = [Fraction(0)]
    for (begin, qpm), (end, _) in pairwise(tempos):
        elapsed.append(elapsed[-1] + (end - begin) * 240 / qpm)
    return tuple(elapsed)
