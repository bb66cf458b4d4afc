"""The ONNX graph: a valid one, and logits as transformers computes them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from abcllm.backends.neural.engine import Engine
from abcllm.models.exporting import export_model
from abcllm.models.folder import find_model
from abcllm.models.graph import build_graph, quantise
from tests.tiny_models import write_model

pytest.importorskip("sentencepiece")
pytest.importorskip("onnxruntime")

IDS = [1, *np.random.default_rng(1).integers(3, 1600, 90).tolist()]


@pytest.mark.parametrize(
    "changes",
    [{}, {"tie_word_embeddings": True}, {"num_key_value_heads": 1}, {"num_key_value_heads": 4, "rope_theta": 1e6}],
    ids=["grouped", "tied", "one key", "as many keys"],
)
def test_logits_are_those_of_transformers(tmp_path: Path, changes: dict[str, object]) -> None:
    torch, transformers = pytest.importorskip("torch"), pytest.importorskip("transformers")
    folder = write_model(tmp_path, **changes)
    engine = Engine(find_model(folder), precision="float32", threads=1)
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    with torch.no_grad():
        expected = model(torch.tensor([IDS])).logits[0].numpy()
    assert np.abs(engine.read(IDS) - expected).max() < 1e-4


def test_eight_bits_change_little(tmp_path: Path) -> None:
    folder = find_model(write_model(tmp_path))
    exact = Engine(folder, precision="float32", threads=1).read(IDS)
    coarse = Engine(folder, threads=1).read(IDS)
    chances = np.exp(exact - exact.max(-1, keepdims=True))
    chances /= chances.sum(-1, keepdims=True)
    coarse = coarse - np.log(np.exp(coarse).sum(-1, keepdims=True))
    divergence = (chances * (np.log(chances) - coarse)).sum(-1).mean()
    assert divergence < 0.01


def test_quantised_numbers_are_within_half_a_step() -> None:
    matrix = np.random.default_rng(2).normal(size=(5, 64)).astype(np.float32)
    matrix[0] = 0
    numbers, scales = quantise(matrix)
    back = ((numbers.astype(np.float32) - 128) * scales[..., None]).reshape(matrix.shape)
    assert np.abs(back - matrix).max() <= scales.max() / 2 * 1.001
    assert not back[0].any()


@pytest.mark.parametrize("precision", ["int8", "float32"])
def test_the_file_is_valid_onnx(tmp_path: Path, precision: str) -> None:
    onnx = pytest.importorskip("onnx")
    folder = find_model(write_model(tmp_path))
    graph = build_graph(folder.llama, folder.open_weights(), precision)  # type: ignore[arg-type]
    model = onnx.load_model_from_string(graph.to_bytes(embedded=True))
    onnx.checker.check_model(model)
    assert [one.name for one in model.graph.output][:2] == ["logits", "present.0.key"]
    assert {one.name for one in model.graph.initializer} == set(graph.numbers)


def test_an_exported_file_runs_by_itself(tmp_path: Path) -> None:
    import onnxruntime

    folder = find_model(write_model(tmp_path / "tiny"))
    out = export_model(folder, "onnx", tmp_path / "onnx")
    assert (out / "tokenizer.model").is_file()
    session = onnxruntime.InferenceSession(out / "model.onnx", providers=["CPUExecutionProvider"])
    room = np.zeros((1, 2, len(IDS), 16), np.float32)
    given = {name.name: room for name in session.get_inputs() if name.name.startswith("past.")}
    given |= {
        "input_ids": np.array([IDS], np.int64),
        "lengths": np.array([len(IDS) - 1], np.int32),
        "total": np.array(len(IDS), np.int32),
    }
    logits = session.run(["logits"], given)[0][0]
    assert np.abs(logits - Engine(folder, threads=1).read(IDS)).max() < 1e-4
