"""What `convert`, `render` and `play` share: read a book, say its faults, pick tunes, write files and say so."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypedDict

from ..errors import FormatError, UsageError
from ..formats import find_format, load
from ..formats.abc import read_abc
from ..notation import Diagnostic, Severity, Tune, Tunebook
from . import FAULTS, FINE
from .inputs import STDIN

__all__ = ["Outcome", "Transposition", "pick", "read_book", "wanted_key"]

TOLD = 5


class Outcome:
    """Collects what was found and written, and says it at the end: to a person, or with `as_json` to a program."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self.found: list[Diagnostic] = []
        self.written: list[Path] = []

    @property
    def errors(self) -> int:
        return sum(d.severity is Severity.ERROR for d in self.found)

    def read(self, path: str, format: str = "", **options: Any) -> Tunebook:
        """Read a book and say on standard error which errors it has; reading goes on as far as it makes sense."""
        book = read_book(path, format, **options)
        self.found += book.diagnostics
        errors = [d for d in book.diagnostics if d.severity is Severity.ERROR]
        for diagnostic in errors[:TOLD]:
            print(diagnostic.render(book.source), file=sys.stderr)
        if len(errors) > TOLD:
            print(f"... and {len(errors) - TOLD} more; all of them: abcllm check {path}", file=sys.stderr)
        return book

    def close(self) -> int:
        """Say what was written; the exit code."""
        if self.as_json:
            rows = [diagnostic.as_dict() for diagnostic in self.found]
            written = [str(path) for path in self.written]
            print(json.dumps({"written": written, "errors": self.errors, "diagnostics": rows}, ensure_ascii=False))
        else:
            for path in self.written:
                print(f"wrote {path}", file=sys.stderr)
        return FAULTS if self.errors else FINE


def read_book(path: str, format: str = "", **options: Any) -> Tunebook:
    """The book in a file, or in standard input for `-` (ABC, unless `format` says otherwise).

    `options` are those of the reader of the format.
    """
    if path == STDIN:
        if find_format(format or "abc") != "abc":
            raise UsageError("only ABC is read from standard input")
        return read_abc(sys.stdin.buffer.read(), "<stdin>")
    if not format and not Path(path).suffix:
        format = "abc"
    return load(path, format=format, **options)


def pick(book: Tunebook, number: int | None) -> tuple[Tune, ...]:
    """All tunes, or the one with that reference number. Raises `FormatError` where there is no tune at all."""
    if not book.tunes:
        raise FormatError(f"{book.source.name}: no tune is in it; abcllm check says why")
    if number is None:
        return book.tunes
    chosen = tuple(tune for tune in book.tunes if tune.number == number)
    if not chosen:
        raise UsageError(f"{book.source.name} has no tune with X:{number}; it has {_numbers(book.tunes)}")
    return chosen


def _numbers(tunes: Sequence[Tune]) -> str:
    shown = ", ".join(f"X:{tune.number}" for tune in tunes[:10])
    return f"{shown}, ... ({len(tunes)} tunes)" if len(tunes) > 10 else shown


class Transposition(TypedDict, total=False):
    """How far to transpose: by semitones, or to a key."""

    semitones: int
    key: str


def wanted_key(text: str) -> Transposition:
    """`--transpose` as options of `transpose`: a number of semitones, or the name of a key."""
    try:
        return {"semitones": int(text)}
    except ValueError:
        return {"key": text}
