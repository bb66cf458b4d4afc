"""The model in training: neighbours in a row change nothing, and the hooks that guard a run."""

from __future__ import annotations

import logging
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("xtuner", reason="the training environment is not installed: make train-env")

import torch
from mmengine.config import ConfigDict

from abcllm.errors import FileError, TrainingError
from abcllm.training.batches import flatten, stack_rows
from abcllm.training.packing import IGNORED
from abcllm.training.throughput import count_flops, find_peak
from abcllm.training.xtuner import Finetune, FiniteLossHook, WholeCheckpointHook, collate

BEFORE, OTHER, TEXT = [1, 40, 41, 42, 2], [1, 90, 17, 33, 2], [1, 60, 61, 62, 63, 64, 2]


def packed(*texts: list[int], learned: list[int]) -> dict[str, list[int]]:
    """A row of texts, of which one is learned."""
    return {
        "input_ids": [token for text in texts for token in text],
        "labels": [token if text is learned else IGNORED for text in texts for token in text],
        "position_ids": [place for text in texts for place in range(len(text))],
    }


@pytest.fixture(scope="module")
def model(tiny_base: Path) -> Finetune:
    llm = ConfigDict(
        type="transformers.AutoModelForCausalLM.from_pretrained", pretrained_model_name_or_path=str(tiny_base)
    )
    model: Finetune = Finetune(llm=llm, use_activation_checkpointing=False)
    return model


def loss_of(model: Finetune, *rows: dict[str, list[int]]) -> float:
    return float(model.compute_loss(collate(rows)["data"])["loss"].detach())


def test_a_neighbour_changes_nothing(model: Finetune) -> None:
    alone = loss_of(model, packed(TEXT, learned=TEXT))
    for neighbours in ((BEFORE, TEXT), (OTHER, TEXT), (TEXT, OTHER), (OTHER, TEXT, BEFORE)):
        assert loss_of(model, packed(*neighbours, learned=TEXT)) == pytest.approx(alone, abs=1e-6)
    unmarked = packed(BEFORE, TEXT, learned=TEXT) | {"position_ids": [*range(len(BEFORE) + len(TEXT))]}
    assert abs(loss_of(model, unmarked) - alone) > 1e-4, "the test would not notice"


def test_gradients_of_a_neighbour_change_nothing(model: Finetune) -> None:
    def gradient(*texts: list[int]) -> torch.Tensor:
        model.zero_grad()
        model.compute_loss(collate([packed(*texts, learned=TEXT)])["data"])["loss"].backward()
        return model.llm.model.layers[0].self_attn.k_proj.weight.grad.clone()

    torch.testing.assert_close(gradient(BEFORE, TEXT), gradient(OTHER, TEXT), atol=1e-7, rtol=1e-5)


def test_the_loss_is_the_mean_over_tokens_not_rows(model: Finetune) -> None:
    long, short = packed(TEXT, learned=TEXT), packed(BEFORE, learned=BEFORE)
    tokens = [len(TEXT) - 1, len(BEFORE) - 1]
    means = [loss_of(model, long), loss_of(model, short)]
    expected = sum(mean * count for mean, count in zip(means, tokens, strict=True)) / sum(tokens)
    assert loss_of(model, long, short) == pytest.approx(expected, abs=1e-6)


def test_rows_are_stacked_and_flattened() -> None:
    batch = stack_rows([packed(BEFORE, TEXT, learned=TEXT), packed(OTHER, learned=OTHER)])
    assert {column.shape for column in batch.values()} == {(2, 12)}
    assert batch["labels"][0].tolist() == [IGNORED] * 6 + TEXT[1:]
    assert batch["labels"][1].tolist() == [IGNORED, *OTHER[1:], *[IGNORED] * 7]
    flat = flatten(batch)
    assert {column.shape for column in flat.values()} == {(1, 24)}
    assert flat["position_ids"][0, 12:17].tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("loss", [math.nan, math.inf])
def test_a_loss_that_is_no_number_ends_the_run(loss: float) -> None:
    hook, runner = FiniteLossHook(), SimpleNamespace(iter=6)
    hook.after_train_iter(runner, 6, outputs={"loss": torch.tensor(1.0)})
    with pytest.raises(TrainingError, match=rf"the loss is {loss} at iteration 7.*lower rate"):
        hook.after_train_iter(runner, 6, outputs={"loss": torch.tensor(loss)})


def test_a_full_disk_leaves_no_half_checkpoint(tmp_path: Path) -> None:
    """`/dev/full` is a disk without room; what is written there fails as on a full disk."""
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    (tmp_path / "iter_4.pth").write_bytes(b"whole")
    (tmp_path / "last_checkpoint").write_text(str(tmp_path / "iter_4.pth"))
    (tmp_path / "iter_8.pth").symlink_to("/dev/full")

    def save(folder: str, name: str, *_: Any, **__: Any) -> None:
        Path(folder, name).write_bytes(bytes(100_000))

    hub = SimpleNamespace(update_info=lambda *_: None, runtime_info={})
    runner = SimpleNamespace(
        work_dir=str(tmp_path), save_checkpoint=save, message_hub=hub, logger=logging.getLogger("run")
    )
    hook = WholeCheckpointHook(by_epoch=False, interval=4, max_keep_ckpts=2)
    hook.before_train(runner)
    with pytest.raises(
        FileError, match=r"iter_8\.pth: the checkpoint could not be written \(No space left on device\)"
    ):
        hook._save_checkpoint_with_step(runner, 8, {})
    assert not (tmp_path / "iter_8.pth").is_symlink()
    assert (tmp_path / "last_checkpoint").read_text() == str(tmp_path / "iter_4.pth")


def test_checkpoints_hold_no_objects_and_give_them_back() -> None:
    import numpy
    from mmengine.logging import HistoryBuffer

    history = HistoryBuffer([3.0, 2.5], [1, 1])
    checkpoint = {
        "message_hub": {"log_scalars": {"train/loss": history}, "runtime_info": {"eta": numpy.float64(3.5), "iter": 2}}
    }
    hook = WholeCheckpointHook(by_epoch=False, interval=1)
    hook.before_save_checkpoint(None, checkpoint)
    assert checkpoint == {
        "message_hub": {"log_scalars": {"train/loss": [[3.0, 2.5], [1, 1]]}, "runtime_info": {"eta": 3.5, "iter": 2}}
    }
    hook.after_load_checkpoint(None, checkpoint)
    restored: Any = checkpoint["message_hub"]["log_scalars"]["train/loss"]
    assert isinstance(restored, HistoryBuffer)
    assert restored.current() == 2.5


def test_flops_are_counted_by_what_is_learned() -> None:
    frozen, learned = torch.nn.Linear(3, 5), torch.nn.Linear(5, 7, bias=False)
    frozen.weight.requires_grad_(False)
    assert count_flops(torch.nn.Sequential(torch.nn.Embedding(9, 3), frozen, learned)) == 4 * 15 + 6 * 35


@pytest.mark.parametrize(
    ("device", "peak"),
    [
        ("NVIDIA H200", 989e12),
        ("NVIDIA A100-SXM4-80GB", 312e12),
        ("NVIDIA L4", 121e12),
        ("NVIDIA GeForce GT 710", None),
    ],
)
def test_peaks_of_devices(device: str, peak: float | None) -> None:
    assert find_peak(device) == peak
