"""VGGSound: some 200,000 ten-second clips of 309 sounds, each seen where it is heard. `vggsound.csv` has no header."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ..errors import DataError
from ..record import Record, Reject
from .card import Info
from .cells import read_seconds, read_text
from .clips import Sounds, read_youtube_id
from .rows import Row, converted, find_files, table

__all__ = ["INFO", "records"]

INFO = Info(
    name="vggsound",
    title="VGGSound",
    summary="some 200,000 clips of 309 kinds of sound",
    origin="https://www.robots.ox.ac.uk/~vgg/data/vggsound/",
    licence="CC-BY-4.0",
    citation="Chen, Xie, Vedaldi, Zisserman: VGGSound: A Large-scale Audio-Visual Dataset. ICASSP 2020",
    files=("vggsound*.csv",),
    faults=(
        "the sound is on YouTube, under its own terms, and part of it is gone",
        "one label a clip, though more sound",
    ),
)
HEADER = ("youtube_id", "start_s", "label", "split")
SPLITS = ("train", "test")
CLIP_S = 10.0


def records(folder: Path) -> Iterator[Record | Reject]:
    """A record a clip. Raises `DataError` where the table is missing."""
    sounds = Sounds(folder)
    for path in find_files(folder, INFO):
        rows = table(path, folder, INFO.name, columns=(), header=HEADER)
        yield from converted(rows, INFO.name, partial(_record, sounds=sounds))


def _record(row: Row, sounds: Sounds) -> Record:
    youtube_id = read_youtube_id(row.value["youtube_id"])
    start_s = read_seconds(row.value, "start_s")
    if row.value["split"] not in SPLITS:
        raise DataError(f"the split is {row.value['split']!r}; there are {' and '.join(SPLITS)}")
    sound = sounds.find_clip(youtube_id, start_s, start_s + CLIP_S)
    return Record(
        id=f"{youtube_id}@{start_s:g}", source=INFO.name, licence=INFO.licence, place=row.place, language="en",
        group=f"youtube:{youtube_id}", audio=sound.audio, start_s=sound.start_s, end_s=sound.end_s,
        tags={"split": row.value["split"], "labels": [read_text(row.value, "label")]},
    )  # fmt: skip
