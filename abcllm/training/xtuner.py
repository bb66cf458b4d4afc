"""What xtuner 0.2.0 does not do by itself: train without CUDA, keep packed tunes apart, say clearly why it stopped.

Configs name these classes; nothing of xtuner is patched. `GlooRunner` and `GlooDeepSpeedStrategy` are for machines
without CUDA only, where xtuner and mmengine would call functions that torch has for CUDA alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import deepspeed
import numpy
import torch
import torch.distributed
from mmengine.dist import all_reduce, is_main_process
from mmengine.hooks import CheckpointHook, Hook
from mmengine.logging import HistoryBuffer
from mmengine.runner import Runner
from transformers.utils import is_flash_attn_2_available
from xtuner.engine import DeepSpeedStrategy
from xtuner.model import SupervisedFinetune
from xtuner.model.utils import LoadWoInit
from xtuner.parallel.sequence import get_sequence_parallel_world_size, init_sequence_parallel

from ..errors import FileError, TrainingError, UsageError
from .batches import flatten, stack_rows
from .packing import IGNORED

__all__ = [
    "Finetune",
    "FiniteLossHook",
    "GlooDeepSpeedStrategy",
    "GlooRunner",
    "WholeCheckpointHook",
    "collate",
]


class Finetune(SupervisedFinetune):  # type: ignore[misc]
    """A language model that learns from packed rows, in which no text sees its neighbours.

    Rows are told apart by their positions, which begin at 0 with every text, and transformers keeps attention within
    them: by variable-length kernels where flash-attention is installed, by a mask elsewhere. The loss is the mean over
    all tokens that are learned from, on all processes: it does not depend on how many there are.

    `autocast` names the type in which products are computed, say "bfloat16"; None leaves it to the weights. A model
    that is `compiled` (by torch) begins after a minute and then learns twice as fast, where all batches have one shape.
    """

    def __init__(self, *args: Any, autocast: str | None = None, compiled: bool = False, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.autocast = None if autocast is None else getattr(torch, autocast)
        if compiled:
            self.llm.compile()

    def build_llm_from_cfg(self, llm_cfg: Any, use_varlen_attn: bool, max_position_embeddings: int | None) -> Any:
        """The language model, with the attention of transformers. Raises `UsageError` for sequence parallelism."""
        if get_sequence_parallel_world_size() > 1:
            raise UsageError("rows are not split over GPUs here; give xtuner's SupervisedFinetune as the model's type")
        flash = torch.cuda.is_available() and is_flash_attn_2_available()
        llm_cfg.setdefault("attn_implementation", "flash_attention_2" if flash else "sdpa")
        with LoadWoInit():
            llm = self._build_from_cfg_or_module(self._prepare_for_qlora_zero3(llm_cfg))
        llm.config.use_cache = False
        return llm

    def compute_loss(self, data: dict[str, Any], data_samples: None = None) -> dict[str, torch.Tensor]:
        """The loss of a batch: `input_ids`, `labels`, `position_ids`, each (rows, tokens) int64, as `collate` gives."""
        learned = (data["labels"] != IGNORED).sum().float()
        all_reduce(learned, "mean")
        flash = self.llm.config._attn_implementation == "flash_attention_2"
        batch = flatten(data) if flash else data
        device = data["input_ids"].device.type
        with torch.autocast(device, self.autocast) if self.autocast else nullcontext():
            return {"loss": self.llm(**batch, num_items_in_batch=learned.clamp(min=1)).loss}

    def parse_losses(self, losses: dict[str, torch.Tensor]) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        """The loss of this process, to learn from, and that of all, to be logged."""
        loss, logged = super().parse_losses(losses)
        mean = loss.detach().clone()
        all_reduce(mean, "mean")
        return loss, {**logged, "loss": mean}


def collate(rows: Sequence[Mapping[str, Sequence[int]]]) -> dict[str, Any]:
    """A batch of packed rows, as `Finetune` takes it."""
    return {"data": stack_rows(rows), "data_samples": None}


class FiniteLossHook(Hook):  # type: ignore[misc]
    """Stops at the first loss that is no number, before it is saved."""

    priority = "VERY_HIGH"

    def after_train_iter(
        self, runner: Any, batch_idx: int, data_batch: Any = None, outputs: dict[str, Any] | None = None
    ) -> None:
        """Raises `TrainingError`."""
        loss = float((outputs or {})["loss"])
        if not math.isfinite(loss):
            raise TrainingError(
                f"the loss is {loss} at iteration {runner.iter + 1}: nothing was saved since the last checkpoint. "
                "Resume from it with a lower rate (--cfg-options optim_wrapper.optimizer.lr=...), or look for "
                "broken rows with `abcllm train CONFIG --dry-run`"
            )


class WholeCheckpointHook(CheckpointHook):  # type: ignore[misc]
    """Checkpoints that are whole or not there: what a full disk has cut is removed, and said.

    They hold tensors, numbers and texts only, so that torch reads them without running what is in them.
    """

    def before_save_checkpoint(self, runner: Any, checkpoint: dict[str, Any]) -> None:
        """Histories as lists in place of objects."""
        hub = checkpoint["message_hub"]
        hub["log_scalars"] = {
            name: [column.tolist() for column in history.data] for name, history in hub["log_scalars"].items()
        }
        hub["runtime_info"] = {
            name: value.item() if isinstance(value, numpy.generic) else value
            for name, value in hub["runtime_info"].items()
        }

    def after_load_checkpoint(self, runner: Any, checkpoint: dict[str, Any]) -> None:
        """And objects again."""
        scalars = checkpoint["message_hub"]["log_scalars"]
        scalars |= {name: HistoryBuffer(*columns) for name, columns in scalars.items()}

    def _save_checkpoint_with_step(self, runner: Any, step: int, meta: dict[str, Any]) -> None:
        try:
            super()._save_checkpoint_with_step(runner, step, meta)
        except OSError as fault:
            path = Path(self.last_ckpt)
            if is_main_process() and not path.is_dir():
                path.unlink(missing_ok=True)
            raise FileError(
                f"{path}: the checkpoint could not be written ({fault.strerror}). Make room or give another folder "
                "with --work-dir, then resume from the last one that is whole: `last_checkpoint` names it",
                path=str(path),
            ) from fault


class GlooRunner(Runner):  # type: ignore[misc]
    """For several processes without CUDA: they are joined before mmengine chooses a CUDA device for each."""

    def setup_env(self, env_cfg: dict[str, Any]) -> None:
        if self.distributed and not torch.distributed.is_initialized():
            torch.distributed.init_process_group("gloo")
        super().setup_env(env_cfg)


class GlooDeepSpeedStrategy(DeepSpeedStrategy):  # type: ignore[misc]
    """The same for DeepSpeed."""

    def _setup_distributed(self, launcher: str | None = None, backend: str = "gloo", **settings: Any) -> None:
        deepspeed.init_distributed(dist_backend="gloo", **settings)
        init_sequence_parallel(self.sequence_parallel_size)
