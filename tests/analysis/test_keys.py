"""Scores of keys: the weights of MIREX, for all modes."""

from __future__ import annotations

import pytest

from abcllm.analysis.keys import key_score
from abcllm.notation import Key
from abcllm.notation.theory import MODE_FIFTHS


@pytest.mark.parametrize(
    ("found", "wanted", "score"),
    [("C", "C", 1), ("G", "C", 0.5), ("F", "C", 0.5), ("D", "C", 0), ("B", "C", 0), ("Am", "C", 0.3),
     ("Cm", "C", 0.2), ("C#", "Db", 1), ("Ddor", "Am", 0.3), ("Ador", "Am", 0.2), ("Em", "Am", 0.5), ("Ebm", "Gb", 0.3),
     ("D#m", "Gb", 0.3)],
)  # fmt: skip
def test_relations(found: str, wanted: str, score: float) -> None:
    assert key_score(_key(found), _key(wanted)) == score
    assert key_score(_key(wanted), _key(found)) == score


def test_keys_without_a_tonic_are_alike_only_to_their_like() -> None:
    none = Key("", "none")
    assert key_score(none, none) == 1
    assert key_score(none, Key("C")) == key_score(Key("C"), none) == key_score(none, Key("", "HP")) == 0


def _key(text: str) -> Key:
    tonic = text[:2] if text[1:2] in ("#", "b") else text[:1]
    suffix = text[len(tonic) :]
    mode = {"": "major", "m": "minor"}.get(suffix) or next(mode for mode in MODE_FIFTHS if mode.startswith(suffix))
    return Key(tonic, mode)
