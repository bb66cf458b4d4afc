"""Performances made of scores, as a player with fingers, feet and feelings would give them: all labels are known.

Tempo is a slow walk with phrase arches, breaths and a last ritardando; notes of a chord part a little, the melody
leads, hands disagree, pedals lengthen, trills and graces are spelled out, notes are missed or struck beside.
Models: Widmer and Goebl 2004 (a survey of expressive performance); Repp 1996 (melody lead).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scores import PlainScore

__all__ = ["Performed", "break_chords", "coarsen", "layer", "perform_score"]

Floats = NDArray[np.float64]


class Performed(NamedTuple):
    """`notes` are rows of onset, duration (seconds), pitch, velocity in order; `beats` rows of time and downbeat."""

    notes: Floats
    beats: Floats


def perform_score(score: PlainScore, chance: np.random.Generator, longest_beats: int = 160) -> Performed:
    """A stretch of the score performed."""
    feeling = chance.beta(1.3, 1.6)
    beats = score.beats.astype(np.float64)
    notes = score.notes.astype(np.float64)
    if len(beats) > longest_beats:
        first = chance.integers(0, len(beats) - longest_beats)
        beats = beats[first : first + longest_beats]
        notes = notes[(notes[:, 0] >= beats[0, 0] - 0.01) & (notes[:, 0] < beats[-1, 0])]
    parts = np.unique(notes[:, 3])
    if len(parts) >= 3 and chance.random() < 0.7:
        notes = notes[notes[:, 3] != parts[0]]
    if len(notes) < 12 or len(beats) < 8:
        return Performed(np.zeros((0, 4)), np.zeros((0, 2)))
    density = len(np.unique(notes[:, 0])) / len(beats)
    clock = _Clock(beats, density, score.qpm, feeling, chance)
    played = _play(notes, clock, feeling, chance)
    times = clock(beats[:, 0])
    return Performed(played[np.argsort(played[:, 0], kind="stable")], np.stack([times, beats[:, 1]], 1))


def layer(scores: Sequence[PlainScore], chance: np.random.Generator) -> PlainScore:
    """Tunes of one metre played together as the voices of a fugue might be: later, lower, some in double values."""
    first = scores[0]
    bars = first.beats[first.beats[:, 1] > 0, 0]
    if len(bars) < 4:
        return first
    kind = _metre_of(first)
    rows = [first.notes]
    lower = 0
    others = [score for score in scores[1:] if _metre_of(score) == kind][:2]
    for number, other in enumerate(others, 1):
        notes = other.notes.copy()
        begins = other.beats[other.beats[:, 1] > 0, 0]
        delay = bars[chance.integers(0, min(len(bars), 5))] - begins[0]
        slower = chance.choice([1, 1, 2])
        notes[:, 0] = (notes[:, 0] - begins[0]) * slower + begins[0] + delay
        notes[:, 1] *= slower
        lower += int(chance.choice([12, 17, 24]))
        notes[:, 2] -= lower
        notes[:, 3] = number
        rows.append(notes[(notes[:, 0] >= 0) & (notes[:, 0] < first.beats[-1, 0])])
    mixed = np.concatenate(rows)
    return PlainScore(mixed[np.argsort(mixed[:, 0], kind="stable")], first.beats, 0.0)


def coarsen(score: PlainScore) -> PlainScore:
    """The score with beats twice as long: the same notes as if written in shorter values. Only where beats fall in two
    and bars have two or four of them."""
    beats = score.beats
    bars = np.flatnonzero(beats[:, 1] > 0)
    length, bar = _metre_of(score)
    count = round(bar / length)
    if len(bars) < 3 or count not in (2, 4) or length % 1.5 == 0:
        return score
    number = np.maximum(np.searchsorted(bars, np.arange(len(beats)), "right") - 1, 0)
    kept = beats[(np.arange(len(beats)) - bars[number]) % 2 == 0].copy()
    if count == 2:
        kept[:, 1] = np.arange(len(kept)) % 2 == 0
    return score._replace(beats=kept)


def break_chords(score: PlainScore, chance: np.random.Generator) -> PlainScore:
    """Chords of one part become broken chords: so many equal notes in the time of each."""
    notes = score.notes
    part = chance.choice(np.unique(notes[:, 3]))
    count = int(chance.choice([2, 3, 4, 4, 6, 8]))
    order = chance.permutation(4)
    rows = []
    where = (notes[:, 3] == part) & (notes[:, 4] == 0)
    rows.append(notes[~where])
    mine = notes[where]
    for onset in np.unique(mine[:, 0]):
        chord = mine[mine[:, 0] == onset]
        length = chord[:, 1].min()
        if len(chord) < 2 or length < 0.5 or length / count < 0.08:
            rows.append(chord)
            continue
        places = onset + np.arange(count) * length / count
        pitches = np.sort(chord[:, 2])[order[np.arange(count) % 4] % len(chord)]
        full = np.full(count, length / count)
        rows.append(np.stack([places, full, pitches, np.full(count, part), np.zeros(count)], 1))
    broken = np.concatenate(rows).astype(np.float32)
    return score._replace(notes=broken[np.argsort(broken[:, 0], kind="stable")])


def _metre_of(score: PlainScore) -> tuple[float, float]:
    """Quarters of a beat and of a bar."""
    bars = score.beats[score.beats[:, 1] > 0, 0]
    return float(np.median(np.diff(score.beats[:, 0]))), float(np.median(np.diff(bars))) if len(bars) > 1 else 0.0


class _Clock:
    """Seconds of a place in quarters."""

    def __init__(self, beats: Floats, density: float, qpm: float, feeling: float, chance: np.random.Generator) -> None:
        length = float(np.median(np.diff(beats[:, 0])))
        if density > 0 and chance.random() < 0.6:
            period = density * np.exp(chance.normal(np.log(0.17), 0.4))
        elif qpm > 0:
            period = 60 / qpm * length * np.exp(chance.normal(-0.15, 0.3))
        else:
            period = 0.52 * np.exp(chance.normal(0, 0.35))
        period = float(np.clip(period, 0.21, 2.4))
        count = len(beats)
        walk = np.zeros(count)
        memory = np.exp(-1 / chance.uniform(3, 16))
        steps = chance.normal(0, 1, count) * np.sqrt(1 - memory**2)
        for index in range(1, count):
            walk[index] = memory * walk[index - 1] + steps[index]
        slow = walk * feeling * chance.uniform(0.05, 0.25)
        slow += chance.normal(0, 1, count) * feeling * chance.uniform(0.01, 0.09)
        bars = np.flatnonzero(beats[:, 1] > 0)
        phrase = int(chance.choice([2, 4, 4, 8]))
        depth = feeling * chance.uniform(0, 0.35)
        for first, last in zip(bars[::phrase], [*bars[phrase::phrase], count], strict=False):
            place = np.linspace(-1, 1, max(last - first, 1))
            slow[first:last] += depth * (place - chance.uniform(-0.3, 0.1)) ** 2 - depth / 3
            if last - first >= 4 and chance.random() < 0.5 * feeling:
                tail = chance.integers(1, 4)
                slow[last - tail : last] += chance.uniform(0, 0.5) * np.linspace(0.3, 1, tail)
            if chance.random() < 0.12 * feeling:
                slow[last - 1] += chance.uniform(0.2, 1.0)
        if chance.random() < 0.3 and len(bars) > 4:
            slow[int(chance.choice(bars)) :] += chance.normal(0, 0.3)
        tail = int(min(chance.integers(2, 8), count))
        slow[count - tail :] += chance.uniform(0, 0.6) * feeling * np.linspace(0.1, 1, tail)
        periods = np.clip(period * np.exp(slow), 0.15, 4.0)
        spans = np.diff(beats[:, 0], append=beats[-1, 0] + length) / length
        self.places = np.append(beats[:, 0], beats[-1, 0] + length)
        self.times = np.concatenate([[0.0], np.cumsum(periods * spans)]) + chance.uniform(0, 2)
        self.period = period
        self.length = length

    def __call__(self, places: Floats) -> Floats:
        times = np.interp(places, self.places, self.times)
        before, after = places < self.places[0], places > self.places[-1]
        rate = self.period / self.length
        times[before] = self.times[0] + (places[before] - self.places[0]) * rate
        times[after] = self.times[-1] + (places[after] - self.places[-1]) * rate
        return times


def _play(notes: Floats, clock: _Clock, feeling: float, chance: np.random.Generator) -> Floats:
    onset, length, pitch, part, grace = notes.T
    parts = np.unique(part)
    begin, end = clock(onset), clock(onset + length)
    chord = np.unique(np.round(onset, 4), return_inverse=True)[1]
    top = np.full(chord.max() + 1, -1.0)
    np.maximum.at(top, chord, pitch)
    melody = pitch == top[chord]
    time = begin + chance.normal(0, 1, len(notes)) * (0.002 + feeling * chance.uniform(0.002, 0.014))
    time[melody] -= feeling * chance.uniform(0, 0.03)
    for name in parts:
        time[part == name] += chance.normal(0, 0.012) * feeling
    swing = chance.random() < 0.06
    if swing:
        off = np.abs((onset / clock.length) % 1 - 0.5) < 0.01
        time[off] += clock.period * chance.uniform(0.03, 0.16)
    rolled = chance.random(chord.max() + 1) < feeling * chance.choice([0, 0.02, 0.1])
    order = np.lexsort((pitch, chord))
    rank = np.arange(len(order)) - np.searchsorted(chord[order], chord[order])
    ranks = np.empty(len(order))
    ranks[order] = rank
    time += rolled[chord] * ranks * chance.uniform(0.015, 0.06)
    time[grace > 0] -= chance.uniform(0.05, 0.14) * (1 + 0.3 * chance.random(int((grace > 0).sum())))
    held = np.maximum(end - begin, 0.04)
    held = np.where(grace > 0, 0.08, held)
    for name in parts:
        mine = part == name
        touch = chance.choice([chance.uniform(0.25, 0.7), chance.uniform(0.7, 1.0), chance.uniform(0.95, 1.1)])
        held[mine] *= touch * np.exp(chance.normal(0, 0.15, int(mine.sum())))
    if chance.random() < 0.4:
        step = clock.length * chance.choice([1, 1, 2, 4])
        lifts = clock((np.floor(onset / step) + 1) * step) - chance.uniform(0, 0.08)
        pedalled = chance.random(len(notes)) < chance.uniform(0.3, 1.0)
        held = np.where(pedalled, np.maximum(held, lifts - time), held)
    velocity = _loudness(notes, melody, clock, feeling, chance)
    rows = np.stack([time, np.maximum(held, 0.03), pitch + chance.integers(-6, 7), velocity], 1)
    rows = _ornamented(rows, melody & (grace == 0), chance)
    kept = chance.random(len(rows)) >= chance.choice([0, 0, 0.01, 0.04])
    rows = rows[kept]
    if chance.random() < 0.3:
        extra = rows[chance.random(len(rows)) < chance.uniform(0, 0.03)].copy()
        extra[:, 0] += chance.normal(0, 0.2, len(extra))
        extra[:, 2] += chance.choice([-12, 12, 7, 1, -1], len(extra))
        extra[:, 3] *= 0.6
        rows = np.concatenate([rows, extra])
    rows[:, 0] = np.maximum(rows[:, 0], 0)
    rows[:, 2] = np.clip(rows[:, 2], 21, 108)
    rows[:, 3] = np.clip(np.round(rows[:, 3]), 1, 127)
    return rows


def _loudness(
    notes: Floats, melody: NDArray[np.bool_], clock: _Clock, feeling: float, chance: np.random.Generator
) -> Floats:
    onset, _, pitch, part, _ = notes.T
    if chance.random() < 0.08:
        return np.full(len(notes), 64.0)
    base = chance.uniform(45, 80) + 12 * feeling * np.sin(
        onset / clock.length / chance.uniform(4, 20) + chance.uniform(0, 6)
    )
    accent = chance.uniform(-1, 8) * (np.abs(onset / clock.length - np.round(onset / clock.length)) < 0.01)
    for name in np.unique(part):
        base = base + (part == name) * chance.normal(0, 6)
    contour = (pitch - 64) * chance.uniform(-0.1, 0.4)
    return np.asarray(
        base
        + accent
        + contour
        + melody * chance.uniform(0, 14)
        + chance.normal(0, 1, len(notes)) * chance.uniform(2, 9)
    )


def _ornamented(rows: Floats, melody: NDArray[np.bool_], chance: np.random.Generator) -> Floats:
    """Some long notes become trills, some get a mordent."""
    if chance.random() > 0.35:
        return rows
    wanted = melody & (rows[:, 1] > 0.3) & (chance.random(len(rows)) < chance.uniform(0.01, 0.12))
    added = [rows[~wanted]]
    for time, held, pitch, velocity in rows[wanted]:
        step = chance.uniform(0.06, 0.13)
        count = int(held / step) if chance.random() < 0.5 else 3
        count = max(min(count, 24), 2)
        places = time + np.arange(count) * step * np.exp(chance.normal(0, 0.05, count))
        other = pitch + chance.choice([1, 2, -1])
        pitches = np.where(np.arange(count) % 2 == 0, pitch, other)
        lengths = np.full(count, step)
        lengths[-1] = max(held - count * step, step)
        added.append(np.stack([places, lengths, pitches, velocity + chance.normal(0, 5, count)], 1))
    return np.concatenate(added)
