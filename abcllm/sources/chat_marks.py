"""The marks of a chat in MusicPile, `Human: ... </s> Assistant: ... </s> `, and what its two data sets share.

A row names where it comes from under `src`, mostly as an address: from it follows the part of the data set. The marks
are taken off, headers of tunes are put on lines (tagged `one-line header` under `repairs`), and the tune of a row is
that of its last answer, else that of its first question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..record import Exchange, Record, Tag
from .card import Info
from .one_line import find_tune, split_headers
from .rows import Row, RowReader, find_files, json_lines, json_list, parquet

__all__ = ["chat_record", "pile_rows", "split_turns", "strip_marks"]

END = "</s>"
MARK = re.compile(r"(?:\A|</s>)\s*(Human|Assistant):[ ]?")
FIRST_MARK = re.compile(r"\A\s*(?:Human|Assistant):[ ]?")
HAN = re.compile(r"[\u4e00-\u9fff]")
PARTS = (
    ("irishman", "irishman"),
    ("kern", "kernscores"),
    ("deepchoir", "jsb_chorales"),
    ("jsb", "jsb_chorales"),
    ("knowledge", "music_knowledge"),
    ("summary", "music_summary"),
)


def pile_rows(folder: Path, info: Info, columns: tuple[str, ...]) -> Iterator[RowReader]:
    """The rows of each file of the folder: parquet, as on the hub, or JSON as a list or as lines."""
    for path in find_files(folder, info):
        if path.suffix == ".parquet":
            yield parquet(path, folder, info.name, columns=columns)
        elif path.suffix == ".json":
            yield json_list(path, folder, info.name)
        else:
            yield json_lines(path, folder, info.name)


def strip_marks(text: str) -> str:
    """One message without the mark before it and the end of text after it.

    >>> strip_marks("Assistant: X:1 K:G G8 |] </s> ")
    'X:1 K:G G8 |]'
    """
    return FIRST_MARK.sub("", text).strip().removesuffix(END).strip()


def split_turns(text: str) -> tuple[Exchange, ...]:
    """The exchanges of a chat in one text; none where it is no chat. Raises `DataError` where turns are missing.

    >>> split_turns("Human: A reel? </s> Assistant: X:1 </s> ")
    (Exchange(question='A reel?', answer='X:1'),)
    """
    before, *turns = MARK.split(text)
    if before.strip() or not turns:
        return ()
    speakers, said = turns[::2], [strip_marks(one) for one in turns[1::2]]
    if speakers != ["Human", "Assistant"] * (len(speakers) // 2):
        raise DataError(f"the turns do not alternate: {', '.join(speakers[:6])}")
    return tuple(Exchange(question, answer) for question, answer in zip(said[::2], said[1::2], strict=True))


def chat_record(row: Row, info: Info, exchanges: tuple[Exchange, ...], text: str = "") -> Record:
    """The record of a row with its exchanges, or with its text. Raises `DataError` where an answer is empty."""
    for exchange in exchanges:
        if not exchange.question or not exchange.answer:
            raise DataError("a question without words" if exchange.answer else "an answer without words")
    lined = tuple(Exchange(*map(split_headers, exchange)) for exchange in exchanges)
    lined_text = split_headers(text)
    tags: dict[str, Tag] = {"part": _part(row.value)}
    if isinstance(src := row.value.get("src"), str) and src:
        tags["src"] = src
    if lined != exchanges or lined_text != text:
        tags["repairs"] = ["one-line header"]
    places = [lined_text] if not lined else [lined[-1].answer, lined[0].question]
    abc = next(filter(None, map(find_tune, places)), "")
    return Record(
        id=_id(row, str(tags["part"])), source=info.name, licence=info.licence, place=row.place,
        abc=abc, text=lined_text, language=_language(lined[0].question if lined else text), tags=tags, exchanges=lined,
    )  # fmt: skip


def _language(text: str) -> str:
    """Chinese where more than a tenth are Chinese characters, else English: the data sets hold these two."""
    return "zh" if len(HAN.findall(text)) * 10 > len(text) else "en"


def _part(value: dict[str, Any]) -> str:
    """The part of the data set that `src` tells, in the words of its card; another src stands for itself."""
    src = str(value.get("src") or "unknown").strip()
    return next((part for mark, part in PARTS if mark in src.lower()), src)


def _id(row: Row, part: str) -> str:
    number = row.value.get("id")
    return f"{part}#{number}" if isinstance(number, int | str) and number != "" else str(row.place)
