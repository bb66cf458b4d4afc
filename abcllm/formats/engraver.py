"""Engraving in a process of its own: MusicXML in, one SVG for each system (line of music) out.

Verovio can hang or bring its process down on a score that it does not expect, so it never runs in ours. One child
serves all scores of a process, one after another, and is replaced when it dies, when it exceeds the time limit, and
after `SCORES_PER_CHILD` scores.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from threading import Event, Lock, Timer
from typing import IO, Any, cast

from ..errors import FormatError, MissingExtra

__all__ = ["engrave_systems", "find_verovio", "start_engraver"]

SCORES_PER_CHILD = 1000
WORKER = Path(__file__).with_name("engraver_worker.py")


def find_verovio() -> Path:
    """The folder in which verovio is installed. Raises `MissingExtra` where it is not."""
    spec = find_spec("verovio")
    if spec is None or not spec.origin:
        raise MissingExtra("engraving needs verovio: pip install verovio", extra="verovio")
    return Path(spec.origin).parent


def start_engraver() -> None:
    """Start the child now, so that it is ready when the first score comes; returns at once.

    Raises `MissingExtra` where verovio is not installed.
    """
    with _workshop.lock:
        _workshop.child()


def engrave_systems(musicxml: str, options: dict[str, Any], *, timeout_s: float) -> list[str]:
    """The systems of a score as verovio's SVG. `options` are verovio's own.

    Raises `FormatError` where verovio refuses the score, dies on it, or has not finished after `timeout_s` seconds;
    `MissingExtra` where it is not installed.
    """
    request = json.dumps({"musicxml": musicxml, "options": options})
    with _workshop.lock:
        child = _workshop.child()
        used = child.scores
        try:
            answer = child.ask(request, timeout_s)
        except _ChildDied:
            if not used:
                raise
            answer = _workshop.child().ask(request, timeout_s)  # was it this score, or what the ones before it left?
    if "error" in answer:
        raise FormatError(f"the score cannot be engraved: {answer['error']}", format="svg")
    systems: list[str] = answer["systems"]
    return systems


class _ChildDied(FormatError):
    """Verovio brought its process down."""


class _Child:
    """One running worker. `scores` counts what it was given."""

    def __init__(self) -> None:
        self.scores = 0
        self.process = subprocess.Popen(
            [sys.executable, "-P", str(WORKER), str(find_verovio().parent)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        self.requests = cast(IO[str], self.process.stdin)
        self.answers = cast(IO[str], self.process.stdout)

    def ask(self, request: str, timeout_s: float) -> dict[str, Any]:
        late = Event()

        def stop() -> None:
            late.set()
            self.process.kill()

        self.scores += 1
        timer = Timer(timeout_s, stop)
        timer.daemon = True
        timer.start()
        try:
            self.requests.write(request + "\n")
            self.requests.flush()
            line = self.answers.readline()
        except OSError:  # it died before it had read everything
            line = ""
        except BaseException:  # interrupted: the answer would be taken for that to the next score
            self.close()
            raise
        finally:
            timer.cancel()
        if line.endswith("\n"):
            answer: dict[str, Any] = json.loads(line)
            return answer
        self.close()
        if late.is_set():
            raise FormatError(
                f"engraving took longer than {timeout_s:g} s and was stopped; divide the tune, or allow more time "
                "(timeout_s)",
                format="svg",
            )
        raise _ChildDied(
            f"the engraver (verovio) broke off on this score (exit code {self.process.returncode}); "
            "smaller parts of the tune show where it stumbles",
            format="svg",
        )

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.answers.close()
        with suppress(OSError):  # what was still to be sent has no reader any more
            self.requests.close()


class _Workshop:
    """The child of each process: one that was forked from us must not use ours."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.children: dict[int, _Child] = {}

    def child(self) -> _Child:
        child = self.children.get(os.getpid())
        if child is not None and (child.process.poll() is not None or child.scores >= SCORES_PER_CHILD):
            child.close()
            child = None
        if child is None:
            child = self.children[os.getpid()] = _Child()
        return child

    def after_fork(self) -> None:
        self.lock = Lock()

    def close(self) -> None:
        if child := self.children.pop(os.getpid(), None):
            child.close()


_workshop = _Workshop()
atexit.register(_workshop.close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_workshop.after_fork)
