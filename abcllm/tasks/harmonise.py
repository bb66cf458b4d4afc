"""Harmonise: a tune without chord symbols is given, the same tune with them is wanted."""

from __future__ import annotations

from typing import Final

from ..analysis.chords import chord_tone_share, progression, remove_chords
from ..analysis.sections import notes_of
from ..conversation import Conversation
from ..metrics import is_valid, likeness
from ..notation import Tune
from ..record import Record
from ..reply import read_reply
from .material import asked, converse, dice, reference_tune, tune_of
from .wording import wording

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"
FEWEST_CHORDS: Final = 2


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Give the tune without its chords and ask for them. None where there are fewer than two, or not one fits."""
    tune = tune_of(record)
    if tune is None or len(progression(tune)) < FEWEST_CHORDS or not chord_tone_share(tune):
        return None
    random = dice(record, "harmonise", seed)
    words = wording("harmonise", language)
    ask = words.say("ask", random, tune=remove_chords(record.abc).rstrip("\n"))
    answer = words.say("answer", random, tune=record.abc.rstrip("\n"))
    conversation = converse(record, "harmonise", VERSION, seed, language, ask, answer)
    given = asked(conversation).tunes
    return (
        conversation if len(given) == 1 and not progression(given[0]) and _melody(given[0]) == _melody(tune) else None
    )


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """Whether the melody is kept (ChatMusician, appendix F) and has chords as many and as fitting as the reference's.

    `coverage` is the number of chords, `fit` the share of the time in which the melody is part of its chord; both are
    measured by those of the reference, and more is not better.
    """
    read = read_reply(reply)
    if not read.tunes:
        return {"valid": 0.0, "melody": 0.0, "coverage": 0.0, "fit": 0.0}
    wanted, tune = reference_tune(conversation), read.tunes[0]
    return {
        "valid": is_valid(read),
        "melody": likeness(_melody(tune), _melody(asked(conversation).tunes[0])),
        "coverage": min(1.0, len(progression(tune)) / len(progression(wanted))),
        "fit": min(1.0, chord_tone_share(tune) / chord_tone_share(wanted)),
    }


def _melody(tune: Tune) -> list[object]:
    return [note for voice in tune.voices for note in notes_of(voice.bars)]
