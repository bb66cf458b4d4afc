"""How fast a run is: tokens a second, and how much of what the GPU could do.

Model FLOPs utilisation as in PaLM (Chowdhery et al., 2022, https://arxiv.org/abs/2204.02311, appendix B), attention
left out, since packed texts are short: it is a little lower than it would be with it.
"""

from __future__ import annotations

import time
from typing import Any

import torch
from mmengine.dist import get_world_size
from mmengine.hooks import Hook

__all__ = ["PEAKS", "ThroughputHook", "count_flops", "find_peak"]

PEAKS = {
    "B200": 2250e12,
    "H200": 989e12,
    "H100": 989e12,
    "A100": 312e12,
    "L40S": 362e12,
    "L4": 121e12,
    "A10": 125e12,
    "RTX 4090": 165e12,
    "RTX 3090": 71e12,
}
"""Products in bfloat16 that a device can do at best, dense, a second (the makers' data sheets)."""


class ThroughputHook(Hook):  # type: ignore[misc]
    """Logs `tokens_per_s` of all processes together, and `mfu` (0 to 1) where the device is known."""

    priority = "VERY_HIGH"

    def before_train(self, runner: Any) -> None:
        model = runner.model.module if hasattr(runner.model, "module") else runner.model
        self.flops_per_token = count_flops(model)
        self.peak = find_peak(torch.cuda.get_device_name()) if torch.cuda.is_available() else None

    def before_train_iter(self, runner: Any, batch_idx: int, data_batch: Any = None) -> None:
        self.start = time.perf_counter()

    def after_train_iter(self, runner: Any, batch_idx: int, data_batch: Any = None, outputs: Any = None) -> None:
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        tokens = data_batch["data"]["input_ids"].numel() * get_world_size()
        tokens_per_s = tokens / (time.perf_counter() - self.start)
        runner.message_hub.update_scalar("train/tokens_per_s", tokens_per_s)
        if self.peak:
            utilisation = tokens_per_s * self.flops_per_token / (self.peak * get_world_size())
            runner.message_hub.update_scalar("train/mfu", utilisation)


def count_flops(model: torch.nn.Module) -> int:
    """The products and sums that one token costs in training: 2 a weight forwards, 2 for what goes on backwards, and 2
    more where the weight itself is learned."""
    layers = (module for module in model.modules() if isinstance(module, torch.nn.Linear))
    return sum(layer.in_features * layer.out_features * (6 if layer.weight.requires_grad else 4) for layer in layers)


def find_peak(device: str) -> float | None:
    """What a device of this name can do at best, in products a second; None where that is not known."""
    words = f" {device.replace('-', ' ')} "
    return next((peak for name, peak in PEAKS.items() if f" {name} " in words), None)
