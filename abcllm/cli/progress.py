"""Progress on standard error: a line that renews itself on a terminal, now and then a line in a log."""

from __future__ import annotations

import sys
import time

__all__ = ["Progress"]


class Progress:
    """Counts what was done; `with Progress("tunes") as progress: progress.add(3)`.

    A terminal sees it from the first half second, ten times a second; a log gets a line every ten seconds.
    """

    def __init__(self, things: str) -> None:
        self.things = things
        self.count = 0
        self.started_s = time.monotonic()
        self.is_terminal = sys.stderr.isatty()
        self.interval_s = 0.1 if self.is_terminal else 10.0
        self.next_s = self.started_s + (0.5 if self.is_terminal else self.interval_s)
        self.shown = 0

    def add(self, count: int, where: str = "") -> None:
        """`count` more are done; `where` says in what."""
        self.count += count
        now_s = time.monotonic()
        if now_s >= self.next_s:
            self.next_s = now_s + self.interval_s
            rate = self.count / (now_s - self.started_s)
            self._show(f"{self.count:,} {self.things}, {rate:,.0f} a second  {where}".rstrip()[:100])

    def clear(self) -> None:
        """Take the line away, so that other words can be printed."""
        if self.is_terminal and self.shown:
            print("\r" + " " * self.shown + "\r", end="", file=sys.stderr, flush=True)
            self.shown = 0

    def _show(self, line: str) -> None:
        if self.is_terminal:
            print("\r" + line.ljust(self.shown), end="", file=sys.stderr, flush=True)
            self.shown = len(line)
        else:
            print(line, file=sys.stderr, flush=True)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *fault: object) -> None:
        self.clear()
