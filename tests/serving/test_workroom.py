"""Many at once: a bounded queue, a share for each client, an end to everything, nothing mixed."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Generator
from typing import Any

import pytest

from abcllm.errors import GenerationStopped, UsageError

pytest.importorskip("fastapi", reason="needs fastapi: pip install 'abcllm[serve]'")

from fastapi import HTTPException

from abcllm.serving.settings import Limits
from abcllm.serving.workroom import Turnstile, Workroom


def run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(work())


def make_room(**limits: Any) -> Workroom:
    wanted = Limits(**{"threads": 2, **limits})
    return Workroom("test", wanted, places=wanted.streams, limit_s=wanted.answer_s)


class TestTurnstile:
    def test_a_client_of_too_many_is_turned_away_and_others_are_not(self) -> None:
        async def work() -> None:
            gate = Turnstile(places=8, waiting=8, per_client=2, patience_s=1)
            await gate.enter("a")
            await gate.enter("a")
            with pytest.raises(HTTPException) as told:
                await gate.enter("a")
            assert told.value.status_code == 429
            await gate.enter("b")
            gate.leave("a")
            await gate.enter("a")
            assert gate.count == 3

        run(work)

    def test_a_full_house_turns_away_at_once_and_a_waiting_one_after_a_while(self) -> None:
        async def work() -> None:
            gate = Turnstile(places=1, waiting=1, per_client=1, patience_s=0.05)
            await gate.enter("a")
            second = asyncio.create_task(gate.enter("b"))
            await asyncio.sleep(0)
            with pytest.raises(HTTPException, match="too many people"):
                await gate.enter("c")
            with pytest.raises(HTTPException, match="no place"):
                await second
            assert gate.count == 1
            gate.leave("a")
            await gate.enter("b")

        run(work)

    def test_limits_that_let_nobody_in(self) -> None:
        with pytest.raises(UsageError, match="streams"):
            Limits(streams=0)


class TestWorkroom:
    def test_streams_grow_side_by_side_and_none_is_mixed(self) -> None:
        async def work() -> None:
            room = make_room(streams=16)

            def count(name: int) -> Generator[str]:
                for at in range(20):
                    time.sleep(0.005)
                    yield f"{name}:{at} "

            async def read(name: int) -> str:
                answer = await room.stream(f"client {name}", count(name))
                text = "".join([piece async for slice_ in answer for piece in slice_])
                answer.close()
                return text

            texts = await asyncio.gather(*(read(name) for name in range(16)))
            assert texts == ["".join(f"{name}:{at} " for at in range(20)) for name in range(16)]
            await until_empty(room)

        run(work)

    def test_one_who_leaves_in_the_middle_makes_room(self) -> None:
        ended = threading.Event()

        def endless() -> Generator[int]:
            try:
                while True:
                    time.sleep(0.001)
                    yield 1
            finally:
                ended.set()

        async def work() -> None:
            room = make_room(streams=1)
            over: list[bool] = []
            answer = await room.stream("a", endless(), lambda: over.append(True))
            async for _ in answer:
                break
            answer.close()
            await until_empty(room)
            assert ended.is_set()
            assert over == [True]

        run(work)

    def test_the_place_is_free_when_the_last_piece_is_read(self) -> None:
        async def work() -> None:
            room = make_room(streams=1)
            answer = await room.stream("a", (piece for piece in "abc"))
            async for slice_ in answer:
                assert slice_ == ["a", "b", "c"]
                assert room.turnstile.count == 0
            answer.close()
            room.threads.shutdown()
            assert room.turnstile.count == 0

        run(work)

    def test_an_answer_that_takes_too_long_is_stopped(self) -> None:
        async def work() -> None:
            room = make_room(answer_s=0.1)

            def slow() -> Generator[int]:
                while True:
                    time.sleep(0.02)
                    yield 1

            answer = await room.stream("a", slow())
            with pytest.raises(GenerationStopped, match=r"0\.1 seconds"):
                async for _ in answer:
                    pass
            answer.close()
            await until_empty(room)

        run(work)

    def test_a_room_that_closes_breaks_off_what_is_not_whole_and_ends_it(self) -> None:
        kept: list[int] = []

        def endless() -> Generator[int]:
            at = 0
            try:
                while True:
                    time.sleep(0.005)
                    at += 1
                    yield at
            finally:
                kept.append(at)

        async def work() -> None:
            room = make_room()
            answer = await room.stream("a", endless())
            room.close_in(0.1)
            room.close_in(60)
            with pytest.raises(GenerationStopped, match="being stopped"):
                async for _ in answer:
                    pass
            answer.close()
            await room.finish(5)
            assert room.turnstile.count == 0
            assert kept[0] > 1

        run(work)

    def test_work_that_takes_too_long_is_given_up_but_keeps_its_place_till_it_ends(self) -> None:
        async def work() -> None:
            room = make_room(answer_s=0.05)
            with pytest.raises(HTTPException, match="ask for less"):
                await room.run("a", time.sleep, 0.3)
            assert room.turnstile.count == 1
            await until_empty(room)
            assert await room.run("a", sum, (1, 2)) == 3

        run(work)


async def until_empty(room: Workroom) -> None:
    for _ in range(500):
        if not room.turnstile.count:
            return
        await asyncio.sleep(0.01)
    pytest.fail("somebody is still inside")
