"""The file of answers: one JSON object a line, appended as it comes, whole after any interruption."""

from __future__ import annotations

import json
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from ..errors import FileError

__all__ = ["Archive"]


class Archive:
    """`with Archive(path) as archive:` knows the `keys` of all lines that are there, and adds more.

    Half a line at the end, left by a run that was killed, is cut off. Raises `FileError` where the file cannot be
    written, or a line of it has no `key`.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.keys: set[str] = set()
        self._stream: BinaryIO

    def __enter__(self) -> Archive:
        try:
            self._stream = self.path.open("ab+")
        except OSError as fault:
            raise FileError(f"cannot write {self.path}: {fault.strerror}", path=str(self.path)) from None
        try:
            self._read_keys()
        except FileError:
            self._stream.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()

    def add(self, line: dict[str, Any]) -> None:
        """Append one object, `key` among its members."""
        self._stream.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        self._stream.flush()
        self.keys.add(line["key"])

    def _read_keys(self) -> None:
        self._stream.seek(0)
        whole = 0
        for number, line in enumerate(self._stream, 1):
            if not line.endswith(b"\n"):
                break
            try:
                self.keys.add(str(json.loads(line)["key"]))
            except (ValueError, LookupError, TypeError):
                raise FileError(f"{self.path}:{number} is no line of instructions", path=str(self.path)) from None
            whole += len(line)
        self._stream.truncate(whole)
