"""Every config loads on a machine without CUDA, says how it is run, and says what is wrong with what it is given."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("xtuner", reason="the training environment is not installed: make train-env")

from abcllm.errors import ConfigError, ModelNotFound, UsageError
from abcllm.training import choices

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
SHARED = ("running", "fine_tuning", "all_parameters", "from_scratch")
RUN = sorted(path for path in CONFIGS.glob("*.py") if path.stem not in SHARED)
STANDING_FOR = {"increment": "pretrain", "pretrain": "pretrain", "sft": "sft"}


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch, tiny_base: Path, corpus: Path) -> None:
    monkeypatch.setenv("ABCLLM_BASE_MODEL", str(tiny_base))
    monkeypatch.setenv("ABCLLM_DATA", str(corpus))


def read(path: Path) -> Any:
    from mmengine.config import Config

    return Config.fromfile(str(path))


@pytest.mark.parametrize("path", RUN, ids=lambda path: path.stem)
def test_configs_load_and_say_how_they_are_run(path: Path, settled: None, tiny_base: Path, corpus: Path) -> None:
    assert f"xtuner train configs/{path.name}" in path.read_text(encoding="utf-8")
    assert f"`{path.name}`" in (CONFIGS / "README.md").read_text(encoding="utf-8") or path.stem.endswith("_full")
    config = read(path)
    kind = next(word for word in path.stem.split("_") if word in STANDING_FOR)
    assert config.train_dataloader.dataset.stage == STANDING_FOR[kind]
    bases = {config.model.llm.pretrained_model_name_or_path, config.pretrained_model_name_or_path}
    assert bases == {str(tiny_base)}
    assert config.corpus == config.train_dataloader.dataset.path == str(corpus)
    assert ("lora" in config.model) == (not path.stem.endswith("_full") and "abcllm_small" not in path.stem)
    assert "quantization_config" not in config.model.llm
    assert config.runner_type == "abcllm.training.xtuner.GlooRunner"


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("deepspeed_*.json")), ids=lambda path: path.stem)
def test_deepspeed_settings_are_taken_by_name(
    path: Path, settled: None, monkeypatch: pytest.MonkeyPatch, tiny_base: Path
) -> None:
    monkeypatch.setattr("sys.argv", ["train", "config.py", "--deepspeed", path.stem])
    config = read(CONFIGS / "imelodist_sft.py")
    assert config.strategy.config.zero_optimization == json.loads(path.read_text())["zero_optimization"]
    assert config.strategy.train_micro_batch_size_per_gpu == config.train_dataloader.batch_size
    assert path.stem.startswith(f"deepspeed_zero{config.strategy.config.zero_optimization.stage}")


def test_unknown_deepspeed_settings_are_named(settled: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["train", "config.py", "--deepspeed", "deepspeed_zero4"])
    with pytest.raises(
        UsageError, match=r"no DeepSpeed settings are called deepspeed_zero4; .*deepspeed_zero3_offload"
    ):
        read(CONFIGS / "imelodist_sft.py")


def test_without_cuda_the_small_model_and_the_sample_take_their_place_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tiny_base: Path
) -> None:
    monkeypatch.delenv("ABCLLM_BASE_MODEL", raising=False)
    monkeypatch.delenv("ABCLLM_DATA", raising=False)
    monkeypatch.setattr(choices, "DEFAULT_MODEL", str(tiny_base))
    config = read(CONFIGS / "imelodist_sft.py")
    assert config.pretrained_model_name_or_path == str(tiny_base)
    assert config.corpus == choices.SAMPLE
    said = capsys.readouterr().err.splitlines()
    assert any("no CUDA here: the base is the small model" in line and "internlm2-chat-7b" in line for line in said)
    assert any("no CUDA here: the corpus is a sample of data/" in line for line in said)


def test_a_missing_base_and_a_missing_corpus_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ABCLLM_BASE_MODEL", str(tmp_path / "nothing"))
    with pytest.raises(ModelNotFound, match=r"nothing.*abcllm models import.*ABCLLM_BASE_MODEL"):
        choices.choose_base("internlm2-chat-7b")
    monkeypatch.setenv("ABCLLM_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(UsageError, match=r"no corpus at .*nowhere; build one with `abcllm data build`"):
        choices.choose_corpus("corpora/folk")


@pytest.mark.parametrize("path", sorted((CONFIGS / "trl").glob("*.yaml")), ids=lambda path: path.stem)
def test_configs_for_trl_are_read(path: Path) -> None:
    from abcllm.training.trl import read_config

    assert f"abcllm train configs/trl/{path.name}" in path.read_text(encoding="utf-8")
    recipe = read_config(path, ["training.learning_rate=1e-5", "max_length=64"])
    assert recipe.max_length == 64
    assert float(recipe.training["learning_rate"]) == 1e-5
    assert recipe.stage == "sft"


def test_all_that_is_wrong_with_a_config_for_trl_is_said_at_once(tmp_path: Path) -> None:
    from abcllm.training.trl import read_config

    path = tmp_path / "wrong.yaml"
    path.write_text("base: small\nstage: chat\nmax_length: long\nepochs: 3\n")
    with pytest.raises(ConfigError) as caught:
        read_config(path)
    said = [re.sub(r"^.*wrong\.yaml: ", "", problem) for problem in caught.value.problems]
    assert sorted(problem.partition(":")[0] for problem in said) == ["corpus", "epochs", "max_length", "stage"]
    path.write_text("just words")
    with pytest.raises(ConfigError, match="not a config"):
        read_config(path)
