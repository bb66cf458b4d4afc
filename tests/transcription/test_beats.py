"""The beat tracker: what it is told, what it hears, what path it takes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm.evaluation.notes import compare_beats
from abcllm.transcription.beat_features import FEATURE_COUNT, PerformedNote, describe_events, gather_events
from abcllm.transcription.beat_network import PERIODS_S, hear_beats
from abcllm.transcription.beats import count_bars, find_path, follow_beats

ONSETS = st.lists(st.floats(0, 20), min_size=1, max_size=60).map(sorted)
WALTZ = [
    (0, 48, 1.0),
    (1, 64, 0.9),
    (1, 67, 0.9),
    (2, 64, 0.9),
    (2, 67, 0.9),
    (0, 76, 1.5),
    (1.5, 74, 0.5),
    (2, 72, 1.0),
]


def waltz(
    period_s: float, bars: int, jitter_s: float = 0.0, drift: float = 0.0
) -> tuple[list[PerformedNote], list[float]]:
    """A melody over bass and chords, and its beats, with a tempo that drifts by that share from end to end."""
    chance = np.random.default_rng(3)
    periods = period_s * (1 + drift * np.linspace(-0.5, 0.5, bars * 3 + 1))
    times = np.concatenate([[0.3], 0.3 + np.cumsum(periods)])
    notes = []
    for bar in range(bars):
        for place, pitch, length in WALTZ:
            at = float(np.interp(bar * 3 + place, np.arange(len(times)), times) + chance.normal(0, jitter_s))
            moved = pitch + (0, 5, 7, 0)[bar % 4]
            notes.append(PerformedNote(max(at, 0.0), length * period_s * 0.9, moved, 70 if place else 84))
    return sorted(notes), times[: bars * 3].tolist()


@given(ONSETS)
def test_events_part_the_notes_in_order(onsets: list[float]) -> None:
    events = gather_events(np.array(onsets))
    assert len(events.members) == len(onsets)
    assert all(after - before in (0, 1) for before, after in pairwise(events.members.tolist()))
    for event, time in enumerate(events.times_s):
        own = [onset for onset, member in zip(onsets, events.members, strict=True) if member == event]
        assert own[0] == time
        assert own[-1] - own[0] <= 0.071


@given(ONSETS, st.integers(0, 2**32 - 1))
def test_every_event_is_described_in_finite_numbers(onsets: list[float], seed: int) -> None:
    chance = np.random.default_rng(seed)
    notes = [
        PerformedNote(onset, float(chance.uniform(0, 5)), int(chance.integers(0, 128)), int(chance.integers(1, 128)))
        for onset in onsets
    ]
    events = gather_events(np.array(onsets))
    features = describe_events(events, notes)
    assert features.shape == (len(events.times_s), FEATURE_COUNT)
    assert np.isfinite(features).all()
    odds = hear_beats(features)
    assert len(odds.beat) == len(odds.downbeat) == len(events.times_s)
    assert np.allclose(np.exp(odds.period).sum(1), 1, atol=1e-4)


def test_reaches_say_how_long_an_event_stays_the_lowest() -> None:
    notes = [PerformedNote(at, 0.2, pitch, 64) for at, pitch in ((0.0, 40), (0.5, 60), (1.0, 62), (2.0, 38))]
    features = describe_events(gather_events(np.array([note.onset_s for note in notes])), notes)
    ahead = 20
    assert features[0, ahead] == pytest.approx(np.log(8), abs=1e-5), "the next as low is two seconds ahead"
    assert features[3, ahead] == pytest.approx(np.log(32), abs=1e-5), "nothing lower comes"


@pytest.mark.parametrize("period_s", [0.4, 0.55])
def test_beats_of_a_waltz_played_with_drift(period_s: float) -> None:
    notes, beats = waltz(period_s, 24, jitter_s=0.01, drift=0.2)
    found = follow_beats(notes)
    assert compare_beats(beats, found.times_s.tolist()).f1 > 0.9
    assert np.mean(found.bar_beats == 3) > 0.9


def test_beats_go_on_where_nothing_is_struck() -> None:
    times = np.arange(0, 8, 0.05)
    heard = np.where(np.isclose(times % 0.5, 0) | np.isclose(times % 0.5, 0.5), 4.0, -4.0)
    heard[(times > 2.9) & (times < 4.2)] = -4.0
    periods = np.full((len(times), len(PERIODS_S)), -8.0)
    periods[:, np.abs(PERIODS_S - 0.5).argmin()] = 0.0
    path = times[find_path(times, heard, periods)]
    assert np.allclose(np.diff(path), 0.5, atol=0.11)
    assert len(path) == 16


@pytest.mark.parametrize("length", [2, 3, 4])
def test_bars_begin_where_downbeats_are_heard(length: int) -> None:
    downbeats = np.where(np.arange(24) % length == 1, 3.0, -3.0)
    places, lengths = count_bars(downbeats)
    assert set(lengths.tolist()) == {length}
    assert all((index - 1) % length == place for index, place in enumerate(places.tolist()))


def test_bars_of_a_length_that_is_known() -> None:
    places, lengths = count_bars(np.zeros(20), (5,))
    assert set(lengths.tolist()) == {5}
    assert {(after - before) % 5 for before, after in pairwise(places.tolist())} == {1}


@given(st.integers(1, 6))
def test_few_notes_are_followed_too(count: int) -> None:
    found = follow_beats([PerformedNote(0.5 * index, 0.4, 60) for index in range(count)])
    assert len(found.times_s) >= 1
    assert len(found.times_s) == len(found.places) == len(found.bar_beats)
    assert (np.diff(found.times_s) > 0).all()
