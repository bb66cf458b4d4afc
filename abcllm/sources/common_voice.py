"""Common Voice: sentences read aloud in many languages, one table a list (validated, train, dev, test) and language.

Tables are tab-separated without quoting, for a sentence may hold a single quotation mark. Columns are found by name:
older releases have `client_id, path, sentence, ...`, newer ones `sentence_id` and `sentence_domain` too.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import groupby
from pathlib import Path

from ..errors import DataError
from ..record import Record, Reject, Tag
from .card import Info
from .cells import read_text
from .rows import Row, converted, find_files, table

__all__ = ["INFO", "records"]

INFO = Info(
    name="common_voice",
    title="Common Voice",
    summary="sentences in many languages, read aloud by volunteers and checked by others",
    origin="https://commonvoice.mozilla.org/datasets",
    licence="CC0-1.0",
    citation="Ardila, Branson, Davis et al.: Common Voice: A Massively-Multilingual Speech Corpus. LREC 2020",
    files=("validated*.tsv", "train*.tsv", "dev*.tsv", "test*.tsv"),
    faults=(
        "one speaker may have read thousands of sentences: speakers must be kept apart in splits",
        "a sentence that was read by several people stands once for each",
        "the terms of use forbid to find out who a speaker is",
    ),
)
COLUMNS = ("client_id", "path", "sentence")
HELD_OUT = ("dev", "test")
KEPT = {"age": "age", "gender": "gender", "accents": "accent", "accent": "accent", "variant": "variant",
        "sentence_domain": "domain"}  # fmt: skip


def records(folder: Path) -> Iterator[Record | Reject]:
    """The clips of each language: those of `validated.tsv`, where it stands, else of the lists for training.

    Clips of the publisher's `dev` and `test` are tagged with their split. Raises `DataError`.
    """
    for home, found in groupby(find_files(folder, INFO), lambda path: path.parent):
        tables = list(found)
        validated = [path for path in tables if path.name.startswith("validated")]
        held_out = _held_out(tables, folder) if validated else {}
        with_sound = (home / "clips").is_dir()
        for path in validated or tables:
            split = next((name for name in ("train", *HELD_OUT) if path.name.startswith(name)), "")
            convert = partial(_record, home=home.relative_to(folder), split=split, held_out=held_out)
            rows = table(path, folder, INFO.name, columns=COLUMNS, delimiter="\t", quoting=False)
            for item in converted(rows, INFO.name, convert):
                if with_sound and isinstance(item, Record) and not (folder / item.audio).is_file():
                    yield Reject(INFO.name, item.place, f"its sound {item.audio} is missing", item.text[:200])
                else:
                    yield item


def _held_out(tables: list[Path], folder: Path) -> dict[str, str]:
    """The clips of `dev.tsv` and `test.tsv`, which the publisher keeps small, with their split."""
    splits: dict[str, str] = {}
    for path in tables:
        for split in HELD_OUT:
            if path.name.startswith(split):
                rows = table(path, folder, INFO.name, columns=COLUMNS, delimiter="\t", quoting=False)
                splits |= {row.value["path"]: split for row in rows if isinstance(row, Row)}
    return splits


def _record(row: Row, home: Path, split: str, held_out: dict[str, str]) -> Record:
    file, sentence, speaker = (read_text(row.value, column) for column in ("path", "sentence", "client_id"))
    name = file if "." in file else f"{file}.mp3"
    if "/" in name or "\\" in name:
        raise DataError(f"{file!r} is no name of a clip")
    tags: dict[str, Tag] = {"text_kind": "transcript"}
    tags |= {column: _votes(row, column) for column in ("up_votes", "down_votes")}
    tags |= {tag: text for column, tag in KEPT.items() if (text := (row.value.get(column) or "").strip())}
    if split := held_out.get(file, split):
        tags["split"] = split
    return Record(
        id=name.rsplit(".", 1)[0], source=INFO.name, licence=INFO.licence, place=row.place, text=sentence,
        audio=(home / "clips" / name).as_posix(), language=row.value.get("locale", ""), group=speaker, tags=tags,
    )  # fmt: skip


def _votes(row: Row, column: str) -> int:
    votes = row.value.get(column) or "0"
    if not votes.isdecimal():
        raise DataError(f'"{column}" is {votes!r}, which is no number of votes')
    return int(votes)
