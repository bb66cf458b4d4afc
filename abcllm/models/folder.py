"""Models as folders in Hugging Face's form, found by name or path and checked before anything is loaded.

A folder holds `config.json`, the weights as safetensors, and `tokenizer.model`. Weights as pickles are refused:
to read one is to run what is in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from ..errors import BackendError, ModelNotFound
from .llama import Llama
from .tokeniser import Tokeniser
from .weights import INDEX, WEIGHTS, Weights, open_weights

__all__ = ["DEFAULT_MODEL", "MODELS", "VOCABULARY", "ModelFolder", "find_model"]

MODELS: Final = {"small": "the model that ships: folk tunes, requests in English and Chinese"}
DEFAULT_MODEL: Final = "small"
CONFIG: Final = "config.json"
VOCABULARY: Final = "tokenizer.model"
PICKLES: Final = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl")


@dataclass(frozen=True)
class ModelFolder:
    """A model's folder. What is in it is read when it is asked for, and checked then."""

    path: Path

    @property
    def name(self) -> str:
        """What the model is called: the name of its folder."""
        return self.path.name

    @cached_property
    def config(self) -> Mapping[str, Any]:
        """What `config.json` says. Raises `BackendError`."""
        return self.read_json(CONFIG)

    def read_json(self, name: str) -> Mapping[str, Any]:
        """A JSON object of the folder. Raises `BackendError`."""
        path = self.path / name
        try:
            found = json.loads(path.read_bytes())
        except (OSError, ValueError) as fault:
            raise BackendError(f"cannot read {path}: {fault}") from None
        if not isinstance(found, dict):
            raise BackendError(f"{path} is no JSON object")
        return found

    @cached_property
    def llama(self) -> Llama:
        """The sizes of the model. Raises `BackendError` where it is not a plain Llama."""
        return Llama.from_config(self.config, str(self.path / CONFIG))

    def open_weights(self) -> Weights:
        """The weights, as many and as large as `config.json` says. Raises `ModelNotFound` and `BackendError`."""
        weights = open_weights(self.path)
        self.llama.check(weights, str(self.path))
        return weights

    @cached_property
    def tokeniser(self) -> Tokeniser:
        """The vocabulary. Raises `ModelNotFound`, and `BackendError` where it belongs to another model."""
        path = self.path / VOCABULARY
        if not path.is_file():
            raise ModelNotFound(f"{self.path} has no {VOCABULARY}; copy the one that the model was trained with")
        tokeniser = Tokeniser(path)
        size = self.llama.vocabulary
        if tokeniser.size > size:
            raise BackendError(
                f"{path} has {tokeniser.size:,} pieces, but {CONFIG} says {size:,}: they belong to different models"
            )
        for key, number in (("bos_token_id", tokeniser.bos_id), ("eos_token_id", tokeniser.eos_id)):
            stated = self.config.get(key, number)
            if number not in (stated if isinstance(stated, list) else [stated]):
                raise BackendError(
                    f"{path}: {key} is {number} there, but {stated} in {CONFIG}: they belong to different models"
                )
        return tokeniser

    @property
    def size(self) -> int:
        """The bytes of all its files."""
        return sum(path.stat().st_size for path in self.path.iterdir() if path.is_file())


def find_model(name_or_path: str | Path = DEFAULT_MODEL) -> ModelFolder:
    """A model that ships, by name, or one in a folder of yours. Raises `ModelNotFound`."""
    path = Path(str(files(__package__).joinpath(str(name_or_path)))) if name_or_path in MODELS else Path(name_or_path)
    if not path.is_dir():
        if name_or_path in MODELS:
            raise ModelNotFound(f"the model {name_or_path} is missing at {path}; install abcllm again")
        shipped = ", ".join(MODELS)
        raise ModelNotFound(f"no model is called {name_or_path}, and no folder either; models that ship: {shipped}")
    if not (path / CONFIG).is_file():
        raise ModelNotFound(f"{path} is no model's folder: it has no {CONFIG}")
    if not (path / WEIGHTS).is_file() and not (path / INDEX).is_file():
        pickle = next((found.name for pattern in PICKLES for found in path.glob(pattern)), "")
        if pickle:
            raise ModelNotFound(
                f"{path / pickle} is a pickle, which can run anything when it is read; it is not opened. "
                f"Save the model as safetensors ({WEIGHTS})"
            )
        raise ModelNotFound(f"{path} has no weights ({WEIGHTS})")
    return ModelFolder(path)
