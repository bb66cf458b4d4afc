"""By what a melody is known: exactly, and so that its variants are known by it too.

* `identity` is equal for the same melody in another key, unit, spelling, title or with other chords and ornaments.
* `outline` is what variants of a tune share: the pitch classes on the points of each bar, ornaments and passing notes
  left out.
* `notes` are the pitch classes of all its notes, whatever metre and rhythm they are written in.
* `sketch` is a weighted MinHash of the outline's turns, runs of `TURN` steps from point to point: the share of equal
  slots of two sketches is, on average, the share of turns that the two tunes have in common (Broder, On the
  resemblance and containment of documents, 1997). A turn counts by how much it tells, so that scales and repeated
  notes, which stand in thousands of tunes, bring few strangers together (Chum, Philbin and Zisserman, Near duplicate
  image detection, 2008, section 4).

Repeats are not unfolded: a melody is what is written.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from math import gcd
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..notation.theory import Meter
from ..notation.tune import Bar, Chord, MultiRest, Note, Rest, Tune

__all__ = ["SLOTS", "Melody", "read_melody"]

SLOTS: Final = 32
TURN: Final = 6
"""Steps in a turn: seven points, nearly two bars of a reel, one of a jig."""
NOTE_TURN: Final = 8
"""Steps in a turn of notes."""
TICKS: Final = 2**10 * 3**2 * 5 * 7 * 11
"""Of a whole note: the notes of common tuplets last whole numbers of them."""
REST: Final = -1
MOST_POINTS: Final = 2000
LETTERS: Final = "ABCDEFGHIJKL"

STEP_BITS: Final = np.array([1.7, 4.8, 3.4, 3.9, 4.4, 3.9, 7.6, 4.0, 4.2, 3.5, 3.0, 4.5])
"""What a step of 0 to 11 semitones up (octaves left out) tells: -log2 of its share in outlines of folk tunes."""
COMMON_BITS: Final = 1.75
"""Turns that tell no more than this a step count `LEAST_WEIGHT`, others the square of what they tell above it."""
LEAST_WEIGHT: Final = 0.01

_PLACES: Final = 13 ** np.arange(NOTE_TURN)
_random = np.random.Generator(np.random.PCG64(20))
_FACTORS: Final = _random.integers(1, 2**63, SLOTS, dtype=np.uint64) | np.uint64(1)
_SHIFTS: Final = _random.integers(0, 2**63, SLOTS, dtype=np.uint64)

Sound: TypeAlias = tuple[int, int, bool]
"""MIDI pitch (of a chord the highest, or REST), length in ticks, whether a tie follows."""


class Melody(NamedTuple):
    """By what a tune is known; see the module. A sketch is empty where there are too few pitches to make a turn."""

    identity: int
    outline: str = ""
    sketch: tuple[int, ...] = ()
    notes: str = ""
    note_sketch: tuple[int, ...] = ()


def read_melody(tune: Tune, *, variants: bool = True) -> Melody:
    """The melody of a tune; a tune without a note has `identity` 0, and nothing else.

    Without `variants` only the identity is found, in half the time.

    For `identity`, pitches from the first one on, proportions of lengths, and rests are heard, of all voices that
    sound: neither metre nor halved values make a difference. Tied notes are one note, rests in a row one rest, of a
    chord the highest note counts.

    The outline is that of the first voice that sounds, one letter a point: `A` to `L`, semitones above the `do` of the
    key signature, octaves left out. A bar of two or four beats has four points, any other one a point a beat, so that
    2/4 with sixteenths is 4/4 with eighths; a pickup has the last points of its bar. A rest holds the note before it.

    >>> from abcllm.notation import parse
    >>> tunes = parse("X:1\\nL:1/8\\nM:4/4\\nK:D\\nD2F2 A4|]\\n\\nX:2\\nL:1/4\\nM:C\\nK:C\\nCE {f}G2|]\\n").tunes
    >>> read_melody(tunes[0]) == read_melody(tunes[1])
    True
    >>> read_melody(tunes[0]).outline
    'AEHH'
    """
    voices = [[_sounds(bar) for bar in voice.bars] for voice in tune.voices]
    sounding = [at for at, bars in enumerate(voices) if any(sound[0] != REST for bar in bars for sound in bar)]
    if not sounding:
        return Melody(0)
    identity = _identity([voices[at] for at in sounding])
    if not variants:
        return Melody(identity)
    first = sounding[0]
    pitches = _pitches_on_points(tune.voices[first].bars, voices[first], *_points(tune.meter))
    notes = [pitch for pitch, _ in _line(voices[first]) if pitch != REST]
    do = 7 * tune.key.fifths
    return Melody(
        identity, _letters(pitches, do), _sketch(pitches, TURN), _letters(notes, do), _sketch(notes, NOTE_TURN)
    )


def _letters(pitches: list[int], do: int) -> str:
    return "".join([LETTERS[(pitch - do) % 12] for pitch in pitches])


def _identity(voices: list[list[list[Sound]]]) -> int:
    lines = [_line(bars) for bars in voices]
    home = next(pitch for pitch, _ in lines[0] if pitch != REST)
    unit = gcd(*(ticks for line in lines for _, ticks in line)) or 1
    heard = [[("z" if pitch == REST else pitch - home, ticks // unit) for pitch, ticks in line] for line in lines]
    value = blake2b(repr(heard).encode(), digest_size=8).digest()
    return int.from_bytes(value, "big", signed=True) or 1


def _line(bars: list[list[Sound]]) -> list[tuple[int, int]]:
    """Pitch and length of all that sounds, tied notes as one, rests in a row as one."""
    line: list[tuple[int, int]] = []
    held: int | None = None
    for bar in bars:
        for pitch, ticks, tied in bar:
            if pitch == held:
                line[-1] = (pitch, line[-1][1] + ticks)
            else:
                line.append((pitch, ticks))
            held = pitch if tied or pitch == REST else None
    return line


@lru_cache(maxsize=1024)
def _points(meter: Meter) -> tuple[int, int]:
    """The length of a bar in ticks, and its points; four quarters where the metre is free."""
    duration = meter.duration
    if not duration:
        return TICKS, 4
    beats = sum(meter.beats)
    return max(1, duration.numerator * TICKS // duration.denominator), 4 if beats in (1, 2, 4) else beats


def _pitches_on_points(bars: tuple[Bar, ...], sounds: list[list[Sound]], length: int, points: int) -> list[int]:
    spacing = max(1, length // points)
    pitches: list[int] = []
    sounding = REST
    after_seam = True
    for bar, heard in zip(bars, sounds, strict=True):
        lasts = sum([ticks for _, ticks, _ in heard])
        is_pickup = lasts < length and (after_seam or (bar.left is not None and bar.left.is_seam))
        now = length - lasts if is_pickup else 0
        upcoming = -(-now // spacing) * spacing
        for pitch, ticks, _ in heard:
            now += ticks
            if pitch != REST:
                sounding = pitch
            if upcoming < now:
                count = -((upcoming - now) // spacing)
                upcoming += count * spacing
                if sounding != REST:
                    pitches += [sounding] * min(count, MOST_POINTS - len(pitches))
        after_seam = bar.right is not None and bar.right.is_seam
    return pitches


def _sketch(pitches: list[int], turn: int) -> tuple[int, ...]:
    if len(pitches) <= turn:
        return ()
    steps = np.diff(np.array(pitches)) % 12
    turns = np.lib.stride_tricks.sliding_window_view(steps, turn)
    names, places = np.unique(turns @ _PLACES[:turn], return_index=True)
    telling = np.maximum(STEP_BITS[turns[places]].sum(axis=1) - COMMON_BITS * turn, 0)
    hashes = _mix(names.astype(np.uint64)[:, None] * _FACTORS + _SHIFTS)
    chances = (hashes >> np.uint64(32)) + 0.5
    waits = (32 * np.log(2) - np.log(chances)) / np.maximum(telling**2, LEAST_WEIGHT)[:, None]
    slots = hashes[waits.argmin(axis=0), np.arange(SLOTS)] & np.uint64(0xFFFFFFFF)
    return tuple(np.maximum(slots, 1).tolist())


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finisher of splitmix64 (Steele, Lea and Flood, Fast splittable pseudorandom number generators, 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _sounds(bar: Bar) -> list[Sound]:
    sounds: list[Sound] = []
    for item in bar.items:
        if isinstance(item, Note):
            pitch, tied = item.pitch.midi, item.tie != ""
        elif isinstance(item, Chord):
            pitch = max([note.pitch.midi for note in item.notes])
            tied = item.tie != "" or any(note.tie for note in item.notes)
        elif isinstance(item, Rest | MultiRest):
            pitch, tied = REST, False
        else:
            continue
        length = item.duration
        sounds.append((pitch, length.numerator * TICKS // length.denominator, tied))
    return sounds
