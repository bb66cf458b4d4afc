"""A conversation over the network: nothing is played or written where the server runs, but handed to the person."""

from __future__ import annotations

from collections.abc import Iterator

from ..backends import Backend
from ..chat import Piece, Session
from ..chat.session import Wish
from ..chat.version import Version
from ..errors import UsageError
from ..formats import find_format
from ..library import Library
from ..notation import Source, parse
from ..request import Play, Quit, Save

__all__ = ["ALL_FILES", "Visit"]

ALL_FILES = ("abc", "midi", "musicxml", "pdf", "wav")


class Visit(Session):
    """A `Session` whose files and sounds are wishes: `wishes` are what the page is to do after the answer."""

    def __init__(self, backend: Backend, *, seed: int | None = None, library: Library | None = None) -> None:
        super().__init__(backend, seed=seed, library=library)
        self.wishes: list[str] = []

    def take(self, abc: str) -> Version:
        """Go on from a text that was brought or changed by hand. Raises `UsageError` where it holds no tune."""
        source = Source(abc, "the tune")
        if not parse(source).tunes:
            raise UsageError("there is no tune in this text; a tune begins with X:1 and has a line K: (its key)")
        version = Version.read(abc)
        self.history.append(version)
        return version

    def _carry_out(self, instruction: Wish) -> Iterator[Piece]:
        match instruction:
            case Save(format, path):
                self._current()
                formats = ALL_FILES if format == "all" else (find_format(path or format or "abc"),)
                self.wishes += formats
                yield Piece(f"Here it is as a file: {', '.join(formats)}.\n")
            case Play():
                self._current()
                self.wishes.append("play")
                yield Piece("(playing)\n")
            case Quit():
                yield Piece("Goodbye. The conversation is kept.\n")
            case _:
                yield from super()._carry_out(instruction)
