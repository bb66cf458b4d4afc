"""Instructions: questions and answers that `abcllm.instructing` made about the records of other data sets.

Each line of the file is `{"key", "family", "engine", "record"}` with the record and its new exchanges, or
`{"key", "family", "engine", "source", "id", "reason"}` for what was not answered. Names of sound are relative to the
folder of the records: leave the file there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ..errors import DataError
from ..record import Record, Reject
from .card import Info
from .cells import read_text
from .rows import Row, converted, find_files, json_lines

__all__ = ["INFO", "records"]

INFO = Info(
    name="instructions",
    title="Instructions",
    summary="questions and answers made from what is known of recordings, by rules or by a chat model",
    origin="abcllm.instructing",
    licence="unknown",
    citation="",
    files=("instructions*.jsonl", "instructions*.jsonl.gz"),
    faults=(
        "each record has the licence of the data set that it was made from; the model that answered may add terms",
        "a chat model's answers were made without the sound",
    ),
)


def records(folder: Path) -> Iterator[Record | Reject]:
    """A record a line. Raises `DataError` where there is no file of instructions."""
    for path in find_files(folder, INFO):
        yield from converted(json_lines(path, folder, INFO.name), INFO.name, _record)


def _record(row: Row) -> Record:
    if "record" not in row.value:
        raise DataError(f"not answered: {read_text(row.value, 'reason')}")
    try:
        record = Record.from_json(json.dumps(row.value["record"]))
    except (TypeError, ValueError, LookupError):
        raise DataError('"record" is not a record') from None
    if not record.exchanges:
        raise DataError("the record has no exchanges")
    engine, family = read_text(row.value, "engine"), read_text(row.value, "family")
    return replace(
        record, id=f"{record.source}/{record.id}/{family}/{engine}", source=INFO.name, place=row.place,
        tags={**record.tags, "family": family, "engine": engine},
    )  # fmt: skip
