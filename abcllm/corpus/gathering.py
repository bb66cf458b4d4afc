"""Stage 1, gathering: the sources of a plan, one after the other, to shards of records."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..errors import DataError, LicenceError
from ..files import write_atomically
from ..licences import classify
from ..record import Record, Reject
from ..sources import get_source
from .plan import Plan, SourceOrder
from .shards import RECORDS, REJECTS, write_rows

__all__ = ["gather", "present_sources"]

Progress = Callable[[int, str], None]


def present_sources(plan: Plan) -> list[SourceOrder]:
    """The sources that are there. Raises `LicenceError` for one that needs the user's consent and has it not.

    Raises `DataError` for a folder that is missing and not optional, and where nothing is left.
    """
    present = []
    for order in plan.sources:
        info = get_source(order.name).INFO
        folder = Path(order.folder)
        if order.optional and not any(path.is_file() for pattern in info.files for path in folder.rglob(pattern)):
            continue
        if not folder.is_dir():
            raise DataError(
                f"the folder {order.folder} of the source {order.label!r} does not exist; {info.title} is read from a "
                f"folder with {' or '.join(info.files)}"
            )
        if info.consent and not order.consent:
            raise LicenceError(
                f"{info.title} is not trained on without your word: {info.consent}. If you have that right, say "
                f"--consent {order.label}, or write consent = true under its [[source]] in the plan"
            )
        present.append(order)
    if not present:
        raise DataError(f"none of the sources of the plan {plan.name!r} is there")
    return present


def gather(plan: Plan, folder: Path, progress: Progress) -> Iterator[int]:
    """Read the sources to `folder/NNNNN.arrow`, shards of `plan.shard_rows` rows, and give each shard's number.

    Shards that are there already are not written again: reading gives the same rows in the same order.
    """
    writer = _Writer(plan, folder)
    done = folder / "done.json"
    if done.exists():
        yield from range(json.loads(done.read_text(encoding="utf-8"))["shards"])
        return
    for order in present_sources(plan):
        for item in get_source(order.name).records(Path(order.folder)):
            full = writer.add(order, item)
            if full is not None:
                progress(plan.shard_rows, order.label)
                yield full
    last = writer.flush()
    if last is not None:
        yield last
    write_atomically(done, json.dumps({"shards": writer.shards}), overwrite=True)


class _Writer:
    """Gathers rows until they make a shard."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan = plan
        self.folder = folder
        self.shards = 0
        self.rows: list[dict[str, Any]] = []
        self.rejects: list[dict[str, Any]] = []

    def add(self, order: SourceOrder, item: Record | Reject) -> int | None:
        if isinstance(item, Record):
            licence = order.licence or item.licence
            if classify(licence) > self.plan.licence_class:
                self.reject(order, item, "licence", f"{licence!r} is not {self.plan.licence} or freer")
            else:
                self.rows.append({"record": replace(item, source=order.label, licence=licence).to_json()})
        else:
            self.reject(order, item, "unreadable", item.reason)
        return self.flush() if len(self.rows) + len(self.rejects) >= self.plan.shard_rows else None

    def reject(self, order: SourceOrder, item: Record | Reject, reason: str, detail: str) -> None:
        file, row = item.place
        id = item.id if isinstance(item, Record) else ""
        self.rejects.append(
            {
                "stage": "gather",
                "source": order.label,
                "file": file,
                "row": row,
                "id": id,
                "reason": reason,
                "detail": detail,
            }
        )

    def flush(self) -> int | None:
        if not self.rows and not self.rejects:
            return None
        number = self.shards
        path = self.folder / f"{number:05d}.arrow"
        if not path.exists():
            write_rows(path.with_suffix(".rejects.arrow"), REJECTS, self.rejects)
            write_rows(path, RECORDS, self.rows)
        self.shards += 1
        self.rows, self.rejects = [], []
        return number
