"""Find the style: which dance or kind of tune it is, by its metre, rhythm and melody alone."""

from __future__ import annotations

from typing import Final

from ..conversation import Conversation
from ..notation import write
from ..record import Record
from ..request.rhythms import RHYTHMS, find_rhythm
from .extracts import bare
from .material import answered, converse, dice, tune_of
from .names import call_rhythm, find_rhythms
from .wording import wording

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Ask for the kind. None where R: says none of those that are known."""
    tune = tune_of(record)
    rhythm = find_rhythm(tune.rhythm) if tune else ""
    if tune is None or not rhythm:
        return None
    random = dice(record, "find_style", seed)
    words = wording("find_style", language)
    choices = ", ".join(call_rhythm(one, language) for one in random.sample(list(RHYTHMS), len(RHYTHMS)))
    ask = words.say("ask", random, tune=write(bare(tune)).rstrip("\n"), choices=choices)
    answer = words.say("answer", random, kind=call_rhythm(rhythm, language))
    return converse(record, "find_style", VERSION, seed, language, ask, answer)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """Whether the last kind that is named is the right one."""
    found, wanted = find_rhythms(reply), find_rhythms(answered(conversation).text)
    return {"style": float(found[-1:] == wanted[-1:])}
