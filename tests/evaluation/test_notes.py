"""Note events and beats: by example, and against mir_eval where it is installed."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abcllm.evaluation.notes import Agreement, TimedNote, compare_beats, compare_notes, match_notes

times = st.integers(0, 400).map(lambda centiseconds: centiseconds / 100)
lengths = st.integers(1, 60).map(lambda centiseconds: centiseconds / 100)
timed_notes = st.lists(
    st.builds(
        lambda onset, length, pitch: TimedNote(onset, onset + length, pitch), times, lengths, st.integers(60, 62)
    ),
    max_size=25,
)


def test_precision_recall_and_f1() -> None:
    agreement = Agreement(3, 4, 6)
    assert (agreement.precision, agreement.recall, agreement.f1) == (0.5, 0.75, 0.6)
    assert Agreement(0, 0, 0).f1 == Agreement(0, 0, 3).precision == Agreement(0, 3, 0).recall == 0


@pytest.mark.parametrize(
    ("estimate", "matched", "with_offset"),
    [
        (TimedNote(1.05, 2.0, 60), 1, 1),
        (TimedNote(1.051, 2.0, 60), 0, 0),
        (TimedNote(0.95, 2.2, 60), 1, 1),
        (TimedNote(1.0, 2.21, 60), 1, 0),
        (TimedNote(1.0, 2.0, 61), 0, 0),
    ],
)
def test_how_near_is_the_same(estimate: TimedNote, matched: int, with_offset: int) -> None:
    reference = [TimedNote(1.0, 2.0, 60)]
    assert compare_notes(reference, [estimate]).matched == matched
    assert compare_notes(reference, [estimate], offsets=True).matched == with_offset


def test_a_note_counts_once() -> None:
    one = TimedNote(1.0, 2.0, 60)
    assert compare_notes([one], [one, one]) == Agreement(1, 1, 2)
    assert compare_notes([one, one], [one]) == Agreement(1, 2, 1)


def test_the_matching_is_the_largest() -> None:
    """The first note must give way to the second: taking what comes first would find one pair only."""
    reference = [TimedNote(1.00, 1.5, 60), TimedNote(1.04, 1.5, 60)]
    estimate = [TimedNote(1.03, 1.5, 60), TimedNote(0.96, 1.5, 60)]
    assert match_notes(reference, estimate) == [(0, 1), (1, 0)]
    assert compare_beats([1.00, 1.06], [1.05, 0.94]) == Agreement(2, 2, 2)


def test_beats() -> None:
    assert compare_beats([0.0, 0.5, 1.0], [0.07, 0.571, 1.0, 1.5]) == Agreement(2, 3, 4)
    assert compare_beats([], [1.0]).f1 == 0


@settings(deadline=None)
@given(timed_notes)
def test_music_is_like_itself(notes: list[TimedNote]) -> None:
    assert compare_notes(notes, notes, offsets=True) == Agreement(len(notes), len(notes), len(notes))


@settings(deadline=None)
@given(timed_notes, timed_notes)
def test_onsets_match_as_often_both_ways(one: list[TimedNote], other: list[TimedNote]) -> None:
    assert compare_notes(one, other).matched == compare_notes(other, one).matched


@pytest.mark.peer
@pytest.mark.parametrize("offsets", [False, True])
def test_mir_eval_finds_the_same(offsets: bool) -> None:
    transcription = pytest.importorskip("mir_eval.transcription", reason="pip install mir_eval")
    numpy = pytest.importorskip("numpy")
    random = Random(1)
    for _ in range(30):
        sides = []
        for _ in range(2):
            onsets = [random.randrange(300) / 100 for _ in range(80)]
            sides.append([TimedNote(t, t + random.randrange(1, 50) / 100, random.randrange(60, 64)) for t in onsets])
        intervals = [numpy.array([[note.onset_s, note.offset_s] for note in side]) for side in sides]
        hertz = [numpy.array([440 * 2 ** ((note.pitch - 69) / 12) for note in side]) for side in sides]
        ratio = 0.2 if offsets else None
        pairs = transcription.match_notes(
            intervals[0], hertz[0], intervals[1], hertz[1], onset_tolerance=0.05, offset_ratio=ratio
        )
        assert compare_notes(*sides, offsets=offsets).matched == len(pairs)


@pytest.mark.peer
def test_mir_eval_counts_beats_alike() -> None:
    beat = pytest.importorskip("mir_eval.beat", reason="pip install mir_eval")
    numpy = pytest.importorskip("numpy")
    random = Random(2)
    for _ in range(30):
        reference = sorted(random.uniform(0, 50) for _ in range(60))
        estimate = sorted(random.uniform(0, 50) for _ in range(70))
        expected = beat.f_measure(numpy.array(reference), numpy.array(estimate))
        assert compare_beats(reference, estimate).f1 == pytest.approx(expected)
