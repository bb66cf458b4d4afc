"""Form to tune: terms of a form are given, a tune that has it is wanted (ChatMusician's form-conditioned task)."""

from __future__ import annotations

from typing import Final

from ..analysis.form import find_letters, name_form, write_terms
from ..conversation import Conversation
from ..metrics import is_valid, overlap
from ..record import Record
from ..reply import read_reply
from .material import converse, dice, reference_tune, tune_of
from .wording import wording

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Ask for a tune of the form that the record's has. None where no term describes it."""
    tune = tune_of(record)
    terms = name_form(find_letters(tune)) if tune else ()
    if not terms:
        return None
    random = dice(record, "form_to_tune", seed)
    words = wording("form_to_tune", language)
    ask = words.say("ask", random, form=write_terms(terms, language))
    answer = words.say("answer", random, tune=record.abc.rstrip("\n"))
    return converse(record, "form_to_tune", VERSION, seed, language, ask, answer)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """What the terms of the tune's form have in common with those asked for, as sets (ChatMusician, appendix F)."""
    read = read_reply(reply)
    if not read.tunes:
        return {"valid": 0.0, "form": 0.0}
    wanted = name_form(find_letters(reference_tune(conversation)))
    return {"valid": is_valid(read), "form": overlap(name_form(find_letters(read.tunes[0])), wanted)}
