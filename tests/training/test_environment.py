"""The doctor's look at the training environment."""

from __future__ import annotations

import importlib.metadata

import pytest

from abcllm.training import environment


def test_pins_are_those_of_the_extra() -> None:
    pins = environment.list_pins()
    assert {"torch", "transformers", "trl", "deepspeed", "mmengine", "xtuner"} <= pins.keys()
    assert pins["xtuner"] == "0.2.0"


def test_what_is_not_as_it_should_be_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    pins = environment.list_pins()

    def version(name: str) -> str:
        if name == "peft":
            raise importlib.metadata.PackageNotFoundError(name)
        return {"trl": "0.9.0", "torch": f"{pins['torch']}+cpu", "xtuner": ""}.get(name, pins[name])

    monkeypatch.setattr(environment, "version", version)
    missing, wrong = environment.find_problems()
    assert missing == f"missing: peft {pins['peft']}, xtuner {pins['xtuner']}"
    assert wrong == f"trl is 0.9.0; {pins['trl']} goes with the others"


def test_an_environment_that_is_not_there_is_one_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "version", lambda name: "")
    assert environment.find_problems() == ["it is not installed"]


def test_a_stand_in_never_reaches_cuda(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("xtuner", reason="the training environment is not installed: make train-env")
    from importlib.machinery import ModuleSpec

    stand_in = ModuleSpec("torchvision", None, origin="/here/beside_xtuner/torchvision/__init__.py")
    monkeypatch.setattr(environment, "find_spec", lambda name: stand_in)
    monkeypatch.setattr(environment, "_has_cuda_build", lambda: True)
    assert "a stand-in takes the place of torchvision, though torch is built for CUDA" in environment.find_problems()
    monkeypatch.setattr(environment, "find_spec", lambda name: None)
    assert any("xtuner imports torchvision" in problem for problem in environment.find_problems())
