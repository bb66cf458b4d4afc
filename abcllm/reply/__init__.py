"""A model's answer, read: the tunes in it, the words around them, and what had to be repaired.

Models put tunes in code fences, after a sentence, on one line, in JSON, with signs of other scripts. Whatever is done
to read them is said, each repair as a diagnostic with its place in the answer (`A101` and on); music that is valid is
never altered.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from ..notation import Diagnostic, Severity, Source, Span, Tune, Tunebook, parse
from ..notation.diagnostics import Findings
from .block import Block
from .finding import Finder
from .headers import mend_header
from .placed import Placed
from .torn import cut_torn_bar
from .wrapping import unwrap

__all__ = ["Reply", "read_reply"]

NAME = "<reply>"
GATHERED = frozenset({"A104", "A105", "A108", "A109", "A110", "A111", "A112", "A114"})
"""Said once a tune, with how often it was done."""
OF_TUNES = frozenset({"A104", "A107", "A108", "A109"})
"""Not worth saying where no tune was found."""


@dataclass(frozen=True)
class Reply:
    """`text` is the answer as it came, `prose` what is left of it without the tunes of `book`.

    `diagnostics` are the repairs and all faults of the tunes, in their order, with their places in `text`.
    """

    text: str
    prose: str
    book: Tunebook
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def tunes(self) -> tuple[Tune, ...]:
        return self.book.tunes

    @cached_property
    def repairs(self) -> tuple[Diagnostic, ...]:
        """What had to be done to read the tunes."""
        return tuple(one for one in self.diagnostics if one.code.startswith("A"))

    @property
    def valid(self) -> bool:
        """True where there is a tune, and no error in it or in how it was written down."""
        return bool(self.book.tunes) and all(one.severity is not Severity.ERROR for one in self.diagnostics)


def read_reply(text: str) -> Reply:
    """The tunes and the prose of an answer. Never raises.

    >>> reply = read_reply("Here it is:\\n```abc\\nX:1\\nL:1/4\\nM:4/4\\nK:D\\nD E F G|]\\n```\\nEnjoy!")
    >>> len(reply.tunes), reply.prose, reply.valid
    (1, 'Here it is:\\nEnjoy!', True)
    >>> reply = read_reply("X:1 L:1/8 M:4/4 K:A\\n|: E2 A2 c2 e2 | a8 :|")
    >>> str(reply.tunes[0].key), [repair.code for repair in reply.repairs], reply.valid
    ('A', ['A101'], False)
    """
    source = Source(text, NAME)
    outer, inner = _Repairs(source), _Repairs(source)
    parts = Finder(inner.say).walk(unwrap(Placed.whole(text), outer.say))
    blocks = [part for part in parts if isinstance(part, Block)]
    tunes = [_mend(block, at, inner) for at, block in enumerate(blocks, 1)]
    if blocks and blocks[-1].at_end:
        tunes[-1] = cut_torn_bar(tunes[-1], inner.say)
    abc = Placed.join(line for at, tune in enumerate(tunes) for line in ([Placed("", [0])] * (at > 0) + tune))
    book = parse(abc.text if tunes else "", NAME)
    said = [one for one in outer.diagnostics() if blocks or one.code not in OF_TUNES]
    said += inner.diagnostics()
    if blocks:
        said += _placed(book.diagnostics, abc, source)
    prose = re.sub(r"\n{3,}", "\n\n", "\n".join(part for part in parts if isinstance(part, str))).strip()
    return Reply(text, prose, book, tuple(sorted(said, key=lambda one: (one.span, one.code))))


def _mend(block: Block, number: int, repairs: _Repairs) -> list[Placed]:
    """The lines of a tune that programs can read."""
    own = _Repairs(repairs.source)
    for code, span, message in block.repairs:
        own.say(code, span, message)
    lines = mend_header(block.lines, own.say, lower=block.lower)
    if not lines[0].text.startswith("X:"):
        start, _ = lines[0].span()
        own.say("A102", lines[0].span(), f"the tune has no X:; X:{number} is put before it")
        lines = [Placed(f"X:{number}", [start] * (len(str(number)) + 3)), *lines]
    repairs.finished += own.diagnostics()
    return lines


class _Repairs:
    """Gathers what was done; of the kinds in `GATHERED` only the first, with their number."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.finished: list[Diagnostic] = []
        self._said: dict[str, list[tuple[tuple[int, int], str]]] = {}
        self._more: Counter[str] = Counter()

    def say(self, code: str, span: tuple[int, int], message: str) -> None:
        said = self._said.setdefault(code, [])
        if said and code in GATHERED:
            self._more[code] += 1
        else:
            said.append((span, message))

    def diagnostics(self) -> list[Diagnostic]:
        findings = Findings(self.source)
        for code, said in self._said.items():
            more = self._more[code]
            for span, message in said:
                findings.report(code, span, f"{message}, and {more} more of the kind" if more else message)
        return self.finished + findings.diagnostics


def _placed(diagnostics: Iterable[Diagnostic], abc: Placed, source: Source) -> Iterator[Diagnostic]:
    """What was said of the tunes, with places in the answer."""
    for one in diagnostics:
        start, end = abc.span(*one.span)
        (line, column), (end_line, end_column) = source.position(start), source.position(end)
        yield replace(
            one, line=line, column=column, end_line=end_line, end_column=end_column, fix=None, span=Span(start, end)
        )  # fmt: skip
