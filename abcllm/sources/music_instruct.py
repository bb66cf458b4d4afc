"""Music Instruct: questions and answers that GPT-4 made of MusicCaps' captions; short ones, and long ones.

Each file is `{"QA": [{"ytid", "question", "answer", "caption", "is_audioset_eval", ...}, ...]}`. Where MusicCaps' own
table lies below the same folder, it says which part of the recording is meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ..errors import DataError
from ..record import Exchange, Record, Reject
from .card import Info
from .cells import fingerprint, read_seconds, read_text
from .clips import Sounds, read_youtube_id
from .rows import Row, converted, find_files, json_list, table

__all__ = ["INFO", "records"]

INFO = Info(
    name="music_instruct",
    title="Music Instruct",
    summary="60,493 questions and answers about MusicCaps' clips, made by GPT-4",
    origin="https://huggingface.co/datasets/m-a-p/Music-Instruct",
    licence="CC-BY-NC-4.0",
    citation="Deng et al.: MusiLingo: Bridging Music and Text with Pre-trained Language Models. NAACL 2024 Findings",
    files=("music_instruct*.json", "MusicInstruct*.json"),
    rows=60_493,
    faults=("answers are a model's, made from the caption alone", "the clip's place in the recording is not given"),
    documented_only=True,
)
MUSICCAPS = "musiccaps-public*.csv*"


def records(folder: Path) -> Iterator[Record | Reject]:
    """A record a question. Raises `DataError` where there is no file of the set."""
    places = _read_places(folder)
    sounds = Sounds(folder)
    for path in find_files(folder, INFO):
        kind = "long" if "long" in path.stem.lower() else "short"
        rows = json_list(path, folder, INFO.name, "QA.item")
        yield from converted(rows, INFO.name, partial(_record, kind=kind, places=places, sounds=sounds))


def _record(row: Row, kind: str, places: dict[str, tuple[float, float]], sounds: Sounds) -> Record:
    youtube_id = read_youtube_id(row.value.get("ytid"))
    exchange = Exchange(read_text(row.value, "question"), read_text(row.value, "answer"))
    sound = sounds.find_clip(youtube_id, *places.get(youtube_id, ()))
    return Record(
        id=f"{youtube_id}#{fingerprint(*exchange)}", source=INFO.name, licence=INFO.licence, place=row.place,
        language="en", group=f"youtube:{youtube_id}",
        audio=sound.audio, start_s=sound.start_s, end_s=sound.end_s, exchanges=(exchange,),
        tags={"kind": kind, "split": "eval" if row.value.get("is_audioset_eval") else "train"},
    )  # fmt: skip


def _read_places(folder: Path) -> dict[str, tuple[float, float]]:
    """Where each clip of MusicCaps begins and ends, where its table is there; rows that cannot be read are left out."""
    places: dict[str, tuple[float, float]] = {}
    for path in sorted(folder.rglob(MUSICCAPS)):
        for row in table(path, folder, INFO.name, columns=("ytid", "start_s", "end_s")):
            if isinstance(row, Row):
                try:
                    places[row.value["ytid"]] = read_seconds(row.value, "start_s"), read_seconds(row.value, "end_s")
                except DataError:
                    continue
    return places
