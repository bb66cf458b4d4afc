"""How a conversation is laid out in front of a model: the marks of InternLM2's chat format.

`<|im_start|>user\\n...<|im_end|>\\n<|im_start|>assistant\\n...<|im_end|>` (InternLM2 technical report,
https://arxiv.org/abs/2403.17297; the form is ChatML's). The marks are pieces of the vocabulary that no text can spell:
what a user types is never taken for one.
"""

from __future__ import annotations

from typing import Final

__all__ = ["CHAT_TEMPLATE", "END", "RESERVED", "START", "opening"]

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


def opening(role: str) -> str:
    """What stands between the mark of the start and the words: `user` and a line break."""
    return f"{role}\n"
