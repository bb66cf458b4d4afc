"""Self-cognition: what a model says when it is asked who made it, what it can do and what it cannot.

The text is the house's own and ships with it, in `self_cognition.toml`: topics, each with questions and answers in
English and Chinese. Every question of a topic goes with every answer. A file of the same name in the folder sets other
values for `{name}` and `{author}` (`[slots.en]`), and may have topics of its own in place of these.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..files import read_bytes
from ..record import Exchange, Place, Record, Reject
from .card import Info

__all__ = ["INFO", "records"]

FILE = "self_cognition.toml"
INFO = Info(
    name="self_cognition",
    title="Self-cognition",
    summary="questions to the model about itself, with answers, in English and Chinese",
    origin="abcllm",
    licence="Apache-2.0",
    citation="",
    files=(FILE,),
    faults=("set name and author for your own model, else it takes itself for abcllm",),
)
SLOT = re.compile(r"\{(\w+)\}")
LISTS = ("questions", "answers")


def records(folder: Path) -> Iterator[Record | Reject]:
    """Each question with each answer. The folder may be empty or missing; its file overrides what ships.

    Raises `DataError` where the file is not TOML, or its slots are not tables of texts.
    """
    shipped = _parse(files(__package__).joinpath(FILE).read_bytes(), FILE)
    own = _parse(read_bytes(folder / FILE), str(folder / FILE)) if (folder / FILE).is_file() else {}
    slots = {language: values | _slots(own, language) for language, values in shipped["slots"].items()}
    for number, topic in enumerate(own.get("topics", shipped["topics"]), 1):
        try:
            yield from [*_records(topic, slots, Place(FILE, number))]
        except DataError as fault:
            yield Reject(INFO.name, Place(FILE, number), str(fault), str(topic)[:200])


def _parse(text: bytes, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise DataError(f"not TOML: {fault}", source=name) from None


def _slots(own: Mapping[str, Any], language: str) -> dict[str, str]:
    slots = own.get("slots", {})
    values = slots.get(language, {}) if isinstance(slots, dict) else None
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise DataError(f"[slots.{language}] must be a table of texts", source=FILE)
    return values


def _records(topic: Any, slots: Mapping[str, Mapping[str, str]], place: Place) -> Iterator[Record]:
    name = topic.get("id") if isinstance(topic, dict) else None
    if not isinstance(name, str):
        raise DataError('a topic without an "id"')
    for language, values in slots.items():
        questions, answers = (_texts(topic, language, key) for key in LISTS)
        for (at, question), (to, answer) in product(enumerate(questions, 1), enumerate(answers, 1)):
            yield Record(
                id=f"{name}#{language}#{at}.{to}", source=INFO.name, licence=INFO.licence, place=place,
                language=language, group=name, tags={"topic": name},
                exchanges=(Exchange(_fill(question, values), _fill(answer, values)),),
            )  # fmt: skip


def _texts(topic: Mapping[str, Any], language: str, key: str) -> list[str]:
    table = topic.get(language, {})
    texts = table.get(key) if isinstance(table, dict) else None
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) and text.strip() for text in texts):
        raise DataError(f'"{key}" in [topics.{language}] must be a list of texts')
    return texts


def _fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its slots filled, and a capital letter where it begins with one (`the authors of ...`)."""
    missing = [slot for slot in SLOT.findall(text) if slot not in values]
    if missing:
        raise DataError(f"no value for {{{missing[0]}}} in [slots]")
    filled = SLOT.sub(lambda found: values[found.group(1)], text)
    return filled[:1].upper() + filled[1:] if text.startswith("{author}") else filled
