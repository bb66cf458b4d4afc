"""xtuner, literally: runs with one process and two, with DeepSpeed, ended and resumed, and what comes of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import STEPS, Run

pytestmark = pytest.mark.slow


def losses_of(folder: Path) -> list[float]:
    losses: list[float] = json.loads((folder / "run.json").read_text())["losses"]
    assert len(losses) == STEPS
    return losses


def test_a_run_leaves_a_checkpoint_a_record_and_curves(sft_run: Path, corpus: Path) -> None:
    from hashlib import sha256

    losses = losses_of(sft_run)
    assert losses[-1] < losses[0] - 0.02
    assert Path((sft_run / "last_checkpoint").read_text()) == sft_run / f"iter_{STEPS}.pth"
    record = json.loads((sft_run / "run.json").read_text())
    assert record["finished"]
    assert record["corpus_card_sha256"] == sha256((corpus / "card.json").read_bytes()).hexdigest()
    assert record["versions"]["xtuner"] == "0.2.0"
    assert (sft_run / "imelodist_sft.py").exists()
    assert (sft_run / "loss.png").read_bytes().startswith(b"\x89PNG")
    assert list(sft_run.glob("*/vis_data/events.out.tfevents*"))


def test_two_processes_learn_as_one(sft_run: Path, trained_by: Run, short: list[str], tmp_path: Path) -> None:
    half = [*short, "train_dataloader.batch_size=2"]
    said = trained_by("xtuner", "train", "configs/imelodist_sft.py", "--work-dir", tmp_path, *half, NPROC_PER_NODE="2")
    assert (tmp_path / "run.json").exists(), said.stderr[-3000:]
    assert losses_of(tmp_path) == pytest.approx(losses_of(sft_run), abs=1e-3)


def test_zero_2_on_two_processes(sft_run: Path, trained_by: Run, short: list[str], tmp_path: Path) -> None:
    half = [*short, "train_dataloader.batch_size=2"]
    command = ("xtuner", "train", "configs/imelodist_sft.py", "--deepspeed", "deepspeed_zero2", "--work-dir")
    said = trained_by(*command, tmp_path, *half, NPROC_PER_NODE="2")
    assert (tmp_path / "run.json").exists(), said.stderr[-3000:]
    losses = losses_of(tmp_path)
    assert losses[0] == pytest.approx(losses_of(sft_run)[0], abs=1e-3)  # LoRA begins with other numbers
    assert losses[-1] < losses[0] - 0.02
    assert len([*(tmp_path / f"iter_{STEPS}.pth").glob("*optim_states.pt")]) == 2


def test_resuming_is_bit_exact(sft_run: Path, trained_by: Run, short: list[str], tmp_path: Path) -> None:
    import torch

    half_way = sft_run / f"iter_{STEPS // 2}.pth"
    command = ("xtuner", "train", "configs/imelodist_sft.py", "--resume", half_way, "--work-dir", tmp_path)
    said = trained_by(*command, *short)
    assert (tmp_path / f"iter_{STEPS}.pth").exists(), said.stderr[-3000:]
    straight, resumed = (torch.load(folder / f"iter_{STEPS}.pth", weights_only=False) for folder in (sft_run, tmp_path))
    assert straight["state_dict"].keys() == resumed["state_dict"].keys()
    for name, weights in straight["state_dict"].items():
        assert torch.equal(weights, resumed["state_dict"][name]), name


def test_a_checkpoint_becomes_a_model_that_loads(
    sft_run: Path, tiny_base: Path, trained_by: Run, tmp_path: Path
) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    adapter, merged = tmp_path / "adapter", tmp_path / "merged"
    checkpoint = sft_run / f"iter_{STEPS}.pth"
    convert = ("xtuner", "convert", "pth_to_hf", "configs/imelodist_sft.py", checkpoint, adapter)
    said = trained_by(*convert, "--fp32", "--safe-serialization")
    assert (adapter / "adapter_model.safetensors").exists(), said.stderr[-3000:]
    said = trained_by(
        "xtuner", "convert", "merge", tiny_base, adapter, merged, "--safe-serialization", "--device", "cpu"
    )
    assert (merged / "model.safetensors").exists(), said.stderr[-3000:]
    ids = torch.arange(5, 45)[None]
    with torch.no_grad():
        before, after = (
            AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)(ids).logits
            for folder in (tiny_base, merged)
        )
    assert not torch.allclose(before, after, atol=1e-3)


def test_whole_models_are_trained_too(trained_by: Run, short: list[str], tmp_path: Path) -> None:
    said = trained_by("xtuner", "train", "configs/imelodist_increment_full.py", "--work-dir", tmp_path, *short)
    assert (tmp_path / "run.json").exists(), said.stderr[-3000:]
    losses = losses_of(tmp_path)
    assert losses[-1] < losses[0]
