"""The n-gram composer: a true model that needs no GPU, no hub and no weights beyond half a megabyte.

It is the lasting baseline of every evaluation, and what answers until a neural model is chosen.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from ...conversation import Conversation
from ...errors import BackendError, ModelNotFound
from ...request import Compose, Request, read_request
from .. import Backend, Sampling
from .composer import Composer
from .model import NgramModel

__all__ = ["NgramBackend", "load_model"]

SHIPPED = "folk.npz"


@lru_cache(maxsize=4)
def load_model(path: str) -> NgramModel:
    """The shipped model (empty path), or one from a file. Raises `ModelNotFound` and `BackendError`."""
    try:
        data = Path(path).read_bytes() if path else files(__name__).joinpath(SHIPPED).read_bytes()
    except OSError as fault:
        raise ModelNotFound(
            f"there is no n-gram model at {path or SHIPPED}: {fault.strerror}", backend="ngram"
        ) from fault
    try:
        return NgramModel.from_bytes(data)
    except (ValueError, KeyError, OSError) as fault:
        raise BackendError(f"{path or SHIPPED} is no n-gram model: {fault}", backend="ngram") from fault


class NgramBackend(Backend):
    """Composes melodies that are strictly valid, with exact bars."""

    name = "ngram"

    def __init__(self, where: str = "") -> None:
        self.model = load_model(where)

    def compose(self, request: Request, sampling: Sampling) -> Iterator[str]:
        return Composer(self.model, request, sampling).write()

    def generate(self, conversation: Conversation, sampling: Sampling) -> Iterator[str]:
        """Answer the last message of the user with a tune; what asks for no tune is answered with what could be."""
        asked = next((m.text for m in reversed(conversation.messages) if m.role == "user"), "")
        instruction = read_request(asked, None)
        if isinstance(instruction, Compose):
            yield from self.compose(instruction.request, sampling)
        else:
            yield 'I compose tunes: ask me for "a 16-bar jig in D".'
