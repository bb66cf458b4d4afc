"""Requests: as `compose`, but the model is told exactly what is wanted, as `abcllm compose` and the chat tell it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from ...analysis.sections import count_bars
from ...backends import Backend, Sampling
from ...conversation import Conversation
from ...request import Request
from ...request.rhythms import RHYTHMS, find_rhythm
from ...tasks.material import reference_tune
from . import Chorus
from .asked import answers
from .compose import Compose

__all__ = ["Requests"]


class Requests(Compose):
    """Key, metre, bars and kind of held-out tunes are asked for as a `Request`."""

    about: ClassVar[str] = "the same asked for as the commands ask, without words to be understood"
    rows_of: ClassVar[str] = "requests"

    def put(self, model: Backend, asked: Sequence[Conversation], sampling: Sampling) -> Iterator[tuple[str, str]]:
        together = model.compose_all if isinstance(model, Chorus) else None
        requests = [_request(one, sampling.seed + number) for number, one in enumerate(asked)]
        return answers(model.compose, together, requests, sampling)


def _request(question: Conversation, seed: int) -> Request:
    tune = reference_tune(question)
    rhythm = find_rhythm(tune.rhythm)
    usual = RHYTHMS[rhythm].tempo_qpm if rhythm else 120
    return Request(rhythm, tune.key, tune.meter, count_bars(tune), usual, seed=seed)
