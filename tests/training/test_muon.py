"""Muon beside AdamW: each has its own parameters, they step and are saved as one."""

from __future__ import annotations

from copy import deepcopy

import pytest

torch = pytest.importorskip("torch", reason="the extra train is not installed")
muon = pytest.importorskip("abcllm.training.muon", reason="the extra train is not installed")


def make_model() -> torch.nn.Module:
    torch.manual_seed(0)
    return torch.nn.ModuleDict(
        {"embed_tokens": torch.nn.Embedding(8, 4), "inner": torch.nn.Linear(4, 4), "lm_head": torch.nn.Linear(4, 8)}
    )


def learn(model: torch.nn.Module, optimiser: torch.optim.Optimizer, steps: int) -> list[float]:
    losses = []
    tokens = torch.arange(8)
    for _ in range(steps):
        loss = torch.nn.functional.cross_entropy(
            model["lm_head"](model["inner"](model["embed_tokens"](tokens))), tokens.roll(1)
        )
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return losses


def test_matrices_that_are_no_embedding_are_muons() -> None:
    model = make_model()
    matrices, adam = muon.MuonWithAdamW(model).parts
    assert [p.shape for group in matrices.param_groups for p in group["params"]] == [(4, 4)]
    assert sum(p.numel() for group in adam.param_groups for p in group["params"]) == 8 * 4 + 4 + 8 * 4 + 8


def test_both_learn_and_follow_the_rate() -> None:
    model = make_model()
    optimiser = muon.MuonWithAdamW(model, lr=0.05, adam_lr=0.05)
    losses = learn(model, optimiser, 40)
    assert losses[-1] < losses[0] / 4
    for group in optimiser.param_groups:
        group["lr"] = 0.0
    before = {name: value.clone() for name, value in model.state_dict().items()}
    learn(model, optimiser, 2)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


def test_a_saved_state_goes_on_bit_by_bit() -> None:
    model = make_model()
    optimiser = muon.MuonWithAdamW(model)
    learn(model, optimiser, 3)
    other = make_model()
    other.load_state_dict(model.state_dict())
    resumed = muon.MuonWithAdamW(other)
    resumed.load_state_dict(deepcopy(optimiser.state_dict()))
    assert learn(other, resumed, 3) == learn(model, optimiser, 3)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_mmengine_builds_it_from_a_config() -> None:
    pytest.importorskip("mmengine", reason="the extra train is not installed")
    wrapper = muon.MuonConstructor({"type": "OptimWrapper", "optimizer": {"lr": 1e-3, "adam_lr": 2e-3}})(make_model())
    assert {group["lr"] for group in wrapper.param_groups} == {1e-3, 2e-3}
