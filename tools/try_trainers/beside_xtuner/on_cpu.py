"""xtuner 0.2.0 without an accelerator."""

from __future__ import annotations

from typing import Any

from xtuner.model import SupervisedFinetune

__all__ = ["CpuSupervisedFinetune"]


class CpuSupervisedFinetune(SupervisedFinetune):  # type: ignore[misc]
    """Without the look for flash attention, which asks `torch.cpu.is_bf16_supported`: there is no such function."""

    @staticmethod
    def _prepare_for_flash_attn(cfg: Any, llm_cfg: Any) -> Any:
        return cfg
