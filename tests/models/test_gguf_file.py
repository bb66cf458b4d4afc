"""GGUF: what llama.cpp will read is the model, its vocabulary and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from abcllm.errors import BackendError
from abcllm.models.exporting import export_model
from abcllm.models.folder import find_model
from abcllm.models.gguf_file import turn, write_gguf
from tests.tiny_models import CONFIG, write_model

gguf = pytest.importorskip("gguf")
pytest.importorskip("google.protobuf")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("models")
    out = export_model(find_model(write_model(folder / "tiny")), "gguf", folder / "out")
    return gguf.GGUFReader(out / "model.gguf")


def field(reader: Any, name: str) -> Any:
    return reader.get_field(name).contents()


def test_the_sizes_are_those_of_the_model(reader: Any) -> None:
    assert field(reader, "general.architecture") == "llama"
    assert field(reader, "llama.block_count") == CONFIG["num_hidden_layers"]
    assert field(reader, "llama.attention.head_count_kv") == CONFIG["num_key_value_heads"]
    assert field(reader, "llama.rope.freq_base") == CONFIG["rope_theta"]


def test_every_tensor_is_there_once(reader: Any, tmp_path: Path) -> None:
    folder = find_model(write_model(tmp_path / "tiny"))
    weights, head_size = folder.open_weights(), folder.llama.head_size
    named = {tensor.name: tensor.data for tensor in reader.tensors}
    assert len(named) == len(reader.tensors) == len(folder.llama.shapes())
    down = named["blk.1.ffn_down.weight"]
    assert np.array_equal(down, weights["model.layers.1.mlp.down_proj.weight"].astype(np.float16))
    keys = weights["model.layers.0.self_attn.k_proj.weight"]
    assert np.array_equal(named["blk.0.attn_k.weight"], turn(keys, head_size).astype(np.float16))
    assert named["output_norm.weight"].dtype == np.float32


def test_the_vocabulary_is_whole(reader: Any, tmp_path: Path) -> None:
    tokeniser = find_model(write_model(tmp_path / "tiny")).tokeniser
    pieces = field(reader, "tokenizer.ggml.tokens")
    assert len(pieces) == CONFIG["vocab_size"]
    for number in tokeniser.encode("X:1\nK:D\nd2 ^f'|"):
        assert pieces[number].replace("▁", " ") == tokeniser.piece(number).replace("▁", " ")
    assert pieces[field(reader, "tokenizer.ggml.eot_token_id")] == "<|im_end|>"
    kinds = field(reader, "tokenizer.ggml.token_type")
    assert kinds[tokeniser.start_id] == gguf.TokenType.CONTROL
    assert kinds[pieces.index("X:")] == gguf.TokenType.USER_DEFINED
    assert not field(reader, "tokenizer.ggml.add_space_prefix")


def test_turned_rows_give_the_same_scores() -> None:
    """Halves that turn against each other, and neighbours that do, once the rows are in the other order."""
    random = np.random.default_rng(0)
    size, angles = 8, np.array([1.0, 0.1, 0.01, 0.001])
    queries, keys = random.normal(size=(2, size, 5)).astype(np.float32)
    given = random.normal(size=(2, 5))

    def halves(vector: Any, place: int) -> Any:
        rotated = (vector[:4] + 1j * vector[4:]) * np.exp(1j * place * angles)
        return np.concatenate([rotated.real, rotated.imag])

    def neighbours(vector: Any, place: int) -> Any:
        rotated = (vector[::2] + 1j * vector[1::2]) * np.exp(1j * place * angles)
        return np.stack([rotated.real, rotated.imag], 1).ravel()

    theirs = neighbours(turn(queries, size) @ given[0], 9) @ neighbours(turn(keys, size) @ given[1], 4)
    assert np.isclose(halves(queries @ given[0], 9) @ halves(keys @ given[1], 4), theirs)


def test_a_vocabulary_of_another_kind_is_refused(tmp_path: Path) -> None:
    from sentencepiece import sentencepiece_model_pb2

    folder = find_model(write_model(tmp_path / "tiny"))
    spelling = sentencepiece_model_pb2.ModelProto.FromString((folder.path / "tokenizer.model").read_bytes())
    spelling.trainer_spec.model_type = spelling.trainer_spec.UNIGRAM
    other = tmp_path / "unigram.model"
    other.write_bytes(spelling.SerializeToString())
    with pytest.raises(BackendError, match="byte pairs"):
        write_gguf(tmp_path / "x.gguf", "tiny", folder.llama, folder.open_weights(), other)
    assert not (tmp_path / "x.gguf").exists()
