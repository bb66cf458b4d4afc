"""AudioSet: two million ten-second clips with the sounds in them by name, and 100,000 with when each is heard.

`*_segments.csv` say which sounds are in a clip, `*_strong.tsv` from when to when. Names come from `ontology.json`, and
from `class_labels_indices.csv` and `mid_to_display_name.tsv` where they are there. A clip of which a label has no name
is rejected whole: what is known of it would be wrong about what comes first, or alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import DataError
from ..files import read_bytes
from ..record import Place, Record, Reject, Tag
from .card import Info
from .cells import read_seconds
from .clips import Sounds, read_youtube_id
from .rows import Row, RowReader, converted, find_files, table

__all__ = ["INFO", "records"]

INFO = Info(
    name="audioset",
    title="AudioSet",
    summary="2.1 million clips with 527 kinds of sound by name, 104,000 of them with their times",
    origin="https://research.google.com/audioset/",
    licence="CC-BY-SA-4.0",
    citation="Gemmeke et al.: Audio Set: An ontology and human-labeled dataset for audio events. ICASSP 2017; "
    "Hershey et al.: The Benefit of Temporally-Strong Labels in Audio Event Classification. ICASSP 2021",
    files=("*_segments*.csv", "*_strong*.tsv"),
    faults=(
        "the sound is on YouTube, under its own terms, and part of it is gone",
        "segments and labels are under CC BY 4.0, the ontology's descriptions under CC BY-SA 4.0, which is taken",
        "labels of a clip are not ordered, and what has no label may still be heard",
    ),
)
SEGMENT = ("youtube_id", "start_s", "end_s", "labels")
STRONG = ("segment_id", "start_time_seconds", "end_time_seconds", "label")
CLIP_S = 10.0


class _Ontology(NamedTuple):
    """The name of each sound by its id, and the description of each by its name, where there is one."""

    names: dict[str, str]
    descriptions: dict[str, str]

    def read_name(self, label: str) -> str:
        """The name of a label that is an id or a name. Raises `DataError`."""
        if label in self.names:
            return self.names[label]
        if label in self.names.values():
            return label
        raise DataError(f"the label {label!r} is no sound of the ontology")


class _Shelf(NamedTuple):
    """What the rows of one file are read with."""

    split: str
    ontology: _Ontology
    sounds: Sounds


def records(folder: Path) -> Iterator[Record | Reject]:
    """A record a clip. Those with times carry `events`, `event_starts_s` and `event_ends_s`, from the clip's beginning.

    A clip may stand in both kinds of lists, and has the same group in both; those with times come first where the files
    have their publisher's names. Raises `DataError` where there are no lists, or no names of sounds.
    """
    files = find_files(folder, INFO)
    ontology, sounds = _read_ontology(folder), Sounds(folder)
    for path in files:
        if path.suffix == ".tsv":
            shelf = _Shelf("eval_strong" if "eval" in path.name else "train_strong", ontology, sounds)
            rows = _gathered(table(path, folder, INFO.name, columns=STRONG, delimiter="\t", quoting=False))
            yield from converted(rows, INFO.name, partial(_timed_clip, shelf=shelf))
        else:
            shelf = _Shelf(path.name.split("_segments")[0], ontology, sounds)
            rows = table(path, folder, INFO.name, columns=(), header=SEGMENT, comment="# ")
            yield from converted(rows, INFO.name, partial(_clip, shelf=shelf))


def _clip(row: Row, shelf: _Shelf) -> Record:
    start_s, end_s = read_seconds(row.value, "start_s"), read_seconds(row.value, "end_s")
    labels = [one.strip() for one in row.value["labels"].split(",") if one.strip()]
    names = [*dict.fromkeys(map(shelf.ontology.read_name, labels))]
    if not names:
        raise DataError("the clip has no label")
    return _record(row.place, shelf, read_youtube_id(row.value["youtube_id"]), start_s, end_s, names, {})


def _gathered(rows: RowReader) -> RowReader:
    """Rows of one clip, which stand together, as one row; its place is that of the first."""
    clip: list[Row] = []
    for row in rows:
        if isinstance(row, Reject):
            yield row
            continue
        if clip and row.value["segment_id"] != clip[0].value["segment_id"]:
            yield Row(clip[0].place, [one.value for one in clip])
            clip = []
        clip.append(row)
    if clip:
        yield Row(clip[0].place, [one.value for one in clip])


def _timed_clip(row: Row, shelf: _Shelf) -> Record:
    youtube_id, _, start_ms = row.value[0]["segment_id"].rpartition("_")
    if not start_ms.isdecimal():
        raise DataError(f"{row.value[0]['segment_id']!r} is not of the form YTID_MILLISECONDS")
    events = sorted(_read_event(event, shelf.ontology) for event in row.value)
    tags: dict[str, Tag] = {
        "events": [name for _, _, name in events],
        "event_starts_s": [start_s for start_s, _, _ in events],
        "event_ends_s": [end_s for _, end_s, _ in events],
    }
    start_s = int(start_ms) / 1000
    names = [*dict.fromkeys(name for _, _, name in events)]
    return _record(row.place, shelf, read_youtube_id(youtube_id), start_s, start_s + CLIP_S, names, tags)


def _read_event(event: dict[str, str], ontology: _Ontology) -> tuple[float, float, str]:
    start_s, end_s = read_seconds(event, "start_time_seconds"), read_seconds(event, "end_time_seconds")
    if end_s < start_s:
        raise DataError(f"a sound ends at {end_s:g} s, before it begins at {start_s:g} s")
    return start_s, end_s, ontology.read_name(event["label"])


def _record(
    place: Place, shelf: _Shelf, youtube_id: str, start_s: float, end_s: float, names: list[str], timed: dict[str, Tag]
) -> Record:
    sound = shelf.sounds.find_clip(youtube_id, start_s, end_s)
    descriptions = [shelf.ontology.descriptions.get(name, "") for name in names]
    tags: dict[str, Tag] = {"split": shelf.split, "labels": names, **timed}
    tags |= {"descriptions": descriptions} if any(descriptions) else {}
    return Record(
        id=f"{shelf.split}/{youtube_id}@{start_s:g}", source=INFO.name, licence=INFO.licence, place=place,
        language="en", group=f"youtube:{youtube_id}", audio=sound.audio, start_s=sound.start_s, end_s=sound.end_s,
        tags=tags,
    )  # fmt: skip


def _read_ontology(folder: Path) -> _Ontology:
    names: dict[str, str] = {}
    descriptions: dict[str, str] = {}
    for path in sorted(folder.rglob("class_labels_indices.csv")):
        for row in table(path, folder, INFO.name, columns=("mid", "display_name")):
            if isinstance(row, Row):
                names[row.value["mid"]] = row.value["display_name"]
    for path in sorted(folder.rglob("mid_to_display_name.tsv")):
        for row in table(path, folder, INFO.name, columns=(), header=("mid", "name"), delimiter="\t", quoting=False):
            if isinstance(row, Row):
                names[row.value["mid"]] = row.value["name"]
    for path in sorted(folder.rglob("ontology.json")):
        for node in _read_nodes(path):
            names[node["id"]] = node["name"]
            if node["description"]:
                descriptions[node["name"]] = " ".join(node["description"].split())
    if not names:
        raise DataError(
            f"{folder} has no ontology.json or class_labels_indices.csv: the sounds have no names", source=str(folder)
        )
    return _Ontology(names, descriptions)


def _read_nodes(path: Path) -> list[dict[str, str]]:
    try:
        found: Any = json.loads(read_bytes(path))
        return [{key: str(node[key]) for key in ("id", "name", "description")} for node in found]
    except (ValueError, KeyError, TypeError):
        raise DataError('not a list of sounds, [{"id", "name", "description", ...}]', source=str(path)) from None
