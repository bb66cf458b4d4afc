"""Files of tunes, whose names are made from titles without harm, and never one that is taken."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..errors import FileError, UsageError
from ..formats import FORMATS, find_format, numbered, save
from ..notation import Tune

__all__ = ["file_stem", "find_free", "save_tune"]

MAX_CHARACTERS = 60
MAX_BYTES = 180
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}


def file_stem(title: str) -> str:
    """A file name, without suffix, that a title suggests: words joined by hyphens, whatever the title holds.

    >>> file_stem("The Rainy Road"), file_stem("../../etc/passwd"), file_stem("..."), file_stem("Ó Néill's: 1/2")
    ('the-rainy-road', 'etc-passwd', 'tune', 'ó-néills-1-2')
    """
    plain = unicodedata.normalize("NFC", title).lower().replace("'", "").replace("’", "")
    stem = re.sub(r"[\W_]+", "-", plain)[:MAX_CHARACTERS]
    stem = stem.encode()[:MAX_BYTES].decode(errors="ignore").strip("-")
    return f"{stem}-tune" if stem in RESERVED else stem or "tune"


def find_free(*paths: Path) -> tuple[Path, ...]:
    """These names where none of them is taken, else all with the first number that is free: `rain-2.abc`."""
    number, free = 1, paths
    while any(path.exists() or path.is_symlink() for path in free):
        number += 1
        free = tuple(numbered(path, number) for path in paths)
    return free


def save_tune(tune: Tune, folder: Path, formats: Sequence[str], path: str = "") -> Iterator[Path]:
    """Save a tune in each format, or to a path in the format of its suffix; the files, as they are written.

    They go to `folder`, and a path is seen from there; one that ends with a slash, or is a folder, is another folder.
    What is not there is made, a name that is taken gets a number. Raises `UsageError`, `UnknownName` and `FileError`.
    """
    place = folder / Path(path).expanduser()
    if path and not path.endswith("/") and not place.is_dir():
        targets = [place]
        if not place.suffix:
            raise UsageError(f'"{path}" has no ending that says the format; say {path}.pdf, {path}.mid, ...')
    else:
        names = [find_format(format or "abc") for format in formats]
        targets = [place / f"{file_stem(tune.title)}{FORMATS[name].suffixes[0]}" for name in names]
    for target in find_free(*targets):
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise FileError(f"cannot make the folder {target.parent}: {fault.strerror}", path=str(target)) from None
        yield from save(tune, target)
