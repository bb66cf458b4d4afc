"""Any folder of MIDI files. A corpus writes each as a tune (`abcllm.transcription`), on all its workers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..record import Place, Record, Reject
from .card import Info
from .rows import find_files

__all__ = ["INFO", "records"]

INFO = Info(
    name="midi",
    title="MIDI files",
    summary="any folder of .mid files, each to be written as a tune",
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
    """A record a file below the folder, in order. Raises `DataError` where there is no such file."""
    for path in find_files(folder, INFO):
        name = path.relative_to(folder).as_posix()
        yield Record(id=name, source=INFO.name, licence=INFO.licence, place=Place(name), midi=name)
