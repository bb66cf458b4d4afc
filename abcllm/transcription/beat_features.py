"""What a beat tracker knows of a performance: notes gathered into events, and numbers that describe each event.

An event is all notes struck together. Most numbers are logarithms of times, so that a change of tempo moves them
little. How long an event stays the lowest, highest, loudest or longest on either side is what metrical accents
are made of (Lerdahl and Jackendoff 1983, chapter 4; Dixon and Cambouropoulos 2000).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["FEATURE_COUNT", "Events", "PerformedNote", "describe_events", "gather_events"]

FEATURE_COUNT: Final = 43
CHORD_GAP_S: Final = 0.028
CHORD_SPREAD_S: Final = 0.07
SHORTEST_S: Final = 0.02
LONGEST_S: Final = 4.0
NEIGHBOURS: Final = (1, 2, 3, 4)
HARMONY_S: Final = 1.0

Floats = NDArray[np.float32]


class PerformedNote(NamedTuple):
    """A note as it was played: seconds, MIDI pitch and velocity."""

    onset_s: float
    duration_s: float
    pitch: int
    velocity: int = 64


class Events(NamedTuple):
    """Notes struck together: `times_s` of each event, `members` the event of each note in order of onset."""

    times_s: NDArray[np.float64]
    members: NDArray[np.int64]


def gather_events(onsets_s: NDArray[np.float64]) -> Events:
    """Events of notes in order of onset: a new one after a gap, or when a spread chord has gone on too long."""
    members = np.zeros(len(onsets_s), np.int64)
    times: list[float] = []
    last = -np.inf
    for index, onset in enumerate(onsets_s.tolist()):
        if onset - last > CHORD_GAP_S or onset - times[-1] > CHORD_SPREAD_S:
            times.append(onset)
        members[index] = len(times) - 1
        last = onset
    return Events(np.array(times), members)


def describe_events(events: Events, notes: Sequence[PerformedNote] | NDArray[np.float64]) -> Floats:
    """One row of `FEATURE_COUNT` numbers an event; `notes` in the order in which the events were gathered."""
    rows = np.asarray(notes, np.float64).reshape(-1, 4)
    onsets, durations, pitches, velocities = rows.T
    times, members = events
    count = len(times)
    starts = np.searchsorted(members, np.arange(count))
    low, high = np.minimum.reduceat(pitches, starts), np.maximum.reduceat(pitches, starts)
    loud = np.maximum.reduceat(velocities, starts)
    long = np.maximum.reduceat(durations, starts)
    sizes = np.diff(np.append(starts, len(rows)))
    columns = [_log_time(gap) for step in NEIGHBOURS for gap in _gaps(times, step)]
    columns.append(np.log(sizes))
    mean_velocity = np.add.reduceat(velocities, starts) / sizes
    columns += [loud / 64 - 1, mean_velocity / 64 - 1, (loud - _smoothed(times, loud, 2.0)) / 16]
    columns += [low / 24 - 2, high / 24 - 3, (high - low) / 24]
    short = np.minimum.reduceat(durations, starts)
    lowest, highest = _first_where(pitches == low[members], members), _first_where(pitches == high[members], members)
    columns += [_log_time(value) for value in (long, short, durations[lowest], durations[highest])]
    for value in (-low, high, loud, np.round(np.log(np.maximum(long, SHORTEST_S)) * 4)):
        columns += [_log_time(reach, 8.0) for reach in _reaches(times, value)]
    columns.append(np.log1p(_sounding(onsets, durations, times)))
    chroma = np.zeros((count, 12))
    np.maximum.at(chroma, (members, pitches.astype(np.int64) % 12), 1.0)
    columns.append(_novelty(times, chroma))
    columns += [_log_time(value, 8.0) for value in _repetition(rows, members, count)]
    return np.concatenate([np.stack(columns, 1), chroma], 1).astype(np.float32)


def _log_time(seconds: NDArray[np.float64], longest_s: float = LONGEST_S) -> NDArray[np.float64]:
    """A time as a number about -2 to 2: 0 at a quarter of a second, 1 for each factor of e."""
    return np.log(np.clip(seconds, SHORTEST_S, longest_s) * 4)


def _gaps(times: NDArray[np.float64], step: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Seconds since the event `step` before and until the one `step` after."""
    gaps = np.full(len(times) + step, LONGEST_S)
    gaps[step : len(times)] = times[step:] - times[:-step]
    return gaps[: len(times)], gaps[step:]


def _smoothed(times: NDArray[np.float64], values: NDArray[np.float64], reach_s: float) -> NDArray[np.float64]:
    """The mean of values within `reach_s` on both sides."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    first = np.searchsorted(times, times - reach_s)
    after = np.searchsorted(times, times + reach_s, "right")
    mean: NDArray[np.float64] = (sums[after] - sums[first]) / (after - first)
    return mean


def _first_where(mask: NDArray[np.bool_], members: NDArray[np.int64]) -> NDArray[np.int64]:
    """Index of the first note of each event for which the mask holds."""
    places = np.flatnonzero(mask)
    return places[np.unique(members[places], return_index=True)[1]]


def _reaches(times: NDArray[np.float64], values: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Seconds back and ahead to the nearest event whose value is at least as great (8 where there is none)."""
    back, ahead = np.full(len(times), 8.0), np.full(len(times), 8.0)
    stack: list[int] = []
    heights, clock = values.tolist(), times.tolist()
    for index, height in enumerate(heights):
        while stack and heights[stack[-1]] <= height:
            place = stack.pop()
            ahead[place] = clock[index] - clock[place]
            if heights[place] == height:
                back[index] = clock[index] - clock[place]
                break
        else:
            if stack:
                back[index] = clock[index] - clock[stack[-1]]
        stack.append(index)
    return back, ahead


def _sounding(
    onsets: NDArray[np.float64], durations: NDArray[np.float64], times: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How many notes struck before an event still sound at it."""
    begun = np.searchsorted(onsets, times)
    ended = np.searchsorted(np.sort(onsets + durations), times + CHORD_GAP_S)
    sounding: NDArray[np.float64] = np.maximum(begun - ended, 0).astype(np.float64)
    return sounding


def _novelty(times: NDArray[np.float64], chroma: NDArray[np.float64]) -> NDArray[np.float64]:
    """How unlike the pitch classes of the second to come are to those of the second gone: 0 to 1."""
    sums = np.concatenate([np.zeros((1, 12)), np.cumsum(chroma, 0)])
    here = np.arange(len(times))
    past = sums[here] - sums[np.searchsorted(times, times - HARMONY_S)]
    future = sums[np.searchsorted(times, times + HARMONY_S)] - sums[here]
    norms = np.linalg.norm(past, axis=1) * np.linalg.norm(future, axis=1)
    novelty: NDArray[np.float64] = 1 - (past * future).sum(1) / np.maximum(norms, 1e-9)
    return novelty


def _repetition(
    rows: NDArray[np.float64], members: NDArray[np.int64], count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Seconds since a pitch of the event was last struck: the shortest and the longest of its notes'."""
    shortest, longest = np.full(count, 8.0), np.zeros(count)
    struck: dict[float, float] = {}
    for member, (onset, _, pitch, _) in zip(members.tolist(), rows.tolist(), strict=True):
        since = min(onset - struck.get(pitch, -8.0), 8.0)
        shortest[member] = min(shortest[member], since)
        longest[member] = max(longest[member], since)
        struck[pitch] = onset
    return shortest, longest
