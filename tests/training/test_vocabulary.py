"""A vocabulary is made of marks, bytes, atoms of music and words, in that order, and holds no word that is music."""

from __future__ import annotations

from pathlib import Path

import pytest

from abcllm.models.tokeniser import Tokeniser
from abcllm.training.vocabulary import build_vocabulary, list_atoms

pytest.importorskip("google.protobuf", reason="the extra train is not installed")

TEXTS = [
    "Please write a cheerful jig in the key of D, with a bag of bad eggs.\n" * 20,
    "写一首D大调的吉格舞曲。\n" * 20,
]


@pytest.fixture(scope="module")
def tokeniser(tmp_path_factory: pytest.TempPathFactory) -> Tokeniser:
    path: Path = tmp_path_factory.mktemp("vocabulary") / "tokenizer.model"
    path.write_bytes(build_vocabulary(TEXTS, 1536))
    return Tokeniser(path)


def test_every_atom_is_one_piece(tokeniser: Tokeniser) -> None:
    whole, merged = list_atoms()
    for atom in (*whole, *merged):
        assert list(tokeniser.pieces(atom.replace("▁", " "))) == [atom]


def test_words_are_learned_where_they_are_no_music(tokeniser: Tokeniser) -> None:
    assert len(tokeniser.encode(" cheerful")) == 1
    assert list(tokeniser.pieces(" bag bad"))[-3:] == ["▁b", "a", "d"]


def test_the_same_texts_give_the_same_vocabulary() -> None:
    assert build_vocabulary(TEXTS, 1536) == build_vocabulary(TEXTS, 1536)


def test_a_vocabulary_that_is_too_small_is_refused() -> None:
    with pytest.raises(ValueError, match="a vocabulary of 600 pieces has no room"):
        build_vocabulary(TEXTS, 600)
