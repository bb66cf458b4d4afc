"""Suites that ask in words: the requests of a task for held-out tunes, and the model's answers to them.

Requests are in English and Chinese by turns, worded by the task itself; the person's answer to each is the tune that it
was made from. A fault of the model while it answers (`BackendError`) is kept in the row and counts as an empty answer.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import count, islice, repeat
from random import Random
from typing import ClassVar, Final, NamedTuple, TypeVar

from ...backends import Backend, Sampling
from ...conversation import Conversation
from ...errors import BackendError, DataError
from ...metrics import is_valid
from ...notation.tune import TIMED
from ...reply import Reply, read_reply
from ...tasks import LANGUAGES, get_task
from ..held_out import HeldOut
from . import Chorus, Estimates, Judgement, Row, Scorer, Settings, Suite

__all__ = ["AskingSuite", "Example", "answers", "questions"]

T = TypeVar("T")

TOGETHER: Final = 64
"""So many questions are asked at a time."""
SEEDS_APART: Final = 1_000_003


class Example(NamedTuple):
    """A request with the person's answer to it, and an answer."""

    question: Conversation
    answer: str

    @property
    def reply(self) -> Reply:
        """What stands in the answer."""
        return _read(self.answer)

    @property
    def bars(self) -> int:
        """The bars of all tunes and voices that hold music."""
        voices = [voice for tune in self.reply.tunes for voice in tune.voices]
        return sum(any(isinstance(item, TIMED) for item in bar.items) for voice in voices for bar in voice.bars)

    @property
    def is_valid(self) -> bool:
        """Whether there is a tune without an error, and music in it."""
        return bool(is_valid(self.reply))


class AskingSuite(Suite):
    """A suite whose rows are answers to the requests of a task."""

    task: ClassVar[str] = "compose"
    rows_of: ClassVar[str] = "compose"

    def serves(self, model: Backend | Scorer) -> bool:
        return isinstance(model, Backend)

    def ask(self, model: Backend | Scorer, held_out: HeldOut, settings: Settings, first: int) -> Iterator[Row]:
        if not isinstance(model, Backend):
            raise BackendError("this model scores texts, it does not answer")
        left = islice(questions(self.task, held_out, settings), first, None)
        while asked := [*islice(left, TOGETHER)]:
            sampling = replace(settings.sampling, seed=settings.seed * SEEDS_APART + first)
            for question, (answer, fault) in zip(asked, self.put(model, asked, sampling), strict=True):
                yield {"asked": question.messages[-2].text, "answer": answer, "fault": fault}
            first += len(asked)

    def put(self, model: Backend, asked: Sequence[Conversation], sampling: Sampling) -> Iterator[tuple[str, str]]:
        """The model's answer to each question, and what was wrong."""
        together = model.generate_all if isinstance(model, Chorus) else None
        return answers(model.generate, together, [Conversation(one.messages[:-1]) for one in asked], sampling)

    def judge(self, rows: Sequence[Row], held_out: HeldOut, settings: Settings) -> Judgement:
        asked = questions(self.task, held_out, replace(settings, n=len(rows)))
        examples = [Example(question, row["answer"]) for question, row in zip(asked, rows, strict=True)]
        people = {(one.meta["source"], one.meta["record"]): Example(one, one.messages[-1].text) for one, _ in examples}
        return Judgement(self.measure(examples, held_out), self.measure([*people.values()], held_out))

    @abstractmethod
    def measure(self, examples: Sequence[Example], held_out: HeldOut) -> Estimates:
        """What is measured in answers, those of a model or of people."""


def questions(task: str, held_out: HeldOut, settings: Settings) -> Iterator[Conversation]:
    """`settings.n` conversations of the task, each ending with the person's answer; more of them begin with the same.

    Records of the test split come in an order of chance, each once before any comes again in other words. Raises
    `DataError` where the task can be made of none.
    """
    order = held_out.test[:]
    Random(settings.seed).shuffle(order)
    left = settings.n
    for turn in count():
        made = 0
        for record in order:
            language = LANGUAGES[(settings.n - left) % len(LANGUAGES)]
            conversation = get_task(task).build(record, settings.seed + turn, language) if left else None
            if conversation is not None:
                yield conversation
                left -= 1
                made += 1
        if not left:
            return
        if not made:
            raise DataError(f"of no tune of {held_out.folder} can the task {task} be made")


def answers(
    one: Callable[[T, Sampling], Iterator[str]],
    together: Callable[[Sequence[T], Sampling], list[str]] | None,
    asked: Sequence[T],
    sampling: Sampling,
) -> Iterator[tuple[str, str]]:
    """An answer and what was wrong, for each thing that is asked; all `together` where that can be done.

    Asked `one` after the other, each has a seed of its own.
    """
    if together is not None:
        try:
            found = together(asked, sampling)
        except BackendError:  # one of them cannot be answered; which one, shows when each is asked alone
            found = []
        if found:
            yield from zip(found, repeat(""), strict=False)
            return
    for number, thing in enumerate(asked):
        try:
            yield "".join(one(thing, replace(sampling, seed=sampling.seed + number))), ""
        except BackendError as fault:
            yield "", str(fault)


_read = lru_cache(maxsize=4096)(read_reply)
