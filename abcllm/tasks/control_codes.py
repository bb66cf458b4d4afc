"""Pre-training: the tune with its control codes (`S: B: E:`) after X:, as TunesFormer is trained and asked."""

from __future__ import annotations

from typing import Final

from ..analysis.control_codes import irishman_codes, read_codes
from ..conversation import Conversation
from ..metrics import is_valid
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
    """How many sections, bars and likenesses are as asked (M6): each the share that is exact."""
    wanted = read_codes(conversation.messages[-1].text)
    read = read_reply(reply)
    if wanted is None or not read.tunes:
        return {"valid": is_valid(read), "sections": 0.0, "bars": 0.0, "likeness": 0.0}
    found = irishman_codes(reply)
    if found is None or len(found.bars) != len(wanted.bars):
        return {"valid": is_valid(read), "sections": 0.0, "bars": 0.0, "likeness": 0.0}
    bars = sum(one == other for one, other in zip(found.bars, wanted.bars, strict=True)) / len(wanted.bars)
    pairs = [
        abs(one - other) for ours, theirs in zip(found.likeness, wanted.likeness, strict=True)
        for one, other in zip(ours, theirs, strict=True)
    ]  # fmt: skip
    likeness = 1 - sum(pairs) / (10 * len(pairs)) if pairs else 1.0
    return {"valid": is_valid(read), "sections": 1.0, "bars": bars, "likeness": likeness}
