"""Codes: does the tune have the form that control codes asked for (S sections, B bars in each, E how alike they are)?

The codes of an answer are computed as IrishMAN's authors do (`analysis.control_codes`); what is measured is M6 of the
field: S exact, B exact for each section, and the mean distance of E (0 to 10) where the sections are as asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from ...analysis.control_codes import read_codes
from ...tasks import get_task
from ...tasks.material import asked
from ..estimates import Pair, ratio
from ..held_out import HeldOut
from . import Estimates, Measure
from .asked import AskingSuite, Example

__all__ = ["Codes"]


class Codes(AskingSuite):
    """The codes of held-out tunes are asked for, in the words of the task `codes_to_tune`."""

    about: ClassVar[str] = "tunes of a form asked for by control codes (S, B, E)"
    task: ClassVar[str] = "codes_to_tune"
    rows_of: ClassVar[str] = "codes"
    measures: ClassVar = {
        "valid": Measure("strictly valid tunes"),
        "sections": Measure("S: number of sections as asked"),
        "bars": Measure("B: sections with the number of bars that was asked"),
        "likeness": Measure("E: distance from the likeness that was asked, where S is right", "of 10"),
    }

    def measure(self, examples: Sequence[Example], held_out: HeldOut) -> Estimates:
        grade = get_task(self.task).grade
        pairs: dict[str, list[Pair]] = {name: [] for name in self.measures}
        for example in examples:
            marks = grade(example.question, example.answer)
            codes = read_codes(asked(example.question).text)
            sections = len(codes.bars) if codes else 0
            pairs["valid"].append(Pair(marks["valid"]))
            pairs["sections"].append(Pair(marks["sections"]))
            pairs["bars"].append(Pair(round(marks["bars"] * sections), sections))
            if marks["sections"] and sections > 1:
                pairs["likeness"].append(Pair(10 * (1 - marks["likeness"])))
        return {name: ratio(found) for name, found in pairs.items()}
