"""Environments of trainers, away from that of the project: made once, and anew when what they need has changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

__all__ = ["InstallError", "find_version", "last_line", "make_environment", "run_in"]

PATIENCE_S = 900


class InstallError(Exception):
    """pip could not bring a trainer; the message is its last word."""


def make_environment(folder: Path, pip_calls: Sequence[Sequence[str]]) -> Path:
    """The environment in a folder, after these calls of pip, one after the other. Raises `InstallError`."""
    stamp = folder / "installed.json"
    wanted = json.dumps(pip_calls)
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return folder
    print(f"installing into {folder}", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    for call in pip_calls:
        run = run_in(folder, ["python", "-m", "pip", "--disable-pip-version-check", "--no-input", *call])
        if run.returncode:
            raise InstallError(f"pip {' '.join(call)}: {last_line(run)}")
    stamp.write_text(wanted, encoding="utf-8")
    return folder


def run_in(
    env: Path, command: Sequence[str], variables: Mapping[str, str] | None = None, folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program of an environment; one that takes longer than 15 minutes is ended."""
    everything = {**os.environ, "PATH": f"{env / 'bin'}{os.pathsep}{os.environ['PATH']}", **(variables or {})}
    try:
        return subprocess.run(
            command, cwd=folder, env=everything, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"not done after {PATIENCE_S} s")


def find_version(env: Path, package: str) -> str:
    """The version of a package that is installed in an environment."""
    code = f"from importlib.metadata import version; print(version({package!r}))"
    return run_in(env, ["python", "-c", code]).stdout.strip()


def last_line(run: subprocess.CompletedProcess[str]) -> str:
    """The last thing that a program said."""
    lines = [line.strip() for line in (run.stdout + run.stderr).splitlines() if line.strip()]
    return lines[-1] if lines else f"it ended with {run.returncode}, without a word"
