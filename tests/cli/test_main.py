"""The door: light, and never a traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from abcllm.cli import COMMANDS, exit_code
from abcllm.errors import AbcllmError, FileError, FormatError, MissingExtra, UnknownName, UsageError

from .conftest import Command

HEAVY = ("numpy", "verovio", "typst", "mido", "multiprocessing", "json", "abcllm.notation", "abcllm.formats")


@pytest.mark.parametrize("words", [["--help"], *([name, "--help"] for name in COMMANDS)], ids=" ".join)
def test_help_loads_no_room(words: list[str]) -> None:
    program = (
        "import sys\nfrom abcllm.__main__ import main\n"
        f"try: main({words!r})\nexcept SystemExit: pass\n"
        f"print('loaded', *(name for name in {HEAVY!r} if name in sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "loaded"


def test_help_lists_every_command(abcllm: Command) -> None:
    said = abcllm("--help")
    assert said.status == 0
    for name in COMMANDS:
        assert f"\n    {name} " in said.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chekc"], "did you mean check?"),
        (["check"], "name at least one file"),
        (["check", "--jobs", "0", "x.abc"], "--jobs"),
        (["check", "nowhere.abc"], "cannot read nowhere.abc"),
        (["check", "--explain", "R999"], "no code is called 'R999'"),
        (["check", "--format", "yaml", "x.abc"], "invalid choice: 'yaml'"),
        (["render", "x.abc", "-o", "x.mid"], "not .mid"),
        (["render", "a.abc", "b.abc"], "-o"),
        (["convert", "x.abc", "x.mdi"], ".mid"),
        (["convert", "x.abc", "-"], "--to"),
        (["play", "x.abc", "-o", "x.wav", "--tempo", "0"], "--tempo"),
        ([], "COMMAND"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_said_in_a_line(
    abcllm: Command, arguments: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = abcllm(*arguments)
    assert said.status == 2
    assert said.out == ""
    assert words in said.err.splitlines()[-1]


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (AbcllmError("x"), 1),
        (FormatError("x"), 1),
        (UsageError("x"), 2),
        (FileError("x"), 2),
        (UnknownName("format", "x", []), 2),
        (MissingExtra("x"), 3),
    ],
    ids=lambda value: type(value).__name__,
)
def test_exit_codes(fault: AbcllmError, status: int) -> None:
    assert exit_code(fault) == status


def test_an_interrupt_ends_quietly(abcllm: Command, good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("abcllm.cli.inputs.read_bytes", interrupt)
    assert abcllm("check", good) == (130, "", "interrupted\n")


def test_a_reader_that_leaves_early_is_no_fault(bad: Path) -> None:
    many = bad.with_name("many.abc")
    many.write_text(bad.read_text() * 2000)
    line = f"'{sys.executable}' -m abcllm check '{many}' | head -n 1; exit ${{PIPESTATUS[0]}}"
    ran = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert len(ran.stdout.splitlines()) == 1
