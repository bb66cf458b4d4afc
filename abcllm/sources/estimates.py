"""What programs estimate of tracks: tempo, key, beats and chords, in one form whatever program it was.

`estimates.jsonl` has one object a track, in any order and with any member but the first missing:

    {"track_id": 2, "tempo_bpm": 92.3, "key": "A minor",
     "beats": [[0.35, 1], [1.0, 2], ...], "chords": [[0.0, 1.8, "A:min"], ...]}

Beats are a time in seconds and a number in the bar (1 is the downbeat); chords are begin, end and name.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..record import Tag

__all__ = ["Estimates"]

FILE = "estimates.jsonl"


class Estimates:
    """The estimates of tracks, found by where their line begins: the file stays on the disk."""

    def __init__(self, folder: Path) -> None:
        self.places: dict[int, tuple[Path, int]] = {}
        for path in sorted(folder.rglob(FILE)):
            with path.open("rb") as stream:
                at = 0
                for number, line in enumerate(stream, 1):
                    if line.strip():
                        self.places[_read_track_id(line, path, number)] = path, at
                    at += len(line)

    def read(self, track_id: int) -> dict[str, Tag]:
        """The estimates of a track as tags. Raises `DataError` where they are not of the form."""
        if track_id not in self.places:
            return {}
        path, at = self.places[track_id]
        with path.open("rb") as stream:
            stream.seek(at)
            found: dict[str, Any] = json.loads(stream.readline())
        try:
            tags: dict[str, Tag] = {}
            tags |= {"tempo_bpm": float(found["tempo_bpm"])} if "tempo_bpm" in found else {}
            tags |= {"key": str(found["key"])} if "key" in found else {}
            if beats := found.get("beats"):
                tags |= {"beats_s": [float(time) for time, _ in beats], "beat_numbers": [int(one) for _, one in beats]}
            if chords := found.get("chords"):
                tags |= {
                    "chord_starts_s": [float(begin) for begin, _, _ in chords],
                    "chord_ends_s": [float(end) for _, end, _ in chords],
                    "chords": [str(name) for _, _, name in chords],
                }
            return tags
        except (TypeError, ValueError):
            raise DataError(f"the estimates of track {track_id} are not of the form of {FILE}") from None


def _read_track_id(line: bytes, path: Path, number: int) -> int:
    try:
        return int(json.loads(line)["track_id"])
    except (ValueError, KeyError, TypeError):
        raise DataError('not an object with "track_id"', source=str(path), row=number) from None
