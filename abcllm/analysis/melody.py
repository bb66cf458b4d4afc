"""By what a melody is known: exactly, and so that its variants are known by it too.

* `identity` is equal for the same melody in another key, unit, spelling, title or with other chords and ornaments.
* `outline` is what variants of a tune share: the pitch classes on its beats, ornaments and passing notes left out.
* `sketch` is a MinHash (Broder, On the resemblance and containment of documents, 1997) of the outline's intervals: the
  share of equal slots of two sketches is, on average, the share of turns that the two have in common.

Repeats are not unfolded: a melody is what is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b
from typing import Final, NamedTuple

import numpy as np

from ..notation.tune import Bar, Chord, MultiRest, Note, Rest, Tune, Voice

__all__ = ["SLOTS", "Melody", "read_melody"]

SLOTS: Final = 24
TURN: Final = 6
"""Intervals in a turn: seven beats, nearly two bars of a reel."""
TICKS: Final = 20160
"""Of a whole note: divides by 2^6, 3^2, 5 and 7."""
REST: Final = -1
MOST_BEATS: Final = 2000
LETTERS: Final = "ABCDEFGHIJKL"

_random = np.random.Generator(np.random.PCG64(20))
_FACTORS: Final = _random.integers(1, 2**63, SLOTS, dtype=np.uint64) | np.uint64(1)
_SHIFTS: Final = _random.integers(0, 2**63, SLOTS, dtype=np.uint64)
_WEIGHTS: Final = np.array([13**at for at in range(TURN)], dtype=np.uint64)


class Melody(NamedTuple):
    """By what a tune is known; see the module. `sketch` is empty where the outline is too short to have a turn."""

    identity: int
    outline: str
    sketch: tuple[int, ...]


def read_melody(tune: Tune) -> Melody:
    """The melody of a tune; a tune without a note has `identity` 0, and nothing else.

    For `identity`, intervals, lengths as parts of the bar, and rests of all voices are heard; tied notes are one note,
    of a chord the highest counts. The outline is that of the first voice, one letter a beat (`A` to `L`, semitones
    above the first note, octaves left out). A beat is two of the most frequent note lengths, three in compound metre,
    so that it is the same in 2/4 with sixteenths and in 4/4 with eighths. A rest holds the note before it.

    >>> from abcllm.notation import parse
    >>> one, other = parse("X:1\nL:1/8\nM:4/4\nK:D\nD2F2 A4|]\n\nX:2\nL:1/4\nM:C\nK:C\n"C"CE {f}G2|]\n").tunes
    >>> read_melody(one) == read_melody(other)
    True
    >>> read_melody(one).outline
    'AEHH'
    """
    voices = [[*_notes(voice)] for voice in tune.voices]
    bar = tune.meter.duration
    identity = _identity(voices, bar.numerator * TICKS // bar.denominator if bar else TICKS)
    if not identity:
        return Melody(0, "", ())
    outline = _outline(voices[0], 3 if _is_compound(tune) else 2)
    return Melody(identity, outline, _sketch(outline))


def _identity(voices: list[list[tuple[int, int]]], bar_ticks: int) -> int:
    parts: list[str] = []
    sounding = False
    for voice in voices:
        last = 0
        for pitch, ticks in voice:
            part = ticks * TICKS // bar_ticks
            if pitch == REST:
                parts.append(f"z:{part}")
            else:
                parts.append(f"{pitch - last if last else 0}:{part}")
                last, sounding = pitch, True
        parts.append("/")
    value = blake2b(" ".join(parts).encode(), digest_size=8).digest()
    return (int.from_bytes(value, "big", signed=True) or 1) if sounding else 0


def _outline(notes: list[tuple[int, int]], units: int) -> str:
    lengths = Counter(ticks for pitch, ticks in notes if pitch != REST)
    if not lengths:
        return ""
    beat = max(1, lengths.most_common(1)[0][0] * units)
    letters: list[str] = []
    home = pitch = next(pitch for pitch, _ in notes if pitch != REST)
    now = upcoming = 0
    for sounding, ticks in notes:
        pitch = pitch if sounding == REST else sounding
        now += ticks
        while upcoming < now and len(letters) < MOST_BEATS:
            letters.append(LETTERS[(pitch - home) % 12])
            upcoming += beat
    return "".join(letters)


def _sketch(outline: str) -> tuple[int, ...]:
    classes = np.frombuffer(outline.encode("ascii"), dtype=np.uint8).astype(np.int16)
    steps = ((classes[1:] - classes[:-1]) % 12).astype(np.uint64)
    if len(steps) < TURN:
        return ()
    turns = np.unique(np.lib.stride_tricks.sliding_window_view(steps, TURN) @ _WEIGHTS)
    mixed = turns[:, None] * _FACTORS[None, :] + _SHIFTS[None, :]
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed >>= np.uint64(32)
    return tuple(np.maximum(mixed.min(axis=0), 1).tolist())


def _is_compound(tune: Tune) -> bool:
    beats = sum(tune.meter.beats)
    return tune.meter.unit >= 8 and beats > 3 and beats % 3 == 0


def _notes(voice: Voice) -> Iterator[tuple[int, int]]:
    """MIDI pitch (the highest of a chord, REST) and length in ticks of what sounds, tied notes as one."""
    held: int | None = None
    length = 0
    for bar in voice.bars:
        for pitch, ticks, tied in _sounds(bar):
            if held is not None and pitch == held:
                length += ticks
            else:
                if held is not None:
                    yield held, length
                held, length = pitch, ticks
            if not tied:
                yield pitch, length
                held = None
    if held is not None:
        yield held, length


def _sounds(bar: Bar) -> Iterator[tuple[int, int, bool]]:
    for item in bar.items:
        if isinstance(item, Note):
            length = item.duration
            yield item.pitch.midi, length.numerator * TICKS // length.denominator, bool(item.tie)
        elif isinstance(item, Chord):
            length = item.duration
            tied = bool(item.tie) or any(note.tie for note in item.notes)
            yield max(note.pitch.midi for note in item.notes), length.numerator * TICKS // length.denominator, tied
        elif isinstance(item, Rest | MultiRest):
            length = item.duration
            yield REST, length.numerator * TICKS // length.denominator, False
