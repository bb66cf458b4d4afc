"""GiantMIDI-Piano: 10,855 piano pieces, transcribed from recordings to MIDI by a network, with a table about them.

The table is tab-separated without quoting, whatever its ending says. It also lists the candidates that the publisher
sorted out (`giant_midi_piano` is 0): they are rejected. Without any MIDI the rows are records of words and numbers;
where there are MIDI files, a row without its file is rejected, and a file without a row is known by its name alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..record import Place, Record, Reject, Tag
from .card import Info
from .cells import read_text
from .clips import read_youtube_id
from .pieces import Piece, find_pieces
from .rows import Row, converted, find_files, table

__all__ = ["INFO", "records"]

INFO = Info(
    name="giantmidi",
    title="GiantMIDI-Piano",
    summary="10,855 classical piano pieces as performance MIDI, with composer and title",
    origin="https://github.com/bytedance/GiantMIDI-Piano",
    licence="CC-BY-4.0",
    citation="Kong, Li, Chen, Wang: GiantMIDI-Piano: A large-scale MIDI dataset for classical piano music. "
    "TISMIR 5(1), 2022",
    files=("full_music_pieces*.csv", "full_music_pieces*.tsv", "subset*.csv", "subset*.tsv", "*.mid"),
    rows=10_855,
    consent="the MIDI files are given to those who accept the publisher's disclaimer: no warranty of any kind, use at "
    "your own risk",
    faults=(
        "performances without beats: bars must be found before one writes them in ABC",
        "transcribed by machine (F1 of onsets 96.8 % on MAESTRO): notes are missed, added, lengthened by the pedal",
        "titles and composers were found by a search at YouTube: of 200 checked by hand, 26 are wrong",
        "of the same 200, 20 are no performances but sequenced",
    ),
)
COLUMNS = ("surname", "firstname", "music", "youtube_id")
TEXTS = ("nationality", "split", "youtube_title")
YEARS = ("birth", "death")
FLAGS = {"surname_in_youtube_title": "curated", "piano_solo": "piano_solo", "sequenced": "sequenced",
         "electronic_piano": "electronic_piano", "meta_correct": "meta_correct"}  # fmt: skip


def records(folder: Path) -> Iterator[Record | Reject]:
    """The pieces of the fullest table, then the MIDI files that it does not name.

    Raises `DataError` where there is neither table nor MIDI.
    """
    found = find_files(folder, INFO)
    pieces, rejects = find_pieces(folder, INFO.name)
    with_midi = bool(pieces)
    if tables := [path for path in found if path.suffix in (".csv", ".tsv")]:
        path = max(tables, key=_fullness)
        rows = table(path, folder, INFO.name, columns=COLUMNS, delimiter="\t", quoting=False)
        yield from converted(rows, INFO.name, partial(_from_row, pieces=pieces, with_midi=with_midi))
    for piece in pieces.values():
        yield _record(piece, Place(piece.midi), {})
    yield from rejects


def _fullness(path: Path) -> tuple[bool, bool, int]:
    """The table with splits before the one without, and both before the samples with manual labels."""
    return path.name.startswith("full"), "split" in path.name, path.stat().st_size


def _from_row(row: Row, pieces: dict[str, Piece], with_midi: bool) -> Record:
    """The record of a row; its MIDI file is taken out of `pieces`."""
    value = row.value
    youtube_id = read_youtube_id(read_text(value, "youtube_id"))
    if value.get("giant_midi_piano", "1") == "0":
        pieces.pop(youtube_id, None)
        raise DataError("not taken into GiantMIDI-Piano by its publisher (giant_midi_piano is 0)")
    known = pieces.pop(youtube_id, None)
    if with_midi and known is None:
        raise DataError(f"missing file: no MIDI file is called ..., {youtube_id}.mid")
    composer = " ".join(filter(None, (value["firstname"].strip(), value["surname"].strip())))
    piece = Piece(youtube_id, composer, read_text(value, "music"), known.midi if known else "")
    return _record(piece, row.place, _tags(value))


def _record(piece: Piece, place: Place, tags: dict[str, Tag]) -> Record:
    name = f"youtube:{piece.youtube_id}"
    return Record(
        id=piece.youtube_id, source=INFO.name, licence=INFO.licence, place=place, audio=name, midi=piece.midi,
        title=piece.title, group=name, tags={"composer": piece.composer, **tags},
    )  # fmt: skip


def _tags(value: dict[str, Any]) -> dict[str, Tag]:
    """What the table knows; `unknown` and empty cells are left out."""
    tags: dict[str, Tag] = {
        name: text for name in TEXTS if (text := value.get(name, "").strip()) not in ("", "unknown")
    }
    tags |= {name: int(value[name]) for name in YEARS if value.get(name, "").isdecimal()}
    tags |= {tag: value[name] == "1" for name, tag in FLAGS.items() if value.get(name, "") in ("0", "1")}
    try:
        tags["duration_s"] = round(float(value["audio_duration"]), 2)
    except (KeyError, ValueError):
        return tags
    return tags
