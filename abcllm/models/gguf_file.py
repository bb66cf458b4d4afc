"""A Llama as one GGUF file, which llama.cpp and what is built on it read: weights, vocabulary, chat format.

The form: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. llama.cpp turns neighbouring numbers of a head
where Llamas of transformers turn its halves against each other, so the rows of queries and keys change their order.
Texts are spelled as SentencePiece spells them, but where pieces that are always one overlap: llama.cpp finds the
longest first, not the leftmost, which at the blank line between two tunes is another.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..errors import BackendError, MissingExtra
from .chat_format import CHAT_TEMPLATE
from .llama import Llama
from .tokeniser import Tokeniser

__all__ = ["Kind", "turn", "write_gguf"]

Floats: TypeAlias = NDArray[np.float32]
Kind: TypeAlias = Literal["F16", "Q8_0"]
BYTE_PAIRS: Final = 2
USER_DEFINED: Final = 4
NAMES: Final = {
    "model.embed_tokens": "token_embd",
    "model.norm": "output_norm",
    "lm_head": "output",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}


def write_gguf(
    path: Path, name: str, llama: Llama, tensors: Mapping[str, Floats], vocabulary: Path, kind: Kind = "F16"
) -> None:
    """Write a model with the SentencePiece `vocabulary`; matrices as 16-bit numbers, or in blocks of 8-bit ones.

    Raises `MissingExtra` where the packages `gguf` and `protobuf` are not installed, and `BackendError` for a
    vocabulary that llama.cpp would spell otherwise.
    """
    try:
        import gguf
        from sentencepiece import sentencepiece_model_pb2 as form
    except ImportError as missing:
        raise MissingExtra(f"this needs {missing.name}: pip install 'abcllm[train]'", extra="train") from None
    spelling = form.ModelProto.FromString(vocabulary.read_bytes())
    if spelling.trainer_spec.model_type != BYTE_PAIRS or spelling.normalizer_spec.name != "identity":
        raise BackendError(f"{vocabulary}: GGUF takes vocabularies of byte pairs that leave texts as they are")
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name(name)
    writer.add_file_type(gguf.LlamaFileType[f"MOSTLY_{kind}"])
    _add_sizes(writer, llama)
    _add_vocabulary(writer, spelling, Tokeniser(vocabulary), llama.vocabulary)
    for tensor, shape in llama.shapes().items():
        numbers = tensors[tensor]
        if tensor.endswith(("q_proj.weight", "k_proj.weight")):
            numbers = turn(numbers, llama.head_size)
        stored = gguf.GGMLQuantizationType[kind if len(shape) == 2 else "F32"]
        writer.add_tensor(_rename(tensor), gguf.quants.quantize(numbers, stored), raw_dtype=stored)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def turn(matrix: Floats, head_size: int) -> Floats:
    """The rows of a matrix (heads x head size, inputs) with the halves of each head set between each other.

    >>> turn(np.arange(8, dtype=np.float32)[:, None], 4)[:, 0].tolist()
    [0.0, 2.0, 1.0, 3.0, 4.0, 6.0, 5.0, 7.0]
    """
    halves = matrix.reshape(-1, 2, head_size // 2, matrix.shape[1])
    return halves.swapaxes(1, 2).reshape(matrix.shape)


def _rename(tensor: str) -> str:
    stem, _, kind = tensor.rpartition(".")
    if not stem.startswith("model.layers."):
        return f"{NAMES[stem]}.{kind}"
    layer, _, part = stem.removeprefix("model.layers.").partition(".")
    return f"blk.{layer}.{NAMES[part]}.{kind}"


def _add_sizes(writer: Any, llama: Llama) -> None:
    writer.add_vocab_size(llama.vocabulary)
    writer.add_context_length(llama.context)
    writer.add_embedding_length(llama.hidden)
    writer.add_feed_forward_length(llama.inner)
    writer.add_block_count(llama.layers)
    writer.add_head_count(llama.heads)
    writer.add_head_count_kv(llama.kv_heads)
    writer.add_key_length(llama.head_size)
    writer.add_value_length(llama.head_size)
    writer.add_rope_dimension_count(llama.head_size)
    writer.add_rope_freq_base(llama.rope_theta)
    writer.add_layer_norm_rms_eps(llama.norm_epsilon)


def _add_vocabulary(writer: Any, spelling: Any, tokeniser: Tokeniser, size: int) -> None:
    """The pieces; a model may have room for more of them, which stand there without a text."""
    empty = size - len(spelling.pieces)
    pieces = [piece.piece.replace("▁", " ") if piece.type == USER_DEFINED else piece.piece for piece in spelling.pieces]
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([*pieces, *(f"[PAD{number}]" for number in range(empty))])
    writer.add_token_scores([*(piece.score for piece in spelling.pieces), *[0.0] * empty])
    writer.add_token_types([*(piece.type for piece in spelling.pieces), *[5] * empty])
    writer.add_bos_token_id(tokeniser.bos_id)
    writer.add_eos_token_id(tokeniser.eos_id)
    writer.add_eot_token_id(tokeniser.end_id)
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
    writer.add_add_space_prefix(spelling.normalizer_spec.add_dummy_prefix)
    writer.add_chat_template(CHAT_TEMPLATE)
