"""Rows of tokens: every text whole and once, none seeing another, from a file that is made once."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm.conversation import Conversation, Message
from abcllm.errors import DataError
from abcllm.training.packing import IGNORED, fill_rows, list_shards, load_packed, pack_corpus

SHIPPED = str(files("abcllm.models").joinpath("small"))


class Letters:
    """One token a letter; what is learned is what the assistant says."""

    def encode_conversation(self, conversation: Conversation) -> tuple[list[int], list[bool]]:
        said = [(ord(c), m.role == "assistant") for m in conversation.messages for c in m.text]
        return [token for token, _ in said], [learned for _, learned in said]


def speak(*texts: str) -> list[Conversation]:
    return [Conversation((Message("user", "?"), Message("assistant", text))) for text in texts]


@given(texts=st.lists(st.text("abc", min_size=1, max_size=12), max_size=40), seed=st.integers(0, 9))
def test_every_text_stands_in_one_row_whole(texts: list[str], seed: int) -> None:
    found = []
    for row in fill_rows(speak(*texts), Letters(), 16, seed=seed):
        assert [len(column) for column in row] == [16, 16, 16]
        text = ""
        for token, label, position in zip(*row, strict=True):
            if position == 0 and text:
                found.append(text)
                text = ""
            if token:
                text += chr(token)
                assert label == (token if position else IGNORED)
                assert position == len(text) - 1
        if text:
            found.append(text)
    assert sorted(found) == sorted("?" + text for text in texts)


def test_a_text_that_is_too_long_is_cut() -> None:
    (row,) = fill_rows(speak("abcdefghij"), Letters(), 4)
    assert row.input_ids == [ord(c) for c in "?abc"]


def test_the_order_is_drawn_by_the_seed() -> None:
    texts = speak(*("a" * n for n in range(1, 16)))
    assert list(fill_rows(texts, Letters(), 16, seed=1)) == list(fill_rows(texts, Letters(), 16, seed=1))
    assert list(fill_rows(texts, Letters(), 16, seed=1)) != list(fill_rows(texts, Letters(), 16, seed=2))


def write_corpus(folder: Path, *texts: str) -> Path:
    shard = folder / "sft" / "messages" / "train-00000-of-00001.jsonl"
    shard.parent.mkdir(parents=True)
    shard.write_text("".join(conversation.to_json() + "\n" for conversation in speak(*texts)), encoding="utf-8")
    (folder / "card.json").write_text(json.dumps({"texts": texts}), encoding="utf-8")
    return folder


def test_a_corpus_is_read_from_its_messages(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path, "abc", "de")
    (row,) = pack_corpus(corpus, Letters(), 8, stage="sft")
    assert sorted(row.position_ids) == [0, 0, 0, 1, 1, 2, 2, 3]
    with pytest.raises(DataError, match=r"no pretrain/messages/train-\*.jsonl; build a corpus with"):
        list_shards(corpus, "pretrain", "train")


def test_rows_are_made_once_and_anew_for_another_card(tmp_path: Path) -> None:
    pytest.importorskip("datasets", reason="the extra data is not installed")
    corpus = write_corpus(tmp_path, "d2 e2|", "A B c d|")
    rows = load_packed(str(corpus), SHIPPED, 64, stage="sft")
    assert len(rows) == 1
    assert len(rows[0]["input_ids"]) == 64
    (made,) = (corpus / "packed").iterdir()
    assert load_packed(str(corpus), SHIPPED, 64, stage="sft")[0] == rows[0]
    assert list((corpus / "packed").iterdir()) == [made]
    (corpus / "card.json").write_text("{}", encoding="utf-8")
    load_packed(str(corpus), SHIPPED, 64, stage="sft")
    assert len(list((corpus / "packed").iterdir())) == 2
