"""Faults: every kind breaks a tune that offers it a place, at the same place for the same dice."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm.analysis.faults import FAULTS, break_tune
from abcllm.notation import Severity, parse
from abcllm.tasks.wording import wording
from tests.strategies import tune_texts

RICH = """X:1
T:Rich
M:4/4
L:1/8
K:G
GABc "D7"d2B2|[GBd]2G2 (3ABcd2|GABc dedB|cBAG FGAF|
GABc d2B2|dcBA GABc|dedB cBAG|G8|]
"""
SHOWN_BY = {
    "note left out": {"R202", "R203"}, "note twice": {"R201"}, "wrong length": {"R201"},
    "bar line left out": {"R201"}, "bar line too many": {"R202"}, "tuplet mark left out": {"R201"},
    "chord left open": {"N202", "N203", "N209", "N208"}, "quote left open": {"N204"}, "sign without meaning": {"N201"},
    "header on one line": {"H110"}, "no key": {"H103"}, "no number": {"H101"}, "wrong meter": {"R201", "R202"},
    "rubbish": {"N201", "N208", "R204"}, "remark in the music": {"N201"}, "empty line": {"T104"},
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(FAULTS))
def test_each_kind_shows(kind: str) -> None:
    tune = parse(RICH).tunes[0]
    for seed in range(10):
        broken = FAULTS[kind](RICH, tune, Random(seed))
        assert broken is not None
        assert broken != RICH
        assert SHOWN_BY[kind] & {one.code for one in parse(broken).diagnostics}, broken


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_kind_has_words(language: str) -> None:
    for kind in FAULTS:
        assert wording("repair", language).count(kind.replace(" ", "_")) >= 2


@given(text=tune_texts(), seed=st.integers(0, 99))
def test_what_is_broken_is_broken_and_the_same_for_the_same_dice(text: str, seed: int) -> None:
    tune = parse(text).tunes[0]
    broken = break_tune(text, tune, Random(seed))
    assert broken == break_tune(text, tune, Random(seed))
    assert broken is not None
    assert broken.kind in FAULTS
    book = parse(broken.abc)
    errors = any(one.severity is Severity.ERROR for one in book.diagnostics)
    assert errors or book.tunes[0].voices != tune.voices
