"""Asking about many records, and keeping every answer: what was asked once is not asked again.

Each line of the file has `key`, the name of the question (record, family, engine, all that the engine is told), and
either `record`, with its `exchanges`, or `reason`, why there are none.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..record import Record
from .answers import Answer, read_answer
from .archive import Archive
from .asking import Engine, Request
from .families import FAMILIES, get_family
from .metadata import read_metadata

__all__ = ["Summary", "generate"]


@dataclass(frozen=True, slots=True)
class Summary:
    """How many requests were there already, were answered, and were rejected; `pairs` are those newly made.

    `silent` are records of which nothing is known that could be asked about.
    """

    kept: int = 0
    answered: int = 0
    rejected: int = 0
    pairs: int = 0
    silent: int = 0


def generate(
    records: Iterable[Record],
    engine: Engine,
    out: str | Path,
    *,
    families: Iterable[str] = FAMILIES,
    seed: int = 0,
    language: str = "en",
    workers: int = 1,
    progress: Callable[[Summary], None] | None = None,
) -> Summary:
    """Ask `engine` about each record in each family and append what it answers to `out`, in the order of the records.

    `language` is that of questions and answers (`en`, `zh`). `workers` requests are under way at a time; `progress`
    hears the summary so far after each. Raises `UnknownName`, `FileError`, and what the engine raises when it cannot
    answer at all: all answers until then are in the file.
    """
    wanted = [get_family(name) for name in families]
    with Archive(out) as archive, ThreadPoolExecutor(workers) as pool:
        inquiry = _Inquiry(engine, archive, pool, workers, progress)
        try:
            for record in records:
                metadata = read_metadata(record)
                if not metadata:
                    inquiry.count(silent=1)
                    continue
                for family in wanted:
                    inquiry.ask(Request(record, family, metadata, seed, language))
            inquiry.hear(0)
        finally:
            pool.shutdown(cancel_futures=True)
    return inquiry.summary


class _Inquiry:
    """Requests under way, heard in the order in which they were asked."""

    def __init__(
        self, engine: Engine, archive: Archive, pool: ThreadPoolExecutor, workers: int,
        progress: Callable[[Summary], None] | None,
    ) -> None:  # fmt: skip
        self.engine = engine
        self.archive = archive
        self.pool = pool
        self.workers = workers
        self.progress = progress
        self.summary = Summary()
        self.waiting: deque[tuple[Request, str, Future[Answer | str]]] = deque()
        self.asked: set[str] = set()

    def ask(self, request: Request) -> None:
        """Put the request to the engine unless its answer is there already, or on its way."""
        key = request.key(self.engine.name)
        if key in self.archive.keys or key in self.asked:
            self.count(kept=1)
            return
        self.asked.add(key)
        self.waiting.append((request, key, self.pool.submit(_answer, self.engine, request)))
        self.hear(self.workers)

    def hear(self, waiting: int) -> None:
        """Wait for the first answers until no more than so many requests are under way, and keep them."""
        while len(self.waiting) > waiting:
            request, key, future = self.waiting.popleft()
            answer = future.result()
            line: dict[str, Any] = {"key": key, "family": request.family.name, "engine": self.engine.name}
            if isinstance(answer, str):
                self.archive.add(line | {"source": request.record.source, "id": request.record.id, "reason": answer})
                self.count(rejected=1)
            else:
                self.archive.add(line | {"record": _record(request, answer), "dropped": answer.dropped})
                self.count(answered=1, pairs=len(answer.exchanges))

    def count(self, **more: int) -> None:
        """So many more of each kind."""
        counts = {name: getattr(self.summary, name) + number for name, number in more.items()}
        self.summary = replace(self.summary, **counts)
        if self.progress is not None:
            self.progress(self.summary)


def _record(request: Request, answer: Answer) -> dict[str, Any]:
    """The record with its new exchanges; of its words and tags, which stay in its own data set, only the split."""
    tags = {name: value for name, value in request.record.tags.items() if name == "split"}
    record = replace(request.record, text="", language=request.language, tags=tags, exchanges=answer.exchanges)
    made: dict[str, Any] = json.loads(record.to_json())
    return made


def _answer(engine: Engine, request: Request) -> Answer | str:
    """The pairs that the engine made, or why there are none."""
    try:
        return read_answer(engine.answer(request))
    except DataError as fault:
        return str(fault)
