"""Runs of a config in processes of their own, and what came of them: `abcllm train`.

xtuner ends with the status 0 whatever happened, so a run is judged by what it left: its record, its checkpoint, its
loss.
"""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import MissingExtra, TrainingError, UsageError

__all__ = ["Order", "Outcome", "judge", "launch"]

RECORD = "run.json"
LAST = "last_checkpoint"
RAISED = re.compile(r"(?:\[rank\d+\]: ?)?(?:[\w.]+\.)?(\w+(?:Error|NotFound|Exception|Name|Full)\w*): (.*)")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be run: a config, values of it (`KEY=VALUE`), and where. `resume` is a checkpoint, or `last`."""

    config: Path
    folder: Path
    settings: tuple[str, ...] = ()
    resume: str = ""
    deepspeed: str = ""
    processes: int = 1

    @property
    def command(self) -> list[str]:
        """The command line of the run. Raises `UsageError` where there is nothing to resume from."""
        from .choices import find_deepspeed

        python = [sys.executable]
        if self.processes > 1:
            python += ["-m", "torch.distributed.run", "--standalone", f"--nproc_per_node={self.processes}"]
        settings = [*self.settings]
        if self.config.suffix == ".yaml":
            words = ["-m", "abcllm.training.trl", str(self.config), "--folder", str(self.folder)]
            settings += [f"training.deepspeed={find_deepspeed(self.deepspeed)}"] if self.deepspeed else []
            words += ["--resume", self.resume] if self.resume else []
            settings = ["--settings", *settings] if settings else []
        else:
            words = ["-m", "xtuner.tools.train", str(self.config), "--work-dir", str(self.folder)]
            words += ["--launcher", "pytorch"] if self.processes > 1 else []
            words += ["--deepspeed", self.deepspeed] if self.deepspeed else []
            words += ["--resume", self._checkpoint()] if self.resume else []
            settings = ["--cfg-options", *settings] if settings else []
        return [*python, *words, *settings]

    def _checkpoint(self) -> str:
        if self.resume != "last":
            return self.resume
        named = self.folder / LAST
        if not named.is_file():
            raise UsageError(f"{self.folder} has no {LAST}: there is no run to resume; leave --resume out")
        return named.read_text(encoding="utf-8").strip()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run left: its last checkpoint, and the mean loss of its first and its last tenth (nats a token)."""

    checkpoint: Path
    iterations: int
    first_loss: float
    last_loss: float


def launch(order: Order) -> Outcome:
    """Run a config, its words on standard error, and judge what it left.

    Raises `TrainingError` with the run's own last complaint, `MissingExtra` where the trainer is not installed.
    """
    order.folder.mkdir(parents=True, exist_ok=True)
    (order.folder / RECORD).unlink(missing_ok=True)
    tail: deque[str] = deque(maxlen=400)
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        order.command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", env=environment
    ) as process:
        for line in process.stdout or ():
            sys.stderr.write(line)
            tail.append(line)
    if process.returncode:
        raise _complaint(tail, process.returncode)
    return judge(order.folder)


def _complaint(tail: Sequence[str], status: int) -> TrainingError | MissingExtra:
    """What the run said last before it ended."""
    raised = [found for found in map(RAISED.match, tail) if found and found[1] != "ChildFailedError"]
    if not raised:
        return TrainingError(f"the run ended with exit status {status} and no word; its output is above")
    kind, words = raised[-1].groups()
    if kind == "ModuleNotFoundError":
        return MissingExtra(f"{words}: training needs its own environment, which `make train-env` makes", extra="train")
    return TrainingError(words if kind in _OURS else f"{kind}: {words}")


_OURS = ("ConfigError", "DataError", "FileError", "ModelNotFound", "TrainingError", "UsageError")


def judge(folder: Path) -> Outcome:
    """What the run in a folder came to. Raises `TrainingError` where it did not end with a model."""
    record_path, named = folder / RECORD, folder / LAST
    record = json.loads(record_path.read_text(encoding="utf-8")) if record_path.is_file() else {}
    if not record.get("finished"):
        raise TrainingError(f"{folder}: the run did not come to its end; `--resume` goes on from its last checkpoint")
    checkpoint = Path(named.read_text(encoding="utf-8").strip()) if named.is_file() else folder / "no checkpoint"
    if not checkpoint.exists():
        raise TrainingError(f"{folder}: the run ended without a checkpoint")
    losses = record["losses"]
    tenth = max(1, len(losses) // 10)
    first, last = (sum(part) / tenth for part in (losses[:tenth], losses[-tenth:]))
    if not math.isfinite(last):
        raise TrainingError(f"{folder}: the loss ended at {last}")
    return Outcome(checkpoint, len(losses), first, last)
