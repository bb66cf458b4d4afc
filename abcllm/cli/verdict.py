"""What the check of one text came to, ready to be printed and to be added up.

This is the part of `abcllm check` that runs on every core: a text goes in, its printed diagnostics and their counts
come out, so that little travels between processes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ..files import write_atomically
from ..formats.abc import encoding_findings
from ..notation import Diagnostic, Severity, Source, check, iter_check
from ..notation.diagnostics import apply_fixes
from .inputs import Document

__all__ = ["FORMS", "Orders", "Verdict", "judge"]

FORMS = ("text", "json", "github")
RANKS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
PASSES = 8  # a fix can lay another fault bare; this many rounds are tried


@dataclass(frozen=True, slots=True)
class Orders:
    """How to check: the form to print in, the least severity to print, whether to apply fixes."""

    form: str = "text"
    least: Severity = Severity.INFO
    fix: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Counts of one text. A tune is valid if it has no error. `fixed` is the text that fixes led to, if they did."""

    path: str
    tunes: int
    valid: int
    codes: Counter[str]
    severities: Counter[str]
    shown: str
    applied: int = 0
    fixed: str | None = None


def judge(documents: Iterable[Document], orders: Orders) -> list[Verdict]:
    """Check some texts; with `orders.fix` their files are rewritten (standard input's text is only handed back)."""
    return [_judge(document, orders) for document in documents]


def _judge(document: Document, orders: Orders) -> Verdict:
    applied, fixed = 0, None
    if orders.fix:
        document, applied = _fix(document)
        if document.path == "-":
            fixed = document.text
        elif applied:
            write_atomically(document.path, document.encode(document.text), overwrite=True)
    source = Source(document.text, document.name)
    found = encoding_findings(source, document.encoding)
    tunes = valid = 0
    for tune, diagnostics in iter_check(source):
        found += diagnostics
        if tune is not None:
            tunes += 1
            valid += all(d.severity is not Severity.ERROR for d in diagnostics)
    shown = [d for d in found if RANKS[d.severity] <= RANKS[orders.least]]
    return Verdict(
        document.path,
        tunes,
        valid,
        Counter(d.code for d in found),
        Counter(str(d.severity) for d in found),
        _PRINTERS[orders.form](document, source, shown),
        applied,
        fixed,
    )


def _fix(document: Document) -> tuple[Document, int]:
    total = 0
    for _ in range(PASSES):
        text, applied = apply_fixes(document.text, tuple(check(document.text, name=document.name)))
        if not applied or text == document.text:
            break
        total += applied
        document = replace(document, text=text)
    return document, total


def _text(document: Document, source: Source, found: list[Diagnostic]) -> str:
    return "".join(d.render(source) + "\n" for d in found)


def _json(document: Document, source: Source, found: list[Diagnostic]) -> str:
    row = {"name": document.name, "encoding": document.encoding, "diagnostics": [d.as_dict() for d in found]}
    return json.dumps(row, ensure_ascii=False)


def _github(document: Document, source: Source, found: list[Diagnostic]) -> str:
    """Workflow commands, which GitHub shows as annotations on the changed lines."""
    lines = []
    for d in found:
        level = "notice" if d.severity is Severity.INFO else str(d.severity)
        place = f"file={_escape(document.path, ',:')},line={d.line},col={d.column}"
        end = f"endLine={d.end_line},endColumn={d.end_column},title={d.code}"
        words = f"{d.message}\n{d.hint}" if d.hint else d.message
        lines.append(f"::{level} {place},{end}::{_escape(words)}\n")
    return "".join(lines)


def _escape(text: str, more: str = "") -> str:
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text


_PRINTERS = {"text": _text, "json": _json, "github": _github}
