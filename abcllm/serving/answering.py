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
from ..backends.bars import BarGuide
from ..backends.guiding import Guide, TuneGuide
from ..backends.resampling import tune_begun
from ..conversation import Conversation
from ..errors import UsageError
from ..request import Compose, Request, read_request

__all__ = ["answer", "check_can_go_on", "has_begun"]

LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")
HEADER: Final = re.compile(r"^X:.*\n(?:[A-JL-Za-z]:.*\n)*(?P<key>K:.*\n)?", re.MULTILINE)
SIGN: Final = re.compile(r"[|:\]]+|[^|:\]]")


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

    A tune that was asked for in plain words and has begun gets what is wanting of its header, and as many bars as were
    asked for. Raises `BackendError`, and `UsageError` where what has begun cannot become what `sampling` asks for.
    """
    if not has_begun(conversation):
        yield from backend.generate(conversation, sampling)
        return
    before, begun = Conversation(conversation.messages[:-1], conversation.meta), conversation.messages[-1].text
    if not begun:
        yield from backend.generate(before, sampling)
        return
    guide = _hold(begun, before, sampling) if sampling.guided else Guide(begun)
    if wanting := guide.text[len(begun) :]:
        yield wanting
    yield from backend.write_held(before, guide, sampling)


def _hold(begun: str, before: Conversation, sampling: Sampling) -> Guide:
    """What holds the answer from there, in its text what has begun and what is wanting of the header."""
    wish = read_request(before.messages[-1].text, None) if before.messages else None
    if isinstance(wish, Compose) and (guide := _hold_to(wish.request, begun, sampling)):
        return guide
    guide = TuneGuide()
    for number, line in enumerate(LINE.findall(begun), 1):
        if not guide.offer(line.encode()):
            raise UsageError(
                f"line {number} of the message to go on with, {line.strip()[:40]!r}, leads to no valid tune with exact "
                'bars; mend it, or send "guided": false'
            )
    return guide


def _hold_to(request: Request, begun: str, sampling: Sampling) -> Guide | None:
    """The same for one tune of so many bars; None where what has begun is no such tune."""
    header = HEADER.search(begun)
    if header is None or (header["key"] is None and header.end() < len(begun)):
        return None
    head = header.group()
    if header["key"] is None:
        fields = LINE.findall(tune_begun(request, sampling).text)
        head += "".join(field for field in fields if f"\n{field[:2]}" not in f"\n{head}")
    guide = BarGuide(head, request.bars)
    guide.text = begun[: header.start()] + head
    follows = all(guide.offer(sign.encode()) for sign in SIGN.findall(begun, header.end()))
    return guide if follows and guide.reader is not None and not guide.reader.failed else None
