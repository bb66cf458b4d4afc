"""Repair a tune: one fault was put into it (`analysis.faults`), sometimes with what the checker says of it."""

from __future__ import annotations

from typing import Final

from ..analysis.faults import break_tune
from ..conversation import Conversation
from ..metrics import is_valid, likeness
from ..notation import Severity, check
from ..record import Record
from ..reply import read_reply
from .extracts import sounding
from .material import converse, dice, reference_tune, tune_of
from .wording import wording

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"
MOST_SAID: Final = 3


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Ask for the sound tune, in half of the cases with the checker's first words. None where nothing can be broken."""
    tune = tune_of(record)
    random = dice(record, "repair", seed)
    abc = record.abc.rstrip("\n")
    broken = break_tune(abc, tune, random) if tune else None
    if broken is None:
        return None
    said = _said(broken.abc)
    words = wording("repair", language)
    rule = "ask_checked" if said and random.random() < 0.5 else "ask"
    ask = words.say(rule, random, tune=broken.abc, said=said)
    answer = words.say("answer", random, fault=words.say(broken.kind.replace(" ", "_"), random), tune=abc)
    return converse(record, "repair", VERSION, seed, language, ask, answer)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """Whether the tune is valid again, how alike its notes are to the sound tune's, and key and metre as they were."""
    read = read_reply(reply)
    if not read.tunes:
        return {"valid": 0.0, "notes": 0.0, "key": 0.0, "meter": 0.0}
    wanted, tune = reference_tune(conversation), read.tunes[0]
    return {
        "valid": is_valid(read),
        "notes": likeness(sounding(tune), sounding(wanted)),
        "key": float(tune.key == wanted.key),
        "meter": float(tune.meter.fraction == wanted.meter.fraction),
    }


def _said(abc: str) -> str:
    """The first errors that the checker finds, one a line."""
    errors = [one for one in check(abc) if one.severity is Severity.ERROR]
    return "\n".join(f"{one.line}:{one.column}: {one.code}: {one.message}" for one in errors[:MOST_SAID])
