"""MusicPile: the text on which ChatMusician was pre-trained - articles, books, chats, and tunes in ABC."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..record import Record, Reject
from .card import Info
from .cells import read_text
from .chat_marks import chat_record, pile_rows, split_turns, strip_marks
from .rows import Row, converted

__all__ = ["INFO", "records"]

INFO = Info(
    name="musicpile",
    title="MusicPile",
    summary="5.9 million texts and chats: music, mathematics, code, and tunes in ABC",
    origin="https://huggingface.co/datasets/m-a-p/MusicPile",
    licence="cc",
    citation="Yuan, Lin, Wang et al.: ChatMusician: Understanding and Generating Music Intrinsically with LLM. "
    "arXiv:2402.16153, 2024",
    files=("*.parquet", "train*.json", "train*.jsonl"),
    rows=5_855_871,
    documented_only=True,
    faults=(
        "the card says 5.17 million samples, its own table of splits 5,855,871",
        "the licence is 'cc' without a version, and the parts have those of their origins: web pages, books, Wikipedia",
        "headers of tunes stand on one line: they are put on lines of their own, and the row is tagged so",
        "music_knowledge and music_summary were written by GPT-4, whose terms restrict training on its output",
    ),
)
COLUMNS = ("text",)


def records(folder: Path) -> Iterator[Record | Reject]:
    """Chats as exchanges, articles as text; `part` in the tags says where they come from. Raises `DataError`."""
    for rows in pile_rows(folder, INFO, COLUMNS):
        yield from converted(rows, INFO.name, _record)


def _record(row: Row) -> Record:
    text = read_text(row.value, "text")
    exchanges = split_turns(text)
    return chat_record(row, INFO, exchanges, "" if exchanges else strip_marks(text))
