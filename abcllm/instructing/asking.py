"""What an engine is asked, and what an engine is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any, Protocol

from ..record import Record
from .families import Family

__all__ = ["Engine", "Request"]


@dataclass(frozen=True)
class Request:
    """Questions of a family are wanted about a record of which this is known, in English or Chinese (`en`, `zh`)."""

    record: Record
    family: Family
    metadata: Mapping[str, Any]
    seed: int = 0
    language: str = "en"

    @cached_property
    def instructions(self) -> str:
        """What a model is told before it is given the metadata."""
        return self.family.instructions(self.metadata, self.language)

    def key(self, engine: str) -> str:
        """A name for the question that changes with anything the engine is told."""
        told = [self.record.source, self.record.id, engine, self.instructions, dict(self.metadata), self.seed]
        return blake2b(json.dumps(told, sort_keys=True).encode(), digest_size=16).hexdigest()


class Engine(Protocol):
    """Something that answers requests; `name` says which model it is, with which settings.

    `answer` gives a JSON list of questions with answers as text. It raises `DataError` where it cannot answer this
    request, and another `AbcllmError` where it cannot answer any. It may be called from several threads.
    """

    @property
    def name(self) -> str: ...

    def answer(self, request: Request) -> str: ...
