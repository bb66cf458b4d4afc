"""Every feature case is heard as it should be."""

from __future__ import annotations

import pytest

from .features import Feature, heard, is_right, parse, read_features

FEATURES = list(read_features())


def test_the_cases_are_all_there() -> None:
    assert len(FEATURES) == len({feature.id for feature in FEATURES}) == 133


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.id)
def test_feature(feature: Feature) -> None:
    assert is_right(feature), heard(parse(feature.abc).tunes[0])
