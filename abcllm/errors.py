"""Every exception that abcllm raises, in one tree.

::

    AbcllmError
    ├── NotationError      .diagnostics  .source     a text has faults, and the caller asked to be told by exception
    ├── FormatError        .format  .lost            a tune cannot be written to, or read from, a format
    ├── FileError          .path                     a file cannot be read, or stands where one is to be written
    ├── UnknownName        .kind  .name  .close      no format, backend, ... of that name
    ├── DataError          .source  .row             a record of a data file is not what it should be
    │   └── LicenceError                             its licence does not allow what was asked
    ├── ConfigError        .problems                 all that is wrong with a configuration, at once
    ├── BackendError       .backend                  an engine cannot answer
    │   ├── ModelNotFound                            there is no such model, or no weights for it
    │   ├── GenerationStopped                        it stopped before the answer was whole
    │   └── ContextFull                              the conversation is longer than it can read
    ├── TrainingError                                training cannot go on, or ended without a model
    ├── UsageError                                   what was asked for cannot be done together
    └── MissingExtra       .extra  .program          something optional must be installed first

Faults of music are not exceptions but diagnostics (`abcllm.notation`); `Tunebook.raise_for_errors` turns the one
into the other. A message says what is there, where, and what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .notation.diagnostics import Diagnostic
    from .notation.source import Source

__all__ = [
    "AbcllmError",
    "BackendError",
    "ConfigError",
    "ContextFull",
    "DataError",
    "FileError",
    "FormatError",
    "GenerationStopped",
    "LicenceError",
    "MissingExtra",
    "ModelNotFound",
    "NotationError",
    "TrainingError",
    "UnknownName",
    "UsageError",
]


class AbcllmError(Exception):
    """The root: `except AbcllmError` catches all that abcllm raises on purpose."""


class NotationError(AbcllmError):
    """A text has faults. `diagnostics` are all of them, in order; `source` is the text."""

    def __init__(self, diagnostics: Sequence[Diagnostic], source: Source) -> None:
        self.diagnostics = tuple(diagnostics)
        self.source = source
        errors = [diagnostic for diagnostic in self.diagnostics if str(diagnostic.severity) == "error"]
        told = errors or self.diagnostics
        more = f"\n({len(told) - 1} more)" if len(told) > 1 else ""
        super().__init__((told[0].render(source) if told else f"{source.name}: faults were found") + more)

    def __reduce__(self) -> tuple[type[NotationError], tuple[Sequence[Diagnostic], Source]]:
        return type(self), (self.diagnostics, self.source)


class FormatError(AbcllmError):
    """Writing to or reading from `format` failed; `lost` names what the format cannot hold."""

    def __init__(self, message: str, *, format: str = "", lost: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.format = format
        self.lost = tuple(lost)


class FileError(AbcllmError):
    """The file `path` cannot be read or written."""

    def __init__(self, message: str, *, path: str = "") -> None:
        super().__init__(message)
        self.path = path


class UnknownName(AbcllmError):
    """There is no `kind` called `name`; `close` are names that look like it."""

    def __init__(self, kind: str, name: str, known: Sequence[str]) -> None:
        from difflib import get_close_matches

        self.kind = kind
        self.name = name
        self.close = tuple(get_close_matches(name, known, n=3, cutoff=0.6))
        remedy = f"did you mean {' or '.join(self.close)}?" if self.close else f"there are: {', '.join(known)}"
        super().__init__(f"no {kind} is called {name!r}; {remedy}")
        self._known = tuple(known)

    def __reduce__(self) -> tuple[type[UnknownName], tuple[str, str, Sequence[str]]]:
        return type(self), (self.kind, self.name, self._known)


class DataError(AbcllmError):
    """Row `row` (from 1; None for the whole) of `source` is not what it should be."""

    def __init__(self, message: str, *, source: str = "", row: int | None = None) -> None:
        place = source if row is None else f"{source}:{row}"
        super().__init__(f"{place}: {message}" if place else message)
        self.source = source
        self.row = row


class LicenceError(DataError):
    """The licence of a source does not allow what was asked of it."""


class ConfigError(AbcllmError):
    """A configuration has `problems`: all of them, each with file, line, key and what is allowed."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)

    def __reduce__(self) -> tuple[type[ConfigError], tuple[Sequence[str]]]:
        return type(self), (self.problems,)


class BackendError(AbcllmError):
    """The engine `backend` cannot answer."""

    def __init__(self, message: str, *, backend: str = "") -> None:
        super().__init__(message)
        self.backend = backend


class ModelNotFound(BackendError):
    """There is no such model, or its weights are not here."""


class GenerationStopped(BackendError):
    """Generation ended before the answer was whole."""


class ContextFull(BackendError):
    """The conversation is longer than the engine can read."""


class TrainingError(AbcllmError):
    """Training cannot go on, or ended without a model."""


class UsageError(AbcllmError):
    """What was asked for contradicts itself, or leaves something open that must be said."""


class MissingExtra(AbcllmError):
    """Something optional is needed: the pip extra `extra`, or the program `program`."""

    def __init__(self, message: str, *, extra: str = "", program: str = "") -> None:
        super().__init__(message)
        self.extra = extra
        self.program = program
