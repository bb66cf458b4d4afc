"""A model in vLLM, in this process: `vllm:FOLDER` or a name on the hub. Many answers at once, on accelerators.

Tunes are held to exact bars by drawing bars again, as vLLM gives whole texts; what was said is kept in its prefix
cache, so that going on costs little. Weights as pickles and code that comes with a model are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..conversation import Conversation
from ..errors import BackendError, MissingExtra, ModelNotFound
from . import Sampling
from .resampling import TextBackend

__all__ = ["VllmBackend"]


class VllmBackend(TextBackend):
    """Answers with the model `where`. Raises `MissingExtra`, and `ModelNotFound` where vLLM cannot load it."""

    name = "vllm"

    def __init__(self, where: str = "") -> None:
        if not where:
            raise ModelNotFound("name a folder or a model: vllm:FOLDER", backend=self.name)
        try:
            from vllm import LLM, SamplingParams
        except ImportError:
            raise MissingExtra("this needs vllm: pip install vllm", program="vllm") from None
        self._parameters: Any = SamplingParams
        try:
            self._model: Any = LLM(
                model=where, load_format="safetensors", trust_remote_code=False, enable_prefix_caching=True
            )  # fmt: skip
        except (OSError, RuntimeError, ValueError) as fault:
            said = next(iter(str(fault).splitlines()), type(fault).__name__)
            raise ModelNotFound(f"vLLM cannot load {where}: {said}", backend=self.name) from None

    def go_on(self, conversation: Conversation, sampling: Sampling, said: str, trial: int) -> Iterator[str]:
        yield from self._chat([conversation], sampling, said, trial)

    def generate_all(self, conversations: Sequence[Conversation], sampling: Sampling) -> list[str]:
        """The answers to many conversations; unguided ones are written side by side."""
        if not sampling.guided:
            return self._chat(conversations, sampling)
        return ["".join(self.generate(conversation, sampling)) for conversation in conversations]

    def _chat(
        self, conversations: Sequence[Conversation], sampling: Sampling, said: str = "", trial: int = 0
    ) -> list[str]:
        """The answers, or what follows on `said`."""
        asked = [
            [{"role": message.role, "content": message.text} for message in conversation.messages]
            + ([{"role": "assistant", "content": said}] if said else [])
            for conversation in conversations
        ]
        parameters = self._parameters(
            temperature=sampling.temperature,
            top_p=sampling.top_p,
            max_tokens=sampling.max_tokens,
            seed=sampling.seed + trial,
        )
        try:
            answers = self._model.chat(
                asked, parameters, use_tqdm=False, add_generation_prompt=not said, continue_final_message=bool(said)
            )
        except ValueError as fault:
            raise BackendError(f"vLLM does not answer: {fault}", backend=self.name) from None
        return [answer.outputs[0].text for answer in answers]
