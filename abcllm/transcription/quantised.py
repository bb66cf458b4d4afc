"""MIDI that stands on a grid of its beats to a score: exact times, metre, pickup, key, parts."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ..notation.theory import Key, Meter
from .chord_track import is_chord_track
from .events import MidiMusic, MidiTrack
from .grid import Grid
from .score import Part, Score, ScoreNote

__all__ = ["Wishes", "read_quantised"]

COMMON_TIME: Final = Meter((4,), 4)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user knows better: metre, key, and the shortest note that is told apart (of a whole note)."""

    meter: Meter | None = None
    key: Key | None = None
    grid: Fraction | None = None


def read_quantised(music: MidiMusic, wishes: Wishes) -> Score:
    """The score of a file whose notes stand on a grid."""
    grid = Grid(music.resolution, wishes.grid)
    tracks = [_exact(track, number, grid) for number, track in enumerate(music.tracks)]
    notes = [note for track in tracks for note in track]
    first = min(note.onset for note in notes)
    parts = tuple(
        Part(track.name, track.program, "chords" if len(tracks) > 1 and is_chord_track(own) else "")
        for track, own in zip(music.tracks, tracks, strict=True)
    )
    meters = [(grid.snap(tick), meter) for tick, meter in music.meters] or [(Fraction(0), COMMON_TIME)]
    full = meters[0][1].duration or Fraction(1)
    into = first % full
    start = first - into
    pickup = Fraction(0)
    if into >= full / 4:
        start, pickup = first, full - into
    elif not first:
        pickup = _accent(notes, full)
    moved = tuple(
        sorted((note._replace(onset=note.onset - start) for note in notes), key=lambda note: (note.onset, note.part))
    )
    keys = [(grid.snap(tick), key) for tick, key in music.keys] or [(Fraction(0), Key())]
    return Score(
        moved, parts, _shifted(meters, start), _shifted(keys, start),
        _shifted([(grid.snap(tick), qpm) for tick, qpm in music.tempos], start), pickup, music.title, music.notices,
    )  # fmt: skip


def _shifted(changes, start):
    kept = [(max(onset - start, Fraction(0)), value) for onset, value in changes]
    while len(kept) > 1 and kept[1][0] == 0:
        kept.pop(0)
    kept[0] = (Fraction(0), kept[0][1])
    return tuple(kept)


def _accent(notes, full):
    by = {}
    for n in notes:
        by.setdefault(n.onset % full, []).append(n.velocity)
    mean = sum(n.velocity for n in notes) / len(notes)
    score = lambda v: (sum(v) / len(v) - mean) * len(v) ** 0.5
    best = max(by, key=lambda k: score(by[k]))
    return best if score(by[best]) > 0 else Fraction(0)


def _exact(track: MidiTrack, part: int, grid: Grid) -> list[ScoreNote]:
    notes = []
    for onset, offset, pitch, velocity in track.notes:
        begin, end = grid.snap(onset), grid.snap(offset)
        notes.append(ScoreNote(begin, end - begin, pitch, part, velocity))
    return notes
