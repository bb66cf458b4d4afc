"""MIDI as it was played, without a grid, to a score: beats, metre, hands, places, note values, key.

Beats come from `beats`, hands from `hands`, places from `rhythm`, note values from `lengths`. A file of one track, or
of one channel's worth of piano, is parted into hands; other tracks stay the parts that they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..notation.theory import Key, Meter
from .beat_features import PerformedNote, gather_events
from .beats import BAR_LENGTHS, Beats, follow_beats
from .events import MidiMusic
from .hands import HAND_TRACKS, HANDS, PIANOS, are_for_two_hands, part_hands
from .held import PlacedNote, settle_lengths
from .keys import find_key
from .quantised import Wishes
from .rhythm import COMPOUND, SIMPLE, beat_position, place_onsets
from .score import Part, Score, ScoreNote
from .stated_beats import find_stated_beats

__all__ = ["read_performed"]

LONGEST_PAUSE_S: Final = 6.0
LONGEST_HEARD: Final = 0.5
"""Of a long note so much counts for the key, in whole notes."""
CLEARLY_CHEAPER: Final = 0.68
"""Beats fall in three where that costs so much less: triplets are as common as compound metres."""
MOST_STREAMS: Final = 2
"""So many parts are divided each in its own way; of more, all in one."""
LEAST_TOGETHER: Final = 0.1
WIDEST_MELODY: Final = 24

Floats = NDArray[np.float64]


class _Bars(NamedTuple):
    """Where the bars are, in beats from the first: `origin` is where the score begins."""

    origin: Fraction
    pickup: Fraction
    meters: tuple[tuple[Fraction, Meter], ...]


def read_performed(music: MidiMusic, wishes: Wishes) -> Score:
    """The score of a performance."""
    notes, tracks = _in_seconds(music, np.inf)
    stated = None if wishes.meter else find_stated_beats(music, notes)
    if stated is None:
        notes, tracks = _in_seconds(music, LONGEST_PAUSE_S)
        beats = follow_beats(notes, _bar_lengths(wishes.meter))
        notice = "it was played freely: beats, bars and note values are estimates"
    else:
        beats, meter = stated
        wishes = replace(wishes, meter=meter)
        notice = "it was played to the beats of the file: note values are estimates"
    parts, owners = _parts(music, notes, tracks, wishes.voices)
    placed, compound = _place(notes, owners, len(parts), beats, wishes)
    beat = Fraction(3, 8) if compound else Fraction(1, 4)
    bars = _bars(beats, min(note.place for note in placed), compound, wishes.meter)
    found = settle_lengths(placed, max(int(beats.bar_beats.max()), 1), ternary=compound)
    score_notes = tuple(
        sorted(
            ScoreNote((place - bars.origin) * beat, length * beat, note.pitch, note.part, note.velocity)
            for place, length, note in found
        )
    )
    period = float(np.median(np.diff(beats.times_s))) if len(beats.times_s) > 1 else 0.5
    qpm = round(60 / period * float(beat * 4))
    meters = tuple((onset * beat, meter) for onset, meter in bars.meters)
    return Score(
        score_notes,
        parts,
        meters,
        ((Fraction(0), wishes.key or _find_key(score_notes)),),
        ((Fraction(0), float(qpm)),),
        bars.pickup * beat,
        music.title,
        (*music.notices, notice),
    )


def _find_key(notes: Sequence[ScoreNote]) -> Key:
    """The likeliest key, as if the lowest of the last notes were the last of a tune."""
    weights = [0.0] * 12
    for note in notes:
        weights[note.pitch % 12] += min(float(note.duration), LONGEST_HEARD)
    last = max(note.onset for note in notes)
    return find_key(weights, min(note.pitch for note in notes if note.onset == last) % 12)


def _in_seconds(music: MidiMusic, longest_pause_s: float) -> tuple[list[PerformedNote], list[int]]:
    """All notes in order of onset with the track of each; longer pauses are made so long."""
    rows: list[tuple[PerformedNote, int]] = []
    for number, track in enumerate(music.tracks):
        begins = music.seconds(note.onset for note in track.notes)
        ends = music.seconds(note.offset for note in track.notes)
        rows += [
            (PerformedNote(begin, max(end - begin, 0.0), note.pitch, note.velocity), number)
            for begin, end, note in zip(begins, ends, track.notes, strict=True)
        ]
    rows.sort()
    moved, last, cut = [], rows[0][0].onset_s, 0.0
    for note, number in rows:
        cut += max(note.onset_s - last - longest_pause_s, 0.0)
        last = note.onset_s
        moved.append((note._replace(onset_s=note.onset_s - cut), number))
    return [note for note, _ in moved], [number for _, number in moved]


def _bar_lengths(meter: Meter | None) -> Sequence[int]:
    if meter is None or not meter.beats:
        return BAR_LENGTHS
    beats = sum(meter.beats)
    return (beats // 3,) if meter.is_compound else (beats,)


def _parts(
    music: MidiMusic, notes: Sequence[PerformedNote], tracks: Sequence[int], voices: int | None
) -> tuple[tuple[Part, ...], NDArray[np.int64]]:
    """The parts and the part of each note: tracks where there are several, else hands, else one melody."""
    own = np.array(tracks, np.int64)
    if voices is None and len(music.tracks) > 1:
        return _tracks(music, notes, own)
    if voices == 1 or (voices is None and _is_melody(notes)):
        return (Part(music.tracks[0].name, music.tracks[0].program, "melody"),), np.zeros_like(own)
    return HANDS, _hands(notes, np.arange(len(notes)))


def _tracks(
    music: MidiMusic, notes: Sequence[PerformedNote], own: NDArray[np.int64]
) -> tuple[tuple[Part, ...], NDArray[np.int64]]:
    """A part for each track, but two for a piano beside others (of two tracks each may be a hand already)."""
    parts: list[Part] = []
    owners = np.zeros_like(own)
    for number, track in enumerate(music.tracks):
        mine = np.flatnonzero(own == number)
        owners[mine] = len(parts)
        parts.append(Part(track.name, track.program))
        if len(music.tracks) > HAND_TRACKS and track.program in PIANOS and _is_piano(notes, mine):
            owners[mine] += _hands(notes, mine)
            parts[-1:] = parts[-1]._replace(role="hand"), Part("", track.program, "hand")
    return tuple(parts), owners


def _is_piano(notes: Sequence[PerformedNote], which: NDArray[np.int64]) -> bool:
    events = gather_events(np.array([notes[index].onset_s for index in which]))
    return are_for_two_hands(events.members, np.array([notes[index].pitch for index in which]))


def _hands(notes: Sequence[PerformedNote], which: NDArray[np.int64]) -> NDArray[np.int64]:
    """The hand of each of those notes: 0 the right, 1 the left."""
    events = gather_events(np.array([notes[index].onset_s for index in which]))
    return part_hands(events.times_s, events.members, np.array([notes[index].pitch for index in which]))


def _is_melody(notes: Sequence[PerformedNote]) -> bool:
    """Whether hardly any notes are struck together, in a range that one voice has."""
    events = gather_events(np.array([note.onset_s for note in notes]))
    pitches = np.array([note.pitch for note in notes])
    low, high = np.quantile(pitches, [0.05, 0.95])
    return len(notes) - len(events.times_s) < LEAST_TOGETHER * len(notes) and high - low <= WIDEST_MELODY


def _place(
    notes: Sequence[PerformedNote], owners: NDArray[np.int64], count: int, beats: Beats, wishes: Wishes
) -> tuple[list[PlacedNote], bool]:
    """Each note with its place, and whether beats fall in three."""
    onsets = np.array([note.onset_s for note in notes])
    ends = beat_position(onsets + np.array([note.duration_s for note in notes]), beats.times_s)
    events = gather_events(onsets)
    streams = owners if count <= MOST_STREAMS else np.zeros_like(owners)
    struck = [np.unique(events.members[streams == stream]) for stream in range(streams.max() + 1)]
    parts = [events.times_s[members] for members in struck]
    options = [(Fraction(1, 4), SIMPLE), (Fraction(3, 8), COMPOUND)]
    if wishes.meter is not None:
        options = options[1:] if wishes.meter.is_compound else options[:1]
    placings = [place_onsets(parts, beats.times_s, _no_finer(costs, beat, wishes.grid)) for beat, costs in options]
    best = len(placings) - 1
    if best and placings[1].cost > CLEARLY_CHEAPER * placings[0].cost:
        best = 0
    places = [
        dict(zip(members.tolist(), found, strict=True))
        for members, found in zip(struck, placings[best].places, strict=True)
    ]
    placed = [
        PlacedNote(places[stream][event], end, note.pitch, part, note.velocity, note.onset_s, note.duration_s)
        for note, part, stream, event, end in zip(
            notes, owners.tolist(), streams.tolist(), events.members.tolist(), ends.tolist(), strict=True
        )
    ]
    return placed, options[best][1] is COMPOUND


def _no_finer(costs: Mapping[int, float], beat: Fraction, grid: Fraction | None) -> Mapping[int, float]:
    """The divisions of a beat whose parts are on the grid."""
    return {parts: cost for parts, cost in costs.items() if grid is None or parts == 1 or beat / parts % grid == 0}


def _bars(beats: Beats, first: Fraction, compound: bool, wished: Meter | None) -> _Bars:
    """Metres from the downbeats; the music begins with a pickup or with a full bar."""
    downbeats = np.flatnonzero(beats.places == 0).tolist()
    if not downbeats:
        downbeats = [0]
    lengths = [int(beats.bar_beats[index]) for index in downbeats]
    begin = Fraction(downbeats[0])
    while begin - first >= lengths[0]:
        begin -= lengths[0]
    if begin <= first:
        while len(downbeats) > 1 and downbeats[1] <= first:
            downbeats.pop(0)
            lengths.pop(0)
            begin = Fraction(downbeats[0])
        begin += (first - begin) // lengths[0] * lengths[0]
        late = first - begin
        if 2 * late >= lengths[0]:
            begin += lengths[0]
        else:
            first = begin
    pickup = begin - first
    meters = [(Fraction(0), _meter(lengths[0], compound, wished))]
    for index, length in zip(downbeats[1:], lengths[1:], strict=True):
        meter = _meter(length, compound, wished)
        if meter != meters[-1][1] and index - first > 0:
            meters.append((index - first, meter))
    return _Bars(first, pickup, tuple(meters))


def _meter(beats: int, compound: bool, wished: Meter | None) -> Meter:
    if wished is not None:
        return wished
    return Meter((beats * 3,), 8) if compound else Meter((beats,), 4)
