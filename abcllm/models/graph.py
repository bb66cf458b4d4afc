"""A Llama as an ONNX graph for ONNX Runtime on a CPU, with the operators that runtime has fused for it.

In: `input_ids` (streams, pieces), `past.N` / `present.N` (the keys and values of each layer, written in place where
both are the same memory), `lengths` (streams,), each the pieces so far less one, and `total`, the most pieces of any
stream. Out: `logits` (streams, pieces, vocabulary).

`int8` keeps the matrices as 8-bit numbers, 32 of them under one scale, and multiplies in 8 bits; `float32` computes
what PyTorch computes. Operators: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .llama import Llama
from .onnx_file import FLOAT, INT32, INT64, model, node, tensor, value

__all__ = ["BLOCK", "Graph", "Precision", "build_graph", "quantise"]

Precision: TypeAlias = Literal["int8", "float32"]
BLOCK: Final = 32
MS: Final = "com.microsoft"
Floats: TypeAlias = NDArray[np.float32]


@dataclass
class Graph:
    """Operations and the numbers they use."""

    llama: Llama
    nodes: list[bytes] = field(default_factory=list)
    numbers: dict[str, NDArray[Any]] = field(default_factory=dict)

    @property
    def caches(self) -> Iterator[str]:
        """What the keys and values of the layers are called, after `past.` and `present.`."""
        return (f"{layer}.{kind}" for layer in range(self.llama.layers) for kind in ("key", "value"))

    def to_bytes(self, *, embedded: bool) -> bytes:
        """The ONNX model: whole with `embedded`, else without its numbers, which are given to the runtime beside it."""
        llama = self.llama
        cache = ("streams", llama.kv_heads, "room", llama.head_size)
        inputs = [
            value("input_ids", INT64, ("streams", "pieces")),
            value("lengths", INT32, ("streams",)),
            value("total", INT32, ()),
            *(value(f"past.{name}", FLOAT, cache) for name in self.caches),
        ]
        outputs = [
            value("logits", FLOAT, ("streams", "pieces", llama.vocabulary)),
            *(value(f"present.{name}", FLOAT, cache) for name in self.caches),
        ]
        numbers = (tensor(name, array, embedded=embedded) for name, array in self.numbers.items())
        return model("llama", self.nodes, inputs, outputs, numbers)

    def add(self, operator: str, inputs: str, outputs: str, domain: str = "", **attributes: float) -> None:
        """An operation; names are separated by spaces, `-` is one left out."""
        read, made = (["" if name == "-" else name for name in text.split(" ")] for text in (inputs, outputs))
        self.nodes.append(node(operator, read, made, domain, **attributes))

    def multiply(self, given: str, name: str, matrix: Floats, out: str, precision: Precision) -> None:
        """`given` times the transpose of `matrix` (outputs, inputs)."""
        outputs, inputs = matrix.shape
        if precision == "float32" or inputs % BLOCK:
            self.numbers[name] = np.ascontiguousarray(matrix.T)
            self.add("MatMul", f"{given} {name}", out)
            return
        self.numbers[name], self.numbers[f"{name}.scale"] = quantise(matrix)
        self.add(
            "MatMulNBits", f"{given} {name} {name}.scale", out, MS,
            N=outputs, K=inputs, bits=8, block_size=BLOCK, accuracy_level=4,
        )  # fmt: skip


def build_graph(llama: Llama, weights: Mapping[str, Floats], precision: Precision = "int8") -> Graph:
    """The graph of a model with these tensors, named as transformers names them."""
    graph = Graph(llama)
    numbers, epsilon = graph.numbers, llama.norm_epsilon
    numbers["embedding"] = weights["model.embed_tokens.weight"]
    numbers["cosines"], numbers["sines"] = _rotations(llama)
    numbers["0.norm"] = weights["model.layers.0.input_layernorm.weight"]
    graph.add("Gather", "embedding input_ids", "0.sum")
    graph.add("RMSNormalization", "0.sum 0.norm", "0.in", axis=-1, epsilon=epsilon, stash_type=1)
    for layer in range(llama.layers):
        of = f"model.layers.{layer}."
        joined = np.concatenate([weights[f"{of}self_attn.{name}_proj.weight"] for name in "qkv"])
        graph.multiply(f"{layer}.in", f"{layer}.qkv", joined, f"{layer}.heads", precision)
        caches = f"{{0}}.{layer}.key {{0}}.{layer}.value"
        graph.add(
            "GroupQueryAttention", f"{layer}.heads - - {caches.format('past')} lengths total cosines sines",
            f"{layer}.seen {caches.format('present')}", MS,
            num_heads=llama.heads, kv_num_heads=llama.kv_heads, do_rotary=1,
        )  # fmt: skip
        graph.multiply(
            f"{layer}.seen", f"{layer}.o", weights[f"{of}self_attn.o_proj.weight"], f"{layer}.told", precision
        )
        numbers[f"{layer}.middle"] = weights[f"{of}post_attention_layernorm.weight"]
        graph.add(
            "SkipSimplifiedLayerNormalization", f"{layer}.told {layer}.sum {layer}.middle",
            f"{layer}.mid - - {layer}.half", MS, epsilon=epsilon,
        )  # fmt: skip
        joined = np.concatenate([weights[f"{of}mlp.{name}_proj.weight"] for name in ("gate", "up")])
        graph.multiply(f"{layer}.mid", f"{layer}.gate_up", joined, f"{layer}.wide", precision)
        graph.add("Split", f"{layer}.wide", f"{layer}.gate {layer}.up", axis=-1, num_outputs=2)
        graph.add("QuickGelu", f"{layer}.gate", f"{layer}.opened", MS, alpha=1.0)  # with alpha 1 it is SiLU
        graph.add("Mul", f"{layer}.opened {layer}.up", f"{layer}.inner")
        graph.multiply(
            f"{layer}.inner", f"{layer}.down", weights[f"{of}mlp.down_proj.weight"], f"{layer}.out", precision
        )
        after, last = layer + 1, layer + 1 == llama.layers
        numbers[f"{after}.norm"] = weights[
            "model.norm.weight" if last else f"model.layers.{after}.input_layernorm.weight"
        ]
        graph.add(
            "SkipSimplifiedLayerNormalization", f"{layer}.out {layer}.half {after}.norm",
            f"{after}.in" + ("" if last else f" - - {after}.sum"), MS, epsilon=epsilon,
        )  # fmt: skip
    head = weights["model.embed_tokens.weight" if llama.tied else "lm_head.weight"]
    graph.multiply(f"{llama.layers}.in", "head", head, "logits", precision)
    return graph


def quantise(matrix: Floats) -> tuple[NDArray[np.uint8], Floats]:
    """A matrix (outputs, inputs) as 8-bit numbers (outputs, blocks, BLOCK), 128 for zero, and their scales.

    >>> numbers, scales = quantise(np.linspace(-1, 1, 64, dtype=np.float32).reshape(1, 64))
    >>> numbers.shape, scales.shape, int(numbers.min()), int(numbers.max())
    ((1, 2, 32), (1, 2), 1, 255)
    """
    outputs, inputs = matrix.shape
    most = np.abs(matrix).reshape(-1, BLOCK)
    while most.shape[1] > 1:  # halves against each other: far quicker than a maximum along a short axis
        half = most.shape[1] // 2
        most = np.maximum(most[:, :half], most[:, half:])
    scales = most / np.float32(127)
    blocks = matrix.reshape(-1, BLOCK) * (1 / np.where(scales == 0, np.float32(1), scales))
    blocks += np.float32(128.5)
    shape = (outputs, inputs // BLOCK)
    return blocks.astype(np.uint8).reshape(*shape, BLOCK), scales.reshape(shape)


def _rotations(llama: Llama) -> tuple[Floats, Floats]:
    """Cosines and sines (context, head size / 2) of the rotary positions (Su et al. 2021, arXiv:2104.09864)."""
    steps = llama.rope_theta ** -(np.arange(0, llama.head_size, 2) / llama.head_size)
    angles = np.outer(np.arange(llama.context), steps)
    return np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)
