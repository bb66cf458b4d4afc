"""Files to rows: JSON lists, JSON lines, tables and parquet, streamed, with a `Reject` for every row that is none.

All readers unpack `.gz` on the way, take UTF-8 with or without a byte order mark, and go on after a bad row where the
form allows it. A row larger than `MOST_ROW_BYTES` is rejected.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TypeAlias, cast

from ..errors import DataError, MissingExtra
from ..record import Place, Record, Reject
from .card import Info

__all__ = [
    "Row",
    "RowReader",
    "converted",
    "find_files",
    "json_lines",
    "json_list",
    "json_members",
    "lines",
    "parquet",
    "table",
]

MOST_ROW_BYTES = 4_000_000
EXCERPT = 200


class Row(NamedTuple):
    """One row of a file: its place, and its value as read."""

    place: Place
    value: Any


RowReader: TypeAlias = Iterator[Row | Reject]


def find_files(folder: Path, info: Info, *patterns: str) -> list[Path]:
    """The files below `folder` that match one of the patterns (those of the card where none is given), in order.

    Raises `DataError` that names what was looked for, where there is none.
    """
    if not folder.is_dir():
        raise DataError(f"{folder} is not a folder; {info.title} is read from a folder with {_listed(info.files)}")
    wanted = patterns or info.files
    found = sorted({path for pattern in wanted for path in folder.rglob(pattern) if path.is_file()})
    if not found:
        raise DataError(f"has no {_listed(wanted)}: it does not look like {info.title}", source=str(folder))
    return found


def _listed(patterns: Iterable[str]) -> str:
    return " or ".join(patterns)


def lines(path: Path, folder: Path, source: str) -> RowReader:
    """The lines of a text file that are not empty, without their ends; a line that is not UTF-8 is rejected."""
    return (row for row in _all_lines(path, folder, source) if isinstance(row, Reject) or row.value.strip())


def _all_lines(path: Path, folder: Path, source: str) -> RowReader:
    name = path.relative_to(folder).as_posix()
    with _open(path) as stream:
        row = 0
        while True:
            row += 1
            try:
                line = stream.readline(MOST_ROW_BYTES + 1)
            except (OSError, EOFError) as fault:
                yield Reject(source, Place(name, row), f"the compressed file breaks off: {fault}")
                return
            if not line:
                return
            if len(line) > MOST_ROW_BYTES:
                yield Reject(source, Place(name, row), _too_large(), line[:EXCERPT].decode("utf-8", "replace"))
                while line and not line.endswith(b"\n"):
                    line = stream.readline(MOST_ROW_BYTES)
                continue
            try:
                text = line.decode("utf-8-sig" if row == 1 else "utf-8").rstrip("\r\n")
            except UnicodeDecodeError as fault:
                reason = f"not UTF-8 (byte {fault.start + 1} is 0x{line[fault.start]:02x})"
                yield Reject(source, Place(name, row), reason, line[:EXCERPT].decode("utf-8", "replace"))
                continue
            yield Row(Place(name, row), text)


def json_lines(path: Path, folder: Path, source: str) -> RowReader:
    """The objects of a file with one JSON object a line."""
    for line in lines(path, folder, source):
        if isinstance(line, Reject):
            yield line
            continue
        try:
            value = json.loads(line.value)
        except (ValueError, RecursionError) as fault:
            yield Reject(source, line.place, f"not JSON: {fault}", line.value[:EXCERPT])
            continue
        yield _an_object(value, line.place, source)


def json_list(path: Path, folder: Path, source: str, prefix: str = "item") -> RowReader:
    """The objects of a JSON list, item by item; `prefix` says where it stands (`QA.item` for `{"QA": [...]}`).

    What follows the first place where the file is not JSON cannot be read: it is rejected as one row.
    """
    import ijson

    name = path.relative_to(folder).as_posix()
    row = 0
    with _open(path) as stream:
        try:
            for value in ijson.items(_without_mark(stream), prefix, use_float=True):
                row += 1
                yield _an_object(value, Place(name, row), source)
        except (ijson.JSONError, UnicodeDecodeError, OSError, EOFError) as fault:
            reason = f"the file is not JSON from here on: {' '.join(str(fault).split())[:EXCERPT]}"
            yield Reject(source, Place(name, row + 1), reason)
            return
    if not row:
        yield Reject(source, Place(name), f"no list of records in the file (looked for at {prefix!r})")


def json_members(path: Path, folder: Path, source: str) -> RowReader:
    """The members of one JSON object, each as its name and an object: `{"NAME": {...}, ...}`; places count members."""
    import ijson

    name = path.relative_to(folder).as_posix()
    row = 0
    with _open(path) as stream:
        try:
            for key, value in ijson.kvitems(_without_mark(stream), "", use_float=True):
                row += 1
                checked = _an_object(value, Place(name, row), source)
                yield checked if isinstance(checked, Reject) else Row(checked.place, (key, value))
        except (ijson.JSONError, UnicodeDecodeError, OSError, EOFError) as fault:
            reason = f"the file is not JSON from here on: {' '.join(str(fault).split())[:EXCERPT]}"
            yield Reject(source, Place(name, row + 1), reason)
            return
    if not row:
        yield Reject(source, Place(name), "no object with members in the file")


def table(
    path: Path,
    folder: Path,
    source: str,
    *,
    columns: Iterable[str],
    delimiter: str = ",",
    header: tuple[str, ...] | None = None,
    quoting: bool = True,
    comment: str = "",
) -> RowReader:
    """The rows of a table as dicts of texts by column name.

    `columns` must be there. `header` names the columns of a file that has no header; `quoting=False` takes quotes
    as they stand (Common Voice); lines that begin with `comment` are passed over. Places count lines; a quoted cell
    may hold line feeds, so that `row` is where the row begins. Raises `DataError` where a column is missing.
    """
    texts = _Lines(path, folder, source, comment)
    reader = csv.reader(
        texts, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if quoting else csv.QUOTE_NONE, skipinitialspace=True
    )
    csv.field_size_limit(MOST_ROW_BYTES)
    names = header
    while True:
        texts.begin()
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as fault:
            yield Reject(source, texts.place, f"not a row of a table: {fault}")
            continue
        if names is None:
            names = tuple(cell.strip() for cell in cells)
            _require(columns, names, path)
            continue
        if len(cells) != len(names):
            reason = f"{len(cells)} cells where the table has {len(names)} columns"
            yield Reject(source, texts.place, reason, delimiter.join(cells)[:EXCERPT])
            continue
        yield Row(texts.place, dict(zip(names, cells, strict=True)))
    yield from texts.rejects


def parquet(path: Path, folder: Path, source: str, *, columns: Iterable[str]) -> RowReader:
    """The rows of a parquet file as dicts. Raises `DataError` where a column is missing or the file is none."""
    try:
        import pyarrow.parquet
    except ImportError:
        raise MissingExtra(f"{path} is parquet; reading it needs the extra 'data'", extra="data") from None
    name = path.relative_to(folder).as_posix()
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            _require(columns, file.schema_arrow.names, path)
            row = 0
            for batch in file.iter_batches(batch_size=1000):
                for value in batch.to_pylist():
                    row += 1
                    yield Row(Place(name, row), value)
    except (pyarrow.ArrowException, OSError) as fault:
        raise DataError(f"cannot be read as parquet: {fault}", source=str(path)) from None


def converted(rows: RowReader, source: str, convert: Callable[[Row], Record | Reject]) -> Iterator[Record | Reject]:
    """Each row through `convert`; a `DataError` that it raises becomes the row's `Reject`."""
    for row in rows:
        if isinstance(row, Reject):
            yield row
            continue
        try:
            yield convert(row)
        except DataError as fault:
            yield Reject(source, row.place, str(fault), str(row.value)[:EXCERPT])


