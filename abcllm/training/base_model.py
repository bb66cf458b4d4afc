"""A model folder to begin with: our own vocabulary, the shape of InternLM2 (in its Llama form), weights by lot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..models.chat_format import CHAT_TEMPLATE, END, RESERVED, START
from .vocabulary import BEGIN, STOP, UNKNOWN, build_vocabulary

__all__ = ["SHAPES", "Shape", "make_base"]


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a model: tokens known, width, width of the inner layers, layers, heads, heads of keys and values."""

    vocabulary: int = 4096
    width: int = 320
    inner_width: int = 864
    layers: int = 6
    heads: int = 5
    key_heads: int = 1
    positions: int = 1024


SHAPES = {
    "small": Shape(),  # 7.8 M parameters: what two CPU cores can train in an afternoon
    "medium": Shape(width=512, inner_width=1408, layers=8, heads=8, key_heads=2),  # 25 M: for a GPU
}


def make_base(folder: str | Path, texts: Iterable[str], shape: Shape, *, seed: int = 0) -> None:
    """Write an untrained model with the vocabulary that `texts` need, as Hugging Face keeps models.

    Files: config.json, generation_config.json, model.safetensors, tokenizer.model (SentencePiece), tokenizer.json and
    tokenizer_config.json (with the chat format).
    """
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM, LlamaTokenizerFast

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = folder / "tokenizer.model"
    vocabulary.write_bytes(build_vocabulary(texts, shape.vocabulary))
    tokenizer = LlamaTokenizerFast(
        vocab_file=str(vocabulary),
        legacy=False,
        add_prefix_space=False,
        add_bos_token=False,
        bos_token=BEGIN,
        eos_token=STOP,
        unk_token=UNKNOWN,
        pad_token=STOP,
        additional_special_tokens=[START, END, *RESERVED],
        clean_up_tokenization_spaces=False,
        model_max_length=shape.positions,
    )
    tokenizer.chat_template = CHAT_TEMPLATE
    tokenizer.save_pretrained(folder)
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.width,
        intermediate_size=shape.inner_width,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.key_heads,
        max_position_embeddings=shape.positions,
        tie_word_embeddings=True,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.eos_token_id,
    )
    model = LlamaForCausalLM(config)
    model.generation_config.eos_token_id = [tokenizer.eos_token_id, tokenizer.convert_tokens_to_ids(END)]
    model.save_pretrained(folder)
