"""The two networks: folk-rnn's LSTM, and a Llama of the size of our own model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import torch
from symbols import END, Symbols
from torch import Tensor, nn

if TYPE_CHECKING:
    from transformers import LlamaConfig

__all__ = ["FolkRnn", "NetworkScorer", "make_llama", "parameters"]

Memory: TypeAlias = tuple[Tensor, ...]
"""Of an LSTM: states and cells, (layers, texts, width)."""

WIDTH, LAYERS, EMBEDDED = 512, 3, 128
SPREAD, KEPT = 0.1, 1.0
"""The LSTM's weights at first, as Lasagne, in which folk-rnn is written, draws them; and its forget gates' bias. With
torch's own weights, half as large or less, three layers hear nothing of what was read for hundreds of steps.
"""
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
    """Three layers of 512 LSTM cells (Sturm et al., 2016), with tokens embedded in place of one-hot.

    No dropout: nearly every text is read once.
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(size, EMBEDDED)
        self.lstm = nn.LSTM(EMBEDDED, WIDTH, LAYERS, batch_first=True)
        self.leave = nn.Linear(WIDTH, size)
        for name, weights in self.lstm.named_parameters():
            if name.startswith("weight"):
                nn.init.normal_(weights, std=SPREAD)
            else:
                nn.init.zeros_(weights)
            if name.startswith("bias_ih"):
                nn.init.constant_(weights[WIDTH : 2 * WIDTH], KEPT)  # of input, forget, cell and output gate

    def forward(self, numbers: Tensor, memory: Memory | None = None) -> tuple[Tensor, Memory]:
        """Logits, and what is remembered of the symbols; of those before, `memory`, past which nothing is learned."""
        states, memory = self.lstm(self.embed(numbers), memory and tuple(part.detach() for part in memory))
        return self.leave(states), memory


class Llama(nn.Module):
    """A Llama that knows nothing of the symbols before those it is given."""

    def __init__(self, config: LlamaConfig) -> None:
        from transformers import LlamaForCausalLM

        super().__init__()
        self.model = LlamaForCausalLM(config)

    def forward(self, numbers: Tensor, memory: None = None) -> tuple[Tensor, None]:
        return self.model(input_ids=numbers, use_cache=False).logits, None


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
    """How likely a text is to a network; longer texts than a Llama learned are cut into pieces; an LSTM remembers
    those before.

    An LSTM that learned from streams never began without a memory, so it has read the text `before`.
    """

    def __init__(self, network: nn.Module, symbols: Symbols, longest: int, before: str | None = None) -> None:
        self.network, self.symbols, self.longest = network.eval(), symbols, longest
        self.device = next(network.parameters()).device
        self.memory = None
        if before is not None:
            with torch.no_grad():
                _, self.memory = network(torch.tensor([[END, *symbols.encode(before)]], device=self.device), None)

    @torch.no_grad()
    def log_likelihood(self, text: str) -> float:
        """The natural logarithm of the probability of a text and its end."""
        line = torch.tensor([END, *self.symbols.encode(text), END])
        total, memory = 0.0, self.memory
        for at in range(0, len(line) - 1, self.longest):
            piece = line[at : at + self.longest + 1].to(self.device)
            logits, memory = self.network(piece[None, :-1], memory)
            total -= float(nn.functional.cross_entropy(logits[0].float(), piece[1:], reduction="sum"))
        return total
