"""Runs in processes of their own: their command lines, and how they are judged by what they left."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the training environment is not installed: make train-env")

from abcllm.errors import TrainingError, UsageError
from abcllm.training.launching import Order, Outcome, judge

CONFIG = Path("configs/imelodist_sft.py")


def left(folder: Path, losses: list[float], *, finished: bool = True, checkpoint: bool = True) -> Path:
    """A folder as a run leaves it."""
    record = json.dumps({"finished": finished, "losses": losses})
    (folder / "run.json").write_text(record, encoding="utf-8")
    if checkpoint:
        (folder / "iter_20.pth").touch()
    (folder / "last_checkpoint").write_text(str(folder / "iter_20.pth"), encoding="utf-8")
    return folder


def test_a_run_that_came_to_its_end(tmp_path: Path) -> None:
    losses = [4.0, 3.0, *[2.5] * 16, 2.0, 1.0]
    assert judge(left(tmp_path, losses)) == Outcome(tmp_path / "iter_20.pth", 20, 3.5, 1.5)


def test_runs_that_did_not(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="did not come to its end"):
        judge(tmp_path)
    with pytest.raises(TrainingError, match="did not come to its end"):
        judge(left(tmp_path, [], finished=False))
    with pytest.raises(TrainingError, match="the loss ended at nan"):
        judge(left(tmp_path, [1.0, float("nan")]))
    (tmp_path / "iter_20.pth").unlink()
    with pytest.raises(TrainingError, match="without a checkpoint"):
        judge(left(tmp_path, [1.0], checkpoint=False))


def test_command_lines(tmp_path: Path) -> None:
    plain = Order(CONFIG, tmp_path, ("train_cfg.max_iters=2",)).command
    assert plain[1:] == [
        *("-m", "xtuner.tools.train", str(CONFIG), "--work-dir", str(tmp_path)),
        *("--cfg-options", "train_cfg.max_iters=2"),
    ]
    many = Order(CONFIG, tmp_path, deepspeed="deepspeed_zero2", processes=2).command
    assert "--nproc_per_node=2" in many
    assert many[-4:] == ["--launcher", "pytorch", "--deepspeed", "deepspeed_zero2"]
    yaml = Order(Path("small.yaml"), tmp_path, ("max_length=8",), resume="last", deepspeed="deepspeed_zero3").command
    assert yaml[2:-1] == [
        *("abcllm.training.trl", "small.yaml", "--folder", str(tmp_path)),
        *("--resume", "last", "--settings", "max_length=8"),
    ]
    assert yaml[-1].endswith("configs/deepspeed_zero3.json")


def test_resuming_from_the_last_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no run to resume"):
        _ = Order(CONFIG, tmp_path, resume="last").command
    left(tmp_path, [1.0])
    assert Order(CONFIG, tmp_path, resume="last").command[-2:] == ["--resume", str(tmp_path / "iter_20.pth")]
