"""Conversations: what a person and a model said to each other, and where it came from.

One `Conversation` is one JSON line, `{"messages": [{"role", "content"}, ...], "meta": {...}}`: what is trained on, what
is evaluated and what a chat keeps are the same thing. The form is the conversational one that TRL and xtuner read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast, get_args

from .errors import DataError
from .files import read_bytes

__all__ = ["META_KEYS", "ROLES", "Content", "Conversation", "Message", "Part", "Role", "read_conversations"]

Role: TypeAlias = Literal["system", "user", "assistant"]
ROLES: tuple[str, ...] = get_args(Role)

META_KEYS = ("task", "task_version", "source", "record", "licence", "seed", "language", "backend")

Part: TypeAlias = Mapping[str, str]
"""A piece of content: `{"type": "text", "text": ...}` or `{"type": "audio", "audio": FILE}`."""

Content: TypeAlias = str | tuple[Part, ...]
PART_KEYS = {"text": {"type", "text"}, "audio": {"type", "audio"}}


@dataclass(frozen=True, slots=True)
class Message:
    """What one of the two said; `content` is a text, or parts where there is sound among them."""

    role: Role
    content: Content

    @property
    def text(self) -> str:
        """The words alone, sound left out."""
        if isinstance(self.content, str):
            return self.content
        return "".join(part["text"] for part in self.content if part["type"] == "text")


@dataclass(frozen=True, slots=True)
class Conversation:
    """Messages in order, and in `meta` where they came from (`META_KEYS`).

    >>> conversation = Conversation((Message("user", "a jig in D"),), {"task": "compose"})
    >>> Conversation.from_json(conversation.to_json()) == conversation
    True
    """

    messages: tuple[Message, ...] = ()
    meta: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)

    def add(self, role: Role, content: Content) -> Conversation:
        """The conversation with one more message."""
        return Conversation((*self.messages, Message(role, content)), self.meta)

    def to_json(self) -> str:
        """One line of JSON, without a line end."""
        messages = [
            {
                "role": message.role,
                "content": message.content if isinstance(message.content, str) else [*message.content],
            }
            for message in self.messages
        ]
        return json.dumps({"messages": messages, "meta": dict(self.meta)}, ensure_ascii=False)

    @classmethod
    def from_json(cls, line: str, *, source: str = "", row: int | None = None) -> Conversation:
        """Read one line. Raises `DataError` that names `source` and `row`, for whatever does not belong there."""
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as fault:
            raise DataError(f"not a JSON object: {fault}", source=source, row=row) from None
        try:
            return _read(record)
        except _Fault as fault:
            raise DataError(str(fault), source=source, row=row) from None


def read_conversations(path: str | Path) -> Iterator[Conversation]:
    """The conversations of a file, one a line; empty lines are skipped. Raises `FileError` and `DataError`."""
    name = str(path)
    for row, line in enumerate(read_bytes(path).split(b"\n"), 1):
        if line.strip():
            try:
                text = line.decode("utf-8-sig" if row == 1 else "utf-8")
            except UnicodeDecodeError:
                raise DataError("not UTF-8", source=name, row=row) from None
            yield Conversation.from_json(text, source=name, row=row)


class _Fault(Exception):
    """What is wrong with a record."""


def _read(record: Any) -> Conversation:
    _check_keys(record, {"messages", "meta"}, "a conversation")
    messages = record.get("messages")
    if not isinstance(messages, list) or not messages:
        raise _Fault('"messages" must be a list of at least one message')
    meta = record.get("meta", {})
    _check_keys(meta, set(META_KEYS), '"meta"')
    for key, value in meta.items():
        if not isinstance(value, str | int | float | bool | None):
            raise _Fault(f'"{key}" in "meta" must be a text or a number')
    return Conversation(tuple(_read_message(message, at) for at, message in enumerate(messages, 1)), meta)


def _read_message(message: Any, at: int) -> Message:
    _check_keys(message, {"role", "content"}, f"message {at}")
    role, content = message.get("role"), message.get("content")
    if role not in ROLES:
        raise _Fault(f"message {at} has the role {role!r}; roles are {', '.join(ROLES)}")
    if isinstance(content, list):
        content = tuple(_read_part(part, at) for part in content)
    elif not isinstance(content, str):
        raise _Fault(f'message {at} has no "content", which must be a text or a list of parts')
    return Message(cast(Role, role), content)


def _read_part(part: Any, at: int) -> Part:
    kind = part.get("type") if isinstance(part, dict) else None
    if kind not in PART_KEYS:
        raise _Fault(f"message {at} has a part of type {kind!r}; types are {', '.join(PART_KEYS)}")
    _check_keys(part, PART_KEYS[kind], f"a part of message {at}")
    if not isinstance(part.get(kind), str):
        raise _Fault(f'a part of message {at} has no text under "{kind}"')
    return cast(Part, part)


def _check_keys(record: Any, allowed: set[str], where: str) -> None:
    if not isinstance(record, dict):
        raise _Fault(f"{where} must be a JSON object, not {type(record).__name__}")
    unknown = sorted(record.keys() - allowed)
    if unknown:
        raise _Fault(f"{where} has the unknown key {unknown[0]!r}; keys are {', '.join(sorted(allowed))}")
