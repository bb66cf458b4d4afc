"""ABC as one format among others: canonical text out, any text in."""

from __future__ import annotations

from collections.abc import Iterable

from ..notation import Source, Tune, Tunebook, parse, write
from ..notation.diagnostics import Diagnostic, Findings
from ..notation.source import decode

__all__ = ["encoding_findings", "read_abc", "write_abc"]


def write_abc(tunes: Tunebook | Iterable[Tune]) -> str:
    """Canonical ABC; of a `Tunebook` its file header and free text are kept."""
    return write(tunes)


def read_abc(data: bytes, name: str) -> Tunebook:
    """The book that a file holds. A file that is not UTF-8 is read as Latin-1, and its diagnostics say so."""
    from dataclasses import replace

    text, encoding = decode(data)
    book = parse(text, name=name)
    found = encoding_findings(book.source, encoding)
    return replace(book, diagnostics=(*found, *book.diagnostics)) if found else book


def encoding_findings(source: Source, encoding: str) -> list[Diagnostic]:
    """What is to be said of the encoding of a text: nothing for UTF-8."""
    findings = Findings(source)
    if encoding == "latin-1":
        at = next((offset for offset, character in enumerate(source.text) if character > "\x7f"), 0)
        findings.report("T101", (at, at + 1), "the file is not UTF-8; it was read as Latin-1")
    return findings.diagnostics
