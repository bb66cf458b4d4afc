"""InternLM2 and its Llama twin: the same numbers, the same logits, there and back."""

from __future__ import annotations

import json
import shutil
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from abcllm.errors import BackendError, FileError
from abcllm.models.exporting import export_model, new_folder
from abcllm.models.folder import find_model
from abcllm.models.internlm2 import internlm2_tensors, llama_config, llama_tensors
from abcllm.models.weights import open_weights
from tests.tiny_models import write_model

pytest.importorskip("sentencepiece")


@pytest.mark.parametrize("tied", [False, True], ids=["head", "tied"])
def test_there_and_back(tmp_path: Path, tied: bool) -> None:
    folder = find_model(write_model(tmp_path, tie_word_embeddings=tied))
    weights = folder.open_weights()
    there = internlm2_tensors(weights, folder.llama)
    assert there["model.layers.1.attention.wqkv.weight"].shape == (8 * 16, 64)  # 4 queries, 2 keys, 2 values
    back = llama_tensors(there, folder.llama)
    assert set(back) == set(weights)
    for name in back:
        assert np.array_equal(back[name], weights[name])


def test_a_folder_is_exported_and_read_again(tmp_path: Path) -> None:
    folder = find_model(write_model(tmp_path / "tiny", dtype="BF16"))
    there = export_model(folder, "internlm2", tmp_path / "internlm2")
    assert json.loads((there / "config.json").read_text("utf-8"))["model_type"] == "internlm2"
    assert open_weights(there).dtype("output.weight") == "BF16"
    back = find_model(export_model(find_model(there), "llama", tmp_path / "llama"))
    assert back.tokeniser.encode("A2 B2|") == folder.tokeniser.encode("A2 B2|")
    for name, numbers in back.open_weights().items():
        assert np.array_equal(numbers, folder.open_weights()[name])


def test_logits_are_equal(tmp_path: Path) -> None:
    """InternLM2's own code, from a package, and transformers' Llama compute the same."""
    torch, transformers = pytest.importorskip("torch"), pytest.importorskip("transformers")
    spec = find_spec("xtuner")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("InternLM2's code comes with xtuner: make train-env")
    code = Path(spec.submodule_search_locations[0], "_lite", "modelings", "internlm2")
    source = write_model(tmp_path / "tiny")
    there = export_model(find_model(source), "internlm2", tmp_path / "internlm2")
    for name in ("configuration_internlm2.py", "modeling_internlm2.py"):
        shutil.copyfile(code / name, there / name)
    config = json.loads((there / "config.json").read_text("utf-8"))
    config["auto_map"] = {
        "AutoConfig": "configuration_internlm2.InternLM2Config",
        "AutoModelForCausalLM": "modeling_internlm2.InternLM2ForCausalLM",
    }
    (there / "config.json").write_text(json.dumps(config), encoding="utf-8")
    first = transformers.AutoModelForCausalLM.from_pretrained(there, trust_remote_code=True, dtype=torch.float32)
    second = transformers.AutoModelForCausalLM.from_pretrained(source, dtype=torch.float32)
    ids = torch.arange(3, 60)[None]
    with torch.no_grad():
        difference = first(input_ids=ids, use_cache=False).logits - second(input_ids=ids).logits
    assert difference.abs().max() < 1e-5


def test_what_has_no_twin() -> None:
    with pytest.raises(BackendError, match="has biases"):
        llama_config({"bias": True}, "config.json")


def test_weights_of_another_architecture(tmp_path: Path) -> None:
    folder = find_model(write_model(tmp_path))
    with pytest.raises(BackendError, match=r"no tensor model\.tok_embeddings\.weight"):
        llama_tensors(folder.open_weights(), folder.llama)


def test_no_half_folder_is_left(tmp_path: Path) -> None:
    def fill() -> None:
        with new_folder(tmp_path / "out") as work:
            (work / "begun").write_text("...", encoding="utf-8")
            raise KeyError("what goes wrong")

    with pytest.raises(KeyError):
        fill()
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "out").mkdir()
    with pytest.raises(FileError, match="exists already"):
        fill()
