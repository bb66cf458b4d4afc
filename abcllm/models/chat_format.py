"""How a conversation is laid out in front of a model: the marks of InternLM2's chat format.

`<|im_start|>user\\n...<|im_end|>\\n<|im_start|>assistant\\n...<|im_end|>` (InternLM2 technical report,
https://arxiv.org/abs/2403.17297; the form is ChatML's). The marks are pieces of the vocabulary that no text can spell:
what a user types is never taken for one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Final

from ..conversation import Conversation, Message

__all__ = ["CHAT_TEMPLATE", "END", "RESERVED", "START", "ChatEncoder"]

START: Final = "<|im_start|>"
END: Final = "<|im_end|>"
RESERVED: Final = ("<|audio_start|>", "<|audio|>", "<|audio_end|>", "<|reserved_0|>", "<|reserved_1|>")
"""Pieces that are kept for sound, and for what comes."""

CHAT_TEMPLATE: Final = (
    "{{ bos_token }}{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
"""The same for Hugging Face's tokenizers (Jinja)."""


class ChatEncoder(ABC):
    """Lays conversations out in any vocabulary that has the marks: a subclass has them as numbers, and `encode`.

    `bos` is what a text begins with, one number or none; `eos_id` ends a text, `start_id` and `end_id` a turn.
    """

    bos: list[int]
    eos_id: int
    start_id: int
    end_id: int

    @abstractmethod
    def encode(self, text: str) -> list[int]:
        """The pieces of a text alone; what looks like a mark in it is spelled, not obeyed."""

    def encode_prompt(self, conversation: Conversation) -> list[int]:
        """What stands before the next answer of the assistant."""
        turns = [piece for message in conversation.messages for part in self._turn(message) for piece in part]
        return [*self.bos, *turns, *self._opening("assistant")]

    def encode_conversation(self, conversation: Conversation) -> tuple[list[int], list[bool]]:
        """The pieces of a conversation, and for each whether a model learns to say it.

        What the assistant says is learned, with the mark that ends it. A message of the assistant alone is a text for
        pre-training: it stands between `<s>` and `</s>`, and all of it is learned but `<s>`.
        """
        ids = [*self.bos]
        learned = [False] * len(ids)
        messages = conversation.messages
        if [message.role for message in messages] == ["assistant"]:
            text = [*self.encode(messages[0].text), self.eos_id]
            return ids + text, learned + [True] * len(text)
        for message in messages:
            before, said, after = self._turn(message)
            ids += [*before, *said, *after]
            learned += [*[False] * len(before), *[message.role == "assistant"] * len(said), *[False] * len(after)]
        return ids, learned

    def _turn(self, message: Message) -> tuple[list[int], list[int], list[int]]:
        """What announces a message, what is said, and the line break after it."""
        return self._opening(message.role), [*self.encode(message.text), self.end_id], self.encode("\n")

    def _opening(self, role: str) -> list[int]:
        return [self.start_id, *self.encode(f"{role}\n")]
