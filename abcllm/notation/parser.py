"""A text to a tunebook: where tunes begin and end, the file header, free text between tunes.

Source: ABC standard 2.1, section 2.2. `parse` never raises on music; what is wrong is in the diagnostics.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .diagnostics import Diagnostic, Findings
from .reader import INHERITED, TuneReader
from .source import Source, Span
from .text import cut_comment
from .tune import Field, FreeText, Tune, Tunebook

FIELD_LINE: Final = re.compile(r"[A-Za-z]:")
LOOKS_LIKE_MUSIC: Final = re.compile(
    r"[\sA-Ga-gxyz0-9/,'^_=()\[\]{}<>.~:|\"!-]*\|[\sA-Ga-gxyz0-9/,'^_=()\[\]{}<>.~:|-]*$"
)


class TunebookReader:
    """Splits a text into tunes and reads them one after the other, so that a large book needs little memory."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.findings = Findings(source)
        self.header: list[Field] = []
        self.free_text: list[FreeText] = []
        self.count = 0
        self._block: list[tuple[int, int]] = []
        self._warned_after_blank = False

    def tunes(self) -> Iterator[Tune]:
        """Read tune after tune. Diagnostics gather in `findings`."""
        text = self.source.text
        length = len(text)
        find = text.find
        tune: TuneReader | None = None
        at = 0
        while at < length:
            newline = find("\n", at)
            end = length if newline == -1 else newline
            stop = end - 1 if end > at and text[end - 1] == "\r" else end
            if tune is not None:
                if text.startswith("X:", at) and tune.block is None:
                    yield self._finish(tune, at)
                    tune = self._begin(at, stop)
                elif stop == at or text[at:stop].isspace():
                    if tune.block is None:
                        yield self._finish(tune, at)
                        tune = None
                    else:
                        tune.read_line(at, at) if stop == at else tune.read_line(at, stop)
                else:
                    tune.read_line(at, stop)
            elif text.startswith("X:", at):
                self._end_block()
                tune = self._begin(at, stop)
            elif stop == at or text[at:stop].isspace():
                self._end_block()
            else:
                tune = self._read_between(at, stop)
            at = end + 1
        if tune is not None:
            yield self._finish(tune, length)
        self._end_block()
        if self.count == 0:
            what = "the text is empty" if not text.strip() else "no line begins with X:"
            self.findings.report("T102", (0, min(length, 1)), f"no tune found: {what}")

    def _begin(self, start: int, stop: int) -> TuneReader:
        tune = self._open(start)
        tune.read_line(start, stop)
        return tune

    def _open(self, start: int) -> TuneReader:
        """A reader with the fields of the file header; what is wrong with those is said of the first tune only."""
        inherited = tuple(field for field in self.header if field.name in INHERITED or field.name == "%%")
        said = len(self.findings.diagnostics)
        tune = TuneReader(self.source.text, self.findings, start, inherited)
        if self.count:
            del self.findings.diagnostics[said:]
        return tune

    def _finish(self, tune: TuneReader, end: int) -> Tune:
        self.count += 1
        self._warned_after_blank = False
        return tune.finish(end)

    def _read_between(self, start: int, stop: int) -> TuneReader | None:
        """A line outside of tunes: of the file header, or of free text, or a tune without its X:."""
        text = self.source.text
        self._block.append((start, stop))
        if text.startswith("K:", start) and FIELD_LINE.match(text, self._block[0][0]):
            block, self._block = self._block, []
            tune = self._open(block[0][0])
            for line_start, line_stop in block:
                tune.read_line(line_start, line_stop)
            return tune
        if self.count and not self._warned_after_blank and LOOKS_LIKE_MUSIC.match(text[start : min(stop, start + 500)]):
            self._warned_after_blank = True
            self.findings.report("T104", (start, stop), "this music stands after an empty line and is not read")
        return None

    def _end_block(self) -> None:
        """An empty line: what stood before it is the file header (before the first tune) or free text."""
        block, self._block = self._block, []
        if not block:
            return
        text = self.source.text
        is_header = all(FIELD_LINE.match(text, start) or text[start] == "%" for start, _ in block)
        if is_header and self.count == 0:
            for start, stop in block:
                if text.startswith("%%", start):
                    self.header.append(Field("%%", text[start + 2 : stop].strip(), None, False, Span(start, stop)))
                elif text[start] != "%":
                    cut = cut_comment(text, start, stop)
                    self.header.append(
                        Field(text[start], text[start + 2 : cut].strip(), None, False, Span(start, stop))
                    )
        elif not all(text[start] == "%" and not text.startswith("%%", start) for start, _ in block):
            span = Span(block[0][0], block[-1][1])
            self.free_text.append(FreeText(self.source.slice(span), self.count, span))


def parse(text: str | Source, name: str = "<text>") -> Tunebook:
    """Read a text as a tunebook.

    >>> book = parse("X:1\\nT:Scale\\nL:1/4\\nM:4/4\\nK:D\\nD E F G|]\\n")
    >>> [note.pitch.name for note in book.tunes[0].voices[0].bars[0].items]
    ['D4', 'E4', 'F#4', 'G4']
    """
    source = text if isinstance(text, Source) else Source(text, name)
    reader = TunebookReader(source)
    tunes = tuple(reader.tunes())
    return Tunebook(
        tunes, in_order(reader.findings.diagnostics), source, tuple(reader.header), tuple(reader.free_text)
    )  # fmt: skip


def in_order(diagnostics: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Diagnostics in the order of the text."""
    return tuple(sorted(diagnostics, key=lambda diagnostic: diagnostic.span))
