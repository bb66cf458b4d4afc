"""Beats and downbeats of a performance: a path through times that might be beats, with a tempo that changes little.

Times that might be beats are the events and, in long gaps, points between them. A path of beats wins what the network
hears at each (`beat_network`), keeps or loses by how well the interval fits the period heard there, and pays for each
change of tempo; the best path is found by dynamic programming (Ellis 2007; the states are those of the bar pointer
model of Krebs, Böck and Widmer 2015, reduced to beat and period). Bars are then the best path through positions in
bars of two to four beats, with a price for changing the metre.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .beat_features import PerformedNote, describe_events, gather_events
from .beat_network import PERIODS_S, BeatOdds, hear_beats

__all__ = ["BAR_LENGTHS", "SILENT_ODDS", "Beats", "Heard", "count_bars", "find_path", "follow_beats", "hear_notes"]

TEMPO_STEP: Final = 0.035
SHORTEST_S: Final = 0.18
LONGEST_S: Final = 3.0
CHANGE_COST: Final = 6.0
CHANGE_MOST: Final = 5.0
PERIOD_WEIGHT: Final = 1.0
SILENT_ODDS: Final = -4.0
BEAT_BONUS: Final = 1.5
LEFT_OUT: Final = 0.5
SILENT_STEP_S: Final = 0.05
BAR_LENGTHS: Final = (2, 3, 4)
METER_COST: Final = 8.0

Floats = NDArray[np.float64]


class Beats(NamedTuple):
    """`times_s` of the beats, and the place of each in its bar, counted from 0; `bar_beats` is each bar's number of
    beats, given at every beat."""

    times_s: Floats
    places: NDArray[np.int64]
    bar_beats: NDArray[np.int64]


class Heard(NamedTuple):
    """`times_s` of events and what the network makes of each."""

    times_s: Floats
    odds: BeatOdds


def hear_notes(notes: Sequence[PerformedNote]) -> Heard:
    """What the network hears in notes in order of onset."""
    rows = np.array(notes, np.float64).reshape(-1, 4)
    events = gather_events(rows[:, 0])
    return Heard(events.times_s, hear_beats(describe_events(events, rows)))


def follow_beats(notes: Sequence[PerformedNote], bar_lengths: Sequence[int] = BAR_LENGTHS) -> Beats:
    """Beats and bars of notes in order of onset; a bar has one of these numbers of beats."""
    if len(notes) < 2:
        return Beats(np.array([note.onset_s for note in notes]), np.zeros(len(notes), np.int64), np.full(len(notes), 4))
    times, heard, downbeats, periods = _candidates(*hear_notes(notes))
    path = find_path(times, heard, periods)
    places, lengths = count_bars(downbeats[path], bar_lengths)
    return Beats(times[path], places, lengths)


def _candidates(times: Floats, odds: BeatOdds) -> tuple[Floats, Floats, Floats, Floats]:
    """Times that might be beats with the log odds of beat and downbeat and the periods likely there."""
    gaps = np.diff(times)
    extra = [
        np.arange(begin + SILENT_STEP_S, begin + gap - SILENT_STEP_S / 2, SILENT_STEP_S)
        for begin, gap in zip(times, gaps, strict=False)
        if gap > 2 * SILENT_STEP_S
    ]
    silent = np.concatenate(extra) if extra else np.zeros(0)
    before = np.clip(np.searchsorted(times, silent) - 1, 0, len(times) - 1)
    order = np.argsort(np.concatenate([times, silent]), kind="stable")
    heard = np.concatenate([odds.beat, np.full(len(silent), SILENT_ODDS)])[order]
    downbeats = np.concatenate([odds.downbeat, np.full(len(silent), SILENT_ODDS)])[order]
    periods = np.concatenate([odds.period, odds.period[before]])[order]
    return np.concatenate([times, silent])[order], heard, downbeats, periods


def find_path(times: Floats, heard: Floats, periods: Floats) -> list[int]:
    """Indices of the candidates on the best path.

    `heard` are log odds of a beat, `periods` log likelihoods of `PERIODS_S`, of each of the `times`. The state of the
    programme is a beat and the interval that led to it; a path may begin anywhere and end near the end, and
    pays half of what the beats that it leaves out there would have brought.
    """
    intervals = np.arange(np.log(SHORTEST_S), np.log(LONGEST_S), TEMPO_STEP)
    width = np.arange(len(intervals))
    gains = _gains(intervals, heard, periods)
    change = np.minimum(CHANGE_COST * np.abs(intervals[:, None] - intervals[None]), CHANGE_MOST)
    missed = LEFT_OUT * np.concatenate([[0.0], np.cumsum(np.logaddexp(0, heard))])
    count = len(times)
    best = np.full((count, len(intervals)), -np.inf)
    onward = np.zeros((count, len(intervals)))
    origin = np.full((count, len(intervals)), -1)
    came = np.zeros((count, len(intervals)), np.int64)
    earliest = np.searchsorted(times, times - LONGEST_S)
    latest = np.searchsorted(times, times - SHORTEST_S, "right")
    for here in range(count):
        row, source = best[here], origin[here]
        before = np.arange(earliest[here], latest[here])
        if len(before):
            steps = (np.log(times[here] - times[before]) - intervals[0]) / TEMPO_STEP
            places = np.clip(np.round(steps), 0, width[-1]).astype(np.int64)
            scores = onward[before, places]
            order = np.argsort(scores)
            row[places[order]] = scores[order]
            source[places[order]] = before[order]
        begins = row < -missed[here]
        row[begins] = -missed[here]
        source[begins] = -1
        row += gains[here]
        links = row[None] - change
        came[here] = links.argmax(1)
        onward[here] = links[width, came[here]]
    last = int(np.searchsorted(times, times[-1] - LONGEST_S))
    ends = best[last:] + (missed[1 + last :] - missed[-1])[:, None]
    here, interval = (int(index) for index in np.unravel_index(ends.argmax(), ends.shape))
    here += last
    path = [here]
    while origin[here, interval] >= 0:
        here = int(origin[here, interval])
        interval = int(came[here, interval])
        path.append(here)
    return path[::-1]


def _gains(intervals: Floats, heard: Floats, periods: Floats) -> Floats:
    """What a beat at each candidate brings after each interval (a logarithm of seconds)."""
    known = np.log(PERIODS_S)
    after = np.clip(np.searchsorted(known, intervals), 1, len(known) - 1)
    share = np.clip((intervals - known[after - 1]) / (known[after] - known[after - 1]), 0, 1)
    likely = periods[:, after - 1] * (1 - share) + periods[:, after] * share
    gains: Floats = PERIOD_WEIGHT * (likely + np.log(len(known))) + heard[:, None] + BEAT_BONUS
    return gains


def count_bars(
    downbeats: Floats, bar_lengths: Sequence[int] = BAR_LENGTHS
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Place in the bar and length of the bar of each beat, by Viterbi over (length, place)."""
    states = [(length, place) for length in bar_lengths for place in range(length)]
    first = np.array([place == 0 for _, place in states])
    number = {state: index for index, state in enumerate(states)}
    score = np.where(first, 0.0, -1.0) + np.where(first, downbeats[0], 0.0)
    back = np.zeros((len(downbeats), len(states)), np.int64)
    for index in range(1, len(downbeats)):
        fresh = np.empty(len(states))
        ends = [number[length, length - 1] for length in bar_lengths]
        for state, (length, place) in enumerate(states):
            if place:
                source = number[length, place - 1]
                fresh[state] = score[source]
            else:
                costs = [score[end] - (METER_COST if states[end][0] != length else 0.0) for end in ends]
                pick = int(np.argmax(costs))
                source = ends[pick]
                fresh[state] = costs[pick]
            back[index, state] = source
        score = fresh + np.where(first, downbeats[index], 0.0)
    state = int(score.argmax())
    path = [state]
    for index in range(len(downbeats) - 1, 0, -1):
        state = int(back[index, state])
        path.append(state)
    found = np.array([states[state] for state in path[::-1]], np.int64)
    return found[:, 1], found[:, 0]
