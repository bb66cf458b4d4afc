"""InternLM2 and its exact Llama twin: the same numbers under other names.

InternLM2 keeps queries, keys and values of attention in one matrix `wqkv`, a group after another: the queries of the
group, its key, its value (Cai et al. 2024, https://arxiv.org/abs/2403.17297, section 2.2). A Llama has a matrix for
each, so nothing is computed here but the order of rows, and the logits are equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..errors import BackendError
from .llama import Llama

__all__ = ["Renamed", "internlm2_config", "internlm2_names", "internlm2_tensors", "llama_config", "llama_tensors"]

Floats: TypeAlias = NDArray[np.float32]
Tensors: TypeAlias = Mapping[str, Floats]

WHOLE: Final = {
    "model.embed_tokens.weight": "model.tok_embeddings.weight",
    "model.norm.weight": "model.norm.weight",
    "lm_head.weight": "output.weight",
}
LAYER: Final = {
    "self_attn.o_proj.weight": "attention.wo.weight",
    "mlp.gate_proj.weight": "feed_forward.w1.weight",
    "mlp.up_proj.weight": "feed_forward.w3.weight",
    "mlp.down_proj.weight": "feed_forward.w2.weight",
    "input_layernorm.weight": "attention_norm.weight",
    "post_attention_layernorm.weight": "ffn_norm.weight",
}
PACKED: Final = "attention.wqkv.weight"
KEPT_KEYS: Final = (
    *("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads"),
    *("num_key_value_heads", "max_position_embeddings", "rms_norm_eps", "rope_theta", "rope_scaling", "hidden_act"),
    *("initializer_range", "bos_token_id", "eos_token_id", "pad_token_id", "use_cache", "dtype", "torch_dtype"),
)


class Renamed(Mapping[str, Floats]):
    """Tensors that are made when they are asked for."""

    def __init__(self, makers: Mapping[str, Callable[[], Floats]]) -> None:
        self._makers = makers

    def __getitem__(self, name: str) -> Floats:
        return self._makers[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def llama_config(config: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The `config.json` of the twin of an InternLM2. Raises `BackendError` for one with biases, which has none."""
    if config.get("bias"):
        raise BackendError(f"{where}: this InternLM2 has biases, and then no Llama is its twin")
    kept = {key: config[key] for key in KEPT_KEYS if key in config}
    fixed = {"attention_bias": False, "mlp_bias": False, "tie_word_embeddings": False}
    return {"architectures": ["LlamaForCausalLM"], "model_type": "llama", **kept, **fixed}


def internlm2_config(config: Mapping[str, Any]) -> dict[str, Any]:
    """The `config.json` of the InternLM2 that is the twin of a Llama."""
    kept = {key: config[key] for key in KEPT_KEYS if key in config}
    fixed = {"bias": False, "tie_word_embeddings": False}
    return {"architectures": ["InternLM2ForCausalLM"], "model_type": "internlm2", **kept, **fixed}


def llama_tensors(tensors: Tensors, llama: Llama) -> Renamed:
    """The tensors of the Llama twin. Raises `BackendError` where one is missing."""
    _check(tensors, internlm2_names(llama))
    makers: dict[str, Callable[[], Floats]] = {
        name: partial(tensors.__getitem__, old) for name, old in _pairs(llama.layers)
    }
    for layer in range(llama.layers):
        packed = f"model.layers.{layer}.{PACKED}"
        for part in "qkv":
            makers[f"model.layers.{layer}.self_attn.{part}_proj.weight"] = partial(
                _unpack, tensors, packed, llama, part
            )
    return Renamed({name: makers[name] for name in llama.shapes()})


def internlm2_tensors(tensors: Tensors, llama: Llama) -> Renamed:
    """The tensors of the InternLM2 twin; an embedding that is also the head of the Llama is written twice."""
    _check(tensors, llama.shapes())
    makers: dict[str, Callable[[], Floats]] = {}
    for name, new in _pairs(llama.layers):
        source = "model.embed_tokens.weight" if llama.tied and name == "lm_head.weight" else name
        makers[new] = partial(tensors.__getitem__, source)
    for layer in range(llama.layers):
        makers[f"model.layers.{layer}.{PACKED}"] = partial(_pack, tensors, layer, llama)
    return Renamed({name: makers[name] for name in internlm2_names(llama)})


def internlm2_names(llama: Llama) -> list[str]:
    """The tensors of an InternLM2 of these sizes."""
    names = [new for _, new in _pairs(llama.layers)]
    return names + [f"model.layers.{layer}.{PACKED}" for layer in range(llama.layers)]


def _pairs(layers: int) -> Iterator[tuple[str, str]]:
    """Names of the Llama and of InternLM2 for what is the same in both."""
    yield from WHOLE.items()
    for layer in range(layers):
        at = f"model.layers.{layer}."
        yield from ((at + name, at + other) for name, other in LAYER.items())


def _check(tensors: Tensors, names: Any) -> None:
    missing = next((name for name in names if name not in tensors), None)
    if missing is not None:
        raise BackendError(f"the weights have no tensor {missing}: they are not whole, or of another architecture")


def _unpack(tensors: Tensors, name: str, llama: Llama, part: str) -> Floats:
    """Queries, keys or values (rows, hidden) of `wqkv` (groups, queries of a group + 2, head size, hidden)."""
    queries = llama.heads // llama.kv_heads
    groups = tensors[name].reshape(llama.kv_heads, queries + 2, llama.head_size, llama.hidden)
    chosen = {"q": groups[:, :queries], "k": groups[:, queries], "v": groups[:, queries + 1]}[part]
    return np.ascontiguousarray(chosen.reshape(-1, llama.hidden))


def _pack(tensors: Tensors, layer: int, llama: Llama) -> Floats:
    shape = (llama.kv_heads, -1, llama.head_size, llama.hidden)
    parts = [tensors[f"model.layers.{layer}.self_attn.{part}_proj.weight"].reshape(shape) for part in "qkv"]
    return np.concatenate(parts, axis=1).reshape(-1, llama.hidden)
