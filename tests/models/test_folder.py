"""Model folders: found, checked, and what is wrong with one said in a sentence."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from abcllm.errors import BackendError, ModelNotFound
from abcllm.models.folder import find_model
from abcllm.models.weights import Weights, open_weights, write_weights
from tests.tiny_models import CONFIG, write_model

pytest.importorskip("sentencepiece")


def test_a_folder_says_what_it_holds(tmp_path: Path) -> None:
    folder = find_model(write_model(tmp_path / "tiny"))
    assert folder.name == "tiny"
    assert folder.llama.layers == 2
    assert folder.llama.head_size == 16
    assert folder.tokeniser.decode(folder.tokeniser.encode("A jig 曲")) == "A jig 曲"
    weights = folder.open_weights()
    assert folder.llama.parameters == sum(weights[name].size for name in weights)
    assert folder.size == sum(path.stat().st_size for path in folder.path.iterdir())


@pytest.mark.parametrize(("dtype", "error"), [("F32", 0.0), ("F16", 1e-3), ("BF16", 8e-3)])
def test_weights_come_back(tmp_path: Path, dtype: str, error: float) -> None:
    numbers = np.random.default_rng(0).normal(size=(7, 5)).astype(np.float32)
    write_weights(tmp_path / "model.safetensors", {"one": numbers, "two": numbers[0]}, dtype)  # type: ignore[arg-type]
    weights = open_weights(tmp_path)
    assert list(weights) == ["one", "two"]
    assert weights.shape("one") == (7, 5)
    assert weights.dtype("one") == dtype
    assert np.abs(weights["one"] - numbers).max() <= error * np.abs(numbers).max()
    assert np.array_equal(weights["two"], weights["one"][0])


def test_weights_are_those_of_the_library(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from safetensors.torch import load_file, save_file

    numbers = torch.randn(6, 4).to(torch.bfloat16)
    save_file({"a": numbers, "b": torch.ones(3)}, tmp_path / "theirs.safetensors")
    theirs = Weights(tmp_path / "theirs.safetensors")
    assert np.array_equal(theirs["a"], numbers.float().numpy())
    write_weights(tmp_path / "ours.safetensors", {name: theirs[name] for name in ("a", "b")}, "BF16")
    assert torch.equal(load_file(tmp_path / "ours.safetensors")["a"], numbers)


def test_weights_may_lie_in_several_files(tmp_path: Path) -> None:
    folder = find_model(write_model(tmp_path / "tiny"))
    whole = open_weights(folder.path)
    names = list(whole)
    for number, part in enumerate((names[:5], names[5:])):
        write_weights(tmp_path / "tiny" / f"part{number}.safetensors", {name: whole[name] for name in part})
    index = {"weight_map": {name: f"part{int(at >= 5)}.safetensors" for at, name in enumerate(names)}}
    (folder.path / "model.safetensors.index.json").write_text(json.dumps(index), encoding="utf-8")
    (folder.path / "model.safetensors").unlink()
    assert set(find_model(folder.path).open_weights()) == set(names)


def test_a_model_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="no model is called huge, and no folder either; models that ship: small"):
        find_model("huge")
    with pytest.raises(ModelNotFound, match=r"it has no config\.json"):
        find_model(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    with pytest.raises(ModelNotFound, match=r"has no weights \(model\.safetensors\)"):
        find_model(tmp_path)
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(ModelNotFound, match=r"pytorch_model\.bin is a pickle, which can run anything"):
        find_model(tmp_path)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"model_type": "gpt2"}, "the model type is 'gpt2'"),
        ({"hidden_act": "gelu"}, "hidden_act is 'gelu', which this engine does not know"),
        ({"rope_scaling": {"rope_type": "yarn"}}, "rope_scaling is"),
        ({"num_hidden_layers": "many"}, "does not state the sizes of a model"),
    ],
    ids=lambda value: "",
)
def test_a_config_of_another_kind(tmp_path: Path, changes: dict[str, object], said: str) -> None:
    folder = write_model(tmp_path)
    (folder / "config.json").write_text(json.dumps({**CONFIG, **changes}), encoding="utf-8")
    with pytest.raises(BackendError, match=said):
        _ = find_model(folder).llama


def test_weights_that_do_not_belong(tmp_path: Path) -> None:
    folder = write_model(tmp_path)
    (folder / "config.json").write_text(json.dumps({**CONFIG, "hidden_size": 128}), encoding="utf-8")
    with pytest.raises(BackendError, match=r"model\.embed_tokens\.weight is \(1600, 64\), but config\.json says"):
        find_model(folder).open_weights()
    (folder / "config.json").write_text(json.dumps({**CONFIG, "num_hidden_layers": 3}), encoding="utf-8")
    with pytest.raises(BackendError, match=r"has no tensor model\.layers\.2\."):
        find_model(folder).open_weights()


@pytest.mark.parametrize("damage", [lambda data: data[:-100], lambda data: b"no safetensors at all"], ids=["cut", "no"])
def test_weights_that_are_broken(tmp_path: Path, damage: object) -> None:
    folder = write_model(tmp_path)
    path = folder / "model.safetensors"
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(BackendError, match=r"cut short|no safetensors file"):
        find_model(folder).open_weights()


def test_a_vocabulary_that_does_not_belong(tmp_path: Path) -> None:
    folder = write_model(tmp_path)
    (folder / "config.json").write_text(json.dumps({**CONFIG, "vocab_size": 300}), encoding="utf-8")
    with pytest.raises(BackendError, match=r"has 1,406 pieces, but config\.json says 300"):
        _ = find_model(folder).tokeniser
    (folder / "config.json").write_text(json.dumps({**CONFIG, "eos_token_id": 7}), encoding="utf-8")
    with pytest.raises(BackendError, match="eos_token_id is 2 there, but 7"):
        _ = find_model(folder).tokeniser
    (folder / "tokenizer.model").unlink()
    with pytest.raises(ModelNotFound, match=r"has no tokenizer\.model"):
        _ = find_model(folder).tokeniser
