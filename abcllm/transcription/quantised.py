"""MIDI that stands on a grid of its beats to a score: exact times, metre, first bar line, key, parts, grace notes.

A metre that the file states is kept; where it states none, or only the 4/4 that programs write for none and the notes
speak clearly against it, it is estimated (`meters`). The first bar line stands where a short first metre or a later
change of metre says, else where it is likeliest, with some trust in the file's own bars where the music does not begin
with the file.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..notation.theory import Key, Meter
from .chord_track import is_chord_track
from .events import MidiMusic, MidiTrack
from .grid import Grid
from .hands import HAND_TRACKS, HANDS, PIANOS, are_for_two_hands, part_hands
from .keys import find_key
from .meters import SLOT, Line, place_bars
from .score import Part, Score, ScoreNote

__all__ = ["Wishes", "read_quantised"]

T = TypeVar("T")

COMMON_TIME: Final = Meter((4,), 4)
EIGHTH: Final = Fraction(1, 8)
LONGEST_GRACE: Final = Fraction(1, 32)
TRUST_IN_BARS: Final = 10.0
"""How much likelier (a logarithm) the file's own bars are where the music begins after the file, or the metre changes;
`TRUST_AT_START` where it begins with it: many programs write a pickup as if it were a bar.
"""
TRUST_AT_START: Final = 2.0
OVERRULED: Final = 6.0
"""How much likelier another metre must be than a 4/4 that is the only one stated, for 100 notes."""
ALONE: Final = 0.9
"""So much of the notes must be melody before a metre that is stated is overruled: melodies were counted."""
LOWEST_MELODY: Final = 53
TOGETHER: Final = 0.1
MANY_PARTS: Final = 64


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user knows better: metre, key, the shortest note that is told apart (of a whole note).

    `voices` is 1 for one melody, 2 for two hands, None for one voice a track, or hand.
    """

    meter: Meter | None = None
    key: Key | None = None
    grid: Fraction | None = None
    voices: int | None = None


class _Bars(NamedTuple):
    """Where the score begins in the time of the file, how long the first bar is, and its metre."""

    start: Fraction
    pickup: Fraction
    meter: Meter
    notice: str = ""


def read_quantised(music: MidiMusic, wishes: Wishes) -> Score:
    """The score of a file whose notes stand on a grid."""
    grid = Grid(music.resolution, wishes.grid)
    tracks = [_exact(track, number, grid) for number, track in enumerate(music.tracks[:MANY_PARTS])]
    parts, notes = _parts(music, tracks, wishes.voices)
    notices = list(music.notices)
    if len(music.tracks) > MANY_PARTS:
        notices.append(f"{len(music.tracks) - MANY_PARTS} of {len(music.tracks)} tracks were left out")
    line = _top_line([note for note in notes if parts[note.part].role != "chords"] or notes)
    keys = _keys(music, wishes, grid, notes)
    stated = [(grid.snap(tick), meter) for tick, meter in music.meters]
    if wishes.meter is not None:
        stated = [(Fraction(0), wishes.meter)]
    alone = len(line) >= ALONE * sum(note.duration > 0 for note in notes)
    bars = _find_bars(line, stated, keys[0][1], trusted=wishes.meter is not None or not alone)
    if bars.notice:
        notices.append(bars.notice)
    meters = [(Fraction(0), bars.meter), *(change for change in stated if change[0] > bars.start + bars.pickup)]
    if bars.meter != _meter_at(stated, bars.start + bars.pickup):
        meters = meters[:1]
    moved = (note._replace(onset=note.onset - bars.start) for note in notes)
    return Score(
        tuple(sorted(moved, key=lambda note: (note.onset, note.part))),
        parts,
        _since(meters, bars.start),
        _since(keys, bars.start),
        _since([(grid.snap(tick), qpm) for tick, qpm in music.tempos], bars.start),
        bars.pickup,
        music.title,
        tuple(notices),
    )


def _exact(track: MidiTrack, part: int, grid: Grid) -> list[ScoreNote]:
    """The notes of a track at exact times.

    A note that is let go a little before the next one begins is held until then, unless its end is on the grid.
    """
    onsets = sorted({grid.snap(note.onset) for note in track.notes})
    notes = []
    for onset, offset, pitch, velocity in track.notes:
        begin, end = grid.snap(onset), grid.snap(offset)
        if not grid.is_on(offset) or end <= begin:
            place = bisect_right(onsets, begin)
            following = onsets[place] if place < len(onsets) else None
            end = max(Fraction(round(end / SLOT)) * SLOT, begin + SLOT / 2)
            if following is not None and (end > following or following - end <= (following - begin) / 3):
                end = following
        notes.append(ScoreNote(begin, end - begin, pitch, part, velocity))
    return _with_graces(notes)


