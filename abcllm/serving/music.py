"""What is done with a tune for people, programs and assistants alike: checked, engraved, sounded, converted.

Everything takes text or bytes and returns plain values; nothing is read from or written to this machine's files.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import Any, NamedTuple

from .. import registry
from ..analysis.sections import count_bars
from ..chat.answers import summarize
from ..chat.naming import file_stem
from ..errors import FormatError, UnknownName, UsageError
from ..formats import FORMATS, encode, find_format
from ..formats.musicxml import write_musicxml
from ..formats.page import Page
from ..formats.performance import perform
from ..formats.svg import engrave
from ..notation import Severity, Source, Tune, Tunebook, check, parse
from ..notation.transforms import transpose
from .settings import Limits

__all__ = [
    "MEDIA_TYPES",
    "File",
    "check_text",
    "convert_file",
    "follow",
    "list_facts",
    "read_file",
    "read_tune",
    "render",
]

MEDIA_TYPES = {
    "abc": "text/vnd.abc; charset=utf-8",
    "flac": "audio/flac",
    "json": "application/json",
    "midi": "audio/midi",
    "mp3": "audio/mpeg",
    "musicxml": "application/vnd.recordare.musicxml+xml",
    "ogg": "audio/ogg",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "wav": "audio/wav",
}
SOUNDS = ("flac", "mp3", "ogg", "wav")
SCREEN = Page(width_mm=170, margin_mm=0)
PHONE = Page(width_mm=100, margin_mm=0)


class File(NamedTuple):
    """A file to be given away: `name` is fit for every file system."""

    name: str
    media_type: str
    data: bytes


def check_text(abc: str, limits: Limits) -> dict[str, Any]:
    """Faults of a text with their places, and what is in it, as plain values."""
    source = _source(abc, limits)
    diagnostics = check(source)
    return {
        "valid": not any(one.severity is Severity.ERROR for one in diagnostics),
        "diagnostics": [one.as_dict() for one in diagnostics],
        "tunes": [{"number": t.number, "title": t.title, "summary": summarize(t)} for t in parse(source).tunes],
    }


def read_tune(abc: str, limits: Limits, number: int | None = None) -> Tune:
    """The first tune of a text, or that of a number (`X:`). Raises `UsageError` where it is not there."""
    tunes = parse(_source(abc, limits)).tunes
    if number is not None:
        tunes = tuple(tune for tune in tunes if tune.number == number)
    if not tunes:
        which = "tune" if number is None else f"tune with the number {number}"
        raise UsageError(f"there is no {which} in this text; a tune begins with a line X:1 and has a line K: (its key)")
    return tunes[0]


def render(tune: Tune, format: str, limits: Limits) -> File:
    """A tune as a file. Of a picture with several pages the first. Raises `FormatError` and `UnknownName`."""
    name = find_format(format)
    if name not in MEDIA_TYPES:
        raise UnknownName("format", format, sorted(MEDIA_TYPES))
    if name in SOUNDS:
        played = perform(tune)
        if played.seconds(played.duration) > limits.most_music_s:
            raise FormatError(f"it lasts more than {limits.most_music_s / 60:g} minutes, the most that is sounded here")
    content = encode(tune, name)[0]
    data = content.encode() if isinstance(content, str) else content
    return File(file_stem(tune.title) + FORMATS[name].suffixes[0], MEDIA_TYPES[name], data)


def follow(tune: Tune, limits: Limits, *, narrow: bool = False) -> dict[str, Any]:
    """A score that can be followed while it sounds.

    `systems` are SVG, the line of a `narrow` one is as long as a phone is wide. A note that is written at character 42
    has the id `n42` there; `notes` say when each is heard, in seconds, as often as it is.
    """
    systems = engrave(
        write_musicxml(tune, line_breaks=not narrow, note_ids=True),
        page=PHONE if narrow else SCREEN,
        timeout_s=limits.score_s,
    )
    played = perform(tune, graces=True)
    notes = [
        {
            "id": f"n{sounding.note.span.start}",
            "onset_s": round(played.seconds(sounding.onset), 4),
            "end_s": round(played.seconds(sounding.end), 4),
        }
        for sounding in played.notes
        if sounding.note is not None
    ]
    return {
        "systems": systems,
        "notes": notes,
        "duration_s": round(played.seconds(played.duration), 4),
        "titles": tune.titles,
        "summary": summarize(tune),
        "facts": list_facts(tune),
    }


def list_facts(tune: Tune) -> dict[str, Any]:
    """What a line about a tune says, for whoever words it: the key as "Am", the tempo as ABC has it."""
    return {
        "title": tune.title,
        "rhythm": tune.rhythm,
        "key": str(tune.key),
        "meter": str(tune.meter),
        "bars": count_bars(tune),
        "tempo": str(tune.tempo or ""),
    }


def read_file(data: bytes, name: str, limits: Limits) -> Tunebook:
    """The tunes of a file that someone sent; only the ending of its `name` counts.

    Raises `FormatError` where it is not what it says, or larger than may be sent.
    """
    plain = PurePath(name.replace("\\", "/")).name
    form = FORMATS[find_format(plain)]
    if not form.reader:
        readable = ", ".join(suffix for one in FORMATS.values() if one.reader for suffix in one.suffixes)
        raise FormatError(f"{form.title} cannot be read; these can: {readable}")
    book: Tunebook = registry.load(form.reader)(data, plain)
    if not book.tunes:
        raise FormatError(f"there is no tune in {plain}")
    _source(book.source.text, limits)
    return book


def convert_file(data: bytes, name: str, to: str, key: str, limits: Limits) -> File:
    """The first tune of a file in another format, transposed where a `key` is given."""
    tune = read_file(data, name, limits).tunes[0]
    return render(transpose(tune, key=key) if key else tune, to, limits)


def _source(abc: str, limits: Limits) -> Source:
    limits.check_text("the text", abc)
    return Source(abc.replace("\r\n", "\n").replace("\r", "\n"), "the tune")
