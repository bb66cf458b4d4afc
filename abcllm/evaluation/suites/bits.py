"""Bits: how many bits a character of unseen tunes costs, which needs no vocabulary in common to be compared.

-log2 of the probability of each text of the validation split (the task `tune`) and of its end, over its characters. A
text is scored on its own, from the beginning. The fewer bits, the better is the language known; nothing a person wrote
has such a figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite, log
from typing import ClassVar

from ...backends import Backend
from ...errors import BackendError
from ..estimates import Pair, ratio
from ..held_out import HeldOut
from . import Judgement, Measure, Row, Scorer, Settings, Suite

__all__ = ["Bits"]


class Bits(Suite):
    """All texts of the validation split are scored, at most `settings.n`."""

    about: ClassVar[str] = "bits per character of the validation split"
    rows_of: ClassVar[str] = "bits"
    measures: ClassVar = {"bits": Measure("bits per character", "bits")}

    def serves(self, model: Backend | Scorer) -> bool:
        return isinstance(model, Scorer)

    def ask(self, model: Backend | Scorer, held_out: HeldOut, settings: Settings, first: int) -> Iterator[Row]:
        if not isinstance(model, Scorer):
            raise BackendError("this model cannot say how likely a text is; leave the suite bits out")
        for text in held_out.texts("valid")[first : settings.n]:
            nats = -model.log_likelihood(text)
            if not isfinite(nats):
                raise BackendError(f"the model holds a text for impossible, or says {nats}: {text[:60]!r}")
            yield {"nats": nats, "characters": len(text)}

    def judge(self, rows: Sequence[Row], held_out: HeldOut, settings: Settings) -> Judgement:
        return Judgement({"bits": ratio([Pair(row["nats"] / log(2), row["characters"]) for row in rows])}, {})
