"""Conversations on disk: a file of JSON each, whole or not there, so that nothing saved is lost when we are killed.

A conversation is found by its number alone, which nobody can guess and only its owner is told.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

from pydantic import BaseModel, ValidationError

from ..backends import Backend
from ..chat.version import Version
from ..conversation import Conversation
from ..errors import DataError, FileError, UsageError
from ..files import read_bytes, write_atomically
from ..notation.fields import FieldFault, parse_key, parse_meter
from ..request import Request
from .visit import Visit

__all__ = ["SavedRequest", "SavedVersion", "SavedVisit", "Shelf"]

NUMBER = re.compile(r"[0-9a-f]{32}")
MOST_TURNS = 1000
FORM = 1


class SavedRequest(BaseModel):
    """What a tune was asked to be, as text and numbers."""

    rhythm: str
    key: str
    meter: str
    bars: int
    tempo_qpm: float
    title: str
    seed: int | None
    variant: int

    @classmethod
    def of(cls, request: Request) -> SavedRequest:
        """From what was asked."""
        plain = {name: getattr(request, name) for name in cls.model_fields}
        return cls(**{**plain, "key": str(request.key), "meter": str(request.meter)})

    def request(self) -> Request:
        """Back again. Raises `FieldFault` for a key or metre that is none."""
        return Request(**{**self.model_dump(), "key": parse_key(self.key), "meter": parse_meter(self.meter)})


class SavedVersion(BaseModel):
    """A tune of the conversation."""

    abc: str
    request: SavedRequest


class SavedVisit(BaseModel):
    """The whole file. `composed` counts the tunes that had a seed of ours."""

    form: int = FORM
    conversation: dict[str, Any]
    versions: list[SavedVersion]
    seed: int
    composed: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder of conversations; it is made when the first is saved."""

    folder: Path

    def new_number(self) -> str:
        """A number for a conversation that begins; nothing is saved yet."""
        return token_hex(16)

    def open(self, number: str, backend: Backend) -> Visit:
        """A conversation as it was saved, or one that begins.

        Raises `UsageError` for a number that is none, `DataError` where the file is not what was saved.
        """
        path = self._path(number)
        visit = Visit(backend)
        if not path.exists():
            return visit
        try:
            saved = SavedVisit.model_validate_json(read_bytes(path))
            versions = [Version.read(one.abc, one.request.request()) for one in saved.versions]
        except (ValidationError, FieldFault) as fault:
            raise DataError(f"not a saved conversation: {fault}", source=path.name) from None
        if saved.conversation.get("messages"):
            visit.conversation = Conversation.from_json(json.dumps(saved.conversation), source=path.name)
        if len(visit.conversation.messages) > MOST_TURNS or len(versions) > MOST_TURNS:
            raise UsageError("this conversation has become too long; begin a new one and take the tune with you")
        visit.history, visit.seed, visit.composed = versions, saved.seed, saved.composed
        return visit

    def save(self, number: str, visit: Visit) -> None:
        """Keep a conversation. Raises `FileError` where that is impossible."""
        path = self._path(number)
        saved = SavedVisit(
            conversation=json.loads(visit.conversation.to_json()),
            versions=[
                SavedVersion(abc=version.source.text, request=SavedRequest.of(version.request))
                for version in visit.history
            ],
            seed=visit.seed,
            composed=visit.composed,
        )
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as fault:
            raise FileError(f"cannot make the folder {self.folder}: {fault.strerror}", path=str(self.folder)) from None
        write_atomically(path, saved.model_dump_json(), overwrite=True)

    def _path(self, number: str) -> Path:
        if not NUMBER.fullmatch(number):
            raise UsageError("a conversation has a number of 32 digits from 0 to 9 and a to f")
        return self.folder / f"{number}.json"
