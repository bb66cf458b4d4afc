"""The line that says how far it is: on a terminal, in a log, and not at all for short work."""

from __future__ import annotations

import io
import time

import pytest

from abcllm.cli import progress
from abcllm.cli.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now_s = 0.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now_s)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_a_terminal_sees_a_line_that_renews_itself(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(progress.sys, "stderr", screen)
    with Progress("tunes") as shown:
        shown.add(10)
        assert screen.getvalue() == ""
        clock.now_s = 2.0
        shown.add(1990, "reels.abc")
        assert screen.getvalue() == "\r2,000 tunes, 1,000 a second  reels.abc"
        shown.add(5)
        assert screen.getvalue().count("\r") == 1
    assert screen.getvalue().endswith("\r" + " " * 38 + "\r")


def test_a_log_gets_a_line_now_and_then(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    log = io.StringIO()
    monkeypatch.setattr(progress.sys, "stderr", log)
    with Progress("tunes") as shown:
        for second in range(25):
            clock.now_s = float(second)
            shown.add(100)
    assert log.getvalue() == "1,100 tunes, 110 a second\n2,100 tunes, 105 a second\n"
