"""The two networks: folk-rnn's LSTM, and a Llama of the size of our own model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from symbols import END, Symbols
from torch import Tensor, nn

if TYPE_CHECKING:
    from transformers import LlamaConfig

__all__ = ["FolkRnn", "NetworkScorer", "make_llama", "parameters"]

WIDTH, LAYERS, EMBEDDED, DROPOUT = 512, 3, 128, 0.2
SHAPE = {
    "vocab_size": 4096,
    "hidden_size": 320,
    "intermediate_size": 864,
    "num_hidden_layers": 6,
    "num_attention_heads": 5,
    "num_key_value_heads": 1,
    "tie_word_embeddings": True,
}
"""Of the model that ships, where no other is named."""


class FolkRnn(nn.Module):
    """Three layers of 512 LSTM cells (Sturm et al., 2016), with tokens embedded in place of one-hot."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(size, EMBEDDED)
        self.lstm = nn.LSTM(EMBEDDED, WIDTH, LAYERS, batch_first=True, dropout=DROPOUT)
        self.drop = nn.Dropout(DROPOUT)
        self.leave = nn.Linear(WIDTH, size)

    def forward(self, numbers: Tensor) -> Tensor:
        states, _ = self.lstm(self.embed(numbers))
        logits: Tensor = self.leave(self.drop(states))
        return logits


class Llama(nn.Module):
    """A Llama that gives logits alone."""

    def __init__(self, config: LlamaConfig) -> None:
        from transformers import LlamaForCausalLM

        super().__init__()
        self.model = LlamaForCausalLM(config)

    def forward(self, numbers: Tensor) -> Tensor:
        logits: Tensor = self.model(input_ids=numbers, use_cache=False).logits
        return logits


def make_llama(size: int, like: Path | None, longest: int) -> Llama:
    """A Llama of the shape and size of that in the folder `like`, with a vocabulary of `size`.

    What a smaller vocabulary saves is spent on layers.
    """
    from transformers import LlamaConfig

    shape: dict[str, Any] = dict(SHAPE)
    if like is not None:
        given = json.loads((like / "config.json").read_text(encoding="utf-8"))
        shape = {key: given[key] for key in SHAPE}

    def config(**changes: int) -> LlamaConfig:
        ends = {"bos_token_id": END, "eos_token_id": END, "pad_token_id": None}
        return LlamaConfig(**shape | changes, **ends, max_position_embeddings=longest)

    with torch.device("meta"):
        wanted = parameters(Llama(config()))
        one, two = (parameters(Llama(config(vocab_size=size, num_hidden_layers=layers))) for layers in (1, 2))
    return Llama(config(vocab_size=size, num_hidden_layers=max(1, 1 + round((wanted - one) / (two - one)))))


def parameters(network: nn.Module) -> int:
    """How many numbers are learned."""
    return sum(one.numel() for one in network.parameters())


class NetworkScorer:
    """How likely a text is to a network; longer texts than were learned are cut into pieces that know no other."""

    def __init__(self, network: nn.Module, symbols: Symbols, longest: int) -> None:
        self.network, self.symbols, self.longest = network.eval(), symbols, longest

    @torch.no_grad()
    def log_likelihood(self, text: str) -> float:
        """The natural logarithm of the probability of a text and its end."""
        line = torch.tensor([END, *self.symbols.encode(text), END])
        device = next(self.network.parameters()).device
        total = 0.0
        for at in range(0, len(line) - 1, self.longest):
            piece = line[at : at + self.longest + 1].to(device)
            logits = self.network(piece[None, :-1])[0].float()
            total -= float(nn.functional.cross_entropy(logits, piece[1:], reduction="sum"))
        return total
