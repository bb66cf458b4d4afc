"""Text with places: character offsets to lines and columns, and bytes to text.

Everything that the reader says about a tune is said of a `Span` of a `Source`, so that a diagnostic, a note
head in an editor and a sounding note can all point at the same characters.
"""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path
from typing import NamedTuple


class Span(NamedTuple):
    """Half-open range of character offsets into `Source.text`."""

    start: int
    end: int


NO_SPAN = Span(0, 0)


class Source:
    """A text and the name under which faults in it are reported.

    `lines` and columns count from 1, in characters (code points), as editors show them.
    """

    __slots__ = ("_line_starts", "name", "text")

    def __init__(self, text: str, name: str = "<text>") -> None:
        self.text = text
        self.name = name
        self._line_starts: list[int] | None = None

    @property
    def line_starts(self) -> list[int]:
        """Offset of the first character of every line."""
        if self._line_starts is None:
            starts = [0]
            find = self.text.find
            at = find("\n")
            while at != -1:
                starts.append(at + 1)
                at = find("\n", at + 1)
            self._line_starts = starts
        return self._line_starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of a character offset.

        >>> Source("X:1\\nK:C\\n").position(6)
        (2, 3)
        """
        starts = self.line_starts
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of line `number` (from 1) without its line end."""
        starts = self.line_starts
        end = starts[number] - 1 if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r")

    def slice(self, span: Span | tuple[int, int]) -> str:
        """The characters that a span covers."""
        return self.text[span[0] : span[1]]

    def __repr__(self) -> str:
        return f"Source({self.name!r}, {len(self.text)} characters)"


def decode(data: bytes) -> tuple[str, str]:
    """Bytes of an ABC file to text, and the name of the encoding that fits.

    UTF-8 (with or without a byte order mark) and UTF-16 with one are tried first; what is not UTF-8 is read as
    Latin-1, which the older versions of the standard prescribe (ABC 2.1, section 8.1). Line ends become LF, so
    that offsets count the same on every system.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text, encoding = data.decode("utf-16", errors="replace"), "utf-16"
    else:
        try:
            text, encoding = data.decode("utf-8-sig"), "utf-8"
        except UnicodeDecodeError:
            text, encoding = data.decode("latin-1"), "latin-1"
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, encoding


def read_source(path: str | Path) -> tuple[Source, str]:
    """Read a file as a `Source`; the second value is the encoding that was found.

    Raises `OSError` where the file cannot be read.
    """
    text, encoding = decode(Path(path).read_bytes())
    return Source(text, str(path)), encoding
