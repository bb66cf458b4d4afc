"""Pre-training: the tune with its control codes (`S: B: E:`) after X:, as TunesFormer is trained and asked."""

from __future__ import annotations

from typing import Final

from ..analysis.control_codes import irishman_codes, read_codes
from ..conversation import Conversation
from ..metrics import code_scores, is_valid
from ..record import Record
from ..reply import read_reply
from .material import NO_LANGUAGE, converse

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "pretrain"


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """X:, the codes, the rest of the tune. None where the tune has no codes (see `irishman_codes`)."""
    codes = irishman_codes(record.abc) if record.abc else None
    if codes is None:
        return None
    first, _, rest = record.abc.partition("\n")
    return converse(record, "control_codes", VERSION, seed, NO_LANGUAGE, f"{first}\n{codes}{rest}")


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """Whether the tune is valid, and how far its sections, bars and likenesses are as asked (M6)."""
    read = read_reply(reply)
    wanted = read_codes(conversation.messages[-1].text)
    return {"valid": is_valid(read), **code_scores(irishman_codes(reply) if read.tunes else None, wanted)}
