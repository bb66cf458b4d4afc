"""Muon for the matrices of a model, AdamW for its embeddings and vectors, as one optimiser.

Muon (Jordan et al., 2024, https://kellerjordan.github.io/posts/muon/) takes steps of equal size in all directions of a
weight matrix; with the scale of Liu et al. (2025, https://arxiv.org/abs/2502.16982) one learning rate serves matrices
of every shape.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

if TYPE_CHECKING:
    from mmengine.optim import OptimWrapper

__all__ = ["MuonConstructor", "MuonWithAdamW"]

EMBEDDINGS = ("embed_tokens", "tok_embeddings", "lm_head", "output")


class MuonWithAdamW(torch.optim.Optimizer):  # type: ignore[misc]
    """Two optimisers that step, are scheduled and are saved as one.

    `lr` is Muon's rate, `adam_lr` AdamW's; `weight_decay` is for matrices only.
    """

    def __init__(
        self,
        model: nn.Module,
        *,
        lr: float = 5e-3,
        adam_lr: float = 3e-3,
        weight_decay: float = 0.1,
        betas: tuple[float, float] = (0.9, 0.95),
    ) -> None:
        matrices: list[nn.Parameter] = []
        others: list[nn.Parameter] = []
        for name, parameter in model.named_parameters():
            if parameter.requires_grad:
                embedding = any(part in EMBEDDINGS for part in name.split("."))
                (matrices if parameter.ndim == 2 and not embedding else others).append(parameter)
        self.parts = (
            torch.optim.Muon(matrices, lr=lr, weight_decay=weight_decay, adjust_lr_fn="match_rms_adamw"),
            torch.optim.AdamW(others, lr=adam_lr, weight_decay=0.0, betas=betas),
        )
        super().__init__([group for part in self.parts for group in part.param_groups], {"lr": lr})

    def step(self, closure: Callable[[], float] | None = None) -> float | None:
        """One step of both."""
        loss = None if closure is None else closure()
        for part in self.parts:
            part.step()
        return loss

    def state_dict(self) -> dict[str, Any]:
        """The states of both, in order."""
        return {"parts": [part.state_dict() for part in self.parts]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from a saved state."""
        for part, state in zip(self.parts, state_dict["parts"], strict=True):
            part.load_state_dict(state)
        self.param_groups = [group for part in self.parts for group in part.param_groups]


class MuonConstructor:
    """Builds `MuonWithAdamW` for mmengine, which gives other optimisers parameters without their names.

    In a config: `optim_wrapper=dict(constructor=MuonConstructor, optimizer=dict(lr=...), ...)`.
    """

    def __init__(self, optim_wrapper_cfg: dict[str, Any], paramwise_cfg: dict[str, Any] | None = None) -> None:
        self.settings = dict(optim_wrapper_cfg)

    def __call__(self, model: nn.Module) -> OptimWrapper:
        from mmengine.optim import OptimWrapper

        settings = {name: value for name, value in self.settings.items() if name not in ("type", "optimizer")}
        return OptimWrapper(MuonWithAdamW(model, **self.settings.get("optimizer", {})), **settings)
