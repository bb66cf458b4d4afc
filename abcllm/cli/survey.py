"""Checking many texts: in batches, on every core, printed in order, in bounded memory."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, islice
from typing import TextIO

from ..workers import in_order
from .inputs import Document, documents
from .progress import Progress
from .summary import Summary
from .verdict import Orders, Verdict, judge

__all__ = ["survey"]

BATCH_TEXTS, BATCH_CHARACTERS = 64, 100_000


def survey(paths: Iterable[str], orders: Orders, jobs: int, out: TextIO, *, quiet: bool = False) -> Summary:
    """Check all texts of `paths` and print what is found to `out`; `quiet` leaves only the summary."""
    printer = _PRINTERS[orders.form](out, quiet)
    summary = Summary()
    with Progress("tunes") as progress:
        for verdict in _verdicts(_batches(paths), orders, jobs):
            summary.add(verdict)
            if verdict.shown and not quiet:
                progress.clear()
                printer.show(verdict.shown)
            if verdict.fixed is not None:
                sys.stdout.write(verdict.fixed)
            progress.add(verdict.tunes, verdict.path)
    printer.close(summary)
    return summary


class _TextPrinter:
    """Diagnostics for a person, and tables where there is much to add up."""

    def __init__(self, out: TextIO, quiet: bool) -> None:
        self.out = out
        self.quiet = quiet

    def show(self, words: str) -> None:
        self.out.write(words)

    def close(self, summary: Summary) -> None:
        if self.quiet or len(summary.files) > 1 or summary.totals["tunes"] > 1:
            tables = summary.tables()
            self.out.write(f"\n{tables}\n" if tables else "")
        self.out.write(summary.sentence() + "\n")


class _GithubPrinter(_TextPrinter):
    """Annotations only, and the summary as talk."""

    def close(self, summary: Summary) -> None:
        print(summary.sentence(), file=sys.stderr)


class _JsonPrinter(_TextPrinter):
    """One JSON object, written as its parts come."""

    def __init__(self, out: TextIO, quiet: bool) -> None:
        super().__init__(out, quiet)
        self.before = '{"texts": [\n'

    def show(self, words: str) -> None:
        self.out.write(self.before + words)
        self.before = ",\n"

    def close(self, summary: Summary) -> None:
        start = self.before if self.before.startswith("{") else "\n"
        self.out.write(f'{start}], "summary": {json.dumps(summary.as_dict(), ensure_ascii=False)}}}\n')


_PRINTERS: dict[str, Callable[[TextIO, bool], _TextPrinter]] = {
    "text": _TextPrinter,
    "json": _JsonPrinter,
    "github": _GithubPrinter,
}


def _batches(paths: Iterable[str]) -> Iterator[list[Document]]:
    """Texts in groups that are worth sending to another process."""
    batch: list[Document] = []
    characters = 0
    for document in chain.from_iterable(documents(path) for path in paths):
        batch.append(document)
        characters += len(document.text)
        if len(batch) == BATCH_TEXTS or characters > BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _verdicts(batches: Iterator[list[Document]], orders: Orders, jobs: int) -> Iterator[Verdict]:
    """Verdicts in the order of the texts; other processes are started only where there are two batches or more."""
    first = list(islice(batches, 2))
    if jobs == 1 or len(first) < 2:
        for document in chain.from_iterable(chain(first, batches)):
            yield from judge([document], orders)
    else:
        yield from chain.from_iterable(in_order(partial(judge, orders=orders), chain(first, batches), jobs))
