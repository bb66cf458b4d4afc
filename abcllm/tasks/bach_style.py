"""Bach style: a piece as Johann Sebastian Bach set it is wanted, in so many voices, in a key and a metre."""

from __future__ import annotations

import re
from typing import Final

from ..conversation import Conversation
from ..metrics import is_valid
from ..notation import Tune
from ..record import Record
from ..reply import read_reply
from .material import converse, dice, reference_tune, tune_of
from .wording import wording

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"
BACH: Final = re.compile(r"\bBach\b", re.IGNORECASE)
RELATIVE: Final = re.compile(
    r"\b(?:C\.? ?P\.? ?E|W\.? ?F|J\.? ?C|J\.? ?C\.? ?F)\.? *Bach\b|\b(?:Emanuel|Friedemann|Christian|Christoph)\b",
    re.IGNORECASE,
)
TAGS: Final = ("composer", "artist", "author")


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Ask for a piece in Bach's style. None where neither C: nor a tag says that the record's is his."""
    tune = tune_of(record)
    if tune is None or not _is_bach(record, tune):
        return None
    random = dice(record, "bach_style", seed)
    words = wording("bach_style", language)
    count = len(tune.voices)
    voices = words.say("alone" if count == 1 else "together", random, count=count)
    ask = words.say("ask", random, key=tune.key, meter=tune.meter, voices=voices)
    answer = words.say("answer", random, tune=record.abc.rstrip("\n"))
    return converse(record, "bach_style", VERSION, seed, language, ask, answer)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """Whether the piece is valid and has the voices, the key and the metre that were asked for."""
    read = read_reply(reply)
    if not read.tunes:
        return {"valid": 0.0, "voices": 0.0, "key": 0.0, "meter": 0.0}
    wanted, tune = reference_tune(conversation), read.tunes[0]
    few, many = sorted((len(tune.voices), len(wanted.voices)))
    return {
        "valid": is_valid(read),
        "voices": few / many,
        "key": float(tune.key == wanted.key),
        "meter": float(tune.meter == wanted.meter),
    }


def _is_bach(record: Record, tune: Tune) -> bool:
    tagged = (record.tags.get(name) for name in TAGS)
    names = [*tune.texts("C"), *(str(value) for value in tagged if value)]
    return any(BACH.search(name) and not RELATIVE.search(name) for name in names)
