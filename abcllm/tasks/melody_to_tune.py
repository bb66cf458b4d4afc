"""Compose a tune from its opening: the notes of the first two bars are given, the whole tune is the answer."""

from __future__ import annotations

from typing import Final

from ..analysis.chords import remove_chords
from ..analysis.sections import notes_of
from ..conversation import Conversation
from ..metrics import is_valid, likeness
from ..record import Record
from ..reply import read_reply
from .extracts import opening, sounding
from .material import converse, dice, reference_tune, tune_of
from .names import call_key
from .wording import wording

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Give the opening as it stands, without chord symbols. None where it is not on one line, or the whole tune."""
    tune = tune_of(record)
    if tune is None or len(tune.voices) != 1 or not tune.meter.beats or not tune.key.tonic:
        return None
    bars = opening(tune)
    notes = remove_chords(record.abc[bars[0].span.start : bars[-1].span.end]).strip() if bars else ""
    if "\n" in notes or not any(pitch >= 0 for pitch, _ in notes_of(bars)) or len(bars) == len(tune.voices[0].bars):
        return None
    random = dice(record, "melody_to_tune", seed)
    words = wording("melody_to_tune", language)
    ask = words.say(
        "ask", random, notes=notes, key=call_key(tune.key, language), meter=tune.meter.fraction,
        unit=tune.unit_length,
    )  # fmt: skip
    answer = words.say("answer", random, tune=record.abc.rstrip("\n"))
    return converse(record, "melody_to_tune", VERSION, seed, language, ask, answer)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """Whether the tune is valid, in key and metre as asked, how alike its opening is, and whether it goes on."""
    read = read_reply(reply)
    if not read.tunes:
        return {"valid": 0.0, "key": 0.0, "meter": 0.0, "opening": 0.0}
    wanted, tune = reference_tune(conversation), read.tunes[0]
    asked = list(notes_of(opening(wanted)))
    return {
        "valid": is_valid(read),
        "key": float(tune.key == wanted.key),
        "meter": float(tune.meter.fraction == wanted.meter.fraction),
        "opening": likeness(sounding(tune)[: len(asked)], asked),
    }
