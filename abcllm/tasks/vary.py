"""Vary a section: one section of a tune is given, a later one that is like it but not the same is the answer."""

from __future__ import annotations

from itertools import combinations
from typing import Final

from ..analysis.sections import find_sections
from ..conversation import Conversation
from ..metrics import is_valid, likeness
from ..notation import write
from ..record import Record
from ..reply import read_reply
from .extracts import bare, changes, part, sounding
from .material import asked, converse, dice, reference_tune, tune_of
from .wording import wording

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"
LEAST_ALIKE: Final = 0.5
"""Sections less alike are not variations of each other; 0.6 to 0.8 are those of a primed letter (A, A')."""


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Ask for a variation. None for a tune in which no section varies another, in several voices or in several keys."""
    tune = tune_of(record)
    if tune is None or len(tune.voices) != 1 or changes(tune) & {"K", "M", "L"}:
        return None
    pairs = [
        (one, other) for one, other in combinations(find_sections(tune), 2)
        if one.notes != other.notes and likeness(one.notes, other.notes) >= LEAST_ALIKE
    ]  # fmt: skip
    if not pairs:
        return None
    random = dice(record, "vary", seed)
    theme, variation = (part(bare(tune, "R"), section.bars) for section in random.choice(pairs))
    if theme is None or variation is None:
        return None
    words = wording("vary", language)
    ask = words.say("ask", random, tune=write(theme).rstrip("\n"))
    answer = words.say("answer", random, tune=write(variation).rstrip("\n"))
    return converse(record, "vary", VERSION, seed, language, ask, answer)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """Whether the section is valid and new, keeps key and metre, and is as alike to what was given as the reference."""
    read = read_reply(reply)
    if not read.tunes:
        return {"valid": 0.0, "new": 0.0, "kept": 0.0, "likeness": 0.0}
    theme, wanted, tune = asked(conversation).tunes[0], reference_tune(conversation), read.tunes[0]
    aim = likeness(sounding(wanted), sounding(theme))
    return {
        "valid": is_valid(read),
        "new": float(sounding(tune) != sounding(theme)),
        "kept": float(tune.key == theme.key and tune.meter.fraction == theme.meter.fraction),
        "likeness": min(likeness(sounding(tune), sounding(theme)) / aim, 1.0) if aim else 1.0,
    }
