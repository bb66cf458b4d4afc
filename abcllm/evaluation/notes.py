"""Note events and beats against a reference: precision, recall and F1.

A note is found where one of the same MIDI pitch begins within `ONSET_S` of it, and, where offsets are asked for,
ends within `OFFSET_S` of its end or a fifth of its length, whichever is more; a beat where one falls within `BEAT_S`.
Each counts once: the pairs are a largest matching, as mir_eval takes them (Raffel et al. 2014, "mir_eval: a
transparent implementation of common MIR metrics").
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

__all__ = ["BEAT_S", "OFFSET_S", "ONSET_S", "Agreement", "TimedNote", "compare_beats", "compare_notes", "match_notes"]

ONSET_S: Final = 0.05
OFFSET_S: Final = 0.05
OFFSET_SHARE: Final = 0.2
BEAT_S: Final = 0.07
DECIMALS: Final = 4  # differences are compared so far, that a float's last digit decides nothing


class TimedNote(NamedTuple):
    """A note that sounds from `onset_s` to `offset_s`."""

    onset_s: float
    offset_s: float
    pitch: int


class Agreement(NamedTuple):
    """How many of `reference` and of `estimate` things are the same."""

    matched: int
    reference: int
    estimate: int

    @property
    def precision(self) -> float:
        """Share of the estimate that is right; 0 where there is none."""
        return self.matched / self.estimate if self.estimate else 0.0

    @property
    def recall(self) -> float:
        """Share of the reference that was found; 0 where there is none."""
        return self.matched / self.reference if self.reference else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both.

        >>> round(Agreement(matched=2, reference=2, estimate=4).f1, 3)
        0.667
        """
        total = self.reference + self.estimate
        return 2 * self.matched / total if total else 0.0


def compare_notes(reference: Sequence[TimedNote], estimate: Sequence[TimedNote], *, offsets: bool = False) -> Agreement:
    """How far the notes agree: in pitch and onset, with `offsets` also in where they end."""
    return Agreement(len(match_notes(reference, estimate, offsets=offsets)), len(reference), len(estimate))


def match_notes(
    reference: Sequence[TimedNote], estimate: Sequence[TimedNote], *, offsets: bool = False
) -> list[tuple[int, int]]:
    """Pairs of indices of notes that are the same, as many as there can be."""
    by_pitch: dict[int, tuple[list[int], list[int]]] = {}
    for side, notes in enumerate((reference, estimate)):
        for index in sorted(range(len(notes)), key=lambda index: notes[index].onset_s):
            by_pitch.setdefault(notes[index].pitch, ([], []))[side].append(index)
    pairs: list[tuple[int, int]] = []
    for ours, theirs in by_pitch.values():
        onsets = [estimate[index].onset_s for index in theirs]
        near = [_near(onsets, reference[index].onset_s, ONSET_S) for index in ours]
        if offsets:
            near = [
                [place for place in places if _ends_alike(reference[index], estimate[theirs[place]])]
                for index, places in zip(ours, near, strict=True)
            ]
        pairs += [(ours[one], theirs[other]) for one, other in _match(near)]
    return sorted(pairs)


def compare_beats(reference_s: Iterable[float], estimate_s: Iterable[float]) -> Agreement:
    """How far beats (or downbeats), in seconds, agree."""
    ours, theirs = sorted(reference_s), sorted(estimate_s)
    pairs = _match([_near(theirs, beat, BEAT_S) for beat in ours])
    return Agreement(len(pairs), len(ours), len(theirs))


def _near(times: Sequence[float], time: float, tolerance: float) -> list[int]:
    """The places of the times that are as near, in order."""
    places = []
    for place in range(bisect_left(times, time - tolerance - 10**-DECIMALS), len(times)):
        if round(times[place] - time, DECIMALS) > tolerance:
            break
        if round(abs(times[place] - time), DECIMALS) <= tolerance:
            places.append(place)
    return places


def _ends_alike(reference: TimedNote, estimate: TimedNote) -> bool:
    tolerance = max(OFFSET_S, OFFSET_SHARE * (reference.offset_s - reference.onset_s))
    return round(abs(reference.offset_s - estimate.offset_s), DECIMALS) <= tolerance


def _match(near: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """A largest matching of a bipartite graph, given the neighbours of each left node: shortest augmenting paths."""
    right_of: dict[int, int] = {}
    left_of: dict[int, int] = {}
    for first, places in enumerate(near):
        free = next((place for place in places if place not in left_of), None)
        if free is None:
            _augment(first, near, right_of, left_of)
        else:
            right_of[first], left_of[free] = free, first
    return sorted(right_of.items())


def _augment(first: int, near: Sequence[Sequence[int]], right_of: dict[int, int], left_of: dict[int, int]) -> None:
    """Match `first` too, if others can move to other partners."""
    came_from: dict[int, int] = {}
    waiting = deque([first])
    while waiting:
        left = waiting.popleft()
        for place in near[left]:
            if place in came_from:
                continue
            came_from[place] = left
            if place in left_of:
                waiting.append(left_of[place])
                continue
            end: int | None = place
            while end is not None:
                left = came_from[end]
                before = right_of.get(left)
                right_of[left], left_of[end] = end, left
                end = before if left != first else None
            return
