"""Motif and form to tune: terms of a form and its motifs are given (ChatMusician's terminology form with motif)."""

from __future__ import annotations

from typing import Final

from ..analysis.form import find_letters, name_form, write_terms
from ..analysis.motif import list_motifs, motifs_by_letter
from ..conversation import Conversation
from ..metrics import is_valid, motif_recall, overlap
from ..record import Record
from ..reply import read_reply
from .material import converse, dice, reference_tune, tune_of
from .wording import wording

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Ask for a tune with the form and the motifs of the record's. None where it has no term or no motif."""
    tune = tune_of(record)
    terms = name_form(find_letters(tune)) if tune else ()
    motifs = motifs_by_letter(tune) if tune else {}
    if tune is None or not terms or not motifs:
        return None
    random = dice(record, "motif_form_to_tune", seed)
    words = wording("motif_form_to_tune", language)
    numbered = {str(number): motif for number, motif in enumerate(motifs.values(), 1)}
    ask = words.say("ask", random, form=write_terms(terms, language), motifs=list_motifs(tune, numbered))
    answer = words.say("answer", random, tune=record.abc.rstrip("\n"))
    return converse(record, "motif_form_to_tune", VERSION, seed, language, ask, answer)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """What the terms have in common with those asked for, and how much of each motif is in the tune's, in order."""
    read = read_reply(reply)
    if not read.tunes:
        return {"valid": 0.0, "form": 0.0, "motif": 0.0}
    wanted, tune = reference_tune(conversation), read.tunes[0]
    return {
        "valid": is_valid(read),
        "form": overlap(name_form(find_letters(tune)), name_form(find_letters(wanted))),
        "motif": motif_recall(motifs_by_letter(tune).values(), motifs_by_letter(wanted).values()),
    }
