"""The command, called inside the process, and a tune or two."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from abcllm.__main__ import main

GOOD = "X:1\nT:A Scale\nM:4/4\nL:1/4\nK:D\nD E F G|A B c d|]\n"
BAD = "X:7\nT:Too Short\nM:4/4\nL:1/4\nK:D\nD E F G|A B c|d4|]\n"


class Said(NamedTuple):
    """What a command answered."""

    status: int
    out: str
    err: str


Command = Callable[..., Said]


@pytest.fixture
def abcllm(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """`abcllm("check", path, stdin=text)` runs the command and gives what it said."""

    def call(*arguments: str | Path, stdin: str | bytes = b"") -> Said:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as ended:
            status = int(ended.code or 0)
        return Said(status, *capsys.readouterr())

    return call


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A tune without a fault."""
    path = tmp_path / "good.abc"
    path.write_text(GOOD)
    return path


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """A tune whose second bar is too short."""
    path = tmp_path / "bad.abc"
    path.write_text(BAD)
    return path
