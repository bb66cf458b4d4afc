"""Records: one item of a data set, whatever it holds, with its licence and the place where it stands.

A source turns its files into `Record`s, and what it cannot read into `Reject`s: together they are all rows of the
input. A record is one thing with some of these sides: a tune (`abc`), words about it (`text`), sound (`audio`),
a MIDI file (`midi`), questions with their answers (`exchanges`), and what the data set says in its columns (`tags`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple, TypeAlias

__all__ = ["Exchange", "Place", "Record", "Reject", "Tag"]

Tag: TypeAlias = str | int | float | bool | list[str] | list[int] | list[float] | None


class Place(NamedTuple):
    """Where an item stands: `file` relative to the folder of its source, `row` from 1 (a line or an item of it)."""

    file: str
    row: int | None = None

    def __str__(self) -> str:
        return self.file if self.row is None else f"{self.file}:{self.row}"


class Exchange(NamedTuple):
    """What was asked and what was answered."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Record:
    """One item of a source.

    `id` is unique in its source and stays the same when the source grows; `group` names variants that must not be
    split (settings of one tune, clips of one recording), empty where the source says nothing. `audio` and `midi` are
    file names relative to the folder of the source, or the name under which the publisher knows the sound
    (`youtube:ID`). `language` is that of `text` (BCP 47: `en`, `zh`). `start_s` and `end_s` cut the sound, in seconds.
    """

    id: str
    source: str
    licence: str
    place: Place
    abc: str = ""
    text: str = ""
    audio: str = ""
    midi: str = ""
    title: str = ""
    language: str = ""
    group: str = ""
    start_s: float | None = None
    end_s: float | None = None
    tags: Mapping[str, Tag] = field(default_factory=dict)
    exchanges: tuple[Exchange, ...] = ()

    def to_json(self) -> str:
        """One line of JSON; sides that are empty are left out."""
        kept = {one.name: value for one in fields(self) if (value := getattr(self, one.name)) not in ("", None, {}, ())}
        return json.dumps(kept, ensure_ascii=False)

    @classmethod
    def from_json(cls, line: str) -> Record:
        """The record that `to_json` wrote."""
        values: dict[str, Any] = json.loads(line)
        values["place"] = Place(*values["place"])
        if "exchanges" in values:
            values["exchanges"] = tuple(Exchange(*pair) for pair in values["exchanges"])
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that became no record: where it stands, why, and how it begins (at most 200 characters)."""

    source: str
    place: Place
    reason: str
    excerpt: str = ""
