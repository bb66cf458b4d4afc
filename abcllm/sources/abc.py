"""Any folder of tunebooks: `.abc` files, and collections of one JSON object a line with the text under `abc`.

O'Neill's, Ryan's, Nottingham, Essen, The Session's dumps: whatever is written in ABC. Each tune is a record; the file
header stands before each tune of its book, as section 2.2.2 of the ABC standard 2.1 says it holds for each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ..errors import DataError
from ..files import read_bytes
from ..notation.source import decode
from ..record import Place, Record, Reject, Tag
from .card import Info
from .rows import Row, converted, find_files, json_lines

__all__ = ["INFO", "records", "split_book"]

INFO = Info(
    name="abc",
    title="ABC tunebooks",
    summary="any folder of .abc files, or of JSON lines with a tune under abc",
    origin="your own folder",
    licence="unknown",
    citation="",
    files=("*.abc", "*.jsonl", "*.jsonl.gz"),
    faults=("what the licence is, the plan of the corpus must say: tunebooks rarely do",),
)
FIELD = re.compile(r"[A-Za-z]:|%%")
KEPT = ("title", "rhythm", "meter", "key", "collection")


def records(folder: Path) -> Iterator[Record | Reject]:
    """The tunes of all files below the folder. Raises `DataError` where there is no such file."""
    for path in find_files(folder, INFO):
        if path.suffix == ".abc":
            yield from _book(path, folder)
        else:
            yield from converted(json_lines(path, folder, INFO.name), INFO.name, _from_object)


def split_book(text: str) -> Iterator[tuple[int, str]]:
    """The tunes of a tunebook: the line on which each begins (from 1), and its text after that of the file header.

    >>> list(split_book("M:4/4\\n\\nX:1\\nK:D\\nDEFG|\\n\\nX:2\\nK:C\\nCDEF|\\n"))
    [(3, 'M:4/4\\n\\nX:1\\nK:D\\nDEFG|\\n'), (7, 'M:4/4\\n\\nX:2\\nK:C\\nCDEF|\\n')]
    """
    header: list[str] = []
    tune: list[str] = []
    begins = 0
    found = False
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if line.startswith("X:"):
            if tune:
                yield begins, _joined(header, tune)
            tune, begins, found = [line], number, True
        elif tune and line.strip():
            tune.append(line)
        elif tune:
            yield begins, _joined(header, tune)
            tune = []
        elif not found and FIELD.match(line):
            header.append(line)
    if tune:
        yield begins, _joined(header, tune)


def _joined(header: list[str], tune: list[str]) -> str:
    return "\n".join([*header, *([""] if header else []), *tune, ""])


def _book(path: Path, folder: Path) -> Iterator[Record | Reject]:
    name = path.relative_to(folder).as_posix()
    text, _ = decode(read_bytes(path))
    seen: set[str] = set()
    for line, tune in split_book(text):
        found = re.search(r"^X:[ \t]*(\d+)", tune, re.MULTILINE)
        id = f"{name}#{found.group(1) if found else ''}"
        id = f"{id}@{line}" if id in seen else id
        seen.add(id)
        yield Record(id=id, source=INFO.name, licence=INFO.licence, place=Place(name, line), abc=tune)
    if not seen:
        yield Reject(INFO.name, Place(name), "no line begins with X:, so there is no tune in it", text[:200])


def _from_object(row: Row) -> Record:
    abc, id = row.value.get("abc"), row.value.get("id", f"{row.place.file}#{row.place.row}")
    if not isinstance(abc, str) or not abc.strip():
        raise DataError('no text of a tune under "abc"')
    tags: dict[str, Tag] = {key: row.value[key] for key in KEPT if isinstance(row.value.get(key), str)}
    return Record(
        id=str(id), source=INFO.name, licence=str(row.value.get("licence", INFO.licence)), place=row.place, abc=abc,
        title=str(tags.pop("title", "")), tags=tags,
    )  # fmt: skip
