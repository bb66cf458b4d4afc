"""AudioCaps: captions of ten-second clips of AudioSet, one a clip for training and five for validation and test."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ..record import Record, Reject
from .card import Info
from .cells import read_seconds, read_text
from .clips import Sounds, read_youtube_id
from .rows import Row, converted, find_files, table

__all__ = ["INFO", "records"]

INFO = Info(
    name="audiocaps",
    title="AudioCaps",
    summary="57,188 captions of 51,308 clips of AudioSet",
    origin="https://github.com/cdjkim/audiocaps",
    licence="academic use only",
    citation="Kim, Kim, Lee, Kim: AudioCaps: Generating Captions for Audios in The Wild. NAACL-HLT 2019",
    files=("train*.csv", "val*.csv", "test*.csv"),
    faults=("the sound is on YouTube, under its own terms, and part of it is gone",),
)
COLUMNS = ("audiocap_id", "youtube_id", "start_time", "caption")
CLIP_S = 10.0


def records(folder: Path) -> Iterator[Record | Reject]:
    """A record a caption. Raises `DataError` where a table or a column of it is missing."""
    sounds = Sounds(folder)
    for path in find_files(folder, INFO):
        split = next(name for name in ("train", "val", "test") if path.name.startswith(name))
        rows = table(path, folder, INFO.name, columns=COLUMNS)
        yield from converted(rows, INFO.name, partial(_record, split=split, sounds=sounds))


def _record(row: Row, split: str, sounds: Sounds) -> Record:
    youtube_id = read_youtube_id(row.value["youtube_id"])
    start_s = read_seconds(row.value, "start_time")
    sound = sounds.find_clip(youtube_id, start_s, start_s + CLIP_S)
    return Record(
        id=read_text(row.value, "audiocap_id"), source=INFO.name, licence=INFO.licence, place=row.place,
        text=read_text(row.value, "caption"), language="en", group=f"youtube:{youtube_id}",
        audio=sound.audio, start_s=sound.start_s, end_s=sound.end_s, tags={"split": split, "text_kind": "caption"},
    )  # fmt: skip
