"""Conversations as lines of training files, and back.

* `messages`: what `Conversation.to_json` gives: TRL, LLaMA-Factory, Axolotl, xtuner's `openai_map_fn`; no sound, for
  loaders read a file wrong in which some contents are text and some are parts.
* `sound`: the same for conversations with sound only, every content a list of parts.
* `xtuner`: `{"conversation": [{"system", "input", "output"}, ...]}`, xtuner's own; no sound.
* `text`: `{"text": ...}` for plain language modelling: a conversation of one message only.
* `arrow`: the `messages` rows as an Arrow stream, which `datasets.Dataset.from_file` opens without parsing.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pyarrow as pa

from ..conversation import Conversation, Message
from ..errors import DataError

__all__ = ["CONVERSATIONS", "from_xtuner", "has_sound", "to_messages", "to_row", "to_sound", "to_text", "to_xtuner"]

CONVERSATIONS = pa.schema(
    [
        ("messages", pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))),
        ("meta", pa.string()),
    ]
)


def has_sound(conversation: Conversation) -> bool:
    """True where a message is more than text."""
    return any(not isinstance(message.content, str) for message in conversation.messages)


def to_messages(conversation: Conversation) -> str | None:
    """A line of messages; None for a conversation with sound."""
    return None if has_sound(conversation) else conversation.to_json()


def to_sound(conversation: Conversation) -> str | None:
    """A line of messages in parts; None for a conversation without sound."""
    if not has_sound(conversation):
        return None
    messages = tuple(
        message
        if isinstance(message.content, tuple)
        else replace(message, content=({"type": "text", "text": message.content},))
        for message in conversation.messages
    )
    return replace(conversation, messages=messages).to_json()


def to_xtuner(conversation: Conversation) -> str | None:
    """A line for xtuner; None for a conversation with sound, or one in which the two do not take turns."""
    if has_sound(conversation):
        return None
    turns: list[dict[str, str]] = []
    system = asked = ""
    for message in conversation.messages:
        if message.role == "system":
            system = message.text
        elif message.role == "user":
            if asked:
                return None
            asked = message.text
        else:
            turns.append({"system": system, "input": asked, "output": message.text})
            system = asked = ""
    return None if asked or not turns else json.dumps({"conversation": turns}, ensure_ascii=False)


def from_xtuner(line: str, *, source: str = "", row: int | None = None) -> Conversation:
    """The conversation of a line for xtuner. Raises `DataError`."""
    try:
        record: Any = json.loads(line)
    except (ValueError, RecursionError) as fault:
        raise DataError(f"not JSON: {fault}", source=source, row=row) from None
    turns = record.get("conversation") if isinstance(record, dict) else None
    if not isinstance(turns, list) or not turns:
        raise DataError('"conversation" must be a list of at least one turn', source=source, row=row)
    messages: list[Message] = []
    for at, turn in enumerate(turns, 1):
        if not isinstance(turn, dict) or not isinstance(turn.get("output"), str):
            raise DataError(f'turn {at} has no text under "output"', source=source, row=row)
        for role, key in (("system", "system"), ("user", "input")):
            text = turn.get(key, "")
            if not isinstance(text, str):
                raise DataError(f'turn {at} has no text under "{key}"', source=source, row=row)
            if text:
                messages.append(Message("system" if role == "system" else "user", text))
        messages.append(Message("assistant", turn["output"]))
    return Conversation(tuple(messages))


def to_text(conversation: Conversation) -> str | None:
    """A line of plain text; None for more than one message."""
    if len(conversation.messages) != 1 or has_sound(conversation):
        return None
    return json.dumps({"text": conversation.messages[0].text}, ensure_ascii=False)


def to_row(conversation: Conversation) -> dict[str, Any] | None:
    """A row of `CONVERSATIONS`; None for a conversation with sound."""
    if has_sound(conversation):
        return None
    return {
        "messages": [{"role": message.role, "content": message.text} for message in conversation.messages],
        "meta": json.dumps(dict(conversation.meta), ensure_ascii=False),
    }
