"""What is installed is what is here: the wheel holds every module and every file that modules read."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from email.parser import Parser
from pathlib import Path

import pytest

import abcllm

TOP = ("setup.cfg", "pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """The wheel, built from a copy of the tree without a network."""
    pytest.importorskip("build")
    pytest.importorskip("setuptools", minversion="77")
    copy = tmp_path_factory.mktemp("tree")
    shutil.copytree(root / "abcllm", copy / "abcllm", ignore=shutil.ignore_patterns("__pycache__"))
    for name in TOP:
        shutil.copy(root / name, copy)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", "dist", "."]
    built = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = (copy / "dist").glob("*.whl")
    with zipfile.ZipFile(path) as opened:
        yield opened


@pytest.mark.slow
def test_the_wheel_holds_the_whole_package(wheel: zipfile.ZipFile, root: Path) -> None:
    here = {
        path.relative_to(root).as_posix()
        for path in (root / "abcllm").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }
    packed = {name for name in wheel.namelist() if name.startswith("abcllm/")}
    assert here == packed, f"missing: {sorted(here - packed)}; too much: {sorted(packed - here)}"


@pytest.mark.slow
def test_the_wheel_says_what_it_is(wheel: zipfile.ZipFile) -> None:
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    said = Parser().parsestr(wheel.read(name).decode())
    assert said["Version"] == abcllm.__version__
    assert said["License"] == "Apache-2.0"
    needed = [line for line in said.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert not [line for line in needed if line.startswith(("torch", "transformers"))]
    entry_points = wheel.read(name.replace("METADATA", "entry_points.txt")).decode()
    assert "abcllm = abcllm.__main__:main" in entry_points
