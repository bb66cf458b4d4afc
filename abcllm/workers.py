"""Work on every core: results in the order of the work, bounded memory, an end that is quick and clean.

Each process has a pipe of its own and is given the next piece only when it has answered, so that nobody ever waits
for a full pipe. (The pools of the standard library can hang where a process dies or the user interrupts.)
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator
from multiprocessing import Pipe, Process, parent_process
from multiprocessing.connection import Connection, wait
from typing import Any, TypeAlias, TypeVar, cast

from .errors import AbcllmError

__all__ = ["in_order"]

T = TypeVar("T")
R = TypeVar("R")
_Pipe: TypeAlias = "Connection[Any, Any]"

AHEAD = 8  # pieces for each process that may be begun before the oldest one is done


def in_order(function: Callable[[T], R], pieces: Iterable[T], jobs: int) -> Iterator[R]:
    """`map(function, pieces)` on `jobs` processes. Both pieces and results must be picklable.

    An `AbcllmError` that the function raises is raised here; so is one where a process dies.
    """
    crew = [_Worker(function) for _ in range(jobs)]
    try:
        yield from _dispatch(crew, iter(pieces))
    except (EOFError, ConnectionError):
        raise AbcllmError("a process was ended from outside (too little memory?); try --jobs 1") from None
    finally:
        for worker in crew:
            worker.end()


class _Worker:
    """A process and our end of its pipe."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.pipe, theirs = Pipe()
        self.process = Process(target=_serve, args=(function, theirs), daemon=True)
        self.process.start()
        theirs.close()

    def end(self) -> None:
        self.pipe.close()
        self.process.terminate()
        self.process.join()


def _dispatch(crew: list[_Worker], pieces: Iterator[Any]) -> Iterator[Any]:
    free = [worker.pipe for worker in crew]
    busy: dict[_Pipe, int] = {}
    done: dict[int, Any] = {}
    begun = shown = 0
    while True:
        while free and begun - shown < AHEAD * len(crew):
            try:
                piece = next(pieces)
            except StopIteration:
                break
            pipe = free.pop()
            pipe.send(piece)
            busy[pipe] = begun
            begun += 1
        if not busy:
            return
        for answered in wait(list(busy)):
            pipe = cast("_Pipe", answered)
            done[busy.pop(pipe)] = pipe.recv()
            free.append(pipe)
        while shown in done:
            result = done.pop(shown)
            if isinstance(result, AbcllmError):
                raise result
            yield result
            shown += 1


def _serve(function: Callable[[Any], Any], pipe: _Pipe) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is the parent's to answer
    parent = parent_process()
    orphaned = [] if parent is None else [parent.sentinel]
    while wait([pipe, *orphaned]) == [pipe]:
        piece = pipe.recv()
        try:
            result = function(piece)
        except AbcllmError as fault:
            result = fault
        pipe.send(result)
