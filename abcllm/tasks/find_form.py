"""Find the form: a tune is given, the letters of its sections and the terms for them are wanted, step by step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import Final

from ..analysis.control_codes import ControlCodes, form_codes
from ..analysis.form import SAME, VARIED, name_form, read_letters, read_terms, section_letters, write_terms
from ..conversation import Conversation
from ..metrics import likeness, overlap
from ..record import Record
from .material import converse, dice, tune_of
from .wording import Wording, wording

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"
LABELS: Final = {"en": ("Letters: ", "Terms: "), "zh": ("字母：", "曲式：")}
LETTERS: Final = re.compile(r"^[\s*`>-]*(?:letters|字母)[\s*`]*[:：](.*)$", re.IGNORECASE | re.MULTILINE)
TERMS: Final = re.compile(r"^[\s*`>-]*(?:terms|曲式)[\s*`]*[:：](.*)$", re.IGNORECASE | re.MULTILINE)


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Give the tune and ask for its form. None for a tune whose form cannot be told or has no term."""
    tune = tune_of(record)
    codes = form_codes(tune) if tune else None
    letters = section_letters(codes.likeness) if codes else ()
    terms = name_form(letters)
    if codes is None or not terms:
        return None
    random = dice(record, "find_form", seed)
    words = wording("find_form", language)
    letters_label, terms_label = LABELS[language]
    ask = words.say(
        "ask", random, tune=record.abc.rstrip("\n"), letters=letters_label.strip(), terms=terms_label.strip()
    )
    steps = [*_steps(codes, letters, words, random)]
    found = [letters_label + "".join(letters), terms_label + write_terms(terms, language)]
    return converse(record, "find_form", VERSION, seed, language, ask, "\n".join([*steps, *found]))


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """How alike the letters are to those of the tune, and what the terms have in common with its terms."""
    letters, terms = _read(conversation.messages[-1].text)
    found_letters, found_terms = _read(reply)
    return {"letters": likeness(found_letters, letters), "terms": overlap(found_terms, terms)}


def _steps(codes: ControlCodes, letters: tuple[str, ...], words: Wording, random: Random) -> Iterator[str]:
    """A line for each section: its bars, the earlier section that it is most alike, and its letter."""
    for at, (bars, row, letter) in enumerate(zip(codes.bars, codes.likeness, letters, strict=True)):
        alike = max(row, default=0)
        length = words.say("one_bar" if bars == 1 else "length", random, bars=bars)
        values = {"number": at + 1, "length": length, "letter": letter, "alike": alike}
        if not row:
            yield words.say("first", random, **values)
            continue
        rule = "same" if alike >= SAME else "varied" if alike >= VARIED else "new"
        yield words.say(rule, random, other=row.index(alike) + 1, **values)


def _read(answer: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The letters and the terms that an answer ends with; the last line of each counts."""
    letters, terms = LETTERS.findall(answer), TERMS.findall(answer)
    return read_letters(letters[-1]) if letters else (), read_terms(terms[-1]) if terms else ()
