"""Engines that compose: one module per engine, each with a subclass of `Backend`.

`get_backend("ngram")` gives one by name; what follows a colon goes to its class (`NAME:WHERE`, say the folder of its
weights). A folder alone is enough: the engine that runs what is in it is chosen. Another package joins with an entry
point in the group `abcllm.backends` that names its class.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

from .. import registry
from ..conversation import Conversation, Message
from ..errors import BackendError, ModelNotFound, UsageError
from ..request import Request

if TYPE_CHECKING:
    from .guiding import Guide

__all__ = ["BACKENDS", "DEFAULT_BACKEND", "Backend", "Sampling", "Scorer", "get_backend"]

GROUP = "abcllm.backends"

BACKENDS = {
    "neural": "abcllm.backends.neural:NeuralBackend",
    "ngram": "abcllm.backends.ngram:NgramBackend",
    "openai": "abcllm.backends.openai:OpenAIBackend",
    "transformers": "abcllm.backends.transformers:TransformersBackend",
    "vllm": "abcllm.backends.vllm:VllmBackend",
}
DEFAULT_BACKEND = "neural"
SMALL = 2**29  # bytes of weights


@dataclass(frozen=True, slots=True)
class Sampling:
    """How to choose: `temperature` 0 always takes the likeliest; the same `seed` gives the same answer again.

    `top_p` keeps the likeliest choices that together have that probability; `max_tokens` ends an answer that does
    not end itself. `guided` holds tunes to valid ABC with exact bars as they are written; an engine that knows no
    other way does so anyhow. Raises `UsageError` for values that make no sense.
    """

    temperature: float = 1.0
    top_p: float = 1.0
    seed: int = 0
    max_tokens: int = 4096
    guided: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.temperature <= 10:
            raise UsageError(f"the temperature must be from 0 to 10, not {self.temperature:g}")
        if not 0 < self.top_p <= 1:
            raise UsageError(f"top_p must be above 0 and at most 1, not {self.top_p:g}")
        if self.max_tokens < 1:
            raise UsageError(f"max_tokens must be at least 1, not {self.max_tokens}")


class Backend(ABC):
    """An engine that answers conversations, and so composes tunes.

    A subclass has a `name` and `generate`; where the engine can be told more exactly what is wanted than in words,
    it has a `compose` of its own too. `usual` is how it chooses unless it is told otherwise.
    """

    name: ClassVar[str]
    usual: ClassVar[Sampling] = Sampling()

    @classmethod
    def choosing(cls, **told: float | None) -> Sampling:
        """How the engine chooses: as usual, but for what it was told (a value of `Sampling`; None tells nothing)."""
        return replace(cls.usual, **{name: value for name, value in told.items() if value is not None})  # type: ignore[arg-type]

    @abstractmethod
    def generate(self, conversation: Conversation, sampling: Sampling) -> Iterator[str]:
        """The answer to the last message, in pieces as they are chosen. Raises `BackendError`."""

    def compose(self, request: Request, sampling: Sampling) -> Iterator[str]:
        """The ABC of a tune for `request`, header first, in pieces as they are chosen."""
        return self.generate(Conversation((Message("user", f"Compose {request}."),)), sampling)

    def write_held(self, conversation: Conversation, guide: Guide, sampling: Sampling) -> Iterator[str]:
        """The answer to the last message that begins as `guide` does and is held by it; what follows, in pieces.

        Raises `BackendError`, also where the engine writes nothing but whole tunes.
        """
        raise BackendError(
            f'the composer "{self.name}" writes whole tunes only, and cannot change some of one; '
            "take another: /model neural, or --model neural",
            backend=self.name,
        )


@runtime_checkable
class Scorer(Protocol):
    """A model that says how likely a text is."""

    def log_likelihood(self, text: str) -> float:
        """The natural logarithm of the probability of the text and of its end after it."""


def get_backend(name: str = DEFAULT_BACKEND) -> Backend:
    """The engine called `name`, or `NAME:WHERE`, or that of the model in the folder `name`.

    Raises `UnknownName`, and `ModelNotFound` where it has no weights.
    """
    if "/" in name.partition(":")[0] or Path(name).is_dir():
        name = f"{_runner(Path(name))}:{name}"
    kind, colon, where = name.partition(":")
    engine = registry.resolve("backend", BACKENDS, kind, GROUP)
    backend: Backend = engine(where) if colon else engine()
    return backend


def _runner(folder: Path) -> str:
    """The engine for a folder: `neural` for a small Llama with a vocabulary of SentencePiece, or `transformers`."""
    from ..models.folder import CONFIG, VOCABULARY, ModelFolder

    if not folder.is_dir():
        raise ModelNotFound(f"there is no folder {folder}; name the folder of a model, or one of {', '.join(BACKENDS)}")
    is_small = sum(path.stat().st_size for path in folder.glob("*.safetensors")) < SMALL
    is_llama = (folder / CONFIG).is_file() and ModelFolder(folder).config.get("model_type") == "llama"
    return "neural" if is_llama and is_small and (folder / VOCABULARY).is_file() else "transformers"
