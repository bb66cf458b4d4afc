"""Suites: what is asked of a model, and what is measured in its answers; one module a suite, each with a `Suite`.

`get_suite("compose")` gives one by name. A suite makes rows (an answer, a score) with a model, which are kept, and
judges rows, so that judging again needs no model. Another package joins with an entry point of the group
`abcllm.evaluation.suites`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple, Protocol, TypeAlias, runtime_checkable

from ... import registry
from ...backends import Backend, Sampling, Scorer
from ...conversation import Conversation
from ...request import Request
from ..estimates import Estimate
from ..held_out import HeldOut

__all__ = [
    "SUITES",
    "Chorus",
    "Estimates",
    "Judgement",
    "Measure",
    "Row",
    "Scorer",
    "Settings",
    "Suite",
    "get_suite",
    "suite_names",
]

GROUP = "abcllm.evaluation.suites"

SUITES = {
    "bits": "abcllm.evaluation.suites.bits:Bits",
    "codes": "abcllm.evaluation.suites.codes:Codes",
    "compose": "abcllm.evaluation.suites.compose:Compose",
    "copies": "abcllm.evaluation.suites.copies:Copies",
    "music": "abcllm.evaluation.suites.music:Music",
    "requests": "abcllm.evaluation.suites.requests:Requests",
}

Row: TypeAlias = Mapping[str, Any]
"""What a model gave for one question, as JSON keeps it."""
Estimates: TypeAlias = Mapping[str, Estimate | None]
"""By the names of measures; None where there is nothing to measure."""


@runtime_checkable
class Chorus(Protocol):
    """A model that answers many at once, quicker than one after the other."""

    def generate_all(self, conversations: Sequence[Conversation], sampling: Sampling) -> list[str]:
        """The answers to conversations, in order. Raises `BackendError`."""

    def compose_all(self, requests: Sequence[Request], sampling: Sampling) -> list[str]:
        """The tunes for requests, in order. Raises `BackendError`."""


class Measure(NamedTuple):
    """What is measured, in words, and the unit of the figure: `%` of shares, `bits`, or nothing."""

    title: str
    unit: str = "%"


class Judgement(NamedTuple):
    """The measures of the model's rows, and the same of what people wrote (empty where there is nothing like it)."""

    model: Estimates
    human: Estimates


@dataclass(frozen=True, slots=True)
class Settings:
    """How many questions, which ones, and how a model is to choose; each answer has a seed of its own."""

    n: int = 200
    seed: int = 0
    sampling: Sampling = field(default_factory=Sampling)


class Suite(ABC):
    """What is asked and measured. Suites of the same `rows_of` share their rows."""

    about: ClassVar[str]
    rows_of: ClassVar[str]
    measures: ClassVar[Mapping[str, Measure]]

    @abstractmethod
    def serves(self, model: Backend | Scorer) -> bool:
        """Whether this can be asked of that model."""

    @abstractmethod
    def ask(self, model: Backend | Scorer, held_out: HeldOut, settings: Settings, first: int) -> Iterator[Row]:
        """The rows from number `first` on. The same model and settings give the same rows."""

    @abstractmethod
    def judge(self, rows: Sequence[Row], held_out: HeldOut, settings: Settings) -> Judgement:
        """What is measured in all rows."""


def suite_names() -> list[str]:
    """The names of all suites, those of other packages included."""
    return registry.names(SUITES, GROUP)


def get_suite(name: str) -> Suite:
    """The suite called `name`. Raises `UnknownName`."""
    suite: Suite = registry.resolve("suite", SUITES, name, GROUP)()
    return suite
