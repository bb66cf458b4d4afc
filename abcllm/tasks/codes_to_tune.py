"""Compose a tune of a form: IrishMAN's control codes (`S: B: E:`) are in the request, as TunesFormer is asked."""

from __future__ import annotations

from typing import Final

from ..analysis.control_codes import irishman_codes, read_codes
from ..conversation import Conversation
from ..metrics import code_scores, is_valid
from ..record import Record
from ..reply import read_reply
from .material import asked, converse, dice, tune_of
from .wording import wording

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Ask with the codes of the tune. None where it has none (see `irishman_codes`)."""
    codes = irishman_codes(record.abc) if tune_of(record) else None
    if codes is None:
        return None
    random = dice(record, "codes_to_tune", seed)
    words = wording("codes_to_tune", language)
    ask = words.say("ask", random, codes=str(codes).rstrip("\n"))
    answer = words.say("answer", random, tune=record.abc.rstrip("\n"))
    return converse(record, "codes_to_tune", VERSION, seed, language, ask, answer)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """Whether the tune is valid, and how far its sections, bars and likenesses are as asked (M6)."""
    read = read_reply(reply)
    found = irishman_codes(read.book.source.text) if read.tunes else None
    return {"valid": is_valid(read), **code_scores(found, read_codes(asked(conversation).text))}
