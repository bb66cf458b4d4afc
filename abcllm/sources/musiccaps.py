"""MusicCaps: 5,521 ten-second clips of music, each with a caption and a list of aspects written by musicians."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ..errors import DataError
from ..record import Record, Reject
from .card import Info
from .cells import read_seconds, read_text, read_texts
from .clips import Sounds, read_youtube_id
from .rows import Row, converted, find_files, table

__all__ = ["INFO", "records"]

INFO = Info(
    name="musiccaps",
    title="MusicCaps",
    summary="5,521 clips of music with captions and aspects written by musicians",
    origin="https://www.kaggle.com/datasets/googleai/musiccaps",
    licence="CC-BY-SA-4.0",
    citation="Agostinelli et al.: MusicLM: Generating Music From Text. arXiv 2301.11325, 2023",
    files=("musiccaps-public*.csv", "musiccaps-public*.csv.gz"),
    rows=5521,
    faults=(
        "the sound is on YouTube, under its own terms, and part of it is gone",
        "ids that begin with - become #NAME? when a spreadsheet saves the table",
        "2,858 of the clips are in AudioSet's evaluation set: they carry split = eval",
    ),
)
COLUMNS = (
    "ytid", "start_s", "end_s", "audioset_positive_labels", "aspect_list", "caption", "is_balanced_subset",
    "is_audioset_eval",
)  # fmt: skip


def records(folder: Path) -> Iterator[Record | Reject]:
    """A record a clip. Raises `DataError` where the table or a column of it is missing."""
    sounds = Sounds(folder)
    for path in find_files(folder, INFO):
        yield from converted(
            table(path, folder, INFO.name, columns=COLUMNS), INFO.name, partial(_record, sounds=sounds)
        )


def _record(row: Row, sounds: Sounds) -> Record:
    youtube_id = read_youtube_id(row.value["ytid"])
    start_s, end_s = read_seconds(row.value, "start_s"), read_seconds(row.value, "end_s")
    if end_s <= start_s:
        raise DataError(f"the clip ends at {end_s:g} s, before it begins at {start_s:g} s")
    sound = sounds.find_clip(youtube_id, start_s, end_s)
    return Record(
        id=f"{youtube_id}@{start_s:g}", source=INFO.name, licence=INFO.licence, place=row.place,
        text=read_text(row.value, "caption"), language="en", group=f"youtube:{youtube_id}",
        audio=sound.audio, start_s=sound.start_s, end_s=sound.end_s,
        tags={
            "text_kind": "caption",
            "split": "eval" if row.value["is_audioset_eval"] == "True" else "train",
            "balanced": row.value["is_balanced_subset"] == "True",
            "aspects": read_texts(row.value, "aspect_list"),
            "label_ids": [one for one in row.value["audioset_positive_labels"].split(",") if one],
        },
    )  # fmt: skip
