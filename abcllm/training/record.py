"""What a run leaves beside its checkpoints: `run.json` (what was trained, with which versions, on which corpus, how the
loss went) and `loss.png`. The config stands there already, as `config.py`, and mmengine's curves for TensorBoard."""

from __future__ import annotations

import json
import platform
import sys
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from mmengine.dist import get_world_size, is_main_process
from mmengine.hooks import Hook

from ..files import read_bytes, write_atomically

__all__ = ["RECORD", "RunRecordHook", "draw_loss", "write_record"]

RECORD = "run.json"
VERSIONED = ("abcllm", "torch", "transformers", "peft", "xtuner", "mmengine", "deepspeed", "bitsandbytes", "datasets")


class RunRecordHook(Hook):  # type: ignore[misc]
    """Writes `run.json` when training begins, and again with the losses when it has ended; then draws the curve."""

    priority = "LOWEST"

    def before_train(self, runner: Any) -> None:
        if is_main_process():
            write_record(runner, [])

    def after_train(self, runner: Any) -> None:
        if is_main_process():
            losses = [float(loss) for loss in runner.message_hub.get_scalar("train/loss").data[0]]
            write_record(runner, losses)
            draw_loss(losses, Path(runner.work_dir) / "loss.png")


def write_record(runner: Any, losses: list[float]) -> None:
    """Write what is known of a run into its folder; `losses`, one an iteration, is empty until it has ended."""
    corpus = runner.cfg.get("corpus", "")
    card = Path(corpus) / "card.json"
    record = {
        "command": sys.argv,
        "base": runner.cfg.get("pretrained_model_name_or_path", ""),
        "corpus": corpus,
        "corpus_card_sha256": sha256(read_bytes(card)).hexdigest() if card.is_file() else None,
        "seed": runner.seed,
        "processes": get_world_size(),
        "device": torch.cuda.get_device_name() if torch.cuda.is_available() else platform.machine(),
        "versions": {name: version(name) for name in VERSIONED},
        "finished": bool(losses),
        "losses": [round(loss, 6) for loss in losses],
    }
    write_atomically(Path(runner.work_dir) / RECORD, json.dumps(record, indent=1), overwrite=True)


def draw_loss(losses: list[float], path: Path) -> None:
    """The curve of the loss (nats a token) over iterations, as a PNG."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 3.5), layout="constrained")
    axes = figure.subplots()
    axes.plot(range(1, len(losses) + 1), losses, linewidth=1)
    axes.set(xlabel="iteration", ylabel="loss (nats a token)")
    figure.savefig(path, dpi=120)
