"""Rows of tokens: every text whole and once, its positions its own."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from abcllm.conversation import Conversation, Message
from abcllm.training.packing import IGNORED, fill_rows


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
