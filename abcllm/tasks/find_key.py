"""Find the key: of the sounding music alone, with every sharp and flat before its note and no signature."""

from __future__ import annotations

from typing import Final

from ..analysis.keys import key_score
from ..conversation import Conversation
from ..notation import write
from ..record import Record
from .extracts import changes, hide_key
from .material import answered, converse, dice, tune_of
from .names import call_key, find_keys
from .wording import wording

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Ask for tonic and mode. None for a tune without a tonic, or with several keys."""
    tune = tune_of(record)
    if tune is None or not tune.key.tonic or tune.key.explicit or tune.key.accidentals or "K" in changes(tune):
        return None
    random = dice(record, "find_key", seed)
    words = wording("find_key", language)
    ask = words.say("ask", random, tune=write(hide_key(tune)).rstrip("\n"))
    answer = words.say("answer", random, key=call_key(tune.key, language))
    return converse(record, "find_key", VERSION, seed, language, ask, answer)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """Whether the last key that is named is the right one, and how near it is (`key_score`)."""
    found, wanted = find_keys(reply), find_keys(answered(conversation).text)[-1]
    if not found:
        return {"key": 0.0, "nearness": 0.0}
    nearness = key_score(found[-1], wanted)
    return {"key": float(nearness == 1), "nearness": nearness}
