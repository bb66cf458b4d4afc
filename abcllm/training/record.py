"""What a run leaves beside its checkpoints: `run.json` (what was trained, with which versions, on which corpus, how the
loss went) and `loss.png`. The config stands there already, as `config.py`, and mmengine's curves for TensorBoard."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import torch
from mmengine.dist import get_world_size, is_main_process
from mmengine.hooks import Hook

from ..files import read_bytes, write_atomically
from .choices import ROOT, SAMPLE

__all__ = ["RECORD", "RunRecordHook", "draw_loss", "write_record"]

RECORD = "run.json"
VERSIONED = (
    "abcllm",
    "torch",
    "transformers",
    "peft",
    "trl",
    "xtuner",
    "mmengine",
    "deepspeed",
    "bitsandbytes",
    "datasets",
)


class RunRecordHook(Hook):  # type: ignore[misc]
    """Writes the record of a run of xtuner: what it is when it begins, and how the loss went when it has ended."""

    priority = "LOWEST"

    def before_train(self, runner: Any) -> None:
        self._write(runner, [])

    def after_train(self, runner: Any) -> None:
        self._write(runner, [float(loss) for loss in runner.message_hub.get_scalar("train/loss").data[0]])

    def _write(self, runner: Any, losses: list[float]) -> None:
        config = runner.cfg
        if is_main_process():
            write_record(
                Path(runner.work_dir),
                base=config.get("pretrained_model_name_or_path", ""),
                corpus=config.get("corpus", ""),
                seed=runner.seed,
                processes=get_world_size(),
                losses=losses,
            )


def write_record(folder: Path, *, base: str, corpus: str, seed: int, processes: int, losses: Sequence[float]) -> None:
    """Write what is known of a run into its folder. `losses`, one an iteration, are empty until it has ended."""
    card = (ROOT / "corpora" / SAMPLE if corpus == SAMPLE else Path(corpus)) / "card.json"
    record = {
        "command": sys.argv,
        "base": base,
        "corpus": corpus,
        "corpus_card_sha256": sha256(read_bytes(card)).hexdigest() if card.is_file() else None,
        "seed": seed,
        "processes": processes,
        "device": torch.cuda.get_device_name() if torch.cuda.is_available() else platform.machine(),
        "versions": {name: _version(name) for name in VERSIONED},
        "finished": bool(losses),
        "losses": [round(loss, 6) for loss in losses],
    }
    write_atomically(folder / RECORD, json.dumps(record, indent=1), overwrite=True)
    if losses:
        draw_loss(losses, folder / "loss.png")


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def draw_loss(losses: Sequence[float], path: Path) -> None:
    """The curve of the loss (nats a token) over iterations, as a PNG."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 3.5), layout="constrained")
    axes = figure.subplots()
    axes.plot(range(1, len(losses) + 1), losses, linewidth=1)
    axes.set(xlabel="iteration", ylabel="loss (nats a token)")
    figure.savefig(path, dpi=120)
