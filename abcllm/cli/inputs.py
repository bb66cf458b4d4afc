"""What the commands read: files, standard input, folders of tunes, and collections of one JSON object a line."""

from __future__ import annotations

import gzip
import json
import os
import sys
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..errors import DataError, FileError
from ..files import read_bytes
from ..notation.source import decode

__all__ = ["Document", "documents", "expand", "is_collection", "read_document"]

STDIN = "-"
COLLECTIONS = (".jsonl", ".jsonl.gz")


@dataclass(frozen=True, slots=True)
class Document:
    """A text with all that is needed to write it back as it was: `path` is its file, `name` the text in it."""

    path: str
    name: str
    text: str
    encoding: str = "utf-8"
    newline: str = "\n"

    def encode(self, text: str) -> bytes:
        """Another text in this one's encoding (UTF-8 where it cannot hold it) and with its line ends."""
        if self.newline != "\n":
            text = text.replace("\n", self.newline)
        try:
            return text.encode(self.encoding)
        except UnicodeEncodeError:
            return text.encode()


def read_document(path: str) -> Document:
    """The text of a file, or of standard input for `-`. Raises `FileError`."""
    data = sys.stdin.buffer.read() if path == STDIN else read_bytes(path)
    text, encoding = decode(data)
    name = "<stdin>" if path == STDIN else path
    return Document(path, name, text, encoding, "\r\n" if b"\r\n" in data else "\n")


def is_collection(path: str) -> bool:
    """True for a file of one JSON object a line, each with the text of a tune under `abc`."""
    return path.endswith(COLLECTIONS)


def expand(paths: Iterable[str]) -> Iterator[str]:
    """The files that are meant: folders are walked for tunes and collections, in order, hidden ones left out."""
    for path in paths:
        if path == STDIN or not os.path.isdir(path):
            yield path
            continue
        found = False
        for folder, folders, files in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(files):
                if name.endswith((".abc", *COLLECTIONS)) and not name.startswith("."):
                    found = True
                    yield os.path.join(folder, name)
        if not found:
            raise FileError(f"no .abc, .jsonl or .jsonl.gz file is in the folder {path}", path=path)


def documents(path: str) -> Iterator[Document]:
    """The texts of one file: itself, or the tunes of a collection, one at a time."""
    if not is_collection(path):
        yield read_document(path)
        return
    row = 0
    try:
        with open(path, "rb") as file, gzip.open(file) if path.endswith(".gz") else file as stream:
            for row, line in enumerate(stream, 1):
                if line.strip():
                    yield _document(path, row, json.loads(line))
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise DataError("the compressed data is damaged or cut off", source=path, row=row + 1) from None
    except (ValueError, RecursionError) as fault:
        raise DataError(f"not a JSON object: {fault}", source=path, row=row) from None
    except OSError as fault:
        raise FileError(f"cannot read {path}: {fault.strerror}", path=path) from None


def _document(path: str, row: int, record: object) -> Document:
    text = record.get("abc") if isinstance(record, dict) else None
    if not isinstance(record, dict) or not isinstance(text, str):
        raise DataError('expected a JSON object with the text of a tune under "abc"', source=path, row=row)
    return Document(path, f"{path}#{record.get('id', row)}", text.replace("\r\n", "\n").replace("\r", "\n"))
