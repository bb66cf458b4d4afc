"""An answer to what was said, or the rest of one that the assistant has begun.

Servers differ in how they are asked for the latter. llama.cpp and LMDeploy go on with the last message wherever it is
the assistant's; vLLM and SGLang wait for `continue_final_message` (the names are those of transformers' chat templates,
https://huggingface.co/docs/transformers/chat_templating). All give only what follows, and so is it here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..backends import Backend, Sampling
from ..backends.guiding import Guide, TuneGuide
from ..conversation import Conversation
from ..errors import UsageError

__all__ = ["answer", "check_can_go_on", "has_begun"]

LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")


def has_begun(conversation: Conversation) -> bool:
    """Whether the last message is the assistant's own."""
    return bool(conversation.messages) and conversation.messages[-1].role == "assistant"


def check_can_go_on(backend: Backend) -> None:
    """Raises `UsageError` for an engine that writes nothing but whole answers."""
    if type(backend).write_held is Backend.write_held:
        raise UsageError(
            f'the model "{backend.name}" writes whole answers only, and cannot go on with one; '
            "end with a message of the user"
        )


def answer(backend: Backend, conversation: Conversation, sampling: Sampling) -> Iterator[str]:
    """The answer to the last message in pieces, or what follows on it where it is the assistant's.

    Raises `BackendError`, and `UsageError` where what has begun cannot become what `sampling` asks for.
    """
    if not has_begun(conversation):
        return backend.generate(conversation, sampling)
    before, begun = Conversation(conversation.messages[:-1], conversation.meta), conversation.messages[-1].text
    if not begun:
        return backend.generate(before, sampling)
    return backend.write_held(before, _follow(begun) if sampling.guided else Guide(begun), sampling)


def _follow(begun: str) -> Guide:
    """The guide of an answer after its beginning."""
    guide = TuneGuide()
    for number, line in enumerate(LINE.findall(begun), 1):
        if not guide.offer(line.encode()):
            raise UsageError(
                f"line {number} of the message to go on with, {line.strip()[:40]!r}, leads to no valid tune with exact "
                'bars; mend it, or send "guided": false'
            )
    return guide
