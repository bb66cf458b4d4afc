"""What every task works with: the tune of a record, the conversation made of it, and what is in an answer to it."""

from __future__ import annotations

from functools import lru_cache
from random import Random

from ..conversation import Conversation, Message, Role
from ..notation import Severity, Tune, parse
from ..record import Record
from ..reply import Reply, read_reply

__all__ = ["NO_LANGUAGE", "answered", "asked", "converse", "dice", "reference_tune", "sound_of", "tune_of"]

NO_LANGUAGE = "zxx"
"""No words in any language (ISO 639-2): music alone."""


def tune_of(record: Record) -> Tune | None:
    """The tune of a record, None where it has none or its text has an error."""
    return _read(record.abc) if record.abc else None


@lru_cache(maxsize=64)
def _read(abc: str) -> Tune | None:
    book = parse(abc)
    faulty = any(one.severity is Severity.ERROR for one in book.diagnostics)
    return book.tunes[0] if len(book.tunes) == 1 and not faulty else None


def dice(record: Record, task: str, seed: int) -> Random:
    """The chances of a task with a record: the same for the same three, others for any other."""
    return Random(f"{seed}/{task}/{record.source}/{record.id}")


def converse(
    record: Record, task: str, version: int, seed: int, language: str, *said: str, system: str = "", heard: bool = False
) -> Conversation:
    """A conversation of the person's and the model's words in turn, with its origin in `meta`.

    A single text is one of the model's, as in pre-training. Where the record is `heard`, the person's first message
    begins with its sound.
    """
    roles: tuple[Role, Role] = ("user", "assistant") if len(said) > 1 else ("assistant", "user")
    messages = [Message(roles[at % 2], text) for at, text in enumerate(said)]
    if heard:
        parts = {"type": "audio", "audio": sound_of(record)}, {"type": "text", "text": said[0]}
        messages[0] = Message(roles[0], parts)
    if system:
        messages.insert(0, Message("system", system))
    meta: dict[str, str | int] = {
        "task": task, "task_version": version, "source": record.source, "record": record.id,
        "licence": record.licence, "seed": seed, "language": language,
    }  # fmt: skip
    return Conversation(tuple(messages), meta)


def sound_of(record: Record) -> str:
    """The name of a record's sound, with the part of it that is meant as a media fragment (W3C, Media Fragments 4.2.1).

    `youtube:-0Gj8-vB1q4#t=30,40` is the ten seconds that begin at 30 s.
    """
    start_s, end_s = record.start_s, record.end_s
    if start_s is None and end_s is None:
        return record.audio
    end = "" if end_s is None else f",{end_s:g}"
    return f"{record.audio}#t={start_s or 0:g}{end}"


def asked(conversation: Conversation) -> Reply:
    """What the person said last, with the tunes in it."""
    return read_reply(next(message.text for message in reversed(conversation.messages) if message.role == "user"))


def answered(conversation: Conversation) -> Reply:
    """The reference answer: the last message."""
    return read_reply(conversation.messages[-1].text)


def reference_tune(conversation: Conversation) -> Tune:
    """The tune of the reference answer."""
    return answered(conversation).tunes[0]
