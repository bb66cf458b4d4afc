"""Transpose a tune to a named key; the answer is that of `abcllm.notation.transpose`."""

from __future__ import annotations

from typing import Final

from ..analysis.keys import usual_keys
from ..conversation import Conversation
from ..metrics import is_valid, likeness
from ..notation import Tune, transpose, write
from ..record import Record
from ..reply import read_reply
from .extracts import changes, sounding
from .material import converse, dice, reference_tune, tune_of
from .names import call_key
from .wording import wording

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"
OCTAVE: Final = 12


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Ask for one of the usual keys of the tune's mode. None for a tune without a tonic, or with several keys."""
    tune = tune_of(record)
    if tune is None or not tune.key.tonic or tune.key.explicit or tune.key.accidentals or "K" in changes(tune):
        return None
    random = dice(record, "transpose_tune", seed)
    target = random.choice([key for key in usual_keys(tune.key.mode) if key.tonic != tune.key.tonic])
    words = wording("transpose_tune", language)
    ask = words.say("ask", random, key=call_key(target, language), tune=record.abc.rstrip("\n"))
    answer = words.say("answer", random, tune=write(transpose(tune, key=target)).rstrip("\n"))
    return converse(record, "transpose_tune", VERSION, seed, language, ask, answer)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """Whether the tune is valid and in the key that was asked for, and how alike its notes are, in any octave."""
    read = read_reply(reply)
    if not read.tunes:
        return {"valid": 0.0, "key": 0.0, "notes": 0.0}
    wanted, tune = reference_tune(conversation), read.tunes[0]
    same_key = (tune.key.tonic, tune.key.mode) == (wanted.key.tonic, wanted.key.mode)
    notes = max(likeness(_moved(tune, octave), sounding(wanted)) for octave in (0, OCTAVE, -OCTAVE))
    return {"valid": is_valid(read), "key": float(same_key), "notes": notes}


def _moved(tune: Tune, semitones: int) -> list[tuple[int, object]]:
    return [(pitch + semitones if pitch >= 0 else pitch, length) for pitch, length in sounding(tune)]
