"""The README tells the truth: its Python runs, its commands run, and what it shows them to print they print."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).resolve().parent.parent / "README.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MAKES_AN_ENVIRONMENT = ("make ", "git ", "cd ", "pip ", "python -m venv")
TRAINS = ("xtuner train ", "abcllm train configs/trl/")
"""Minutes of training, which the tests of that room do on a smaller scale."""


def blocks(language: str) -> list[str]:
    return [text for name, text in BLOCK.findall(README.read_text(encoding="utf-8")) if name == language]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with the tune of the README and the project's plans in it."""
    (tmp_path / "configs").symlink_to(README.parent / "configs")
    (tmp_path / "reel.abc").write_text(blocks("abc")[0], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_python_runs(desk: Path) -> None:
    names: dict[str, object] = {}
    assert blocks("python")
    for block in blocks("python"):
        exec(compile(block, "README.md", "exec"), names)


@pytest.mark.slow
def test_commands_run_and_print_what_is_shown(desk: Path) -> None:
    told = [line for block in blocks("console") for line in block.splitlines()]
    assert any(line.startswith("$ abcllm ") for line in told)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for place, line in enumerate(told):
        command = line.removeprefix("$ ")
        if command == line or command.startswith(MAKES_AN_ENVIRONMENT + TRAINS):
            continue
        shown = []
        for following in told[place + 1 :]:
            if following.startswith("$ "):
                break
            shown.append(following.rstrip())
        command = re.sub(r"\s+#.*$", "", command)
        run = subprocess.run(
            ["bash", "-c", command],
            env={**os.environ, "PATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        whole = run.returncode in (0, 1) and "Traceback" not in run.stderr
        assert whole, f"{command}: exit code {run.returncode}\n{run.stderr}"
        said = [row.rstrip() for row in (run.stdout + run.stderr).splitlines()]
        missing = [row for row in shown if row and row not in said]
        assert not missing, f"{command} does not print {missing}, but:\n{run.stdout}{run.stderr}"
