"""Find the chords: the chart of a tune's chord symbols, bar by bar."""

from __future__ import annotations

from typing import Final

from ..analysis.chords import chart, progression
from ..conversation import Conversation
from ..metrics import likeness, overlap
from ..notation.harmony import names_chord
from ..record import Record
from .material import answered, converse, dice, tune_of
from .wording import wording

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Ask for the chart. None for a tune without chord symbols, or with some that name no single chord."""
    tune = tune_of(record)
    symbols = progression(tune) if tune else ()
    if tune is None or not symbols or any(set(symbol) & set(" |-") or not names_chord(symbol) for symbol in symbols):
        return None
    random = dice(record, "find_chords", seed)
    words = wording("find_chords", language)
    ask = words.say("ask", random, tune=record.abc.rstrip("\n"))
    answer = words.say("answer", random, chart=chart(tune))
    return converse(record, "find_chords", VERSION, seed, language, ask, answer)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """How alike the charts are, bar lines included, and which of the chords are named."""
    found, wanted = _read_chart(reply), _read_chart(answered(conversation).text)
    if not found:
        return {"chart": 0.0, "chords": 0.0}
    return {"chart": likeness(found, wanted), "chords": overlap(_chords(found), _chords(wanted))}


def _read_chart(text: str) -> list[str]:
    """The chords and bar lines of the lines with bar lines in them."""
    return [word for line in text.splitlines() if "|" in line for word in line[line.index("|") :].split()]


def _chords(chart: list[str]) -> list[str]:
    return [word for word in chart if word not in "|-"]
