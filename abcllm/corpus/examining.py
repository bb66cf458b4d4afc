"""Stage 2, examining: each record of a shard is cleaned, and known by hashes of its name, group, melody and words."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from ..analysis.melody import Melody, read_melody
from ..errors import DataError, FileError, FormatError
from ..files import read_bytes
from ..notation import Tune, write
from ..notation.tune import Field
from ..record import Record
from ..transcription.reading import read_tune
from .cleaning import Cleaned, clean
from .plan import Plan
from .shards import EXAMINED, REJECTS, read_rows, write_rows

__all__ = ["ExamineJob", "digest", "examine", "normalise"]

NO_MELODY = Melody(0)
NO_WORD = re.compile(r"[\W_]+")


class ExamineJob(NamedTuple):
    """A shard of records, and the folder for what comes of it."""

    plan: Plan
    records: Path
    folder: Path


def examine(job: ExamineJob) -> int:
    """Examine one shard into `folder/NNNNN.arrow`, and give the number of its rows."""
    out = job.folder / job.records.name
    if out.exists():
        return 0
    orders = {order.label: order for order in job.plan.sources}
    rows: list[dict[str, Any]] = []
    rejects: list[dict[str, Any]] = []
    for row in read_rows(job.records):
        record = Record.from_json(row["record"])
        tune = None
        order = orders[record.source]
        try:
            if record.midi and not record.abc and order.transcribe:
                record = _transcribed(record, Path(order.folder))
            if record.abc and job.plan.check:
                fields = None if order.text == "source" else order.fields or job.plan.fields
                record, tune = _cleaned(record, clean(record.abc, fields, job.plan.bars_per_line))
        except (DataError, FormatError, FileError) as fault:
            code = str(fault).split()[0]
            no_tune = "no tune" if isinstance(fault, DataError) else "MIDI"
            reason = code if re.fullmatch(r"[A-Z]\d{3}", code) else no_tune
            rejects.append(
                {
                    "stage": "examine", "source": record.source, "file": record.place.file, "row": record.place.row,
                    "id": record.id, "reason": reason, "detail": str(fault),
                }
            )  # fmt: skip
            continue
        rows.append(_known(record, tune, job.plan))
    write_rows(out.with_suffix(".rejects.arrow"), REJECTS, rejects)
    write_rows(out, EXAMINED, rows)
    return len(rows) + len(rejects)


def _transcribed(record: Record, folder: Path) -> Record:
    """The record with the tune of its MIDI file; what was guessed stands in its tags. Raises `FormatError`."""
    path = (folder / record.midi).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise DataError(f"the MIDI file {record.midi} lies outside of the folder of its source")
    reading = read_tune(read_bytes(path))
    tune = reading.tune
    if record.title and not tune.titles:
        tune = replace(tune, fields=(Field("T", record.title), *tune.fields))
    tags = {**record.tags, "performed": reading.performed, "notices": [*reading.notices]}
    return replace(record, abc=write(tune), title=record.title or tune.title, tags=tags)


def digest(*texts: str) -> int:
    """A hash of texts as a signed 64-bit number, never 0."""
    value = int.from_bytes(
        blake2b("\0".join(texts).encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True
    )
    return value or 1


def normalise(text: str) -> str:
    """The words of a text, for comparing: no signs, no capitals."""
    return NO_WORD.sub(" ", text.casefold()).strip()


def _cleaned(record: Record, cleaned: Cleaned) -> tuple[Record, Tune]:
    tags = {**record.tags, "repairs": [*cleaned.repairs]} if cleaned.repairs else record.tags
    title = record.title or cleaned.tune.title
    return replace(record, abc=cleaned.abc, tags=tags, title=title), cleaned.tune


def _known(record: Record, tune: Tune | None, plan: Plan) -> dict[str, Any]:
    name = f"{record.source}/{record.id}"
    melody = NO_MELODY
    if tune is not None and (plan.dedupe or plan.families):
        melody = read_melody(tune, variants=plan.families)
    if record.exchanges:
        same = digest(record.audio, *(normalise(text) for exchange in record.exchanges for text in exchange))
    elif tune is not None:
        same = melody.identity
    else:
        same = digest(record.audio, str(record.start_s), normalise(record.text), record.abc)
    return {
        "record": record.to_json(),
        "name": name,
        "id": digest(name),
        "group": _group(record),
        "same": same,
        "identity": melody.identity,
        "outline": melody.outline,
        "sketch": melody.sketch,
        "notes": melody.notes,
        "note_sketch": melody.note_sketch,
    }


def _group(record: Record) -> int:
    """Groups of a source are its own; recordings are the same everywhere."""
    if not record.group:
        return 0
    return digest(record.group) if ":" in record.group else digest(record.source, record.group)
