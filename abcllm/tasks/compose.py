"""Compose: a tune of a kind, in a key and a metre, with so many bars."""

from __future__ import annotations

from typing import Final

from ..analysis.sections import count_bars
from ..conversation import Conversation
from ..metrics import is_valid
from ..record import Record
from ..reply import read_reply
from ..request.rhythms import find_rhythm
from .material import converse, dice, reference_tune, tune_of
from .names import call_rhythm
from .wording import wording

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 2
KIND: Final = "sft"
ANY_KIND: Final = {"en": "tune", "zh": "曲子"}


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Ask for what the tune is. None for a tune without a metre."""
    tune = tune_of(record)
    if tune is None or tune.meter.duration is None:
        return None
    random = dice(record, "compose", seed)
    words = wording("compose", language)
    rhythm = find_rhythm(tune.rhythm)
    kind = call_rhythm(rhythm, language) if rhythm else ANY_KIND[language]
    ask = words.say("ask", random, key=tune.key, meter=tune.meter.fraction, bars=count_bars(tune), kind=kind)
    answer = words.say("answer", random, tune=record.abc.rstrip("\n"))
    return converse(record, "compose", VERSION, seed, language, ask, answer)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """Whether the tune is valid and has the key, the metre and the number of bars that were asked for."""
    read = read_reply(reply)
    if not read.tunes:
        return {"valid": 0.0, "key": 0.0, "meter": 0.0, "bars": 0.0}
    wanted, tune = reference_tune(conversation), read.tunes[0]
    return {
        "valid": is_valid(read),
        "key": float(tune.key == wanted.key),
        "meter": float(tune.meter.fraction == wanted.meter.fraction),
        "bars": float(count_bars(tune) == count_bars(wanted)),
    }
