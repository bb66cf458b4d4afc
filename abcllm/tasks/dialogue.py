"""Dialogue: the questions and answers of a record as they stand, about its sound where it has one."""

from __future__ import annotations

from typing import Final

from ..conversation import Conversation
from ..record import Record
from .material import converse
from .words import rouge_l, speaks

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """All exchanges of the record in turn. None where it has none, or they are in another language."""
    if not record.exchanges or not speaks(record, language):
        return None
    said = [text for exchange in record.exchanges for text in exchange]
    return converse(record, "dialogue", VERSION, seed, language, *said, heard=bool(record.audio))


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """How much of the last answer's words the reply has in the same order (ROUGE-L)."""
    return {"words": rouge_l(reply, conversation.messages[-1].text)}
