"""A folder of tunes and notes that a conversation can draw on: found by name or by melody, and cited.

`.abc` files and collections of JSON lines are read as sources read them, `.txt` and `.md` files as notes, with the
tunes in them. Nothing outside of the folder is read, and nothing is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process

from ..analysis.melody import Melody, read_melody
from ..errors import DataError, FileError
from ..files import read_bytes
from ..metrics import likeness
from ..notation import Tune, parse
from ..notation.source import decode
from ..record import Record
from ..sources.abc import records, split_book
from .melodies import Melodies
from .notes import Passage, find_passages, read_passages

__all__ = ["Library", "LibraryTune", "Passage"]

TITLE: Final = re.compile(r"^T:[ \t]*(.+?)[ \t]*$", re.MULTILINE)
NUMBER: Final = re.compile(r"^X:[ \t]*(\d+)", re.MULTILINE)
ARTICLE: Final = re.compile(r"\b(?:the|a|an|el|la|le|der|die|das)\b|[^\w\s]", re.IGNORECASE)
BOOKS: Final = (".abc", ".jsonl", ".jsonl.gz")
NOTES: Final = (".txt", ".md")
MOST_TUNES: Final = 200_000
LARGEST: Final = 64 * 2**20  # bytes
LEAST_SCORE: Final = 88
"""Of 100: how alike a name and a title must be."""
COMPARED: Final = 40
"""So many tunes with turns in common are compared by their outlines."""


class LibraryTune(NamedTuple):
    """A tune of the library: its titles, its file (below the folder), its X: number and its text."""

    titles: tuple[str, ...]
    file: str
    number: int
    abc: str

    def __str__(self) -> str:
        """What is cited: `"The Kesh" (session.abc, X:12)`."""
        return f'"{self.titles[0] if self.titles else "untitled"}" ({self.file}, X:{self.number})'

    def tune(self) -> Tune:
        """The tune, read. Raises `DataError` where there is none in its text."""
        tunes = parse(self.abc).tunes
        if not tunes:
            raise DataError(f"there is no tune at X:{self.number}", source=self.file)
        return tunes[0]


class Library:
    """The tunes and passages of a folder. Raises `FileError` where it is none, `DataError` where nothing is in it."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        if not self.folder.is_dir():
            raise FileError(f"{folder} is no folder", path=str(folder))
        self.passages: list[Passage] = []
        self.tunes = list(islice(self._read(), MOST_TUNES))
        if not self.tunes and not self.passages:
            raise DataError("there are no tunes (.abc, .jsonl) and no notes (.txt, .md) in it", source=str(folder))
        self.melodies = Melodies([tune.abc for tune in self.tunes])
        self._names = [(_plain(title), place) for place, tune in enumerate(self.tunes) for title in tune.titles]

    def find(self, name: str) -> list[LibraryTune]:
        """Tunes whose titles are like a name, the nearest first; an article or a slip of the pen does no harm."""
        names = [title for title, _ in self._names]
        found = process.extract(_plain(name), names, scorer=fuzz.WRatio, score_cutoff=LEAST_SCORE, limit=20)
        ranked = sorted(found, key=lambda hit: (-hit[1], -fuzz.ratio(_plain(name), hit[0]), hit[2]))
        return [self.tunes[place] for place in dict.fromkeys(self._names[hit[2]][1] for hit in ranked)]

    def find_passages(self, name: str) -> list[Passage]:
        """Passages of the notes that have every word of a name."""
        return find_passages(self.passages, name)

    def nearest(self, tune: Tune, abc: str) -> list[LibraryTune]:
        """Tunes whose melodies are most like that of a tune, the nearest first; the tune itself is none of them."""
        own = read_melody(tune)
        found = []
        for place in islice(self.melodies.nearest(abc), COMPARED):
            other = read_melody(self.tunes[place].tune())
            if other.identity != own.identity:
                found.append((_likeness(own, other), place))
        return [self.tunes[place] for _, place in sorted(found, key=lambda hit: (-hit[0], hit[1]))]

    def _read(self) -> Iterator[LibraryTune]:
        paths = sorted(path for path in self.folder.rglob("*") if path.is_file())
        if any(path.name.endswith(BOOKS) for path in paths):
            for record in records(self.folder):
                if isinstance(record, Record) and record.abc:
                    yield _tune(record.abc, record.place.file)
        for path in paths:
            if path.suffix.lower() in NOTES and path.stat().st_size <= LARGEST:
                text, _ = decode(read_bytes(path))
                file = path.relative_to(self.folder).as_posix()
                self.passages += read_passages(text, file)
                yield from (_tune(abc, file) for _, abc in split_book(text))


def _tune(abc: str, file: str) -> LibraryTune:
    number = NUMBER.search(abc)
    return LibraryTune(tuple(TITLE.findall(abc)), file, int(number[1][:9]) if number else 1, abc)


def _plain(title: str) -> str:
    """A title as it is compared: small letters, without articles and signs; as it is where nothing would be left."""
    words = " ".join(ARTICLE.sub(" ", title.casefold()).split())
    return words or title.casefold()


def _likeness(one: Melody, other: Melody) -> float:
    return max(likeness(one.outline, other.outline), likeness(one.notes, other.notes))
