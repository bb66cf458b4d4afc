"""Whether what training needs is installed, in the versions that go together, and what to do where it is not."""

from __future__ import annotations

import re
import shutil
import sys
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path

__all__ = ["REMEDY", "describe_device", "find_problems", "is_active", "list_pins"]

REMEDY = "make train-env"
XTUNER = "0.2.0"
STAND_IN = "beside_xtuner"
"""The folder of what stands in for torchvision where torch is built without CUDA."""
PIN = re.compile(r"([\w-]+)==([\w.]+); extra == ['\"]train['\"]")


def list_pins() -> dict[str, str]:
    """The versions that go together, by distribution: those of the extra `train`, and xtuner's."""
    pinned = filter(None, map(PIN.match, requires("abcllm") or ()))
    return {found[1]: found[2] for found in pinned} | {"xtuner": XTUNER}


def find_problems() -> list[str]:
    """All that is wrong with the training environment; empty where it is ready."""
    pins = list_pins()
    installed = {name: _version(name) for name in pins}
    missing = [f"{name} {pins[name]}" for name, found in installed.items() if not found]
    if len(missing) == len(pins):
        return ["it is not installed"]
    problems = [f"missing: {', '.join(missing)}"] if missing else []
    problems += [
        f"{name} is {found}; {pins[name]} goes with the others"
        for name, found in installed.items()
        if found and found.partition("+")[0] != pins[name]
    ]
    if not installed["torch"] or not installed["xtuner"]:
        return problems
    vision = find_spec("torchvision")
    stands_in = vision is not None and STAND_IN in Path(vision.origin or "").parts
    if vision is None:
        problems.append("xtuner imports torchvision, which is not here, nor what stands in for it")
    elif stands_in and _has_cuda_build():
        problems.append("a stand-in takes the place of torchvision, though torch is built for CUDA")
    return problems


def is_active() -> bool:
    """Whether `xtuner` on the PATH, and the `python` that it runs, are those of this environment."""
    found = [shutil.which(program) for program in ("python", "xtuner")]
    return all(program and Path(program).parent == Path(sys.executable).parent for program in found)


def describe_device() -> str:
    """What torch is and what it runs on, such as `torch 2.13.0+cpu, without CUDA`."""
    import torch

    if not torch.cuda.is_available():
        reason = "" if torch.version.cuda is None else f" though it is built for {torch.version.cuda}"
        return f"torch {torch.__version__}, without CUDA{reason}"
    devices = torch.cuda.device_count()
    return f"torch {torch.__version__}, CUDA {torch.version.cuda}, {devices} x {torch.cuda.get_device_name()}"


def _has_cuda_build() -> bool:
    import torch

    return torch.version.cuda is not None


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
