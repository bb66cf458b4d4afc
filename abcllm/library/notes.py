"""Notes about tunes: the paragraphs of text files, found by their words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

__all__ = ["Passage", "find_passages", "read_passages"]

WORD: Final = re.compile(r"\w+")
LONGEST: Final = 500
"""Characters of a passage that are shown."""


class Passage(NamedTuple):
    """A paragraph: its file, the line on which it begins (from 1), and its text in one line."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        shown = self.text if len(self.text) <= LONGEST else f"{self.text[: LONGEST - 3]}..."
        return f"{self.file}:{self.line}: {shown}"


def read_passages(text: str, file: str) -> Iterator[Passage]:
    """The paragraphs of a text, those that are tunes left out.

    >>> [str(passage) for passage in read_passages("# Jigs\\n\\nThe Kesh is\\nplayed in G.\\n", "notes.md")]
    ['notes.md:1: # Jigs', 'notes.md:3: The Kesh is played in G.']
    """
    lines: list[str] = []
    begins = 1
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.strip():
            begins = begins if lines else number
            lines.append(line.strip())
        elif lines:
            if not lines[0].startswith("X:"):
                yield Passage(file, begins, " ".join(lines))
            lines = []


def find_passages(passages: Iterable[Passage], name: str) -> list[Passage]:
    """The passages in which every word of a name stands, in their order."""
    wanted = _words(name)
    return [passage for passage in passages if wanted and wanted <= _words(passage.text)]


def _words(text: str) -> set[str]:
    return set(WORD.findall(text.casefold()))
