"""Two scores brought onto one time line, so that MV2H can be taken of a transcription with a tempo of its own.

Source: McLeod 2019, "Evaluating non-aligned musical score transcriptions with MV2H" (arXiv:1906.00566). Notes with
one value onset form a chord; chords are aligned by dynamic time warping, where two cost 1 less the F1 of their
pitches, and one that is left out costs 1. Times between chords are moved in proportion. Of several alignments of
equal cost one is taken, not the best of all of them: scores are at most a little too low.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

import numpy as np

from .mv2h import ALIGNED, Music, Score, score

__all__ = ["align", "score_unaligned"]

PITCHES: Final = 128
LEFT_OUT: Final = 1.0
TOGETHER, ABOVE, BESIDE = 0, 1, 2


def score_unaligned(reference: Music, estimate: Music) -> Score:
    """MV2H of an estimate whose times are its own."""
    return score(reference, align(reference, estimate), ALIGNED)


def align(reference: Music, estimate: Music) -> Music:
    """The estimate with its times moved to those of the reference."""
    ours, theirs = _onsets(reference), _onsets(estimate)
    if not ours or not theirs:
        return estimate
    pairs = _pairs(_chords(reference, ours), _chords(estimate, theirs))
    anchors = [(theirs[other], ours[one]) for one, other in pairs]
    times = {time: _moved(time, anchors) for time in _times(estimate)}
    return Music(
        tuple(
            note._replace(
                onset=times[note.onset], value_onset=times[note.value_onset], value_offset=times[note.value_offset]
            )
            for note in estimate.notes
        ),
        tuple((times[start], times[end]) for start, end in estimate.groupings),
        tuple((times[time], key) for time, key in estimate.keys),
        tuple((times[time], chord) for time, chord in estimate.chords),
    )


def _onsets(music: Music) -> list[int]:
    return sorted({note.value_onset for note in music.notes})


def _times(music: Music) -> set[int]:
    times = {time for note in music.notes for time in note[1:4]}
    times |= {time for grouping in music.groupings for time in grouping}
    return times | {time for time, _ in (*music.keys, *music.chords)}


def _chords(music: Music, onsets: Sequence[int]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """A row for each onset, 1 at the pitches that begin there."""
    place = {onset: index for index, onset in enumerate(onsets)}
    chords = np.zeros((len(onsets), PITCHES), dtype=np.float32)
    for note in music.notes:
        chords[place[note.value_onset], min(max(note.pitch, 0), PITCHES - 1)] = 1
    return chords


def _pairs(
    ours: np.ndarray[tuple[int, int], np.dtype[np.float32]], theirs: np.ndarray[tuple[int, int], np.dtype[np.float32]]
) -> list[tuple[int, int]]:
    """The chords that belong together. The first two always do.

    A row of costs is filled at once: what it costs to leave chords out to the left is a running minimum of the costs
    less what reaching their column so would cost.
    """
    rows, columns = len(ours), len(theirs)
    came = np.zeros((rows, columns), dtype=np.int8)
    sizes = theirs.sum(axis=1)
    steps = np.arange(columns, dtype=np.float64) * LEFT_OUT
    before = np.full(columns + 1, np.inf)
    before[0] = 0.0
    for row in range(rows):
        distance = 1 - 2 * (theirs @ ours[row]) / (sizes + ours[row].sum())
        together = before[:-1] + distance
        above = before[1:] + LEFT_OUT
        base = np.minimum(together, above)
        cost = np.minimum.accumulate(base - steps) + steps
        came[row] = np.where(together <= cost + 1e-9, TOGETHER, np.where(above <= cost + 1e-9, ABOVE, BESIDE))
        before = np.concatenate(([np.inf], cost))
    pairs = []
    row, column = rows - 1, columns - 1
    while row >= 0 and column >= 0:
        step = came[row, column]
        if step == TOGETHER:
            pairs.append((row, column))
            row, column = row - 1, column - 1
        elif step == ABOVE:
            row -= 1
        else:
            column -= 1
    return pairs[::-1]


def _moved(time: int, anchors: Sequence[tuple[int, int]]) -> int:
    """A time of the estimate on the line of the reference, in proportion between (or beyond) the nearest anchors."""
    place = bisect_left(anchors, (time, -1))
    if place < len(anchors) and anchors[place][0] == time:
        return anchors[place][1]
    if len(anchors) < 2:
        return time - anchors[0][0] + anchors[0][1] if anchors else time
    first = min(max(place - 1, 0), len(anchors) - 2)
    (start, moved_start), (end, moved_end) = anchors[first : first + 2]
    rate = (moved_end - moved_start) / (end - start)
    return round(rate * (time - start) + moved_start)
