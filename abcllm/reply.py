"""A model's answer, read: the tunes in it, and the prose around them.

Models put tunes in code fences, after a sentence, or bare. A tune begins at a line `X:` (or at another field where the
header lacks it) and ends at an empty line, a closing fence or the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .notation import Tune, Tunebook, parse

__all__ = ["Reply", "read_reply"]

HEADER = re.compile(r"(?:X:[ \t]*\d|[TMLKQRCOSZNVPI]:)")
BODY_KEY = re.compile(r"^K:", re.MULTILINE)
FENCE = re.compile(r"^[ \t]*(?:```|~~~)")


@dataclass(frozen=True, slots=True)
class Reply:
    """`text` is the answer as it came, `prose` what is left of it without the tunes of `book`."""

    text: str
    prose: str
    book: Tunebook

    @property
    def tunes(self) -> tuple[Tune, ...]:
        return self.book.tunes

    @property
    def valid(self) -> bool:
        """True where there is a tune and no error in it."""
        errors = (one for one in self.book.diagnostics if str(one.severity) == "error")
        return bool(self.book.tunes) and next(errors, None) is None


def read_reply(text: str) -> Reply:
    """The tunes and the prose of an answer.

    >>> reply = read_reply("Here it is:\\n```abc\\nX:1\\nL:1/4\\nM:4/4\\nK:D\\nD E F G|]\\n```\\nEnjoy!")
    >>> len(reply.tunes), reply.prose
    (1, 'Here it is:\\nEnjoy!')
    """
    prose: list[str] = []
    tunes: list[list[str]] = []
    in_tune = False
    for line in text.replace("\r\n", "\n").split("\n"):
        if FENCE.match(line):
            in_tune = False
        elif in_tune and line.strip() and not line.startswith("X:"):
            tunes[-1].append(line)
        elif line.strip() and HEADER.match(line):
            tunes.append([line])
            in_tune = True
        else:
            in_tune = False
            prose.append(line)
    blocks = ["\n".join(lines) for lines in tunes]
    abc = "\n\n".join(block if block.startswith("X:") else f"X:{at}\n{block}" for at, block in enumerate(blocks, 1)
                      if BODY_KEY.search(block))  # fmt: skip
    return Reply(text, "\n".join(prose).strip(), parse(abc + "\n" if abc else "", "<reply>"))
