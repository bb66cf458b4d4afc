"""LP-MusicCaps: MusicCaps' captions and aspects by the key `[YTID]-[START-END]`, with the split of its authors."""

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
from .cells import read_text, read_texts
from .clips import Sounds
from .rows import Row, converted, find_files, json_members

__all__ = ["INFO", "records"]

INFO = Info(
    name="lp_musiccaps",
    title="LP-MusicCaps",
    summary="MusicCaps' captions and aspects with the split on which LP-MusicCaps is measured",
    origin="https://github.com/seungheondoh/lp-music-caps",
    licence="CC-BY-SA-4.0",
    citation="Doh, Choi, Lee, Nam: LP-MusicCaps: LLM-Based Pseudo Music Captioning. ISMIR 2023",
    files=("annotation*.json",),
    faults=(
        "the captions are MusicCaps' own: take one of the two",
        "the sound is on YouTube, under its own terms, and part of it is gone",
    ),
)
KEY = re.compile(r"\[([A-Za-z0-9_-]{11})\]-\[(\d+)-(\d+)\]")
SPLIT_FILE = "track_split.json"


def records(folder: Path) -> Iterator[Record | Reject]:
    """A record a clip. Raises `DataError` where the annotations are missing, or the file of the split is none."""
    sounds = Sounds(folder)
    for path in find_files(folder, INFO):
        splits = _read_splits(path.with_name(SPLIT_FILE))
        rows = json_members(path, folder, INFO.name)
        yield from converted(rows, INFO.name, partial(_record, splits=splits, sounds=sounds))


def _record(row: Row, splits: dict[str, str], sounds: Sounds) -> Record:
    key, value = row.value
    found = KEY.fullmatch(key)
    if found is None:
        raise DataError(f"the key {key!r} is not of the form [YTID]-[START-END]")
    youtube_id, start_s, end_s = found.group(1), float(found.group(2)), float(found.group(3))
    sound = sounds.find_clip(youtube_id, start_s, end_s)
    tags: dict[str, Tag] = {"aspects": read_texts(value, "aspect_list"), "text_kind": "caption"}
    tags |= {"split": splits[key]} if key in splits else {}
    return Record(
        id=key, source=INFO.name, licence=INFO.licence, place=row.place, text=read_text(value, "caption"),
        language="en", group=f"youtube:{youtube_id}", audio=sound.audio, start_s=sound.start_s, end_s=sound.end_s,
        tags=tags,
    )  # fmt: skip


def _read_splits(path: Path) -> dict[str, str]:
    """The split of each key, of a file `{"train_track": [...], "valid_track": [...], "test_track": [...]}`."""
    if not path.exists():
        return {}
    try:
        found = json.loads(read_bytes(path))
        return {str(key): str(name).removesuffix("_track") for name, keys in found.items() for key in keys}
    except (ValueError, AttributeError, TypeError):
        raise DataError('not an object of lists of keys, {"train_track": [...], ...}', source=str(path)) from None
