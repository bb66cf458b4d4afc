"""Caption: sound -> what is heard, as the one who listened put it."""

from __future__ import annotations

from typing import Final

from ..conversation import Conversation
from ..record import Record
from .material import converse, dice
from .wording import wording
from .words import rouge_l, speaks

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Ask what is heard. None where the record's text is no caption of its sound (`text_kind`) in this language."""
    captioned = record.audio and record.text and record.tags.get("text_kind") == "caption"
    if not captioned or not speaks(record, language):
        return None
    ask = wording("caption", language).say("ask", dice(record, "caption", seed))
    return converse(record, "caption", VERSION, seed, language, ask, record.text, heard=True)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """How much of the caption's words the reply has in the same order (ROUGE-L)."""
    return {"words": rouge_l(reply, conversation.messages[-1].text)}
