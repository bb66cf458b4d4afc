"""Files that are whole or not there: reading with a clear message, writing in one step."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from .errors import FileError

__all__ = ["open_atomically", "read_bytes", "write_atomically"]


def read_bytes(path: str | Path) -> bytes:
    """All bytes of a file. Raises `FileError` that says why not."""
    try:
        return Path(path).read_bytes()
    except IsADirectoryError:
        raise FileError(f"{path} is a folder, not a file", path=str(path)) from None
    except OSError as fault:
        raise FileError(f"cannot read {path}: {fault.strerror}", path=str(path)) from None


def write_atomically(path: str | Path, data: bytes | str, *, overwrite: bool = False) -> Path:
    """Write `data` (text as UTF-8) so that `path` is never half written, and return the path.

    The bytes go to a temporary file in the same folder, which then takes the name. A symbolic link keeps pointing
    where it did; a file that is overwritten keeps its permissions; devices and pipes are written straight.
    Raises `FileError` where a file stands already and `overwrite` is false, and where writing is impossible.
    """
    path = Path(path)
    content = data.encode("utf-8") if isinstance(data, str) else data
    try:
        target = path.resolve()
        if target.exists() and not target.is_file():
            if target.is_dir():
                raise FileError(f"{path} is a folder, not a file", path=str(path))
            target.write_bytes(content)
            return path
        if target.exists() and not overwrite:
            raise FileError(
                f"{path} exists already; it is replaced only when told so (--force, or overwrite=True)", path=str(path)
            )
        with _replacing(target) as stream:
            stream.write(content)
    except OSError as fault:
        raise FileError(f"cannot write {path}: {fault.strerror}", path=str(path)) from None
    return path


@contextmanager
def open_atomically(path: str | Path) -> Iterator[BinaryIO]:
    """A file to write piece by piece, which takes its name only when all is written; one that stands is replaced.

    Raises `FileError` where writing is impossible.
    """
    path = Path(path)
    try:
        with _replacing(path) as stream:
            yield stream
    except OSError as fault:
        raise FileError(f"cannot write {path}: {fault.strerror}", path=str(path)) from None


@contextmanager
def _replacing(target: Path) -> Iterator[BinaryIO]:
    temporary = target.with_name(f".{target.name}.{os.getpid()}-{token_hex(4)}.tmp")
    try:
        with open(temporary, "xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            temporary.chmod(target.stat().st_mode & 0o7777)
        os.replace(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
