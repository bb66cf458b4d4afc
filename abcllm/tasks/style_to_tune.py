"""Compose a tune in a style: of a kind (R:), from a place (O:), as a composer would (C:)."""

from __future__ import annotations

from typing import Final

from ..conversation import Conversation
from ..metrics import is_valid
from ..notation import Tune
from ..record import Record
from ..reply import read_reply
from ..request.rhythms import RHYTHMS, find_rhythm
from .material import converse, dice, reference_tune, tune_of
from .names import call_rhythm
from .wording import wording

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"
TRAITS: Final = {
    "en": {"R": "rhythm: ", "O": "origin: ", "C": "composer: "},
    "zh": {"R": "体裁：", "O": "来源：", "C": "作曲者："},
}


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Ask for what R:, O: and C: say. None where the tune has none of them."""
    tune = tune_of(record)
    traits = _traits(tune) if tune else {}
    if not traits:
        return None
    said = [
        f"{TRAITS[language][name]}{call_rhythm(text, language) if name == 'R' else text}"
        for name, text in traits.items()
    ]
    random = dice(record, "style_to_tune", seed)
    words = wording("style_to_tune", language)
    ask = words.say("ask", random, style={"en": "; ", "zh": "；"}[language].join(random.sample(said, len(said))))
    answer = words.say("answer", random, tune=record.abc.rstrip("\n"))
    return converse(record, "style_to_tune", VERSION, seed, language, ask, answer)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """Whether the tune is valid, the share of what was asked for that its header says, and a metre of its kind."""
    read = read_reply(reply)
    if not read.tunes:
        return {"valid": 0.0, "style": 0.0, "meter": 0.0}
    wanted, tune = reference_tune(conversation), read.tunes[0]
    traits, found = _traits(wanted), _traits(tune)
    stated = sum(_same(name, found.get(name, ""), text) for name, text in traits.items())
    rhythm = RHYTHMS.get(find_rhythm(wanted.rhythm))
    meters = {wanted.meter.fraction, *(rhythm.meters if rhythm else ())}
    return {
        "valid": is_valid(read),
        "style": stated / len(traits),
        "meter": float(tune.meter.fraction in meters),
    }


def _traits(tune: Tune) -> dict[str, str]:
    """The first text of each of R:, O: and C: that says something."""
    return {name: texts[0].strip() for name in "ROC" if (texts := tune.texts(name)) and texts[0].strip()}


def _same(name: str, one: str, other: str) -> bool:
    if one.casefold() == other.casefold():
        return True
    return name == "R" and find_rhythm(one) == find_rhythm(other) != ""
