"""Conversations as rows of tokens of one length, many texts to a row.

Texts are not cut into each other: each stands whole in a row, its positions beginning at 0, so that attention can be
kept inside it. A row is filled with the texts that fit best out of a pool (best fit over a bounded window), what is
left over at its end is ignored.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator
from random import Random
from typing import NamedTuple, Protocol

from ..conversation import Conversation

__all__ = ["IGNORED", "ConversationEncoder", "Row", "fill_rows"]

IGNORED = -100
"""The label of a token that nothing is learned from."""
POOL = 4096
"""Texts among which the next one of a row is chosen."""


class ConversationEncoder(Protocol):
    """What turns a conversation into tokens, and says which of them are learned (`models.chat_format.ChatEncoder`)."""

    def encode_conversation(self, conversation: Conversation) -> tuple[list[int], list[bool]]: ...


class Row(NamedTuple):
    """A row of tokens: what is read, what is learned (or `IGNORED`), and where in its text each token stands."""

    input_ids: list[int]
    labels: list[int]
    position_ids: list[int]


def fill_rows(
    conversations: Iterable[Conversation], encoder: ConversationEncoder, length: int, *, seed: int = 0
) -> Iterator[Row]:
    """Rows of exactly `length` tokens. A text that is longer stands alone in a row, cut after `length` tokens."""
    random = Random(seed)
    pool: list[tuple[int, int, Row]] = []
    count = 0
    for conversation in conversations:
        ids, learned = encoder.encode_conversation(conversation)
        ids, learned = ids[:length], learned[:length]
        labels = [token if is_learned else IGNORED for token, is_learned in zip(ids, learned, strict=True)]
        if any(label != IGNORED for label in labels):
            insort(pool, (len(ids), count, Row(ids, labels, list(range(len(ids))))), key=_size)
            count += 1
        if len(pool) >= POOL:
            yield _fill_row(pool, length, random)
    while pool:
        yield _fill_row(pool, length, random)


def _size(text: tuple[int, int, Row]) -> int:
    return text[0]


def _fill_row(pool: list[tuple[int, int, Row]], length: int, random: Random) -> Row:
    """Take one text of the pool by lot, then the longest that fits, while one does."""
    row = Row([], [], [])
    at = random.randrange(len(pool))
    while at >= 0:
        _, _, text = pool.pop(at)
        for whole, part in zip(row, text, strict=True):
            whole.extend(part)
        at = bisect_right(pool, length - len(row.input_ids), key=_size) - 1
    rest = length - len(row.input_ids)
    row.input_ids.extend([0] * rest)
    row.labels.extend([IGNORED] * rest)
    row.position_ids.extend([0] * rest)
    return row
