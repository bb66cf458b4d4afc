"""Shards: pieces of a corpus in work, as Arrow streams on disk that are whole or not there.

Hugging Face `datasets` opens them as they are (`Dataset.from_file`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from ..errors import DataError
from ..files import write_atomically

__all__ = ["DECISIONS", "EXAMINED", "RECORDS", "REJECTS", "read_columns", "read_rows", "write_rows"]

RECORDS = pa.schema([("record", pa.string())])
"""A record a row, as JSON."""

EXAMINED = pa.schema(
    [
        ("record", pa.string()),
        ("name", pa.string()),
        ("id", pa.int64()),
        ("group", pa.int64()),
        ("same", pa.int64()),
        ("identity", pa.int64()),
        ("outline", pa.string()),
        ("sketch", pa.list_(pa.uint32())),
        ("notes", pa.string()),
        ("note_sketch", pa.list_(pa.uint32())),
    ]
)
"""A cleaned record, its name (SOURCE/ID), hashes of the name, of the group, and of what makes another record the same,
and its melody (`analysis.melody`). 0 or empty: it has none."""

REJECTS = pa.schema(
    [
        ("stage", pa.string()),
        ("source", pa.string()),
        ("file", pa.string()),
        ("row", pa.int64()),
        ("id", pa.string()),
        ("reason", pa.string()),
        ("detail", pa.string()),
    ]
)
"""A row that went no further: at which stage, where it stands, why."""

DECISIONS = pa.schema([("fate", pa.int8()), ("because", pa.int64())])
"""What becomes of a row (see `deciding`), and the row that is the reason (-1: none)."""


def write_rows(path: Path, schema: pa.Schema, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows as an Arrow stream, in one step."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as writer:
        writer.write_table(pa.Table.from_pylist(list(rows), schema=schema))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, sink.getvalue().to_pybytes(), overwrite=True)


def read_rows(path: Path) -> list[dict[str, Any]]:
    """All rows of a shard. Raises `DataError` where the file is no Arrow stream."""
    rows: list[dict[str, Any]] = _table(path).to_pylist()
    return rows


def read_columns(path: Path, *names: str) -> list[Any]:
    """Columns of a shard, as Arrow arrays in the order of the names."""
    table = _table(path)
    return [table.column(name).combine_chunks() for name in names]


def _table(path: Path) -> pa.Table:
    try:
        with pa.memory_map(str(path)) as source, pa.ipc.open_stream(source) as reader:
            return reader.read_all()
    except (pa.ArrowException, OSError) as fault:
        raise DataError(f"no Arrow stream: {fault}; remove it and build again", source=str(path)) from None
