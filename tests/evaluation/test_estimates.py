"""Estimates: values as they are, intervals that hold the truth as often as they say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm.evaluation.estimates import Pair, bootstrap, ratio, wilson


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605)],
)
def test_wilson_as_published(part: int, whole: int, low: float, high: float) -> None:
    """The last two are the examples of Newcombe, Two-sided confidence intervals (1998), table I."""
    found = wilson(part, whole)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), min_size=1, max_size=30))
def test_a_value_lies_in_its_interval(counts: list[tuple[int, int]]) -> None:
    pairs = [Pair(min(part, whole), whole) for part, whole in counts]
    found = ratio(pairs)
    assert found is not None
    assert found.value == pytest.approx(sum(pair.part for pair in pairs) / sum(pair.whole for pair in pairs))
    assert found.low - 1e-9 <= found.value <= found.high + 1e-9
    assert found.n == len(pairs)


def test_the_bootstrap_holds_the_mean_of_a_normal_distribution() -> None:
    """In 200 samples of 50, nearly 95 % of the intervals hold the true mean."""
    random = np.random.default_rng(1)
    held = 0
    for _ in range(200):
        sample = random.normal(3, 1, 50)
        found = ratio([Pair(one) for one in sample.tolist()])
        assert found is not None
        held += found.low <= 3 <= found.high
    assert 180 <= held <= 198


def test_no_doubt_is_left_where_nothing_was_wrong() -> None:
    """No wrong bar in 300 bars of 10 tunes does not say that there never is one."""
    found = ratio([Pair(0, 30)] * 10)
    assert found is not None
    assert (found.value, found.low) == (0, 0)
    assert 0.01 < found.high < 0.02


def test_the_same_sample_has_the_same_interval() -> None:
    pairs = [Pair(0.3 * at, at + 1) for at in range(20)]
    assert ratio(pairs) == ratio(pairs)


def test_nothing_measured_is_no_estimate() -> None:
    assert ratio([]) is None
    assert ratio([Pair(0, 0)]) is None


def test_any_statistic() -> None:
    values = np.arange(100.0)
    found = bootstrap(lambda weights: (weights @ values**2) / weights.sum(axis=1), 100)
    assert found.value == pytest.approx((values**2).mean())
    assert found.low < found.value < found.high
