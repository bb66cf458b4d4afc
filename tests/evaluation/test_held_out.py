"""What a model has not seen, read from a corpus."""

from __future__ import annotations

from pathlib import Path

import pytest

from abcllm.errors import DataError
from abcllm.evaluation.held_out import HeldOut
from tests.evaluation.given import make_corpus, tune


def test_each_record_once_with_its_tune(held_out: HeldOut) -> None:
    assert [record.id for record in held_out.test] == ["9", "10", "11"]
    assert [record.abc for record in held_out.valid] == [tune(number) for number in (6, 7, 8)]
    assert (held_out.test[0].source, held_out.test[0].licence) == ("mine", "CC0-1.0")


def test_a_training_tune_in_other_keys_is_one(held_out: HeldOut) -> None:
    assert [found.title for found in held_out.training_tunes()] == [f"Number {number}" for number in range(6)]


def test_a_record_that_stands_in_a_request_alone(tmp_path: Path) -> None:
    folder = make_corpus(tmp_path)
    for path in folder.glob("pretrain/messages/*"):
        path.unlink()
    assert [record.abc.rstrip("\n") for record in HeldOut(folder).test] == [tune(n).rstrip("\n") for n in (9, 10, 11)]
    with pytest.raises(DataError, match="no text of the task tune in its split valid"):
        HeldOut(folder).texts("valid")


def test_texts_are_as_they_stand(held_out: HeldOut) -> None:
    assert held_out.texts("valid") == [tune(number) for number in (6, 7, 8)]


def test_what_is_no_corpus(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no card\.json"):
        HeldOut(tmp_path)
    (tmp_path / "card.json").write_text('{"name": "empty"}', encoding="utf-8")
    with pytest.raises(DataError, match="no conversations of the form messages; build it with that form"):
        HeldOut(tmp_path)
    folder = make_corpus(tmp_path)
    for path in folder.glob("*/messages/test*"):
        path.unlink()
    with pytest.raises(DataError, match="no tune in its split test"):
        _ = HeldOut(folder).test
