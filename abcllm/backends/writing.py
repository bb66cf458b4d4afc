"""Writing answers: each text under way chooses its next piece, and all of them take the step together.

What is written is told when it is safe: when the answer could be brought to an end from there. In a tune this is so at
the end of every bar. Where nothing fits any more, or a bar does not come to an end, it is written again from the last
safe place; keys and values of what is taken back are simply overwritten.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import islice
from typing import Final, Protocol

import numpy as np

from . import Sampling
from .guiding import Guide
from .sampling import Floats, candidates

__all__ = ["Batch", "Desk", "Engine", "Stream", "Task", "Vocabulary", "write", "write_all"]

STRIDE: Final = 6  # pieces, at least, between places to go back to
LONGEST_BAR: Final = 64  # pieces
MOST_CANDIDATES: Final = 64
TRIALS: Final = 8  # the later half of them plain


@dataclass(eq=False, slots=True)
class Stream:
    """A text under way: the pieces that were read, and what the model expects next: `logits` (vocabulary,).

    The first `begun` pieces were read at once.
    """

    row: int
    ids: list[int]
    logits: Floats
    begun: int = 0


class Vocabulary(Protocol):
    """What the pieces of a model stand for."""

    size: int
    end_id: int
    eos_id: int

    def bytes_of(self, number: int, /) -> bytes: ...


class Batch(Protocol):
    """Texts that take their steps together: `live` are those under way, in the order of the pieces of a step."""

    context: int
    live: list[Stream]

    def begin(self, ids: Sequence[int], /) -> Stream: ...

    def step(self, pieces: Sequence[int], /) -> None: ...

    def end(self, stream: Stream, /) -> None: ...


class Engine(Protocol):
    """A model that is ready to run."""

    def open(self, streams: int, /) -> Batch: ...


class Task:
    """One answer that is to be written: `prompt` are the pieces before it, `guide` holds it to what it must be."""

    def __init__(self, prompt: Sequence[int], guide: Guide, sampling: Sampling, random: np.random.Generator) -> None:
        self.prompt = prompt
        self.guide = guide
        self.sampling = sampling
        self.random = random
        self._safe = copy(guide)
        self._read = len(prompt)
        self._expected = np.empty(0, np.float32)
        self._told = len(guide.text)
        self._trials = 0

    def choose(self, stream: Stream, tokeniser: Vocabulary, context: int) -> int | None:
        """The next piece; None where the answer is at its end."""
        if not len(self._expected) or (len(stream.ids) - self._read >= STRIDE and self.guide.is_safe):
            self.guide.is_plain = False
            self._safe, self._read, self._expected = copy(self.guide), len(stream.ids), stream.logits
            self._trials = 0
        while not self.guide.is_finished:
            written = len(stream.ids) - len(self.prompt)
            if written >= self.sampling.max_tokens or len(stream.ids) >= context:
                self._go_back(stream)
                return None
            if len(stream.ids) - self._read < LONGEST_BAR:
                logits = stream.logits[: tokeniser.size]  # a model may have room for more pieces than there are
                most = None if self.guide.is_plain else MOST_CANDIDATES
                for piece in islice(candidates(logits, self.sampling, self.random), most):
                    if piece in (tokeniser.end_id, tokeniser.eos_id):
                        if self.guide.may_end:
                            return None
                    elif self.guide.offer(tokeniser.bytes_of(piece)):
                        return piece
            self._go_back(stream)
            self._trials += 1
            self.guide.is_plain = self._trials > TRIALS // 2
            if self._trials == TRIALS:
                return None
        return None

    def tell(self) -> str:
        """What has become safe to be told."""
        text = self._safe.text[self._told :]
        self._told += len(text)
        return text

    def end(self) -> str:
        """What is still to be told when the answer is at its end."""
        return self.guide.text[self._told :] + (self.guide.ending() or "")

    def _go_back(self, stream: Stream) -> None:
        self.guide = copy(self._safe)
        del stream.ids[self._read :]
        stream.logits = self._expected


def write(engine: Engine, tokeniser: Vocabulary, task: Task) -> Iterator[str]:
    """The answer in pieces of text, as they become safe. Raises `ContextFull`."""
    for _, text in write_all(engine, tokeniser, [task]):
        yield text


def write_all(
    engine: Engine, tokeniser: Vocabulary, tasks: Iterable[Task], streams: int = 1
) -> Iterator[tuple[Task, str]]:
    """Pieces of text of many answers, each with the task it belongs to; up to `streams` are under way at a time.

    Raises `ContextFull` where a prompt is longer than the model reads.
    """
    desk = Desk(engine, tokeniser, streams)
    waiting = iter(tasks)
    while True:
        for task in islice(waiting, streams - len(desk.tasks)):
            desk.begin(task)
        if not desk.tasks:
            return
        yield from desk.turn()


class Desk:
    """Answers under way in one batch, which get their pieces turn by turn; `tasks` are theirs."""

    def __init__(self, engine: Engine, tokeniser: Vocabulary, streams: int) -> None:
        self.tokeniser = tokeniser
        self.batch = engine.open(streams)
        self._streams: dict[Task, Stream] = {}

    @property
    def tasks(self) -> Collection[Task]:
        """What is under way."""
        return self._streams.keys()

    def begin(self, task: Task) -> None:
        """Take an answer up. Raises `ContextFull`, and what the batch raises where there is no room."""
        self._streams[task] = self.batch.begin(task.prompt)

    def turn(self) -> Iterator[tuple[Task, str]]:
        """One piece more for each answer: what can be told of them, and the last of those that are at their end."""
        chosen: dict[Stream, int] = {}
        for task, stream in [*self._streams.items()]:
            piece = task.choose(stream, self.tokeniser, self.batch.context)
            if piece is not None:
                chosen[stream] = piece
                if text := task.tell():
                    yield task, text
                continue
            self.drop(task)
            yield task, task.end()
        if chosen:
            self.batch.step([chosen[stream] for stream in self.batch.live])

    def drop(self, task: Task) -> None:
        """Leave an answer as it is."""
        self.batch.end(self._streams.pop(task))
