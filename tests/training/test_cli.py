"""`abcllm train`: two batches shown, a run of TRL, and a true exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from abcllm.training.launching import judge

from .conftest import STEPS, Run

pytestmark = pytest.mark.slow


def test_two_batches_are_shown_and_nothing_is_trained(trained_by: Run, tmp_path: Path) -> None:
    said = trained_by(
        *("abcllm", "train", "configs/imelodist_sft.py", "--dry-run", "-o", tmp_path / "run"),
        *("--set", "train_dataloader.batch_size=1", "train_dataloader.dataset.max_length=512"),
    )
    assert said.returncode == 0, said.stderr[-2000:]
    first, question, *_ = said.stdout.splitlines()
    assert first.startswith("batch 1, row 1: 512 tokens, ")
    assert question == "<s><|im_start|>user"
    assert "<|im_start|>assistant\n⟦" in said.stdout
    assert "<|im_end|>⟧" in said.stdout
    assert "batch 2, row 1: " in said.stdout
    assert not (tmp_path / "run").exists()


def test_trl_trains_on_the_same_rows(trained_by: Run, tmp_path: Path) -> None:
    steps = [f"training.max_steps={STEPS}", f"training.save_steps={STEPS // 2}", "max_length=256"]
    said = trained_by("abcllm", "train", "configs/trl/small_sft.yaml", "--json", "-o", tmp_path, "--set", *steps)
    assert said.returncode == 0, said.stderr[-2000:]
    outcome = json.loads(said.stdout)
    assert outcome["iterations"] == STEPS
    assert outcome["last_loss"] < outcome["first_loss"] - 0.02
    assert (tmp_path / "adapter_model.safetensors").exists()
    assert judge(tmp_path).checkpoint == tmp_path
    straight = json.loads((tmp_path / "run.json").read_text())["losses"]
    half_way = tmp_path / f"checkpoint-{STEPS // 2}"
    resumed = trained_by(
        *("abcllm", "train", "configs/trl/small_sft.yaml", "-o", tmp_path / "resumed", "--resume", half_way),
        *("--set", *steps),
    )
    assert resumed.returncode == 0, resumed.stderr[-2000:]
    assert json.loads((tmp_path / "resumed" / "run.json").read_text())["losses"] == straight


def test_a_wrong_row_ends_a_run_with_one_line(trained_by: Run, tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"messages": [{"role": "user", "content": "A jig"}]}\n{"tune": "X:1"}\n')
    said = trained_by("abcllm", "train", "configs/imelodist_sft.py", "-o", tmp_path / "run", "--corpus", rows)
    assert said.returncode == 1
    complaint = said.stderr.splitlines()[-1]
    assert complaint == f'error: {rows}:2: no "messages", "conversation" or "text"; its keys are tune'


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["configs/none.py"], "there is no config configs/none.py"),
        (["configs/deepspeed_zero2.json"], "is neither a config of xtuner (.py) nor one for TRL (.yaml)"),
        (["configs/imelodist_sft.py", "--set", "lr"], "lr is no setting; settings are KEY=VALUE"),
    ],
)
def test_wrong_usage_is_said(words: list[str], fault: str, trained_by: Run) -> None:
    said = trained_by("abcllm", "train", *words)
    assert said.returncode == 2
    assert fault in said.stderr