def _with_graces(notes: list[ScoreNote]) -> list[ScoreNote]:
    """Very short notes on the grid, right before a longer one that makes up for them, as grace notes of it.

    Runs of such notes are notes: a grace note follows none of its length.
    """
    starts: dict[Fraction, list[int]] = {}
    for place, note in enumerate(notes):
        starts.setdefault(note.onset, []).append(place)
    ends = {(note.onset + note.duration, note.duration) for note in notes}
    found = list(notes)
    for place, note in enumerate(notes):
        if note.duration > LONGEST_GRACE or note.onset % SLOT or len(starts[note.onset]) > 1:
            continue
        if (note.onset, note.duration) in ends:
            continue
        graces, now = [place], note.onset + note.duration
        while len(then := starts.get(now, [])) == 1 and notes[then[0]].duration == note.duration:
            graces.append(then[0])
            now += note.duration
        took = now - note.onset
        mains = starts.get(now, [])
        shortest = min((notes[main].duration for main in mains), default=Fraction(0))
        if shortest <= took or not all(
            _is_simpler(notes[main].duration + took, notes[main].duration) for main in mains
        ):
            continue
        for main in mains:
            found[main] = notes[main]._replace(onset=note.onset, duration=notes[main].duration + took)
        for grace in graces:
            found[grace] = notes[grace]._replace(onset=note.onset, duration=Fraction(0))
    return found


