"""Where a figure comes from: the machine, the versions of what measured it."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

__all__ = ["machine", "versions"]

LIBRARIES: Final = ("abcllm", "numpy", "onnxruntime", "torch", "transformers")


def machine() -> dict[str, str | int | None]:
    """What the figures are measured on."""
    cpu = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        cpu = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return {"cpu": cpu, "cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}


def versions() -> dict[str, str]:
    """The versions of the libraries that have a part in a figure: of those that this program has loaded."""
    found: dict[str, str] = {}
    for name in LIBRARIES:
        if name in sys.modules:
            try:
                found[name] = version(name)
            except PackageNotFoundError:  # run from its sources, not installed
                continue
    return found
