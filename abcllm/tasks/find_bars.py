"""Find the bars: how many a musician counts in the tune as it is written."""

from __future__ import annotations

from typing import Final

from ..analysis.sections import count_bars
from ..conversation import Conversation
from ..record import Record
from .material import answered, converse, dice, tune_of
from .names import find_numbers
from .wording import wording

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Ask for the number of bars. None for a tune in free metre."""
    tune = tune_of(record)
    if tune is None or not tune.meter.beats or not tune.voices:
        return None
    random = dice(record, "find_bars", seed)
    words = wording("find_bars", language)
    ask = words.say("ask", random, tune=record.abc.rstrip("\n"))
    answer = words.say("answer", random, bars=count_bars(tune))
    return converse(record, "find_bars", VERSION, seed, language, ask, answer)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """Whether the last number is the right one, and how near it is: the smaller of the two by the larger."""
    found, wanted = find_numbers(reply), find_numbers(answered(conversation).text)[-1]
    if not found or not found[-1]:
        return {"bars": 0.0, "nearness": 0.0}
    return {"bars": float(found[-1] == wanted), "nearness": min(found[-1], wanted) / max(found[-1], wanted)}
