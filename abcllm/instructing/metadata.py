"""What is known of a recording, as the JSON object that is put before a model that cannot hear it.

The names are those of LLark (Gardner et al. 2024, appendix on instruction data), whatever program made the estimates:
a model prompted with LLark's own texts understands them. Names of artists, albums and titles are left out, for no one
can hear them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..record import Record

__all__ = ["read_metadata"]

NAMES: Final[Mapping[str, str]] = {
    "album_information": "album.information",
    "album_tags": "album.tags",
    "artist_tags": "artist.tags",
    "track_tags": "track.tags",
    "genre": "track.genre_top",
    "genres": "track.genres_all",
    "track_information": "track.information",
    "sung_language": "track.language_code",
    "aspects": "aspect_list",
    "labels": "labels",
    "tempo_bpm": "tempo_in_beats_per_minute_madmom",
    "key": "key",
}
MOST_EVENTS = 120


def read_metadata(record: Record) -> dict[str, Any]:
    """The metadata of a record, empty where it has none. Of beats, chords and events the first 120 are given."""
    found: dict[str, Any] = {}
    if record.text and record.tags.get("text_kind") == "caption":
        found["caption"] = record.text
    found |= {name: record.tags[tag] for tag, name in NAMES.items() if record.tags.get(tag)}
    series = {
        "downbeats_madmom": (("time", "beats_s"), ("beat_number", "beat_numbers")),
        "chords": (("start", "chord_starts_s"), ("end", "chord_ends_s"), ("chord", "chords")),
        "events": (("start", "event_starts_s"), ("end", "event_ends_s"), ("event", "events")),
    }
    for name, columns in series.items():
        values = [_list(record, tag) for _, tag in columns]
        keys = [key for key, _ in columns]
        if all(values):
            rows = zip(*values, strict=False)
            found[name] = [dict(zip(keys, row, strict=True)) for row, _ in zip(rows, range(MOST_EVENTS), strict=False)]
    return found


def _list(record: Record, tag: str) -> list[Any]:
    value = record.tags.get(tag)
    return list(value) if isinstance(value, list) else []
