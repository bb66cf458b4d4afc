"""Compose: is the tune valid, does every bar fill its metre, and is it in the key, metre and length that were asked?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from ...tasks import get_task
from ..estimates import Pair, ratio
from ..held_out import HeldOut
from . import Estimates, Measure
from .asked import AskingSuite, Example

__all__ = ["Compose"]

BAR_FAULTS: Final = frozenset(("R201", "R202", "R203"))
"""A bar too long, too short, and an incomplete one that nothing completes."""


class Compose(AskingSuite):
    """Key, metre, bars and kind of held-out tunes are asked for, in the words of the task `compose`."""

    about: ClassVar[str] = "tunes asked for in words: valid, exact, in the key, metre and length that were asked for"
    measures: ClassVar = {
        "valid": Measure("strictly valid tunes"),
        "bar_errors": Measure("bars that do not fill their metre"),
        "key": Measure("key as asked"),
        "meter": Measure("metre as asked"),
        "bars": Measure("number of bars as asked"),
        "all": Measure("valid, with every bar full, and all as asked"),
    }

    def measure(self, examples: Sequence[Example], held_out: HeldOut) -> Estimates:
        grade = get_task(self.task).grade
        pairs: dict[str, list[Pair]] = {name: [] for name in self.measures}
        for example in examples:
            marks = grade(example.question, example.answer)
            wrong = sum(one.code in BAR_FAULTS for one in example.reply.book.diagnostics)
            for name, mark in marks.items():
                pairs[name].append(Pair(mark))
            pairs["bar_errors"].append(Pair(min(wrong, example.bars), example.bars))
            pairs["all"].append(Pair(float(not wrong and all(marks.values()))))
        return {name: ratio(found) for name, found in pairs.items()}
