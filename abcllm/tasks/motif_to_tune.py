"""Motif to tune: letters of a form and a motif for each are given (ChatMusician's alphabetic form with motif)."""

from __future__ import annotations

from typing import Final

from ..analysis.form import find_letters
from ..analysis.motif import list_motifs, motifs_by_letter
from ..conversation import Conversation
from ..metrics import is_valid, likeness, motif_recall
from ..record import Record
from ..reply import read_reply
from .material import converse, dice, reference_tune, tune_of
from .wording import wording

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Ask for a tune with the letters and motifs of the record's. None where no section has a motif."""
    tune = tune_of(record)
    motifs = motifs_by_letter(tune) if tune else {}
    if tune is None or not motifs:
        return None
    random = dice(record, "motif_to_tune", seed)
    words = wording("motif_to_tune", language)
    ask = words.say("ask", random, letters="".join(find_letters(tune)), motifs=list_motifs(tune, motifs))
    answer = words.say("answer", random, tune=record.abc.rstrip("\n"))
    return converse(record, "motif_to_tune", VERSION, seed, language, ask, answer)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """How alike the letters are, and how much of each motif is in the motif of the section of that letter."""
    read = read_reply(reply)
    if not read.tunes:
        return {"valid": 0.0, "form": 0.0, "motif": 0.0}
    wanted, tune = reference_tune(conversation), read.tunes[0]
    motifs, found = motifs_by_letter(wanted), motifs_by_letter(tune)
    return {
        "valid": is_valid(read),
        "form": likeness(find_letters(tune), find_letters(wanted)),
        "motif": motif_recall([found.get(letter) for letter in motifs], motifs.values()),
    }
