"""IrishMAN: 216,284 tunes of The Session and abcnotation.com in one normal form, with control codes.

A row is `{"abc notation": ..., "control code": ...}` in one JSON list a split; a line of JSON a row is read too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ..errors import DataError
from ..files import read_bytes
from ..record import Record, Reject, Tag
from .card import Info
from .rows import Row, converted, find_files, json_lines, json_list

__all__ = ["INFO", "records"]

INFO = Info(
    name="irishman",
    title="IrishMAN",
    summary="216,284 Irish tunes with control codes for their form",
    origin="https://huggingface.co/datasets/sander-wood/irishman",
    licence="MIT",
    citation="Wu, Li, Yu, Sun: TunesFormer: Forming Irish Tunes with Control Codes by Bar Patching. HCMIR 2023",
    files=("train*.json", "validation*.json", "train*.jsonl", "validation*.jsonl"),
    rows=216_284,
    checksums={
        "train.json": "5706880c0f935e69108244e010784935b7aba855f37ae2ce7f4e4d170851835c",
        "validation.json": "a33935f9047edc976e087b146737ed3737a9315c2bf52ff02d8873b057c575ae",
        "leadsheet_ids.json": "3862574a719d8e78f861f4039d34d5d75fc28a2f23095d3cf7cd2ed3b2fd25a9",
        "variation_ids.json": "7ae85c124d834cab88cab94bc0117e2f3cf50049caa5ffeeb49b05a3ba2e4cda",
    },
    faults=(
        "titles, composers, rhythms and words were removed by its authors",
        "many tunes are settings of one another, and the authors' split ignores that: take a split by tune family",
        "about one tune in eight has a bar that is too long or too short, most where a pickup meets a repeat",
        "the licence is that of the compilation; not every tune of The Session is in the public domain",
    ),
)
ID_FILES = {"leadsheet": "leadsheet_ids.json", "variation": "variation_ids.json"}
NUMBER = re.compile(r"X:\s*(\d+)")


def records(folder: Path) -> Iterator[Record | Reject]:
    """The tunes of both splits; those of the id files are tagged `leadsheet` and `variation`.

    Raises `DataError` where the files are missing, or an id file is none.
    """
    ids = {tag: _read_ids(folder / name) for tag, name in ID_FILES.items()}
    for path in find_files(folder, INFO):
        split = "validation" if path.name.startswith("validation") else "train"
        rows = json_list(path, folder, INFO.name) if path.suffix == ".json" else json_lines(path, folder, INFO.name)
        marked = {tag: per_split.get(split, frozenset()) for tag, per_split in ids.items()}
        yield from converted(rows, INFO.name, partial(_record, split=split, marked=marked))


def _record(row: Row, split: str, marked: dict[str, frozenset[str]]) -> Record:
    abc = row.value.get("abc notation", row.value.get("abc_music"))
    codes = row.value.get("control code", "")
    if not isinstance(abc, str) or not abc.strip():
        raise DataError('no tune under "abc notation"')
    if not isinstance(codes, str):
        raise DataError('"control code" is not a text')
    found = NUMBER.match(abc)
    if found is None:
        abc = f"X:{row.place.row}\n{abc}"
    number = found.group(1) if found else str(row.place.row)
    tags: dict[str, Tag] = {"split": split}
    tags |= {"control_code": codes} if codes else {}
    tags |= {tag: True for tag, numbers in marked.items() if number in numbers}
    return Record(
        id=f"{split}#{number}", source=INFO.name, licence=INFO.licence, place=row.place,
        abc=abc if abc.endswith("\n") else abc + "\n", tags=tags,
    )  # fmt: skip


def _read_ids(path: Path) -> dict[str, frozenset[str]]:
    """The X: numbers of an id file by split: `{"train": [...], "validation": [...]}`."""
    if not path.exists():
        return {}
    try:
        found = json.loads(read_bytes(path))
        return {split: frozenset(map(str, numbers)) for split, numbers in found.items()}
    except (ValueError, AttributeError, TypeError):
        raise DataError(
            'not an object of lists of ids, {"train": [...], "validation": [...]}', source=str(path)
        ) from None
