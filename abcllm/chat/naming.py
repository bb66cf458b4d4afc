"""Names of files for tunes: made from titles without harm, and never one that is taken."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from ..formats import numbered

__all__ = ["file_stem", "find_free"]

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
