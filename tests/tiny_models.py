"""Language models that are small enough to be made in a test: numbers by lot, or counts of real tunes."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from abcllm.backends.writing import Stream
from abcllm.models.llama import Llama
from abcllm.models.tokeniser import Tokeniser
from abcllm.models.weights import Dtype, write_weights

ROOT = Path(__file__).resolve().parent.parent
LAYOUT = {"vocab_size": 1600, "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2}
CONFIG = {
    **LAYOUT,
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 512,
    "rms_norm_eps": 1e-5,
    "rope_theta": 10000.0,
    "hidden_act": "silu",
    "bos_token_id": 1,
    "eos_token_id": 2,
    "tie_word_embeddings": False,
}


@cache
def vocabulary() -> bytes:
    """A SentencePiece model in which music is spelled in atoms, and words from a few titles."""
    from abcllm.training.vocabulary import build_vocabulary

    return build_vocabulary(["Here is a tune:\nX:1\nT:The Otter and the Kettle of the Glen\nK:D\n"] * 4, 1600)


def write_model(folder: Path, *, seed: int = 0, dtype: Dtype = "F32", **changes: object) -> Path:
    """A Llama with numbers by lot, its vocabulary included, in a folder."""
    config = {**CONFIG, **changes}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (folder / "tokenizer.model").write_bytes(vocabulary())
    random = np.random.default_rng(seed)
    shapes = Llama.from_config(config, "config.json").shapes()
    tensors = {name: random.normal(0, 0.15, shape).astype(np.float32) for name, shape in shapes.items()}
    for name in tensors:
        if "norm" in name:
            tensors[name] = tensors[name] + 1
    write_weights(folder / "model.safetensors", tensors, dtype)
    return folder


class CountingEngine:
    """An engine that has counted which piece follows which three in some texts; every other piece is barely likely."""

    def __init__(self, tokeniser: Tokeniser, texts: Iterable[str], *, noise: float = 1e-7) -> None:
        self.size = tokeniser.size
        self.noise = noise
        self.counts: dict[tuple[int, ...], Counter[int]] = defaultdict(Counter)
        for text in texts:
            ids = [*tokeniser.encode(text), tokeniser.end_id]
            for at, piece in enumerate(ids):
                for known in range(min(4, at + 1)):
                    self.counts[tuple(ids[at - known : at])][piece] += 1

    def open(self, streams: int = 1, context: int = 0) -> CountingBatch:
        return CountingBatch(self, streams, context or 2048)

    def logits(self, ids: Sequence[int]) -> NDArray[np.float32]:
        chances = np.full(self.size, self.noise)
        left = 1.0
        for known in (3, 2, 1, 0):
            counted = self.counts.get(tuple(ids[len(ids) - known :]), Counter())
            total = counted.total()
            share = left * total / (total + len(counted)) if counted else 0.0
            for piece, count in counted.items():
                chances[piece] += share * count / total
            left -= share
        logits: NDArray[np.float32] = np.log(chances).astype(np.float32)
        return logits


class CountingBatch:
    """Texts under way, as `abcllm.backends.neural.engine.Batch` has them."""

    def __init__(self, engine: CountingEngine, streams: int, context: int) -> None:
        self.engine, self.streams, self.context = engine, streams, context
        self.live: list[Stream] = []

    def begin(self, ids: Sequence[int]) -> Stream:
        stream = Stream(len(self.live), list(ids), self.engine.logits(ids))
        self.live.append(stream)
        return stream

    def step(self, pieces: Sequence[int]) -> None:
        for stream, piece in zip(self.live, pieces, strict=True):
            stream.ids.append(piece)
            stream.logits = self.engine.logits(stream.ids)

    def end(self, stream: Stream) -> None:
        last = self.live.pop()
        if last is not stream:
            last.row = stream.row
            self.live[stream.row] = last
