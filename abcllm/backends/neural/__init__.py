"""The neural composer: a small Llama that runs on a CPU, without a library for training.

`neural` is the model that ships, `neural:FOLDER` one in a folder of yours. Unless `Sampling.guided` is false its tunes
are held to valid ABC with exact bars; who asks for a tune in plain words gets the key, the metre and the length that
the words name, who asks by control codes the sections and bars of these. What the model says besides is its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import cached_property
from typing import Final
from zlib import crc32

import numpy as np

from ...analysis.counting import count_aloud
from ...conversation import Conversation, Message
from ...models.folder import DEFAULT_MODEL, find_model
from ...request import Compose, Request, read_request
from .. import Backend, Sampling
from ..bars import BarGuide
from ..counts import drop_counts
from ..forms import guide_answer
from ..guiding import Guide
from ..header import word_request, write_header
from ..titles import make_title
from ..writing import Task, write_all
from .company import Company
from .engine import Engine

__all__ = ["TEMPO", "NeuralBackend"]

STREAMS: Final = 16
SEATS: Final = 64
LARGE: Final = 30_000_000  # parameters
UNGUIDED_TEMPERATURE: Final = 0.7
"""Usual where nothing holds the tunes: what is bold goes wrong more often then."""
TEMPO: Final = re.compile(r"^Q:.*\n", re.MULTILINE)
"""What the model read tunes without."""


class NeuralBackend(Backend):
    """Composes, and answers, with a language model. Raises what `find_model` and `Engine` raise."""

    name = "neural"
    usual = Sampling(temperature=0.9, top_p=0.95)

    def __init__(self, where: str = "") -> None:
        self.folder = find_model(where or DEFAULT_MODEL)
        self.tokeniser = self.folder.tokeniser
        self.engine = Engine(self.folder, threads=1 if self.folder.llama.parameters < LARGE else 0)
        self.company = Company(self.engine, self.tokeniser, SEATS)

    @cached_property
    def choir(self) -> Engine:
        """The same model on all cores, for many answers at a time; for one, threads of a small model only wait."""
        return Engine(self.folder)

    @classmethod
    def choosing(cls, **told: float | None) -> Sampling:
        if told.get("guided") is False and told.get("temperature") is None:
            told["temperature"] = UNGUIDED_TEMPERATURE
        return super().choosing(**told)

    def generate(self, conversation: Conversation, sampling: Sampling) -> Iterator[str]:
        return self._write(self._answering(conversation, sampling))

    def compose(self, request: Request, sampling: Sampling) -> Iterator[str]:
        return self._write(self._composing(request, sampling))

    def write_held(self, conversation: Conversation, guide: Guide, sampling: Sampling) -> Iterator[str]:
        begun = [*self.tokeniser.encode_prompt(conversation), *self.tokeniser.encode(_show(guide.text, guide.total))]
        random = np.random.default_rng([sampling.seed, _hash(begun)])
        return self._told(Task(begun, guide, sampling, random))

    def generate_all(
        self, conversations: Sequence[Conversation], sampling: Sampling, streams: int = STREAMS
    ) -> list[str]:
        """The answers to many conversations, `streams` of which are written side by side."""
        return self._write_all([self._answering(conversation, sampling) for conversation in conversations], streams)

    def compose_all(self, requests: Sequence[Request], sampling: Sampling, streams: int = STREAMS) -> list[str]:
        """Tunes for many requests, `streams` of which are written side by side."""
        return self._write_all([self._composing(request, sampling) for request in requests], streams)

    def log_likelihood(self, text: str) -> float:
        """The natural logarithm of the probability that a text is told, as pre-training knows it, and its end after it.

        It is told where the model writes it, and where it writes it with the bars counted.
        """
        return float(np.logaddexp.reduce([self._log_likelihood(form) for form in {text, count_aloud(text)}]))

    def _log_likelihood(self, text: str) -> float:
        """The same of what is written. Of more than the model reads, each further half is read after the one before."""
        ids, _ = self.tokeniser.encode_conversation(Conversation((Message("assistant", text),)))
        context = self.engine.llama.context
        total, known = 0.0, 1  # the mark that begins a text is given
        while known < len(ids):
            start = 0 if known == 1 else known - context // 2
            window = ids[start : start + context]
            logits = self.engine.read(window)[known - start - 1 : -1].astype(np.float64)
            said = logits[np.arange(len(logits)), ids[known : start + len(window)]]
            total += float((said - np.logaddexp.reduce(logits, axis=1)).sum())
            known = start + len(window)
        return total

    def _write(self, task: Task) -> Iterator[str]:
        if task.guide.text:
            yield task.guide.text
        yield from self._told(task)

    def _told(self, task: Task) -> Iterator[str]:
        """What is written after what has begun, without the bars that the model counts to itself."""
        with closing(self.company.write(task)) as pieces:
            yield from drop_counts(pieces, task.guide.text)

    def _write_all(self, tasks: list[Task], streams: int) -> list[str]:
        said: dict[Task, list[str]] = {task: [] for task in tasks}
        begun = {task: task.guide.text for task in tasks}
        for task, text in write_all(self.choir if streams > 1 else self.engine, self.tokeniser, tasks, streams):
            said[task].append(text)
        return [begun[task] + "".join(drop_counts(said[task], begun[task])) for task in tasks]

    def _answering(self, conversation: Conversation, sampling: Sampling) -> Task:
        guide = guide_answer(conversation, sampling)
        if sampling.guided and conversation.messages and not guide.text:
            wish = read_request(conversation.messages[-1].text, None)
            if isinstance(wish, Compose):
                return self._composing(wish.request, sampling)
        prompt = [*self.tokeniser.encode_prompt(conversation), *self.tokeniser.encode(guide.text)]
        return Task(prompt, guide, sampling, np.random.default_rng([sampling.seed, _hash(prompt)]))

    def _composing(self, request: Request, sampling: Sampling) -> Task:
        """The request in the words that the model was trained with, and the header it must have begun its answer with.

        Unguided, the header stands all the same: it is what was asked for.
        """
        seed = sampling.seed if request.seed is None else request.seed
        random = np.random.default_rng([seed, request.variant, _hash(str(request).encode())])
        header = write_header(request, request.title.strip() or make_title(random, request.rhythm))
        prompt = self.tokeniser.encode_prompt(Conversation((Message("user", word_request(request)),)))
        guide = BarGuide(header, request.bars) if sampling.guided else Guide(header)
        return Task([*prompt, *self.tokeniser.encode(_show(header, request.bars))], guide, sampling, random)


def _show(begun: str, bars: int | None) -> str:
    """A tune that has begun, and will have so many bars, as the model would have written it."""
    shown = TEMPO.sub("", begun)
    return shown if bars is None else count_aloud(shown, bars)


def _hash(what: bytes | Sequence[int]) -> int:
    return crc32(what if isinstance(what, bytes) else np.array(what, np.int32).tobytes())
