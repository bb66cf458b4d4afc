"""Refine a tune in several turns: it is composed, then moved, cut, renamed or set in another tempo as asked.

Each answer after the first is what the engine makes of the tune before; the last one is graded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Final, NamedTuple, TypeAlias

from ..analysis.keys import usual_keys
from ..analysis.sections import count_bars, find_sections
from ..conversation import Conversation
from ..metrics import is_valid, likeness
from ..notation import Field, Tempo, Tune, change_unit_length, transpose, write
from ..record import Record
from ..reply import read_reply
from .extracts import bare, changes, part, sounding
from .material import converse, dice, reference_tune, tune_of
from .names import call_key
from .wording import Wording, wording

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"
TEMPOS: Final = (60, 72, 80, 96, 108, 120, 132, 144, 160)
UNITS: Final = (Fraction(1, 4), Fraction(1, 8), Fraction(1, 16))


class _Step(NamedTuple):
    """What is asked for, and the tune that it makes."""

    ask: str
    tune: Tune


Change: TypeAlias = Callable[[Tune, Random, Wording], "_Step | None"]


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Two or three changes after the tune. None for a tune in several voices, or in changing key, metre or unit."""
    tune = tune_of(record)
    if tune is None or len(tune.voices) != 1 or not tune.meter.beats or changes(tune) & {"K", "M", "L", "Q"}:
        return None
    if not tune.key.tonic or tune.key.explicit or tune.key.accidentals:
        return None
    random = dice(record, "refine", seed)
    words = wording("refine", language)
    tune = bare(tune, "T", "R", "C", "O")
    said = [
        words.say("ask", random, key=call_key(tune.key, language), meter=tune.meter.fraction, bars=count_bars(tune)),
        words.say("answer", random, tune=write(tune).rstrip("\n")),
    ]
    for change in random.sample(CHANGES, random.choice((2, 3))):
        step = change(tune, random, words)
        if step is not None:
            tune = step.tune
            said += [step.ask, words.say("answer", random, tune=write(tune).rstrip("\n"))]
    return converse(record, "refine", VERSION, seed, language, *said) if len(said) > 2 else None


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """Whether the tune is valid, how alike its notes are, and the share of header fields that are as they should be."""
    read = read_reply(reply)
    if not read.tunes:
        return {"valid": 0.0, "notes": 0.0, "header": 0.0}
    wanted, tune = reference_tune(conversation), read.tunes[0]
    fields, found = _header(wanted), _header(tune)
    right = sum(found.get(name) == text for name, text in fields.items())
    return {
        "valid": is_valid(read),
        "notes": likeness(sounding(tune), sounding(wanted)),
        "header": right / len(fields),
    }


def _header(tune: Tune) -> dict[str, str]:
    return {item.name: item.text for item in reversed(tune.fields)}


def _with_field(tune: Tune, name: str, text: str) -> list[Field]:
    """The header fields with the first of that name set, before K: where it was not there."""
    fields = [item for item in tune.fields if item.name != name]
    at = next((index for index, item in enumerate(tune.fields) if item.name == name), None)
    if at is None:
        at = 0 if name == "T" else next(index for index, item in enumerate(fields) if item.name == "K")
    fields.insert(at, Field(name, text))
    return fields


def _in_another_key(tune: Tune, random: Random, words: Wording) -> _Step | None:
    key = random.choice([key for key in usual_keys(tune.key.mode) if key.tonic != tune.key.tonic])
    return _Step(words.say("to_key", random, key=call_key(key, words.language)), transpose(tune, key=key))


def _first_section(tune: Tune, random: Random, words: Wording) -> _Step | None:
    sections = find_sections(tune)
    shorter = part(tune, sections[0].bars) if len(sections) > 1 else None
    return _Step(words.say("to_shorten", random), shorter) if shorter else None


def _another_title(tune: Tune, random: Random, words: Wording) -> _Step | None:
    title = words.say("new_title", random)
    return _Step(
        words.say("to_rename", random, title=title), replace(tune, fields=tuple(_with_field(tune, "T", title)))
    )


def _another_tempo(tune: Tune, random: Random, words: Wording) -> _Step | None:
    beat = Fraction(3, 8) if tune.meter.is_compound else Fraction(1, 4)
    tempo = Tempo((beat,), float(random.choice(TEMPOS)))
    fields = tuple(_with_field(tune, "Q", str(tempo)))
    return _Step(words.say("to_tempo", random, tempo=tempo), replace(tune, fields=fields, tempo=tempo))


def _another_unit(tune: Tune, random: Random, words: Wording) -> _Step | None:
    unit = random.choice([unit for unit in UNITS if unit != tune.unit_length])
    return _Step(words.say("to_unit", random, unit=unit), change_unit_length(tune, unit))


CHANGES: Final[tuple[Change, ...]] = (_in_another_key, _first_section, _another_title, _another_tempo, _another_unit)
