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

    Raises `DataError` where a file is not TOML of that form, or an answer has a slot that is not set.
    """
    shipped = _parse(files(__package__).joinpath(FILE).read_bytes(), FILE)
    own = _parse(read_bytes(folder / FILE), str(folder / FILE)) if (folder / FILE).is_file() else {}
    slots = {
        language: {**values, **own.get("slots", {}).get(language, {})} for language, values in shipped["slots"].items()
    }
    topics = own.get("topics", shipped["topics"])
    for number, topic in enumerate(topics, 1):
        yield from _records(topic, slots, Place(FILE, number))


def _parse(text: bytes, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise DataError(f"not TOML: {fault}", source=name) from None


def _records(topic: Mapping[str, Any], slots: Mapping[str, Mapping[str, str]], place: Place) -> Iterator[Record]:
    name = topic.get("id")
    for language, values in slots.items():
        table = topic.get(language, {})
        lists = [table.get(key) for key in LISTS]
        if not name or not all(isinstance(one, list) and one for one in lists):
            raise DataError(
                f'topic {name!r} needs an "id", and lists "questions" and "answers" in [{language}]', source=FILE
            )
        for (at, question), (to, answer) in product(*(enumerate(one, 1) for one in lists)):
            yield Record(
                id=f"{name}#{language}#{at}.{to}", source=INFO.name, licence=INFO.licence, place=place,
                language=language, group=str(name), tags={"topic": str(name)},
                exchanges=(Exchange(_filled(question, values), _filled(answer, values)),),
            )  # fmt: skip


def _filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its slots filled; an English sentence begins with a capital letter all the same."""
    missing = [slot for slot in SLOT.findall(text) if slot not in values]
    if missing:
        raise DataError(f"no value for {{{missing[0]}}} in [slots]: {text[:80]}", source=FILE)
    filled = SLOT.sub(lambda found: values[found.group(1)], text)
    return filled[:1].upper() + filled[1:] if text.startswith("{author}") else filled
