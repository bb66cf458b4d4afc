"""Pre-training: the tune itself."""

from __future__ import annotations

from typing import Final

from ..conversation import Conversation
from ..metrics import is_valid
from ..record import Record
from ..reply import read_reply
from .material import NO_LANGUAGE, converse

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "pretrain"


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """The ABC of the record as it stands."""
    return converse(record, "tune", VERSION, seed, NO_LANGUAGE, record.abc) if record.abc else None


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """Whether a continuation is a valid tune."""
    return {"valid": is_valid(read_reply(reply))}
