"""Text whose characters know where they stood in the answer, however much it is changed."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Edit", "Placed"]

Edit: TypeAlias = tuple[int, int, str]
"""Characters from, to, and what is put in their place."""

LINE_END = re.compile(r"\r?\n|\r")


@dataclass(frozen=True, slots=True)
class Placed:
    """`places` are the offsets in the answer of each character of `text`, and of where the text ends."""

    text: str
    places: Sequence[int]

    @classmethod
    def whole(cls, answer: str) -> Placed:
        """The answer as it came."""
        return cls(answer, range(len(answer) + 1))

    def span(self, start: int = 0, end: int | None = None) -> tuple[int, int]:
        """Where characters of `text` stood in the answer."""
        first, last = self.places[start], self.places[len(self.text) if end is None else end]
        return first, max(first, last)

    def cut(self, start: int, end: int | None = None) -> Placed:
        """A part of it."""
        end = len(self.text) if end is None else end
        return Placed(self.text[start:end], self.places[start : end + 1])

    def edit(self, edits: Iterable[Edit]) -> Placed:
        """The text with some of it replaced; edits come in order and do not overlap. New characters stand where the
        old ones stood.

        >>> Placed.whole("a--b").edit([(1, 3, "+")])
        Placed(text='a+b', places=array('I', [0, 1, 3, 4]))
        """
        texts: list[str] = []
        places = array("I")
        at = 0
        for start, end, replacement in edits:
            texts += [self.text[at:start], replacement]
            places.extend(self.places[at:start])
            places.extend([self.places[start]] * len(replacement))
            at = end
        if not texts:
            return self
        texts.append(self.text[at:])
        places.extend(self.places[at:])
        return Placed("".join(texts), places)

    def lines(self) -> Iterator[Placed]:
        """Its lines without their ends, which may be of any system."""
        at = 0
        for end in LINE_END.finditer(self.text):
            yield self.cut(at, end.start())
            at = end.end()
        yield self.cut(at)

    def strip(self) -> Placed:
        """Without space at both ends."""
        start = len(self.text) - len(self.text.lstrip())
        return self.cut(start, max(start, len(self.text.rstrip())))

    @classmethod
    def join(cls, lines: Iterable[Placed]) -> Placed:
        """Lines, each with a line end."""
        texts: list[str] = []
        places = array("I")
        last = 0
        for line in lines:
            texts += [line.text, "\n"]
            places.extend(line.places)
            last = line.places[-1]
        places.append(last)
        return cls("".join(texts), places)
