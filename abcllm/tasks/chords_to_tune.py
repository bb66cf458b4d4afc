"""Chords to tune: a chart of chords is given, a tune over it is wanted (ChatMusician's chord-conditioned task)."""

from __future__ import annotations

from typing import Final

from ..analysis.chords import chart, chords_by_bar, progression, root_of
from ..conversation import Conversation
from ..metrics import is_valid, likeness
from ..record import Record
from ..reply import read_reply
from .material import converse, dice, reference_tune, tune_of
from .wording import wording

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"
FEWEST_CHORDS: Final = 2


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Ask for a tune over the chords of the record's. None for a tune with fewer than two."""
    tune = tune_of(record)
    if tune is None or len(progression(tune)) < FEWEST_CHORDS:
        return None
    random = dice(record, "chords_to_tune", seed)
    words = wording("chords_to_tune", language)
    unneeded = {} if () in chords_by_bar(tune) else {"hint": ""}
    ask = words.say("ask", random, chart=chart(tune), **unneeded)
    answer = words.say("answer", random, tune=record.abc.rstrip("\n"))
    return converse(record, "chords_to_tune", VERSION, seed, language, ask, answer)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """How alike the chords are to those asked for: in order, by root alone, and bar by bar (ChatMusician, appendix F).

    A tune without chord symbols has nothing of them.
    """
    read = read_reply(reply)
    if not read.tunes:
        return {"valid": 0.0, "chords": 0.0, "roots": 0.0, "bars": 0.0}
    wanted, tune = reference_tune(conversation), read.tunes[0]
    asked, found = progression(wanted), progression(tune)
    bars, theirs = chords_by_bar(wanted), chords_by_bar(tune)
    equal = sum(one == other for one, other in zip(bars, theirs, strict=False))
    return {
        "valid": is_valid(read),
        "chords": likeness(found, asked),
        "roots": likeness([*map(root_of, found)], [*map(root_of, asked)]),
        "bars": equal / max(len(bars), len(theirs)),
    }