def _is_simpler(whole: Fraction, rest: Fraction) -> bool:
    """Whether a note is likelier to be `whole` with grace notes before it than `rest` after short notes."""
    odd, odd_rest = (value.numerator // (value.numerator & -value.numerator) for value in (whole, rest))
    return whole.denominator <= rest.denominator and odd < odd_rest


def _parts(
    music: MidiMusic, tracks: Sequence[list[ScoreNote]], voices: int | None
) -> tuple[tuple[Part, ...], list[ScoreNote]]:
    """The parts, and the notes with the part that plays each."""
    notes = [note for track in tracks for note in track]
    roles = ["chords" if len(tracks) > 1 and is_chord_track(track) else "" for track in tracks]
    if all(roles):
        roles = [""] * len(roles)
    parts = tuple(Part(track.name, track.program, role) for track, role in zip(music.tracks, roles, strict=False))
    if voices == 1:
        kept = [note for note in notes if parts[note.part].role != "chords"]
        return (Part(parts[0].name, parts[0].program, "melody"),), [note._replace(part=0) for note in kept]
    if voices == 2 or (voices is None and len(tracks) == 1 and _is_for_two_hands(notes)):
        return HANDS, _in_hands(music, notes, 0)
    return _with_pianos(music, tracks, parts) if voices is None and len(tracks) > HAND_TRACKS else (parts, notes)


def _with_pianos(
    music: MidiMusic, tracks: Sequence[list[ScoreNote]], parts: Sequence[Part]
) -> tuple[tuple[Part, ...], list[ScoreNote]]:
    """The parts and notes of tracks, where a piano beside others has two parts."""
    split: list[Part] = []
    notes: list[ScoreNote] = []
    for track, part in zip(tracks, parts, strict=True):
        if not part.role and part.program in PIANOS and track and are_for_two_hands(*_events(track)):
            notes += _in_hands(music, track, len(split))
            split += [part._replace(role="hand"), Part("", part.program, "hand")]
        else:
            notes += [note._replace(part=len(split)) for note in track]
            split.append(part)
    return tuple(split), notes


def _is_for_two_hands(notes: Sequence[ScoreNote]) -> bool:
    """Whether one track holds what a pianist plays with both hands: much at a time, high and low."""
    onsets = Counter(note.onset for note in notes)
    together = sum(count > 1 for count in onsets.values()) / len(onsets)
    return together >= TOGETHER and min(note.pitch for note in notes) < LOWEST_MELODY


def _events(notes: Sequence[ScoreNote]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which of the onsets each note is struck at, and its pitch."""
    _, members = np.unique([float(note.onset) for note in notes], return_inverse=True)
    return members.astype(np.int64), np.array([note.pitch for note in notes], np.int64)


def _in_hands(music: MidiMusic, notes: Sequence[ScoreNote], first: int) -> list[ScoreNote]:
    """The notes in order, each with its hand as part: `first` for the right, the next for the left."""
    ordered = sorted(notes, key=lambda note: (note.onset, note.pitch))
    seconds = music.seconds(int(onset * 4 * music.resolution) for onset in sorted({note.onset for note in ordered}))
    hands = part_hands(np.array(seconds), *_events(ordered))
    return [note._replace(part=first + int(hand)) for note, hand in zip(ordered, hands, strict=True)]


def _top_line(notes: Sequence[ScoreNote]) -> list[ScoreNote]:
    """The highest note at each time, held until the next at most."""
    highest: dict[Fraction, ScoreNote] = {}
    for note in notes:
        known = highest.get(note.onset)
        if note.duration and (known is None or note.pitch > known.pitch):
            highest[note.onset] = note
    line = [highest[onset] for onset in sorted(highest)]
    for place, (note, following) in enumerate(pairwise(line)):
        if note.onset + note.duration > following.onset:
            line[place] = note._replace(duration=following.onset - note.onset)
    return line


def _keys(music: MidiMusic, wishes: Wishes, grid: Grid, notes: Sequence[ScoreNote]) -> list[tuple[Fraction, Key]]:
    """The keys that hold: the user's, or the file's where it has several, or the likeliest."""
    if wishes.key is not None:
        return [(Fraction(0), wishes.key)]
    stated = [(grid.snap(tick), key) for tick, key in music.keys]
    changes = [
        change for place, change in enumerate(stated) if not place or change[1].fifths != stated[place - 1][1].fifths
    ]
    if len(changes) > 1:
        return changes
    weights = np.zeros(12)
    for note in notes:
        weights[note.pitch % 12] += float(note.duration / EIGHTH)
    end = max(note.onset + note.duration for note in notes)
    last = min(note.pitch for note in notes if note.onset + note.duration == end)
    return [(Fraction(0), find_key(weights.tolist(), last % 12, stated[0][1] if stated else None))]


def _find_bars(line: Sequence[ScoreNote], stated: list[tuple[Fraction, Meter]], key: Key, *, trusted: bool) -> _Bars:
    """Where the first full bar begins."""
    first = line[0].onset
    while len(stated) > 1 and stated[1][0] <= first:
        stated = stated[1:]
    meter = stated[0][1] if stated else None
    if len(stated) > 1 and stated[1][0] - stated[0][0] == stated[0][1].duration:
        following = stated[1][1].duration
        if following is not None and stated[1][0] - stated[0][0] < following:
            return _begin(first, stated[1][0], stated[1][1])
    offset = Counter(note.onset % EIGHTH for note in line).most_common(1)[0][0]
    origin = first - (first - offset) % EIGHTH
    heard = Line.of([(note.onset - origin, note.duration, note.pitch, note.velocity) for note in line], key)
    places = place_bars(heard, meter)
    notice = ""
    if (meter is None or (stated == [(Fraction(0), COMMON_TIME)] and not trusted)) and len(line) > 1:
        anywhere = place_bars(heard, None)
        margin = OVERRULED * max(len(line), 50) / 100 if places and meter is not None else 0
        other = places and anywhere[0].meter != Meter((2,), 4) and anywhere[0].score > places[0].score + margin
        if meter is None or other:
            places = anywhere
            said = "states no metre" if meter is None else "states 4/4, as programs do where nobody said"
            notice = f"the file {said}; {places[0].meter} was estimated from the notes"
            meter = places[0].meter
    if meter is None or not places:
        meter = meter or COMMON_TIME
        full = meter.duration or Fraction(1)
        return _begin(first, first + -first % full, meter, notice)
    full = meter.duration or Fraction(1)
    own = stated[:2][-1][0] if stated else Fraction(0)
    trust = TRUST_IN_BARS if first or len(stated) > 1 else TRUST_AT_START if stated else 0.0
    best = max(places, key=lambda place: place.score + trust * ((origin + place.slots * SLOT - own) % full == 0))
    return _begin(first, first + (origin + best.slots * SLOT - first) % full, meter, notice)


def _begin(first: Fraction, line: Fraction, meter: Meter, notice: str = "") -> _Bars:
    """The score from its first note on, where a bar line stands at `line`.

    A first bar that lacks less than a quarter of its length begins with a rest; so does a pickup that no halving of
    notes reaches.
    """
    full = meter.duration or Fraction(1)
    pickup = line - first
    if pickup > full * 3 / 4:
        return _Bars(line - full, Fraction(0), meter, notice)
    filled = -(-pickup // SLOT) * SLOT if pickup.denominator & (pickup.denominator - 1) else pickup
    if filled > pickup:
        filled = -(-pickup // EIGHTH) * EIGHTH
    return _Bars(line - filled, filled % full, meter, notice)


def _meter_at(stated: Sequence[tuple[Fraction, Meter]], time: Fraction) -> Meter | None:
    found = None
    for onset, meter in stated:
        if onset <= time or found is None:
            found = meter
    return found


def _since(changes: Sequence[tuple[Fraction, T]], start: Fraction) -> tuple[tuple[Fraction, T], ...]:
    """The changes in the time of the score, the first at its start."""
    moved = [(max(onset - start, Fraction(0)), value) for onset, value in changes]
    kept = [change for place, change in enumerate(moved) if place == len(moved) - 1 or moved[place + 1][0]]
    return ((Fraction(0), kept[0][1]), *kept[1:])
