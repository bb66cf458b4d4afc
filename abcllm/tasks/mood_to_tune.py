"""Compose a tune of a mood: happy, calm, restless or sad, as `analysis.mood` tells from mode and speed."""

from __future__ import annotations

from typing import Final

from ..analysis.mood import find_mood
from ..conversation import Conversation
from ..metrics import is_valid
from ..notation import Tune
from ..record import Record
from ..reply import read_reply
from ..request.rhythms import RHYTHMS, find_rhythm
from .material import converse, dice, reference_tune, tune_of
from .wording import wording

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"
USUAL_QPM: Final = 120


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Ask for the tune's mood. None for a tune without a key."""
    tune = tune_of(record)
    mood = _mood(tune) if tune else None
    if mood is None:
        return None
    random = dice(record, "mood_to_tune", seed)
    words = wording("mood_to_tune", language)
    ask = words.say(f"ask_{mood}", random)
    answer = words.say("answer", random, tune=record.abc.rstrip("\n"))
    return converse(record, "mood_to_tune", VERSION, seed, language, ask, answer)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """Whether the tune is valid and of the mood that was asked for."""
    read = read_reply(reply)
    if not read.tunes:
        return {"valid": 0.0, "mood": 0.0}
    return {"valid": is_valid(read), "mood": float(_mood(read.tunes[0]) == _mood(reference_tune(conversation)))}


def _mood(tune: Tune) -> str | None:
    """The mood at the tune's own tempo, else at the usual one of its rhythm."""
    rhythm = RHYTHMS.get(find_rhythm(tune.rhythm))
    return find_mood(tune, rhythm.tempo_qpm if rhythm else USUAL_QPM)
