"""Find the voices: how many parts a score has, and what they are called in its V: fields."""

from __future__ import annotations

from typing import Final

from ..conversation import Conversation
from ..metrics import overlap
from ..record import Record
from .material import asked, converse, dice, tune_of
from .names import find_numbers
from .wording import wording

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"
ONE_VOICE_IN = 8
"""Of tunes in one voice one in so many serves, that the answer is not always 1."""


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Ask for the voices. None for most tunes in one voice: the same ones for every seed."""
    tune = tune_of(record)
    if tune is None or not tune.voices:
        return None
    if len(tune.voices) == 1 and dice(record, "find_voices", 0).randrange(ONE_VOICE_IN):
        return None
    random = dice(record, "find_voices", seed)
    words = wording("find_voices", language)
    names = [voice.id for voice in tune.voices]
    ask = words.say("ask", random, tune=record.abc.rstrip("\n"))
    rule = "answer" if len(names) > 1 else "answer_one"
    answer = words.say(rule, random, count=len(names), names=", ".join(names))
    return converse(record, "find_voices", VERSION, seed, language, ask, answer)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """Whether the first number is that of the voices, and which of their names are given."""
    wanted = [voice.id for voice in asked(conversation).tunes[0].voices]
    found = find_numbers(reply)
    listed = reply.replace("：", ":").replace("，", ",").rpartition(":")[2]
    named = [name.strip() for name in listed.rstrip(".。\n ").split(",")]
    names = overlap(named, wanted) if len(wanted) > 1 else float(found[:1] == [1])
    return {"voices": float(found[:1] == [len(wanted)]), "names": names}
