"""LibriSpeech: a thousand hours of read English, SPLIT/SPEAKER/CHAPTER/SPEAKER-CHAPTER.trans.txt beside the sound."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ..errors import DataError
from ..record import Record, Reject, Tag
from .card import Info
from .rows import Row, converted, find_files, lines

__all__ = ["INFO", "records"]

INFO = Info(
    name="librispeech",
    title="LibriSpeech",
    summary="292,367 utterances of read English with their transcripts",
    origin="https://www.openslr.org/12",
    licence="CC-BY-4.0",
    citation="Panayotov, Chen, Povey, Khudanpur: LibriSpeech: an ASR corpus based on public domain audio books. "
    "ICASSP 2015",
    files=("*.trans.txt",),
    rows=292_367,
    faults=(
        "transcripts are in capitals without punctuation but apostrophes",
        "a few speakers read in several chapters: speakers, not utterances, must be kept apart in splits",
    ),
)
LINE = re.compile(r"((\d+)-(\d+)-\d+)\s+(\S.*)")


def records(folder: Path) -> Iterator[Record | Reject]:
    """The utterances, grouped by speaker. Where there is sound at all, a line without its own is rejected.

    Raises `DataError` where no transcript is found.
    """
    transcripts = find_files(folder, INFO)
    with_sound = next(folder.rglob("*.flac"), None) is not None
    for path in transcripts:
        convert = partial(_record, path=path, folder=folder, with_sound=with_sound)
        yield from converted(lines(path, folder, INFO.name), INFO.name, convert)


def _record(row: Row, path: Path, folder: Path, with_sound: bool) -> Record:
    found = LINE.fullmatch(row.value.strip())
    if found is None:
        raise DataError("not a line of SPEAKER-CHAPTER-UTTERANCE and words")
    id, speaker, chapter, words = found.groups()
    sound = path.with_name(f"{id}.flac")
    if with_sound and not sound.is_file():
        raise DataError(f"its sound {sound.name} is missing")
    tags: dict[str, Tag] = {"text_kind": "transcript", "speaker": speaker, "chapter": chapter}
    parts = path.relative_to(folder).parts
    if len(parts) >= 4:
        tags["split"] = parts[-4]
    return Record(
        id=id, source=INFO.name, licence=INFO.licence, place=row.place, text=words,
        audio=sound.relative_to(folder).as_posix(), language="en", group=speaker, tags=tags,
    )  # fmt: skip
