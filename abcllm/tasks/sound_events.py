"""Sound events: which sounds are in a clip, what they are like, in which order they begin, when one of them is heard.

The four closed-ended questions of OpenAQA (Gong et al., Listen, Think, and Understand, section 3), each with a form of
answer that can be graded. Sounds are named as AudioSet's ontology names them, in English.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, TypeAlias

from ..conversation import Conversation
from ..metrics import likeness, overlap
from ..record import Record
from .material import converse, dice
from .wording import wording
from .words import rouge_l

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"
SOUNDS, DESCRIBED, ORDER, TIMES = "Sounds:", "Sounds and what they are:", "Order:", "Times:"
SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*s?\s*(?:-|–|to)\s*(\d+(?:\.\d+)?)")

Spans: TypeAlias = list[tuple[float, float]]


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """One of the questions that the record can answer. None where no sound is named, or in another language."""
    labels = _texts(record, "labels")
    if language != "en" or not record.audio or not labels:
        return None
    random, words = dice(record, "sound_events", seed), wording("sound_events", language)
    events = _texts(record, "events")
    kinds = ["sounds"]
    kinds += ["described"] if any(_texts(record, "descriptions")) else []
    kinds += ["order"] if len(set(events)) > 1 else []
    kinds += ["times"] if events else []
    kind = random.choice(kinds)
    event = random.choice(list(dict.fromkeys(events))) if kind == "times" else ""
    ask = words.say(kind, random, event=event)
    return converse(record, "sound_events", VERSION, seed, language, ask, _answer(record, kind, event), heard=True)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """How far the sounds are the same ones (Jaccard), in the same order, like what they are said to be, or then.

    Times are graded by intersection over union of the seconds in which the sound is heard.
    """
    wanted = conversation.messages[-1].text
    if wanted.startswith(TIMES):
        return {"times": _shared_time(_read_spans(reply), _read_spans(wanted))}
    if wanted.startswith(ORDER):
        return {"order": likeness(_read_names(reply), _read_names(wanted))}
    if wanted.startswith(DESCRIBED):
        said, told = _read_lines(reply), _read_lines(wanted)
        alike = [rouge_l(said.get(name, ""), text) for name, text in told.items() if text]
        return {"sounds": overlap([*said], [*told]), "descriptions": sum(alike) / len(alike)}
    return {"sounds": overlap(_read_names(reply), _read_names(wanted))}


def _answer(record: Record, kind: str, event: str) -> str:
    labels = _texts(record, "labels")
    if kind == "described":
        lines = (
            f"{name}: {text}".rstrip(": ") for name, text in zip(labels, _texts(record, "descriptions"), strict=True)
        )
        return "\n".join((DESCRIBED, *lines))
    events = _texts(record, "events")
    if kind == "order":
        return f"{ORDER} {'; '.join(dict.fromkeys(events))}"
    if kind == "times":
        starts_s, ends_s = _numbers(record, "event_starts_s"), _numbers(record, "event_ends_s")
        spans = [(start, end) for name, start, end in zip(events, starts_s, ends_s, strict=True) if name == event]
        return f"{TIMES} {'; '.join(f'{start:.2f}-{end:.2f} s' for start, end in spans)}"
    return f"{SOUNDS} {'; '.join(labels)}"


def _texts(record: Record, tag: str) -> Sequence[str]:
    value = record.tags.get(tag)
    return [str(one) for one in value] if isinstance(value, list) else []


def _numbers(record: Record, tag: str) -> Sequence[float]:
    value = record.tags.get(tag)
    return [float(one) for one in value] if isinstance(value, list) else []


def _read_names(text: str) -> list[str]:
    """The names of sounds after the first colon, or in a text without one."""
    _, _, after = text.rpartition(":")
    return [name for one in re.split(r"[;\n]", after) if (name := one.strip(" .-*\t").casefold())]


def _read_lines(text: str) -> dict[str, str]:
    """Names of sounds with what is said of them, one a line."""
    told: dict[str, str] = {}
    for line in text.splitlines():
        name, colon, description = line.strip(" -*\t").partition(":")
        if name and f"{name}{colon}" != DESCRIBED:
            told[name.strip().casefold()] = description.strip()
    return told


def _read_spans(text: str) -> Spans:
    """The spans of time in a text, those that touch made one."""
    spans: Spans = []
    for start, end in sorted((float(one), float(other)) for one, other in SPAN.findall(text)):
        if spans and start <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], end)
        elif start <= end:
            spans.append((start, end))
    return spans


def _shared_time(said: Spans, wanted: Spans) -> float:
    shared = sum(max(0.0, min(end, until) - max(start, since)) for start, end in said for since, until in wanted)
    every = sum(end - start for start, end in [*said, *wanted]) - shared
    return shared / every if every else float(said == wanted)