class _Lines:
    """The lines of a file for the csv reader, which remembers where the row that it reads began."""

    def __init__(self, path: Path, folder: Path, source: str, comment: str) -> None:
        self.rows = _all_lines(path, folder, source)
        self.comment = comment
        self.rejects: list[Reject] = []
        self.place = Place(path.relative_to(folder).as_posix())
        self.fresh = True

    def begin(self) -> None:
        self.fresh = True

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        while True:
            row = next(self.rows)
            if isinstance(row, Reject):
                self.rejects.append(row)
                continue
            if self.fresh and (not row.value.strip() or (self.comment and row.value.startswith(self.comment))):
                continue
            if self.fresh:
                self.place, self.fresh = row.place, False
            return cast(str, row.value) + "\n"


def _open(path: Path) -> BinaryIO:
    try:
        return cast(BinaryIO, gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb"))
    except OSError as fault:
        raise DataError(f"cannot be read: {fault.strerror}", source=str(path)) from None


def _without_mark(stream: BinaryIO) -> BinaryIO:
    """The stream after a byte order mark, which JSON does not allow."""
    if stream.read(3) != b"\xef\xbb\xbf":
        stream.seek(0)
    return stream


def _an_object(value: Any, place: Place, source: str) -> Row | Reject:
    if isinstance(value, dict):
        return Row(place, value)
    return Reject(source, place, f"a {type(value).__name__} where a JSON object belongs", str(value)[:EXCERPT])


def _too_large() -> str:
    return f"larger than {MOST_ROW_BYTES // 1_000_000} MB"


def _require(columns: Iterable[str], names: Iterable[str], path: Path) -> None:
    names = list(names)
    missing = [column for column in columns if column not in names]
    if missing:
        raise DataError(f"has no column {missing[0]!r}; its columns are {', '.join(names[:40])}", source=str(path))
