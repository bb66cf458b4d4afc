"""GigaSpeech: ten thousand hours of English from audiobooks, podcasts and videos, all in one `GigaSpeech.json`.

Each item of its `audios` is a long recording with its `segments`; the file is streamed recording by recording. Four
punctuation marks stand as tags in the transcript (`<COMMA>`) and become signs. Segments of the held-out sets that
hold no speech are tagged `<SIL>`, `<MUSIC>`, `<NOISE>` or `<OTHER>`; the publisher asks to leave them out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..record import Place, Record, Reject, Tag
from .card import Info
from .cells import read_seconds, read_text
from .rows import find_files, json_list

__all__ = ["INFO", "records", "write_punctuation"]

INFO = Info(
    name="gigaspeech",
    title="GigaSpeech",
    summary="10,000 hours of transcribed English speech of many kinds",
    origin="https://github.com/SpeechColab/GigaSpeech",
    licence="GigaSpeech agreement: research use",
    citation="Chen, Chai, Wang et al.: GigaSpeech: An Evolving, Multi-domain ASR Corpus with 10,000 Hours of "
    "Transcribed Audio. Interspeech 2021",
    files=("GigaSpeech*.json",),
    documented_only=True,
    consent="the data are given to those who sign the agreement of SpeechColab; the sound belongs to its owners, "
    "and only non-commercial research and education are allowed",
    faults=(
        "transcripts are in capitals; of punctuation there are commas, full stops, question and exclamation marks",
        "the transcripts of training were aligned by machine and hold some errors",
    ),
)
PUNCTUATION = {"<COMMA>": ",", "<PERIOD>": ".", "<QUESTIONMARK>": "?", "<EXCLAMATIONPOINT>": "!"}
MARKED = re.compile(r"\s*(" + "|".join(map(re.escape, PUNCTUATION)) + r")")
NO_SPEECH = re.compile(r"<(?:SIL|MUSIC|NOISE|OTHER)>")
SPLITS = {"DEV": "dev", "TEST": "test"}
EXCERPT = 200


def records(folder: Path) -> Iterator[Record | Reject]:
    """The segments; `place` counts recordings. Where there is sound at all, one without a file is rejected.

    Raises `DataError` where the file is missing.
    """
    files = find_files(folder, INFO)
    with_sound = next(folder.rglob("*.opus"), None) is not None
    for path in files:
        for row in json_list(path, folder, INFO.name, "audios.item"):
            if isinstance(row, Reject):
                yield row
            else:
                home = path.parent if with_sound else None
                yield from _segments(row.value, row.place, home, folder)


def write_punctuation(text: str) -> str:
    """The transcript with signs for the tags of punctuation.

    >>> write_punctuation("FOUR O'CLOCK <COMMA> SAID WILLIAMS <PERIOD>")
    "FOUR O'CLOCK, SAID WILLIAMS."
    """
    return MARKED.sub(lambda found: PUNCTUATION[found.group(1)], text).strip()


def _segments(audio: dict[str, Any], place: Place, home: Path | None, folder: Path) -> Iterator[Record | Reject]:
    """The segments of a recording; `home` is where its `path` begins, None where there is no sound to look for."""
    segments = audio.get("segments")
    if not isinstance(segments, list) or not segments:
        yield Reject(INFO.name, place, 'a recording without "segments"', str(audio.get("path", ""))[:EXCERPT])
        return
    for segment in segments:
        try:
            if not isinstance(segment, dict):
                raise DataError("a segment that is no object")
            yield _record(segment, audio, place, home, folder)
        except DataError as fault:
            yield Reject(INFO.name, place, str(fault), str(segment)[:EXCERPT])


def _record(segment: dict[str, Any], audio: dict[str, Any], place: Place, home: Path | None, folder: Path) -> Record:
    written = read_text(segment, "text_tn")
    if found := NO_SPEECH.search(written):
        raise DataError(f"no speech: {found.group()}")
    text = write_punctuation(written)
    start_s, end_s = read_seconds(segment, "begin_time"), read_seconds(segment, "end_time")
    if end_s <= start_s:
        raise DataError(f"it ends at {end_s} s and begins at {start_s} s")
    path = read_text(audio, "path")
    if home is not None:
        if not (home / path).is_file():
            raise DataError(f"its sound {path} is missing")
        path = (home / path).relative_to(folder).as_posix()
    return Record(
        id=read_text(segment, "sid"), source=INFO.name, licence=INFO.licence, place=place, text=text, audio=path,
        title=str(audio.get("title") or "").strip(), language="en", group=str(audio.get("aid") or Path(path).stem),
        start_s=start_s, end_s=end_s, tags=_tags(segment, audio),
    )  # fmt: skip


def _tags(segment: Mapping[str, Any], audio: Mapping[str, Any]) -> dict[str, Tag]:
    """The subsets without their braces, the split, and what is known of speaker and recording."""
    subsets = [str(name).strip("{} ") for name in segment.get("subsets") or audio.get("subsets") or ()]
    split = next((SPLITS[name] for name in subsets if name in SPLITS), "train")
    tags: dict[str, Tag] = {"text_kind": "transcript", "split": split}
    if subsets:
        tags["subsets"] = subsets
    known = {"speaker": segment.get("speaker"), "category": audio.get("category"), "url": audio.get("url"),
             "origin": audio.get("source")}  # fmt: skip
    return tags | {name: value for name, value in known.items() if isinstance(value, str) and value not in ("", "N/A")}
