"""What a Llama is made of: the sizes that its `config.json` states, and the shapes its tensors must have.

The shipped model, InternLM2 (as its exact twin) and SmolLM2 all have this architecture: RMS norms before attention
and before a gated SiLU layer, rotary positions, grouped queries (Touvron et al. 2023, https://arxiv.org/abs/2302.13971;
Ainslie et al. 2023, https://arxiv.org/abs/2305.13245).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import BackendError
from .weights import Weights

__all__ = ["Llama"]


@dataclass(frozen=True, slots=True)
class Llama:
    """The sizes of a model; `context` is how many pieces it can read."""

    vocabulary: int
    hidden: int
    inner: int
    layers: int
    heads: int
    kv_heads: int
    head_size: int
    context: int
    rope_theta: float
    norm_epsilon: float
    tied: bool

    @classmethod
    def from_config(cls, config: Mapping[str, Any], where: str) -> Llama:
        """Read a `config.json`; `where` names it in faults. Raises `BackendError` for what is not a plain Llama."""
        if config.get("model_type") != "llama":
            raise BackendError(
                f"{where}: the model type is {config.get('model_type')!r}; this engine runs models of type 'llama' "
                "(InternLM2 becomes one with: abcllm models export FOLDER --form llama -o OUT)"
            )
        scaling = config.get("rope_scaling") or {}
        kind = scaling.get("rope_type", scaling.get("type", "default"))
        unusual = {
            "hidden_act": config.get("hidden_act", "silu") != "silu",
            "attention_bias": bool(config.get("attention_bias")),
            "mlp_bias": bool(config.get("mlp_bias")),
            "rope_scaling": kind not in ("default", "dynamic"),  # dynamic: only beyond the context
            "quantization_config": bool(config.get("quantization_config")),
        }
        if any(unusual.values()):
            name = next(name for name, is_so in unusual.items() if is_so)
            raise BackendError(f"{where}: {name} is {config[name]!r}, which this engine does not know")
        try:
            heads, hidden = int(config["num_attention_heads"]), int(config["hidden_size"])
            return cls(
                vocabulary=int(config["vocab_size"]),
                hidden=hidden,
                inner=int(config["intermediate_size"]),
                layers=int(config["num_hidden_layers"]),
                heads=heads,
                kv_heads=int(config.get("num_key_value_heads") or heads),
                head_size=int(config.get("head_dim") or hidden // heads),
                context=int(config.get("max_position_embeddings", 2048)),
                rope_theta=float(config.get("rope_theta", 10_000.0)),
                norm_epsilon=float(config.get("rms_norm_eps", 1e-6)),
                tied=bool(config.get("tie_word_embeddings", False)),
            )
        except (KeyError, TypeError, ValueError, ZeroDivisionError) as fault:
            raise BackendError(f"{where} does not state the sizes of a model: {fault}") from None

    @property
    def parameters(self) -> int:
        """How many numbers it has learned."""
        shapes = self.shapes().values()
        return sum(shape[0] * (shape[1] if len(shape) > 1 else 1) for shape in shapes)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The names and shapes of its tensors, as transformers names them."""
        hidden, queries, keys = self.hidden, self.heads * self.head_size, self.kv_heads * self.head_size
        shapes: dict[str, tuple[int, ...]] = {"model.embed_tokens.weight": (self.vocabulary, hidden)}
        for layer in range(self.layers):
            at = f"model.layers.{layer}."
            shapes |= {
                f"{at}input_layernorm.weight": (hidden,),
                f"{at}self_attn.q_proj.weight": (queries, hidden),
                f"{at}self_attn.k_proj.weight": (keys, hidden),
                f"{at}self_attn.v_proj.weight": (keys, hidden),
                f"{at}self_attn.o_proj.weight": (hidden, queries),
                f"{at}post_attention_layernorm.weight": (hidden,),
                f"{at}mlp.gate_proj.weight": (self.inner, hidden),
                f"{at}mlp.up_proj.weight": (self.inner, hidden),
                f"{at}mlp.down_proj.weight": (hidden, self.inner),
            }
        shapes["model.norm.weight"] = (hidden,)
        if not self.tied:
            shapes["lm_head.weight"] = (self.vocabulary, hidden)
        return shapes

    def check(self, weights: Weights, where: str) -> None:
        """Raises `BackendError` where a tensor is missing or has another shape than the sizes say."""
        for name, shape in self.shapes().items():
            if name not in weights:
                raise BackendError(f"{where} has no tensor {name}: it is not whole, or of another architecture")
            if weights.shape(name) != shape:
                raise BackendError(
                    f"{where}: {name} is {weights.shape(name)}, but config.json says {shape}; "
                    "the two files belong to different models"
                )
