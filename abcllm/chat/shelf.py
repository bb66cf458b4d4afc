"""Conversations on disk: a file of JSON each, whole or not there, so that nothing saved is lost when we are killed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ..conversation import Conversation
from ..errors import BackendError, DataError, FileError, UsageError
from ..files import read_bytes, write_atomically
from ..notation.fields import FieldFault, parse_key, parse_meter
from ..request import Request
from .session import Session
from .version import Version

__all__ = ["MOST_TURNS", "Shelf"]

NAME: Final = re.compile(r"[\w-]{1,100}")
MOST_TURNS: Final = 1000
FORM: Final = 1
SUFFIX: Final = ".json"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder of conversations; it is made when the first is saved. A name has letters, digits and hyphens."""

    folder: Path

    def names(self) -> list[str]:
        """The names of all that is saved, in order."""
        return sorted(path.stem for path in self.folder.glob(f"*{SUFFIX}") if NAME.fullmatch(path.stem))

    def fill(self, name: str, session: Session) -> bool:
        """Put what was saved under a name into a session; False where nothing was.

        Raises `UsageError` for a name that is none, `DataError` where the file is not what was saved.
        """
        path = self.path(name)
        if not path.exists():
            return False
        try:
            saved = json.loads(read_bytes(path))
            conversation, versions = saved["conversation"], [_read_version(one) for one in saved["versions"]]
            seed, composed = int(saved["seed"]), int(saved["composed"])
            empty = not conversation.get("messages")
        except (ValueError, RecursionError, KeyError, TypeError, AttributeError, FieldFault, BackendError) as fault:
            raise DataError(f"not a saved conversation: {fault}", source=path.name) from None
        if not empty:
            session.conversation = Conversation.from_json(json.dumps(conversation), source=path.name)
        if len(session.conversation.messages) > MOST_TURNS or len(versions) > MOST_TURNS:
            raise UsageError("this conversation has become too long; begin a new one and take the tune with you")
        session.history, session.seed, session.composed = versions, seed, composed
        return True

    def save(self, name: str, session: Session) -> None:
        """Keep a conversation. Raises `FileError` where that is impossible."""
        saved = {
            "form": FORM,
            "conversation": json.loads(session.conversation.to_json()),
            "versions": [
                {"abc": version.source.text, "request": _plain(version.request)} for version in session.history
            ],
            "seed": session.seed,
            "composed": session.composed,
        }
        path = self.path(name)
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as fault:
            raise FileError(f"cannot make the folder {self.folder}: {fault.strerror}", path=str(self.folder)) from None
        write_atomically(path, json.dumps(saved, ensure_ascii=False), overwrite=True)

    def path(self, name: str) -> Path:
        """The file of a conversation. Raises `UsageError` for a name that is none."""
        if not NAME.fullmatch(name):
            raise UsageError(f'"{name}" is no name of a conversation: letters, digits and hyphens, 100 at most')
        return self.folder / f"{name}{SUFFIX}"


REQUEST: Final[Mapping[str, type | tuple[type, ...]]] = {
    "rhythm": str, "key": str, "meter": str, "bars": int, "tempo_qpm": (int, float), "title": str,
    "seed": (int, type(None)), "variant": int,
}  # fmt: skip


def _plain(request: Request) -> dict[str, object]:
    """What a tune was asked to be, as text and numbers."""
    plain = {name: getattr(request, name) for name in REQUEST}
    return {**plain, "key": str(request.key), "meter": str(request.meter)}


def _read_version(saved: Mapping[str, Any]) -> Version:
    """Back again. Raises `KeyError`, `TypeError` and `FieldFault` for what was never written here."""
    plain = {name: saved["request"][name] for name in REQUEST}
    for name, kind in REQUEST.items():
        if not isinstance(plain[name], kind):
            raise TypeError(f'"{name}" is {plain[name]!r}')
    request = Request(**{**plain, "key": parse_key(plain["key"]), "meter": parse_meter(plain["meter"])})
    if not isinstance(saved["abc"], str):
        raise TypeError('"abc" is no text')
    return Version.read(saved["abc"], request)
