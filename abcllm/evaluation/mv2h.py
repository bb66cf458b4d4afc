"""MV2H: how near a transcription is to its reference in multi-pitch, voices, metre, note values and harmony.

The definition is that of McLeod and Steedman 2018, "Evaluating automatic polyphonic music transcription" (ISMIR), with
chords in voices as its authors added them in version 2.1: notes of a voice with the same value onset and offset form
a cluster, which leads to the clusters that begin where it ends, or else to the next ones. No fault is counted twice:
voices are judged on the notes that were found, note values on those whose voice goes on as in the reference.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple, TypeVar

from .notes import Agreement

__all__ = ["ALIGNED", "PERFORMED", "KeyName", "Music", "Score", "Tolerance", "VoiceNote", "compare_keys", "score"]

Value = TypeVar("Value")
Cluster = tuple[int, int]


class VoiceNote(NamedTuple):
    """A note; times in milliseconds. `onset` is when it was played, the value times are those of the score."""

    pitch: int
    onset: int
    value_onset: int
    value_offset: int
    voice: int


class KeyName(NamedTuple):
    """A key: pitch class of its tonic, and whether it is major."""

    tonic: int
    is_major: bool


class Music(NamedTuple):
    """What is compared. `groupings` are (start, end) of every bar, beat and part of a beat; keys and chords hold from
    their time on; `end` is when all is over.
    """

    notes: tuple[VoiceNote, ...]
    groupings: tuple[tuple[int, int], ...]
    keys: tuple[tuple[int, KeyName], ...] = ()
    chords: tuple[tuple[int, str], ...] = ()

    @property
    def end(self) -> int:
        """The time at which the last thing ends."""
        offsets = [note.value_offset for note in self.notes]
        return max([*offsets, *(end for _, end in self.groupings), *(time for time, _ in self.chords)], default=0)


class Tolerance(NamedTuple):
    """How far times may lie apart, in milliseconds, to be the same."""

    onset: int
    value: int
    grouping: int


PERFORMED: Final = Tolerance(50, 100, 50)
ALIGNED: Final = Tolerance(0, 20, 20)


class Score(NamedTuple):
    """The five parts of MV2H, each between 0 and 1."""

    multi_pitch: float
    voice: float
    meter: float
    value: float
    harmony: float

    @property
    def mv2h(self) -> float:
        """Their mean."""
        return sum(self) / len(self)


def score(reference: Music, estimate: Music, tolerance: Tolerance = PERFORMED) -> Score:
    """MV2H of an estimate whose times are those of its reference."""
    pairs = _match_notes(reference.notes, estimate.notes, tolerance.onset)
    voices = _Voices(reference, estimate, pairs, tolerance)
    return Score(
        Agreement(len(pairs), len(reference.notes), len(estimate.notes)).f1,
        voices.f1(),
        _compare_groupings(reference.groupings, estimate.groupings, tolerance.grouping).f1,
        voices.value_score(),
        _harmony(reference, estimate),
    )


# -- notes ---------------------------------------------------------------------------------------------------


def _match_notes(reference: Sequence[VoiceNote], estimate: Sequence[VoiceNote], tolerance: int) -> dict[int, int]:
    """Index of a reference note for each note of the estimate that is one: the first in the score that is free."""
    free: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for index, note in enumerate(reference):
        free[note.pitch].append((note.onset, index))
    for onsets in free.values():
        onsets.sort()
    pairs: dict[int, int] = {}
    for index in sorted(range(len(estimate)), key=lambda index: _order(estimate[index])):
        pitch, onset = estimate[index].pitch, estimate[index].onset
        onsets = free[pitch]
        near = onsets[bisect_left(onsets, (onset - tolerance, -1)) : bisect_left(onsets, (onset + tolerance + 1, -1))]
        if near:
            chosen = min(near, key=lambda pair: _order(reference[pair[1]]))
            onsets.remove(chosen)
            pairs[index] = chosen[1]
    return pairs


def _order(note: VoiceNote) -> tuple[int, int, int]:
    return note.value_onset, note.pitch, note.onset


# -- voices and note values ----------------------------------------------------------------------------------


class _Links:
    """The clusters of each voice and which lead to which, for some of the notes of a piece."""

    def __init__(self, notes: Sequence[VoiceNote], chosen: Sequence[int]) -> None:
        self.notes = notes
        self.clusters: dict[int, dict[Cluster, list[int]]] = defaultdict(dict)
        for index in chosen:
            note = notes[index]
            self.clusters[note.voice].setdefault((note.value_onset, note.value_offset), []).append(index)
        self.following: dict[tuple[int, Cluster], list[int]] = {}
        for voice, clusters in self.clusters.items():
            keys = sorted(clusters)
            onsets = [onset for onset, _ in keys]
            for place, key in enumerate(keys):
                first = bisect_left(onsets, key[1], lo=place + 1)
                last = first
                while last < len(keys) and onsets[last] == onsets[first]:
                    last += 1
                self.following[voice, key] = [index for other in keys[first:last] for index in clusters[other]]

    def after(self, index: int) -> list[int]:
        """The notes to which a note leads in its voice."""
        note = self.notes[index]
        return self.following[note.voice, (note.value_onset, note.value_offset)]

    def beside(self, index: int) -> int:
        """How many notes its cluster has."""
        note = self.notes[index]
        return len(self.clusters[note.voice][note.value_onset, note.value_offset])


class _Voices:
    """Voice separation and note values, on the notes that were found."""

    def __init__(self, reference: Music, estimate: Music, pairs: dict[int, int], tolerance: Tolerance) -> None:
        self.reference, self.estimate, self.pairs, self.tolerance = reference.notes, estimate.notes, pairs, tolerance
        self.matched = 0.0
        self.missed = self.wrong = 0.0
        self.checked: list[int] = []
        found = _Links(estimate.notes, list(pairs))
        wanted = _Links(reference.notes, sorted(pairs.values()))
        whole = _Links(reference.notes, range(len(reference.notes)))
        for index, other in pairs.items():
            after, wanted_after = found.after(index), wanted.after(other)
            self._count(after, wanted_after, found.beside(index))
            original = whole.after(other)
            if (not original and not after) or any(self._is_same(n, m) for m in original for n in after):
                self.checked.append(index)

    def _is_same(self, index: int, other: int) -> bool:
        note, wanted = self.estimate[index], self.reference[other]
        return note.pitch == wanted.pitch and abs(note.onset - wanted.onset) <= self.tolerance.onset

    def _count(self, after: Sequence[int], wanted: Sequence[int], size: int) -> None:
        """Add the links of one note, all of them together as much as one note of its cluster."""
        total = (len(after) + len(wanted)) / 2
        if not total:
            return
        left = list(wanted)
        hits = 0
        for index in after:
            same = next((other for other in left if self._is_same(index, other)), None)
            if same is not None:
                left.remove(same)
                hits += 1
        weight = total * size
        self.matched += hits / weight
        self.wrong += (len(after) - hits) / weight
        self.missed += len(left) / weight

    def f1(self) -> float:
        total = 2 * self.matched + self.wrong + self.missed
        return 2 * self.matched / total if total else 0.0

    def value_score(self) -> float:
        """Mean of how near the lengths come: 1 where they are the same, 0 where they are off by all their length."""
        scores = []
        for index in self.checked:
            note, wanted = self.estimate[index], self.reference[self.pairs[index]]
            length = wanted.value_offset - wanted.value_onset
            off = abs(note.value_offset - note.value_onset - length)
            scores.append(1.0 if off <= self.tolerance.value else max(0.0, 1 - off / length) if length else 0.0)
        return sum(scores) / len(scores) if scores else 0.0


# -- metre and harmony ---------------------------------------------------------------------------------------


def _compare_groupings(
    reference: Sequence[tuple[int, int]], estimate: Sequence[tuple[int, int]], tolerance: int
) -> Agreement:
    """Groupings are the same where both their ends are."""
    left = sorted(reference)
    free = [True] * len(left)
    matched = 0
    for start, end in sorted(estimate):
        for place in range(bisect_left(left, (start - tolerance, 0)), len(left)):
            if left[place][0] > start + tolerance:
                break
            if free[place] and abs(left[place][1] - end) <= tolerance:
                free[place] = False
                matched += 1
                break
    return Agreement(matched, len(reference), len(estimate))


def _harmony(reference: Music, estimate: Music) -> float:
    """The mean of keys and chords, of what the reference has."""
    parts = []
    if reference.keys:
        parts.append(_overlap(reference.keys, estimate.keys, reference.end, compare_keys))
    if reference.chords:
        parts.append(_overlap(reference.chords, estimate.chords, reference.end, lambda one, other: float(one == other)))
    return sum(parts) / len(parts) if parts else 0.0


def _overlap(
    reference: Sequence[tuple[int, Value]],
    estimate: Sequence[tuple[int, Value]],
    end: int,
    compare: Callable[[Value, Value], float],
) -> float:
    """How alike two progressions are, by the time that each pair of their values shares."""
    total = end - reference[0][0]
    shared: Counter[float] = Counter()
    stretches = list(_stretches(estimate, end))
    for start, stop, value in _stretches(reference, end):
        for begin, close, other in stretches:
            if (length := min(stop, close) - max(start, begin)) > 0:
                shared[compare(value, other)] += length
    return sum(likeness * length for likeness, length in shared.items()) / total if total > 0 else 0.0


def _stretches(changes: Sequence[tuple[int, Value]], end: int) -> list[tuple[int, int, Value]]:
    latest = dict(sorted(changes, key=lambda change: change[0]))
    times = [*latest, end]
    return [(start, min(stop, end), latest[start]) for start, stop in pairwise(times)]


def compare_keys(reference: KeyName, estimate: KeyName) -> float:
    """1 for the same key, 0.5 for a fifth away, 0.3 for the relative, 0.2 for the parallel key (MIREX)."""
    away = (estimate.tonic - reference.tonic) % 12
    if reference.is_major == estimate.is_major:
        return {0: 1.0, 7: 0.5, 5: 0.5}.get(away, 0.0)
    relative = 9 if reference.is_major else 3
    return {relative: 0.3, 0: 0.2}.get(away, 0.0)
