"""Tunes to and from everything else: one module per format, `write_NAME` and perhaps `read_NAME`.

A writer takes tunes and options and returns the content of one file, or a list with that of one file a page; a reader
takes the bytes of a file and its name and returns a `Tunebook`. `save` and `load` choose by the suffix. To add a
format, write its module and one line in `FORMATS`; another package joins with an entry point in the group
`abcllm.formats` that names a `Format`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from .. import registry
from ..errors import FileError, FormatError, UnknownName
from ..files import read_bytes, write_atomically
from ..notation import Tune, Tunebook

__all__ = ["FORMATS", "Content", "Format", "all_formats", "encode", "find_format", "load", "numbered", "save"]

GROUP = "abcllm.formats"

Content: TypeAlias = str | bytes


class Format(NamedTuple):
    """A way to write tunes down. `writer` and `reader` are `"module:function"`, empty where there is none.

    `single` says that a file holds one tune only.
    """

    title: str
    suffixes: tuple[str, ...]
    writer: str = ""
    reader: str = ""
    single: bool = False


FORMATS: dict[str, Format] = {
    "abc": Format("ABC", (".abc",), "abcllm.formats.abc:write_abc", "abcllm.formats.abc:read_abc"),
    "flac": Format("FLAC", (".flac",), "abcllm.formats.wav:write_flac", single=True),
    "json": Format("event JSON", (".json",), "abcllm.formats.json:write_json"),
    "midi": Format(
        "MIDI",
        (".mid", ".midi"),
        "abcllm.formats.midi:write_midi",
        "abcllm.formats.midi_reading:read_midi",
        single=True,
    ),
    "mp3": Format("MP3", (".mp3",), "abcllm.formats.wav:write_mp3", single=True),
    "musicxml": Format(
        "MusicXML",
        (".musicxml", ".xml"),
        "abcllm.formats.musicxml:write_musicxml",
        "abcllm.formats.musicxml_reading:read_musicxml",
        single=True,
    ),
    "mxl": Format(
        "compressed MusicXML", (".mxl",), reader="abcllm.formats.musicxml_reading:read_musicxml", single=True
    ),
    "ogg": Format("Ogg Vorbis", (".ogg",), "abcllm.formats.wav:write_ogg", single=True),
    "pdf": Format("PDF", (".pdf",), "abcllm.formats.pdf:write_pdf"),
    "png": Format("PNG", (".png",), "abcllm.formats.png:write_png"),
    "svg": Format("SVG", (".svg",), "abcllm.formats.svg:write_svg"),
    "wav": Format("WAV", (".wav",), "abcllm.formats.wav:write_wav", single=True),
}


def all_formats() -> dict[str, Format]:
    """Every format by name, those of other packages included."""
    others = {name: registry.resolve("format", {}, name, GROUP) for name in registry.names({}, GROUP)}
    return {**others, **FORMATS}


def find_format(name: str) -> str:
    """The name of the format that is called so (`midi`), or has that suffix (`.mid`, `reel.mid`).

    Raises `UnknownName`.

    >>> find_format("reel.MID")
    'midi'
    """
    suffix = Path(name).suffix.lower() or name.lower()
    for formats in (FORMATS, all_formats()):
        for own, form in formats.items():
            if name == own or suffix in form.suffixes or f".{suffix}" in form.suffixes:
                return own
    if suffix.startswith("."):
        raise UnknownName("format of files", suffix, [end for form in all_formats().values() for end in form.suffixes])
    raise UnknownName("format", name, sorted(all_formats()))


def encode(tunes: Tune | Tunebook | Iterable[Tune], format: str, **options: Any) -> list[Content]:
    """The content of the file that holds `tunes`, or of several, one a page. `format` is a name or a suffix.

    Raises `FormatError` where there is no tune, or more than a file of this format holds, and for an unknown option.
    """
    name = find_format(format)
    form = all_formats()[name]
    if not form.writer:
        raise FormatError(f"{form.title} can be read but not written", format=name)
    chosen = (tunes,) if isinstance(tunes, Tune) else tunes.tunes if isinstance(tunes, Tunebook) else tuple(tunes)
    if not chosen:
        raise FormatError(f"there is no tune to write as {form.title}", format=name)
    if form.single and len(chosen) > 1:
        raise FormatError(f"a file of {form.title} holds one tune, and there are {len(chosen)}", format=name)
    writer = registry.load(form.writer)
    _check_options(writer, name, options)
    content = writer(tunes if name == "abc" and isinstance(tunes, Tunebook) else chosen, **options)
    return content if isinstance(content, list) else [content]


def save(
    tunes: Tune | Tunebook | Iterable[Tune],
    path: str | Path,
    *,
    format: str = "",
    overwrite: bool = False,
    **options: Any,
) -> list[Path]:
    """Write tunes to a file in the format of its suffix (or `format`), and return the files that were written.

    Where pages are files of their own and there are several, they are called `reel-1.svg`, `reel-2.svg`, ...
    Raises `FileError` where a file stands already and `overwrite` is false, and as `encode` does.
    """
    contents = encode(tunes, format or find_format(str(path)), **options)
    paths = [Path(path)] if len(contents) == 1 else [numbered(path, page) for page in range(1, len(contents) + 1)]
    if not overwrite and (there := [str(target) for target in paths if target.is_file()]):
        raise FileError(f"{there[0]} exists already; it is replaced only when told so (--force, or overwrite=True)")
    return [write_atomically(target, data, overwrite=overwrite) for target, data in zip(paths, contents, strict=True)]


def numbered(path: str | Path, number: int) -> Path:
    """The name of one of several files.

    >>> numbered("reel.svg", 2).name
    'reel-2.svg'
    """
    path = Path(path)
    return path.with_name(f"{path.stem}-{number}{path.suffix}")


def load(path: str | Path, *, format: str = "", **options: Any) -> Tunebook:
    """Read a file in the format of its suffix (or `format`).

    `options` are those of its reader. Faults of the music are in the book's `diagnostics`.

    Raises `FileError` where the file cannot be read, `FormatError` where its format can only be written or has no such
    option.
    """
    name = find_format(format or str(path))
    form = all_formats()[name]
    if not form.reader:
        raise FormatError(f"{form.title} can be written but not read", format=name)
    reader: Callable[..., Tunebook] = registry.load(form.reader)
    _check_options(reader, name, options)
    return reader(read_bytes(path), str(path), **options)


def _check_options(function: Callable[..., Any], name: str, options: dict[str, Any]) -> None:
    from inspect import signature

    known = [p.name for p in signature(function).parameters.values() if p.kind is p.KEYWORD_ONLY]
    for option in options:
        if option not in known:
            raise FormatError(f"{name} has no option {option!r}; it has {', '.join(known) or 'none'}", format=name)
