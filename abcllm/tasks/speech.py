"""Speech: sound -> what is said in it, word by word, in whatever language it is said."""

from __future__ import annotations

from typing import Final

from ..conversation import Conversation
from ..record import Record
from .material import converse, dice
from .wording import wording
from .words import word_accuracy

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Ask what is said; `language` is that of the request. None where the text is no transcript (`text_kind`)."""
    if not record.audio or not record.text or record.tags.get("text_kind") != "transcript":
        return None
    ask = wording("speech", language).say("ask", dice(record, "speech", seed))
    return converse(record, "speech", VERSION, seed, language, ask, record.text, heard=True)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """1 - word error rate, at least 0; capitals and signs do not count."""
    return {"words": word_accuracy(reply, conversation.messages[-1].text)}
