"""Any folder of MIDI files: each is a tune, written in ABC by `abcllm.transcription`.

What a file says of itself is taken along: its title, and in `tags` what was left out, mended or guessed (`notices`) and
whether it was played without a grid (`performed`). A file that cannot be read is rejected with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..errors import FormatError
from ..files import read_bytes
from ..notation import write
from ..record import Place, Record, Reject, Tag
from ..transcription.reading import read_tune
from .card import Info
from .rows import find_files

__all__ = ["INFO", "records"]

INFO = Info(
    name="midi",
    title="MIDI files",
    summary="any folder of .mid files, each written as a tune",
    origin="your own folder",
    licence="unknown",
    citation="",
    files=("*.mid", "*.midi", "*.MID"),
    faults=(
        "what the licence is, the plan of the corpus must say: MIDI files rarely do",
        "metre, key, bars and repeats are estimates where the file does not state them",
    ),
)


def records(folder: Path) -> Iterator[Record | Reject]:
    """The tunes of all files below the folder, in order. Raises `DataError` where there is no such file."""
    for path in find_files(folder, INFO):
        yield _read(path, folder)


def _read(path: Path, folder: Path) -> Record | Reject:
    name = path.relative_to(folder).as_posix()
    place = Place(name)
    data = read_bytes(path)
    try:
        reading = read_tune(data)
    except FormatError as fault:
        return Reject(INFO.name, place, str(fault), data[:20].hex(" "))
    tags: dict[str, Tag] = {"performed": reading.performed}
    if reading.notices:
        tags["notices"] = list(reading.notices)
    return Record(
        id=name, source=INFO.name, licence=INFO.licence, place=place, abc=write(reading.tune), midi=name,
        title=reading.tune.title, tags=tags,
    )  # fmt: skip
