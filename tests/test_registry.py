"""Names lead to things, late, and wrong names to good advice."""

from __future__ import annotations

from fractions import Fraction
from importlib.metadata import EntryPoint, EntryPoints

import pytest

from abcllm import registry
from abcllm.errors import UnknownName

ENTRIES = {"fraction": "fractions:Fraction", "never": "no.such.module:thing"}


def test_a_name_is_loaded_when_it_is_asked_for() -> None:
    assert registry.resolve("number", ENTRIES, "fraction") is Fraction
    with pytest.raises(ModuleNotFoundError):
        registry.resolve("number", ENTRIES, "never")


def test_a_wrong_name_is_answered_with_the_like_of_it() -> None:
    with pytest.raises(UnknownName, match=r"no number is called 'fractoin'; did you mean fraction\?") as caught:
        registry.resolve("number", ENTRIES, "fractoin")
    assert caught.value.close == ("fraction",)
    with pytest.raises(UnknownName, match="there are: fraction, never"):
        registry.resolve("number", ENTRIES, "xylophone")


def test_other_packages_join_and_do_not_replace(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [EntryPoint(name, "decimal:Decimal", "abcllm.numbers") for name in ("decimal", "fraction")]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: EntryPoints(points).select(group=group))
    registry._entry_points.cache_clear()
    try:
        assert registry.names(ENTRIES, "abcllm.numbers") == ["decimal", "fraction", "never"]
        assert registry.resolve("number", ENTRIES, "decimal", "abcllm.numbers").__name__ == "Decimal"
        assert registry.resolve("number", ENTRIES, "fraction", "abcllm.numbers") is Fraction
    finally:
        registry._entry_points.cache_clear()
