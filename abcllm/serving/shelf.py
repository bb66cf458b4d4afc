"""Conversations that visitors come back to: each is found by its number alone, which its owner alone is told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from ..backends import Backend
from ..chat.shelf import Shelf as Conversations
from ..errors import UsageError
from ..library import Library
from .visit import Visit

__all__ = ["Shelf"]

NUMBER = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder of conversations, made when the first is saved; all of them draw on `library`."""

    folder: Path
    library: Library | None = None

    def new_number(self) -> str:
        """A number for a conversation that begins, which nobody can guess; nothing is saved yet."""
        return token_hex(16)

    def open(self, number: str, backend: Backend) -> Visit:
        """A conversation as it was saved, or one that begins.

        Raises `UsageError` for a number that is none, `DataError` where the file is not what was saved.
        """
        visit = Visit(backend, library=self.library)
        Conversations(self.folder).fill(_checked(number), visit)
        return visit

    def save(self, number: str, visit: Visit) -> None:
        """Keep a conversation. Raises `FileError` where that is impossible."""
        Conversations(self.folder).save(_checked(number), visit)


def _checked(number: str) -> str:
    if not NUMBER.fullmatch(number):
        raise UsageError("a conversation has a number of 32 digits from 0 to 9 and a to f")
    return number
