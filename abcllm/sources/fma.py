"""FMA: 106,574 tracks of the Free Music Archive with what their artists say of them, and what was estimated of them.

`tracks.csv` has three header rows (group, column, `track_id`). Estimates of the sound are read from `estimates.jsonl`
where it is there (see `estimates.py`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from ..errors import DataError
from ..record import Record, Reject, Tag
from .card import Info
from .clips import Sounds
from .estimates import Estimates
from .markup import plain_text
from .rows import Row, converted, find_files, lines, table

__all__ = ["INFO", "records"]

INFO = Info(
    name="fma",
    title="FMA",
    summary="106,574 tracks with genres, tags, words of their artists, and estimates of tempo, key and chords",
    origin="https://github.com/mdeff/fma",
    licence="CC-BY-4.0",
    citation="Defferrard, Benzi, Vandergheynst, Bresson: FMA: A Dataset for Music Analysis. ISMIR 2017",
    files=("tracks*.csv",),
    rows=106_574,
    faults=(
        "tags and words are what artists typed: often empty, sometimes adverts",
        "the tables are under CC BY 4.0, each track under the licence of its own that its record has",
    ),
)
GENRES = "genres*.csv"
NEEDED = ("artist.id", "set.split", "set.subset", "track.genre_top", "track.genres_all", "track.license", "track.title")
HEADER_ROWS = 3
TERMS = (("noncommercial", "NC"), ("non-commercial", "NC"), ("noderiv", "ND"), ("no deriv", "ND"), ("sharealike", "SA"),
         ("share alike", "SA"))  # fmt: skip


class _Shelf(NamedTuple):
    """What the rows are read with."""

    genres: dict[str, str]
    estimates: Estimates
    sounds: Sounds


def records(folder: Path) -> Iterator[Record | Reject]:
    """A record a track; the words of its artist are its text.

    Raises `DataError` where the table or a column of it is missing, or the estimates are none.
    """
    files = find_files(folder, INFO)
    shelf = _Shelf(_read_genres(folder), Estimates(folder), Sounds(folder))
    for path in files:
        rows = table(path, folder, INFO.name, columns=(), header=_read_header(path, folder))
        tracks = (row for row in rows if (row.place.row or 0) > HEADER_ROWS)
        yield from converted(tracks, INFO.name, partial(_record, shelf=shelf))


def _record(row: Row, shelf: _Shelf) -> Record:
    value = row.value
    if not value["track_id"].isdecimal():
        raise DataError(f"the track's id is {value['track_id']!r}, which is no number")
    track_id = int(value["track_id"])
    name = f"{track_id:06d}"
    genres = [shelf.genres[one] for one in _read_list(value["track.genres_all"]) if one in shelf.genres]
    words = {key: plain_text(value.get(key, "")) for key in ("album.information", "artist.bio", "track.information")}
    tags: dict[str, Tag] = {
        "split": value["set.split"], "subset": value["set.subset"], "genre": value["track.genre_top"],
        "genres": genres, "album_tags": _read_list(value.get("album.tags", "")),
        "artist_tags": _read_list(value.get("artist.tags", "")), "track_tags": _read_list(value.get("track.tags", "")),
        "album_information": words["album.information"], "artist_bio": words["artist.bio"],
        "track_information": words["track.information"], "sung_language": value.get("track.language_code", ""),
    }  # fmt: skip
    return Record(
        id=str(track_id), source=INFO.name, licence=_read_licence(value["track.license"]), place=row.place,
        title=value["track.title"], text=words["track.information"] or words["album.information"], language="",
        group=f"fma artist:{value['artist.id']}",
        audio=shelf.sounds.find(name) or f"fma:{name[:3]}/{name}.mp3",
        tags={key: tag for key, tag in tags.items() if tag} | shelf.estimates.read(track_id),
    )  # fmt: skip


def _read_header(path: Path, folder: Path) -> tuple[str, ...]:
    """The columns of the table as `group.column`, of its first two rows; the first column is the track's id."""
    rows = [row.value for row in islice(lines(path, folder, INFO.name), 2) if isinstance(row, Row)]
    groups, columns = (*csv.reader(rows), [], [])[:2]
    names = ("track_id", *(f"{group}.{column}" for group, column in zip(groups, columns, strict=False) if group))
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise DataError(f"has no column {missing[0]!r} in its first two rows (group, column)", source=str(path))
    return names


def _read_genres(folder: Path) -> dict[str, str]:
    """The title of each genre by its number, where `genres.csv` is there."""
    titles: dict[str, str] = {}
    for path in sorted(folder.rglob(GENRES)):
        for row in table(path, folder, INFO.name, columns=("genre_id", "title")):
            if isinstance(row, Row):
                titles[row.value["genre_id"]] = row.value["title"]
    return titles


def _read_list(cell: str) -> list[str]:
    """The items of a list as the tables print it, `[21, 45]`, `['punk', 'lo-fi']` or `[philly, kurt vile]`.

    >>> _read_list("[21, 45]"), _read_list("['punk', 'lo-fi']"), _read_list("[philly, kurt vile]"), _read_list("[]")
    (['21', '45'], ['punk', 'lo-fi'], ['philly', 'kurt vile'], [])
    """
    items = (item.strip().strip("'\"") for item in cell.strip().removeprefix("[").removesuffix("]").split(","))
    return [item for item in items if item and item != "..."]


def _read_licence(name: str) -> str:
    """The licence of a track by its short name, where it is one of Creative Commons'; else as it stands.

    >>> _read_licence("Attribution-NonCommercial-NoDerivatives (aka Music Sharing) 3.0 International")
    'CC-BY-NC-ND-3.0'
    >>> _read_licence("Public Domain Mark 1.0"), _read_licence("")
    ('Public Domain Mark 1.0', 'unknown')
    """
    words = name.strip()
    if not words.lower().startswith("attribution"):
        return words or "unknown"
    terms = [*dict.fromkeys(short for long, short in TERMS if long in words.lower())]
    version = re.search(r"\d\.\d", words)
    return "-".join(["CC", "BY", *terms, *([version.group()] if version else [])])
