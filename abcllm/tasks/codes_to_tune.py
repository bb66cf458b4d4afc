"""Compose a tune of a form: IrishMAN's control codes (`S: B: E:`) are in the request, as TunesFormer is asked."""

from __future__ import annotations

from typing import Final

from ..analysis.control_codes import irishman_codes, read_codes
from ..conversation import Conversation, Message
from ..metrics import is_valid
from ..record import Record
from ..reply import read_reply
from . import control_codes
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
    """The scores of `control_codes`: each code against the one that was asked for."""
    read = read_reply(reply)
    wanted = read_codes(asked(conversation).text)
    codes = Conversation((Message("assistant", str(wanted) if wanted else ""),))
    return control_codes.grade(codes, read.book.source.text) | {"valid": is_valid(read)}
