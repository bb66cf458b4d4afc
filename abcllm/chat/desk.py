"""A session at one's own machine: its conversations are kept and reopened, files opened, composers changed."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from ..backends import BACKENDS, Backend, Sampling, get_backend
from ..errors import AbcllmError, UnknownName, UsageError
from ..formats import find_format, load
from ..library import Library
from ..notation import write
from ..request import Open, Recall, Switch
from .answers import summarize
from .naming import file_stem
from .session import Piece, Session, Wish
from .shelf import Shelf
from .version import request_of

__all__ = ["Desk", "state_folder"]

LONGEST_NAME: Final = 40
SHOWN: Final = 20


def state_folder() -> Path:
    """Where programs of a person keep what they remember (XDG Base Directory Specification)."""
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state", "abcllm")


class Desk(Session):
    """A `Session` that is saved after every answer, in `shelf` (None: not at all), under `name`."""

    def __init__(
        self,
        backend: Backend,
        *,
        seed: int | None = None,
        sampling: Sampling | None = None,
        folder: str | Path = ".",
        library: Library | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        super().__init__(backend, seed=seed, sampling=sampling, folder=folder, library=library)
        self.shelf = shelf
        self.name = ""

    def answer(self, text: str) -> Generator[Piece]:
        try:
            yield from super().answer(text)
        finally:
            trouble = self._keep(text)
        if trouble:
            yield self.word(Piece(f"(this conversation is no longer kept: {trouble})\n", aside=True))

    def resume(self, name: str = "") -> str:
        """Go on with a saved conversation: one whose name begins so or has this in it, else the latest; its name.

        Raises `UsageError` where none is kept, `UnknownName` where none or several are meant.
        """
        names = self.shelf.names() if self.shelf else []
        if self.shelf is None or not names:
            raise UsageError("no conversation is kept yet")
        meant = [one for one in names if one == name] or [one for one in names if name in one]
        if not meant or (name and len(meant) > 1):
            raise UnknownName("conversation", name, meant or names[-SHOWN:])
        self.shelf.fill(meant[-1], self)
        self.name = meant[-1]
        self.last = None
        return self.name

    def _carry_out(self, instruction: Wish) -> Iterator[Piece]:
        match instruction:
            case Switch(model):
                yield from self._switch(model)
            case Open(name):
                yield from self._open(name)
            case Recall():
                yield from self._recall()
            case _:
                yield from super()._carry_out(instruction)

    def _switch(self, model: str) -> Iterator[Piece]:
        if model:
            backend = get_backend(model)
            self.backend, self.sampling = backend, backend.usual
            yield Piece(f'The composer is "{backend.name}" now.\n')
        else:
            yield Piece(f'The composer is "{self.backend.name}". There are: {", ".join(BACKENDS)}. Say /model NAME.\n')

    def _open(self, name: str) -> Iterator[Piece]:
        path = self.folder / Path(name).expanduser()
        if path.is_file():
            yield from self._read(path, name)
            return
        if self.shelf is None or not self.shelf.names():
            raise UsageError(f"there is no file {name}, and no conversation is kept yet")
        yield Piece(f"Opened {self.resume(name)}.\n")
        yield Piece(f"{summarize(self.tune)}\n" if self.tune else "There is no tune in it yet.\n")

    def _read(self, path: Path, name: str) -> Iterator[Piece]:
        """Take the first tune of a file as the current one, as it stands there."""
        if not path.suffix:
            raise UsageError(f"{name} has no ending that says what is in it; .abc, .mid and .musicxml can be opened")
        book = load(path)
        if not book.tunes:
            raise UsageError(f"there is no tune in {name}")
        tune = book.tunes[0]
        as_written = find_format(str(path)) == "abc" and not book.header
        abc = book.source.slice(tune.span) if as_written else write(tune)
        yield from self._take(abc, request_of(tune), f"from {name}")
        if len(book.tunes) > 1:
            yield Piece(f"(the first of {len(book.tunes)} tunes)\n", aside=True)

    def _recall(self) -> Iterator[Piece]:
        names = self.shelf.names() if self.shelf else []
        lines = [f"{name}{' (this one)' if name == self.name else ''}\n" for name in names[-SHOWN:]]
        yield Piece("".join(lines) or "No conversation is kept yet.\n")
        if lines:
            yield Piece("(/open NAME goes on with one; a part of the name is enough)\n", aside=True)

    def _keep(self, text: str) -> str:
        """Save the conversation; what went wrong, if anything did, after which nothing is saved any more."""
        if self.shelf is None:
            return ""
        if not self.name:
            self.name = f"{datetime.now():%Y-%m-%d-%H%M%S}-{_slug(text)}"
        try:
            self.shelf.save(self.name, self)
        except AbcllmError as fault:
            self.shelf = None
            return str(fault)
        return ""


def _slug(text: str) -> str:
    return file_stem(text)[:LONGEST_NAME].strip("-") or "tune"
