"""Compose: is the tune valid, does every bar fill its metre, and is it in the key, metre and length that were asked?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from ...notation.tune import TIMED, Tune
from ...tasks import get_task
from ..estimates import Pair, ratio
from ..held_out import HeldOut
from . import Estimates, Measure
from .asked import AskingSuite, Example

__all__ = ["Compose", "sounding_bars"]

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
        grade = get_task(self.rows_of).grade
        pairs: dict[str, list[Pair]] = {name: [] for name in self.measures}
        for example in examples:
            marks = grade(example.question, example.answer)
            wrong = sum(one.code in BAR_FAULTS for one in example.reply.book.diagnostics)
            bars = sum(map(sounding_bars, example.reply.tunes))
            for name, mark in marks.items():
                pairs[name].append(Pair(mark))
            pairs["bar_errors"].append(Pair(min(wrong, bars), bars))
            pairs["all"].append(Pair(float(not wrong and all(marks.values()))))
        return {name: ratio(found) for name, found in pairs.items()}


def sounding_bars(tune: Tune) -> int:
    """The bars of all voices that hold music."""
    return sum(any(isinstance(item, TIMED) for item in bar.items) for voice in tune.voices for bar in voice.bars)
