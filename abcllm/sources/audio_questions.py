"""The form that OpenAQA and OpenASQA share: one JSON list of questions about sounds.

A row has `instruction` (the question), `output` (the answer), `audio_id`, `dataset`, `task` and `input`, what is said.
`audio_id` is a path on the authors' machine. Its file name is the YouTube id in what comes from AudioSet and AudioCaps,
and id, `_` and the second where the clip begins in what comes from VGGSound; elsewhere it is the name that the set
gives its file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePosixPath

from ..errors import DataError
from ..record import Exchange, Record, Reject, Tag
from .card import Info
from .cells import fingerprint, read_text
from .clips import Sound, Sounds, is_youtube_id
from .rows import Row, converted, find_files, json_list

__all__ = ["question_records"]

OF_YOUTUBE = ("as_", "audioset", "audiocaps", "vgg")
VGGSOUND_NAME = re.compile(r"([A-Za-z0-9_-]{11})_(\d+)")
CLIP_S = 10.0


def question_records(folder: Path, info: Info) -> Iterator[Record | Reject]:
    """A record a question. Raises `DataError` where there is no file of the set."""
    sounds = Sounds(folder)
    for path in find_files(folder, info):
        rows = json_list(path, folder, info.name)
        yield from converted(rows, info.name, partial(_record, info=info, sounds=sounds))


def _record(row: Row, info: Info, sounds: Sounds) -> Record:
    if "output" not in row.value:
        raise DataError('no "output": the row is a question for the generator, without an answer')
    exchange = Exchange(read_text(row.value, "instruction"), read_text(row.value, "output"))
    dataset = read_text(row.value, "dataset")
    name = PurePosixPath(read_text(row.value, "audio_id")).stem
    group, sound = _find_sound(dataset, name, sounds)
    tags: dict[str, Tag] = {"dataset": dataset, "task": read_text(row.value, "task")}
    tags |= {"said": read_text(row.value, "input")} if row.value.get("input") else {}
    return Record(
        id=f"{name}#{fingerprint(*exchange)}", source=info.name, licence=info.licence, place=row.place,
        language="en", group=group,
        audio=sound.audio, start_s=sound.start_s, end_s=sound.end_s, exchanges=(exchange,),
        tags=tags,
    )  # fmt: skip


def _find_sound(dataset: str, name: str, sounds: Sounds) -> tuple[str, Sound]:
    """The recording that a clip is of, and its sound."""
    if dataset.lower().startswith(OF_YOUTUBE):
        if is_youtube_id(name):
            return f"youtube:{name}", sounds.find_clip(name)
        if found := VGGSOUND_NAME.fullmatch(name):
            start_s = float(found.group(2))
            return f"youtube:{found.group(1)}", sounds.find_clip(found.group(1), start_s, start_s + CLIP_S)
    return f"{dataset}:{name}", Sound(sounds.find(name) or f"{dataset}:{name}")
