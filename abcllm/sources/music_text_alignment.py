"""MusicTextAlignment: what uploaders and listeners wrote at YouTube about the recordings of GiantMIDI-Piano.

One table, `midi_text_dataset.tsv`: the YouTube id, the description, the five best comments. Where a folder of
GiantMIDI-Piano lies below the same folder, rows get its MIDI files, titles and composers. The description is the text
of a record; the comments, each with its language, stand in the tags.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ..errors import DataError
from ..record import Record, Reject, Tag
from .card import Info
from .clips import read_youtube_id
from .comments import clean_comment
from .languages import find_language
from .pieces import Piece, find_pieces
from .rows import Row, converted, find_files, table

__all__ = ["INFO", "records"]

INFO = Info(
    name="music_text_alignment",
    title="MusicTextAlignment",
    summary="descriptions of and comments on the recordings of GiantMIDI-Piano",
    origin="https://github.com/shtdbb/MusicTextAlignment",
    licence="CC-BY-4.0",
    citation="Haitao Song: Music and Text Alignment. 2023",
    files=("midi_text_dataset*.tsv",),
    documented_only=True,
    faults=(
        "text of strangers in many languages: cleaned here of links, times, names, advertisements",
        "the licence is the compiler's; the words belong to those who wrote them",
        "a spreadsheet spoiled ids that begin with a sign (#NAME?): such rows are rejected",
        "comments praise players and recall childhoods more often than they describe the music",
    ),
)
REPLIES = tuple(f"reply_{number}" for number in range(1, 6))
COLUMNS = ("vid", "describe", *REPLIES)


def records(folder: Path) -> Iterator[Record | Reject]:
    """The rows that have words left after cleaning. Raises `DataError`, and `MissingExtra` without py3langid."""
    tables = find_files(folder, INFO)
    pieces, _ = find_pieces(folder, INFO.name)
    for path in tables:
        rows = table(path, folder, INFO.name, columns=COLUMNS, delimiter="\t")
        yield from converted(rows, INFO.name, partial(_record, pieces=pieces))


def _record(row: Row, pieces: dict[str, Piece]) -> Record:
    youtube_id = read_youtube_id(row.value["vid"].strip())
    description = clean_comment(row.value["describe"])
    comments = list(dict.fromkeys(filter(None, (clean_comment(row.value[column]) for column in REPLIES))))
    if not description and not comments:
        raise DataError("nothing is left of its text after cleaning")
    piece = pieces.get(youtube_id, Piece(youtube_id, "", ""))
    tags: dict[str, Tag] = {"text_kind": "description"}
    tags |= {"composer": piece.composer} if piece.composer else {}
    if comments:
        tags |= {"comments": comments, "comment_languages": [find_language(comment) for comment in comments]}
    name = f"youtube:{youtube_id}"
    return Record(
        id=youtube_id, source=INFO.name, licence=INFO.licence, place=row.place, text=description, audio=name,
        midi=piece.midi, title=piece.title, language=find_language(description), group=name, tags=tags,
    )  # fmt: skip
