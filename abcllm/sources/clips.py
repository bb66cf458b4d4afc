"""Clips of recordings: the name under which YouTube knows them, and the file of their sound, where it is at hand.

A recording that is not at hand is named `youtube:ID`, and `start_s` and `end_s` cut it. A file below the folder is
taken to be the clip already cut, as the programs that fetch these data sets leave it: under `ID`, `ID_START` (in
seconds or milliseconds, VGGSound with six digits) or `[ID]-[START-END]` (LP-MusicCaps). The group of a clip is
`youtube:ID` in either case, so that no recording is split, even where several data sets have a part of it.
"""

from __future__ import annotations

import os
import re
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from ..errors import DataError

__all__ = ["Sound", "Sounds", "is_youtube_id", "read_youtube_id"]

YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
ENDINGS = frozenset({".wav", ".flac", ".mp3", ".ogg", ".opus", ".m4a", ".mp4", ".webm"})


class Sound(NamedTuple):
    """What `Record` says of sound: its name, and the part of it in seconds (None: all of it)."""

    audio: str
    start_s: float | None = None
    end_s: float | None = None


class Sounds:
    """The files of sound below a folder by their name without ending; of several with one name, the first in order."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, *names: str) -> str:
        """The file with the first of the names that is there, relative to the folder; empty where none is."""
        return next((self._files[name] for name in names if name in self._files), "")

    def find_clip(self, youtube_id: str, start_s: float | None = None, end_s: float | None = None) -> Sound:
        """The file of a clip, else the recording with the part that is the clip."""
        names = [youtube_id]
        if start_s is not None:
            names += [
                f"{youtube_id}_{start_s:g}",
                f"{youtube_id}_{start_s:06.0f}",
                f"{youtube_id}_{start_s * 1000:.0f}",
            ]
        if start_s is not None and end_s is not None:
            names.append(f"[{youtube_id}]-[{start_s:g}-{end_s:g}]")
        file = self.find(*reversed(names))
        return Sound(file) if file else Sound(f"youtube:{youtube_id}", start_s, end_s)

    @cached_property
    def _files(self) -> dict[str, str]:
        files: dict[str, str] = {}
        for parent, folders, names in os.walk(self.folder):
            folders.sort()
            for name in sorted(names):
                stem, ending = os.path.splitext(name)
                if ending.lower() in ENDINGS:
                    files.setdefault(stem, (Path(parent) / name).relative_to(self.folder).as_posix())
        return files


def is_youtube_id(text: str) -> bool:
    """True for what has the form of a YouTube id: 11 letters, digits, `-` or `_`.

    >>> is_youtube_id("-0Gj8-vB1q4"), is_youtube_id("#NAME?")
    (True, False)
    """
    return YOUTUBE_ID.fullmatch(text) is not None


def read_youtube_id(text: object) -> str:
    """The text where it is a YouTube id. Raises `DataError`, which knows what spreadsheets make of an id with `-`."""
    if isinstance(text, str) and is_youtube_id(text):
        return text
    spoiled = " (a spreadsheet took the id for a formula)" if text == "#NAME?" else ""
    raise DataError(f"{text!r} is no YouTube id{spoiled}")
