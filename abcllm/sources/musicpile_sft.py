"""MusicPile-sft: 1,139,473 instructions with answers, a third of them with tunes; ChatMusician was tuned on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..errors import DataError
from ..record import Exchange, Record, Reject
from .card import Info
from .chat_marks import chat_record, pile_rows, split_turns, strip_marks
from .rows import Row, converted

__all__ = ["INFO", "records"]

INFO = Info(
    name="musicpile_sft",
    title="MusicPile-sft",
    summary="1,139,473 instructions with answers about music and in ABC",
    origin="https://huggingface.co/datasets/m-a-p/MusicPile-sft",
    licence="unknown",
    citation="Yuan, Lin, Wang et al.: ChatMusician: Understanding and Generating Music Intrinsically with LLM. "
    "arXiv:2402.16153, 2024",
    files=("*.parquet", "train*.json", "train*.jsonl"),
    rows=1_139_473,
    documented_only=True,
    faults=(
        "headers of tunes stand on one line: they are put on lines of their own, and the row is tagged so",
        "lists of chords and motifs in questions may break off without the closing bracket: they are left so",
        "the part jsb_chorales repeats its few pieces about a hundred times: drop duplicates",
        "music_knowledge and music_summary were written by GPT-4, whose terms restrict training on its output",
        "the card of the data set names no licence; the parts have those of their origins",
    ),
)
COLUMNS = ("instruction", "output")


def records(folder: Path) -> Iterator[Record | Reject]:
    """The instructions with their answers; `part` in the tags says where they come from. Raises `DataError`."""
    for rows in pile_rows(folder, INFO, COLUMNS):
        yield from converted(rows, INFO.name, _record)


def _record(row: Row) -> Record:
    instruction, given, output = (row.value.get(column) or "" for column in ("instruction", "input", "output"))
    if not (isinstance(instruction, str) and isinstance(given, str) and isinstance(output, str)):
        raise DataError('"instruction", "input" and "output" must be texts')
    if not output and (merged := split_turns(instruction)):
        return chat_record(row, INFO, merged)
    question = "\n".join(filter(None, (strip_marks(instruction), strip_marks(given))))
    return chat_record(row, INFO, (Exchange(question, strip_marks(output)),))
