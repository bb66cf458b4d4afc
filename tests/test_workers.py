"""Work on every core: in order, and with a clean end whatever happens."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from abcllm.errors import AbcllmError, DataError
from abcllm.workers import AHEAD, in_order

SCALE = "X:1\nT:A Scale\nM:4/4\nL:1/4\nK:D\nD E F G|A B c d|]\n"


def square(number: int) -> int:
    time.sleep(0.02 if number % 5 == 0 else 0)
    return number * number


def stumble(number: int) -> int:
    if number == 3:
        raise DataError("three is refused", source="numbers", row=number)
    return number


def die(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def large(number: int) -> str:
    return str(number) * 1_000_000


@pytest.fixture(autouse=True)
def no_process_is_left() -> Iterator[None]:
    yield
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("jobs", [1, 2, 7])
def test_results_come_in_the_order_of_the_work(jobs: int) -> None:
    assert list(in_order(square, range(50), jobs)) == [number * number for number in range(50)]
    assert list(in_order(square, [], jobs)) == []


def test_large_pieces_pass() -> None:
    assert [len(text) for text in in_order(large, range(8), 2)] == [1_000_000] * 8
    assert list(in_order(len, ["x" * 1_000_000] * 8, 2)) == [1_000_000] * 8


def test_pieces_are_taken_as_they_are_needed() -> None:
    taken: list[int] = []

    def pieces() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    results = in_order(square, pieces(), 2)
    next(results)
    assert len(taken) <= 2 * AHEAD + 1
    results.close()  # type: ignore[attr-defined]


def test_a_fault_of_ours_is_raised_here_with_all_it_carries() -> None:
    with pytest.raises(DataError, match="numbers:3: three is refused") as caught:
        list(in_order(stumble, range(10), 2))
    assert caught.value.row == 3


def test_a_process_that_dies_is_said() -> None:
    with pytest.raises(AbcllmError, match="--jobs 1"):
        list(in_order(die, range(10), 2))


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="sends signals")
def test_an_interrupt_ends_all_processes_at_once(tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"{number}.abc").write_text(SCALE * 800)
    command = [sys.executable, "-m", "abcllm", "check", "--jobs", "2", str(tmp_path)]
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job is begun deaf to interrupts
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    signal.signal(signal.SIGINT, heard)
    try:
        time.sleep(1.0)
        os.killpg(running.pid, signal.SIGINT)
        _, err = running.communicate(timeout=10)
        assert (running.returncode, err) == (130, b"interrupted\n")
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
