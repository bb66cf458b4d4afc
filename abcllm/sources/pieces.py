"""Pieces of GiantMIDI-Piano by the names of their MIDI files: `SURNAME, FIRSTNAME, PIECE, YOUTUBEID.mid`.

A piece may hold commas, so the id is what stands after the last one; an id may begin with `-`.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ..errors import DataError
from ..record import Place, Reject
from .clips import read_youtube_id

__all__ = ["Piece", "find_pieces", "read_piece"]


class Piece(NamedTuple):
    """What a file name says; `midi` is the file, relative to the folder of its source."""

    youtube_id: str
    composer: str
    title: str
    midi: str = ""


def read_piece(name: str, midi: str = "") -> Piece:
    """The piece of a file name without its ending. Raises `DataError`.

    >>> read_piece("Chopin, Frédéric, Études, Op.10, g0hoN6_HDVU")
    Piece(youtube_id='g0hoN6_HDVU', composer='Frédéric Chopin', title='Études, Op.10', midi='')
    """
    surname, *rest = (part.strip() for part in name.split(", "))
    if len(rest) < 3:
        raise DataError("not a name of the form SURNAME, FIRSTNAME, PIECE, YOUTUBEID")
    firstname, *title, youtube_id = rest
    return Piece(read_youtube_id(youtube_id), f"{firstname} {surname}".strip(), ", ".join(title), midi)


def find_pieces(folder: Path, source: str) -> tuple[dict[str, Piece], list[Reject]]:
    """The MIDI files below a folder by YouTube id, in order, and those whose names say nothing.

    Of several files for one id (the curated subset repeats files of the whole) the first counts.
    """
    pieces: dict[str, Piece] = {}
    rejects: list[Reject] = []
    for path in sorted(path for path in folder.rglob("*.mid") if path.is_file()):
        midi = path.relative_to(folder).as_posix()
        try:
            piece = read_piece(path.stem, midi)
        except DataError as fault:
            rejects.append(Reject(source, Place(midi), str(fault)))
        else:
            pieces.setdefault(piece.youtube_id, piece)
    return pieces, rejects
