"""An answer that was cut off in the middle of a bar."""

from __future__ import annotations

import re
from typing import Final

from ..notation import parse
from ..notation.scanner import PATTERN, Token
from .lines import Kind, kind_of
from .placed import Placed
from .signs import Say

__all__ = ["cut_torn_bar"]

OPENING: Final = re.compile(r"""["!+(\[{<>^_=/\d]""")
TORN: Final = frozenset({"N202", "N203", "N204", "N205", "N206", "N207", "N210", "R204", "R205"})
"""Something opened and not closed, begun and not ended; it begins with one of the signs that are `OPENING`."""


def cut_torn_bar(lines: list[Placed], say: Say) -> list[Placed]:
    """The tune without its last bar where that one breaks off: something in it is opened and not closed, and no bar
    line follows. A last bar that is merely short is left, and reading it says so.
    """
    last = lines[-1]
    if kind_of(last.text) is not Kind.MUSIC or len(lines) < 2:
        return lines
    start = max((found.end() for found in PATTERN.finditer(last.text) if found.lastindex == Token.BAR), default=0)
    rest = last.text[start:].rstrip()
    kept = lines[:-1] + ([last.cut(0, start)] if start else [])
    if OPENING.search(rest) is None or not any(kind_of(line.text) is Kind.MUSIC for line in kept):
        return lines
    text = "\n".join(line.text for line in lines)
    torn_at = len(text) - len(last.text) + start
    faults = parse(text + "\n").diagnostics
    if not any(fault.code in TORN and fault.span.end > torn_at for fault in faults):
        return lines
    say("A115", last.cut(start).strip().span(), f"the answer breaks off in its last bar, {rest.strip()[:40]!r}")
    return kept
