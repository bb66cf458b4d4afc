"""Find the motif: a tune is given, what comes back most in each of its sections is wanted."""

from __future__ import annotations

import re
from typing import Final

from ..analysis.motif import find_motifs
from ..conversation import Conversation
from ..metrics import likeness
from ..record import Record
from .material import converse, dice, tune_of
from .wording import wording

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"
LINES: Final = {"en": "Section {number}: {motif}", "zh": "第{number}段：{motif}"}
NONE: Final = {"en": "none", "zh": "无"}
LINE: Final = re.compile(r"^[\s*`>-]*(?:section|第)\s*(\d+)\s*段?[\s*`]*[:：](.*)$", re.IGNORECASE | re.MULTILINE)


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Give the tune and ask for the motif of each section. None where no section has one."""
    tune = tune_of(record)
    motifs = find_motifs(tune) if tune else ()
    if not any(motifs):
        return None
    random = dice(record, "find_motif", seed)
    words = wording("find_motif", language)
    line = LINES[language]
    ask = words.say("ask", random, tune=record.abc.rstrip("\n"), line=line.format(number="N", motif="..."))
    lines = [line.format(number=at, motif=motif or NONE[language]) for at, motif in enumerate(motifs, 1)]
    answer = words.say("answer", random, lines="\n".join(lines))
    return converse(record, "find_motif", VERSION, seed, language, ask, answer)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """The share of sections whose motif is exact, and how alike the others are, group by group."""
    wanted = _read(conversation.messages[-1].text)
    found = _read(reply)
    pairs = [(found.get(number, ()), groups) for number, groups in wanted.items()]
    sections = max(len(wanted), len(found))
    return {
        "exact": sum(one == other for one, other in pairs) / sections,
        "likeness": sum(likeness(one, other) for one, other in pairs) / sections,
    }


def _read(answer: str) -> dict[int, tuple[str, ...]]:
    """The groups of notes of each section that the answer names; the last line counts where it is named twice."""
    return {int(number): tuple(motif.strip(' \t`*"“”').split()) for number, motif in LINE.findall(answer)}
