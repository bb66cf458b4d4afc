"""Work for many clients on few threads: a bounded queue, a share for each client, an end to everything.

A `Turnstile` lets so many in and makes so many wait. A `Workroom` is a turnstile with threads behind it: `run` does
one piece of work, `stream` gives the pieces of an answer as they come, a few milliseconds of one answer and then of
the next, so that many answers grow side by side.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from math import inf
from threading import Lock
from time import monotonic
from typing import Any, Generic, TypeVar

from fastapi import HTTPException
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from ..errors import GenerationStopped
from .settings import Limits

__all__ = ["Answer", "AnswerStream", "Turnstile", "Workroom"]

T = TypeVar("T")
SLICE_S = 0.02


class Turnstile:
    """Lets `places` in at a time. Others wait for `patience_s`; more than `waiting` are turned away."""

    def __init__(self, places: int, waiting: int, per_client: int, patience_s: float) -> None:
        self.places, self.waiting, self.per_client, self.patience_s = places, waiting, per_client, patience_s
        self._free = asyncio.Semaphore(places)
        self._inside: Counter[str] = Counter()

    @property
    def count(self) -> int:
        """How many are inside, or wait to be."""
        return self._inside.total()

    async def enter(self, client: str) -> None:
        """Come in, after waiting for a place. Raises `HTTPException`: 429 for a client of too many, 503 when full."""
        if self._inside[client] >= self.per_client:
            message = f"{self.per_client} requests of yours are under way; wait until one is answered"
            raise HTTPException(429, message, {"Retry-After": "5"})
        if self.count >= self.places + self.waiting:
            raise HTTPException(503, "too many people are being served; try again later", {"Retry-After": "30"})
        self._inside[client] += 1
        try:
            await asyncio.wait_for(self._free.acquire(), self.patience_s)
        except BaseException as fault:
            self._forget(client)
            if isinstance(fault, TimeoutError):
                raise HTTPException(503, "no place became free; try again later", {"Retry-After": "30"}) from None
            raise

    def leave(self, client: str) -> None:
        """Make room for the next."""
        self._forget(client)
        self._free.release()

    def _forget(self, client: str) -> None:
        self._inside[client] -= 1
        if not self._inside[client]:
            del self._inside[client]


class Workroom:
    """Threads behind a turnstile. `limit_s` is the longest that one piece of work, or one answer, may take."""

    def __init__(self, name: str, limits: Limits, *, places: int, limit_s: float) -> None:
        self.turnstile = Turnstile(places, limits.waiting, limits.per_client, limits.patience_s)
        self.threads = ThreadPoolExecutor(limits.threads, name)
        self.limit_s = limit_s
        self.closes_at = inf

    async def run(self, client: str, work: Callable[..., T], *arguments: Any) -> T:
        """What `work` returns. Raises what it raises, `HTTPException` 503 where it takes too long, and as `enter`."""
        await self.turnstile.enter(client)
        loop = asyncio.get_running_loop()
        done = self.threads.submit(work, *arguments)
        # the place is free when the thread is, however early the one who asked has gone
        done.add_done_callback(lambda _: _tell(loop, lambda: self.turnstile.leave(client)))
        try:
            return await asyncio.wait_for(asyncio.wrap_future(done), self.limit_s)
        except TimeoutError:
            message = f"this takes more than {self.limit_s:g} seconds; ask for less"
            raise HTTPException(503, message) from None

    def close_in(self, grace_s: float) -> None:
        """Answers that are not whole after so many seconds are broken off; may be called by a signal's handler."""
        self.closes_at = min(self.closes_at, monotonic() + grace_s)

    async def finish(self, patience_s: float) -> None:
        """Wait until all have left, so that what there is of their answers is kept, and let the threads go."""
        until = monotonic() + patience_s
        while self.turnstile.count and monotonic() < until:
            await asyncio.sleep(SLICE_S)
        self.threads.shutdown(wait=False, cancel_futures=True)

    async def stream(self, client: str, pieces: Generator[T], at_end: Callable[[], None] = lambda: None) -> Answer[T]:
        """An answer that can be sent piece by piece; `at_end` is called when it is over, however it ends.

        Raises as `Turnstile.enter`.
        """
        try:
            await self.turnstile.enter(client)
        except BaseException:
            at_end()
            raise
        loop = asyncio.get_running_loop()

        def end() -> None:
            at_end()
            self.turnstile.leave(client)

        return Answer(pieces, self, lambda: _tell(loop, end))


class Answer(Generic[T]):
    """The pieces of an answer, taken in threads. Whoever has one must `close` it.

    `at_end` is called once: with the last piece, before anyone reads it, or when the answer is closed before.
    """

    def __init__(self, pieces: Generator[T], room: Workroom, at_end: Callable[[], None]) -> None:
        self.pieces, self.room, self.at_end = pieces, room, at_end
        self._one_at_a_time = Lock()
        self._is_over = False

    def __aiter__(self) -> AsyncIterator[list[T]]:
        return self._slices()

    async def _slices(self) -> AsyncIterator[list[T]]:
        """What has come in each slice of time. Raises `GenerationStopped` after `limit_s`, and when the room closes."""
        loop, room = asyncio.get_running_loop(), self.room
        deadline = monotonic() + room.limit_s
        while True:
            taken = loop.run_in_executor(room.threads, self._take)
            try:
                slice_, is_last = await asyncio.wait_for(taken, max(min(deadline, room.closes_at) - monotonic(), 0.0))
            except TimeoutError:
                if monotonic() < deadline:
                    raise GenerationStopped("the server is being stopped, and the answer with it") from None
                raise GenerationStopped(f"the answer was not whole after {room.limit_s:g} seconds") from None
            if slice_:
                yield slice_
            if is_last:
                return

    def _take(self) -> tuple[list[T], bool]:
        until = monotonic() + SLICE_S
        taken: list[T] = []
        is_last = True
        with self._one_at_a_time:
            try:
                for piece in self.pieces:
                    taken.append(piece)
                    if monotonic() >= until:
                        is_last = False
                        break
            finally:
                if is_last:
                    self._end()
        return taken, is_last

    def close(self) -> None:
        """End it, now or when the step that is under way is done; returns at once."""
        self.room.threads.submit(self._close)

    def _close(self) -> None:
        with self._one_at_a_time:
            try:
                self.pieces.close()
            finally:
                self._end()

    def _end(self) -> None:
        if not self._is_over:
            self._is_over = True
            self.at_end()


class AnswerStream(StreamingResponse):
    """An answer on its way to a client; closed when it is sent, and when the client has gone."""

    def __init__(self, answer: Answer[Any], content: AsyncIterator[str]) -> None:
        super().__init__(content, media_type="text/event-stream", headers={"Cache-Control": "no-store"})
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.answer.close()


def _tell(loop: asyncio.AbstractEventLoop, what: Callable[[], None]) -> None:
    """Have the loop do something; one that has been closed needs nothing more."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(what)
