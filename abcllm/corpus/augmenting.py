"""The same record in other keys, for training only: the fifteen signatures from seven flats to seven sharps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from ..errors import UsageError
from ..notation import Tune, parse, write
from ..notation.theory import Key
from ..notation.transforms import transpose
from ..notation.tune import Chord, Note
from ..record import Record

__all__ = ["in_other_keys", "other_keys"]

MOST_FIFTHS = 7
LINE_OF_FIFTHS = "FCGDAEB"
LOWEST, HIGHEST = 55, 88
"""G3, the lowest string of the violin, and E6, the end of first positions: a tune inside stays inside."""


def other_keys(key: Key) -> list[str]:
    """The other keys of that mode whose signatures have at most seven sharps or flats; none for pipes and no key.

    >>> other_keys(Key("D"))[:3], len(other_keys(Key("D")))
    (['Cb', 'Gb', 'Db'], 14)
    """
    if not key.tonic or key.explicit or key.accidentals or key.mode in ("none", "HP", "Hp"):
        return []
    names = []
    for fifths in range(-MOST_FIFTHS, MOST_FIFTHS + 1):
        if fifths != key.fifths:
            octave, at = divmod(
                LINE_OF_FIFTHS.index(key.tonic[0]) + 7 * _alteration(key.tonic) + fifths - key.fifths, 7
            )
            names.append(LINE_OF_FIFTHS[at] + ("#" * octave if octave > 0 else "b" * -octave))
    return names


def in_other_keys(record: Record, count: int, random: Random) -> Iterator[Record]:
    """The record in so many other keys, drawn without repetition; a record without a tune that has a key gives none."""
    tunes = parse(record.abc).tunes if record.abc and count else ()
    if not tunes:
        return
    keys = other_keys(tunes[0].key)
    for tonic in random.sample(keys, min(count, len(keys))):
        try:
            moved = _kept_in_range(tunes[0], tonic)
        except UsageError:  # a key in the middle of the tune that has no name so far from home
            continue
        yield replace(record, id=f"{record.id}@{tonic}", abc=write(moved))


def _alteration(tonic: str) -> int:
    return tonic.count("#") - tonic.count("b")


def _kept_in_range(tune: Tune, tonic: str) -> Tune:
    low, high = _range(tune)
    moved = transpose(tune, key=tonic)
    lowest, highest = _range(moved)
    if lowest < LOWEST <= low and highest + 12 <= HIGHEST:
        return transpose(tune, key=tonic, octave=1)
    if highest > HIGHEST >= high and lowest - 12 >= LOWEST:
        return transpose(tune, key=tonic, octave=-1)
    return moved


def _range(tune: Tune) -> tuple[int, int]:
    pitches = [
        note.pitch.midi
        for voice in tune.voices
        for bar in voice.bars
        for item in bar.items
        if isinstance(item, Note | Chord)
        for note in (item.notes if isinstance(item, Chord) else (item,))
    ]
    return min(pitches, default=60), max(pitches, default=60)
