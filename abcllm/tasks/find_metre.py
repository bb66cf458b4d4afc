"""Find the metre: the tune is given with `M:none`, and its bars tell how many beats of which length they hold."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from ..conversation import Conversation
from ..notation import write
from ..notation.tune import MultiRest
from ..record import Record
from .extracts import changes, hide_meter, items_of
from .material import answered, converse, dice, tune_of
from .names import find_meters
from .wording import wording

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Ask for the metre. None for a tune in free or changing metre, or with rests that are counted in bars."""
    tune = tune_of(record)
    if tune is None or not tune.meter.beats or "M" in changes(tune):
        return None
    if any(isinstance(item, MultiRest) for item in items_of(tune)):
        return None
    random = dice(record, "find_metre", seed)
    words = wording("find_metre", language)
    ask = words.say("ask", random, tune=write(hide_meter(tune)).rstrip("\n"))
    answer = words.say("answer", random, meter=tune.meter.fraction)
    return converse(record, "find_metre", VERSION, seed, language, ask, answer)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """Whether the last metre that is named is the right one, and whether its bars are as long (3/4 for 6/8)."""
    found, (beats, unit) = find_meters(reply), find_meters(answered(conversation).text)[-1]
    if not found or not found[-1][1]:
        return {"meter": 0.0, "length": 0.0}
    same_length = Fraction(*found[-1]) == Fraction(beats, unit)
    return {"meter": float(found[-1] == (beats, unit)), "length": float(same_length)}
