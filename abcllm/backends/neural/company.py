"""Answers in company: people ask when they like, and all answers grow in one batch.

A step reads the weights once for all who are there, which is what a step of a small model costs: on one core sixteen
answers in company come twice as fast as sixteen that take turns. There is no thread behind it. Whoever waits for text
takes a turn for everyone, and finds what others' turns have brought; so nothing runs when nobody waits, and nothing is
left behind.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from threading import Lock

from ...errors import ContextFull, GenerationStopped
from ..writing import Desk, Engine, Task, Vocabulary

__all__ = ["Company"]


class _Answer:
    """What was told of an answer and not yet taken; `fault` is why it ended before its end."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.told: deque[str] = deque()
        self.is_over = False
        self.is_wanted = True
        self.fault: Exception | None = None


class Company:
    """Writes up to `seats` answers side by side, from any number of threads; more wait for a seat."""

    def __init__(self, engine: Engine, tokeniser: Vocabulary, seats: int) -> None:
        self.engine, self.tokeniser, self.seats = engine, tokeniser, seats
        self._turn = Lock()
        self._answers: dict[Task, _Answer] = {}
        self._desk: Desk | None = None

    @property
    def count(self) -> int:
        """How many answers are under way, or wait to be."""
        return len(self._answers)

    def write(self, task: Task) -> Generator[str]:
        """The answer in pieces of text, as they become safe; who closes this makes room.

        Raises `ContextFull`, and `GenerationStopped` where the turn that failed was another's.
        """
        answer = _Answer(task)
        with self._turn:
            self._answers[task] = answer
        try:
            while True:
                is_over = answer.is_over  # before its last words are taken, not after
                while answer.told:
                    yield answer.told.popleft()
                if answer.fault is not None:
                    raise answer.fault
                if is_over:
                    return
                with self._turn:
                    if not answer.told and not answer.is_over:
                        self._take_turn()
        finally:
            answer.is_wanted = False
            if self._turn.acquire(blocking=False):  # else whoever has the turn, or the next, sees to it
                try:
                    self._tidy()
                finally:
                    self._turn.release()

    def _take_turn(self) -> None:
        """One piece more for everyone."""
        self._tidy()
        desk = self._desk = self._desk or Desk(self.engine, self.tokeniser, self.seats)
        try:
            for answer in [*self._answers.values()]:
                if len(desk.tasks) < self.seats and answer.task not in desk.tasks and not answer.is_over:
                    self._seat(desk, answer)
            for task, text in desk.turn():
                answer = self._answers[task]
                answer.told.append(text)
                answer.is_over = task not in desk.tasks
        except BaseException as fault:
            for answer in self._answers.values():
                answer.fault = GenerationStopped(f"the engine failed: {fault!r}", backend="neural")
            self._answers, self._desk = {}, None
            raise

    def _seat(self, desk: Desk, answer: _Answer) -> None:
        try:
            desk.begin(answer.task)
        except ContextFull as fault:
            answer.fault, answer.is_over = fault, True

    def _tidy(self) -> None:
        """Forget what is over or not wanted any more; the last one takes the batch along."""
        for task, answer in [*self._answers.items()]:
            if answer.is_over or not answer.is_wanted:
                del self._answers[task]
                if self._desk is not None and task in self._desk.tasks:
                    self._desk.drop(task)
        if not self._answers:
            self._desk = None
