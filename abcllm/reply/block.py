"""The lines of one tune in an answer, while they are found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from .lines import Dress, Kind
from .placed import Placed

__all__ = ["Block", "Repair"]

Repair: TypeAlias = tuple[str, tuple[int, int], str]
"""A code, a place in the answer, a message."""


@dataclass(slots=True)
class Block:
    """The lines of one tune, its dress taken off, and what is to be said of them.

    `originals` are its lines as they came, `words` what was taken out of it, `gap` the lines after it of which it is
    not yet known whether the tune goes on after them (a fence has no kind), `gap_kinds` which kinds are among them;
    `symbols` are the letters that U: gives a meaning; `at_end` is whether the answer ends here.
    """

    dress: Dress
    first: tuple[int, int]
    lines: list[Placed] = field(default_factory=list)
    originals: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    gap: list[tuple[Kind | None, str, tuple[int, int]]] = field(default_factory=list)
    gap_kinds: set[Kind | None] = field(default_factory=set)
    repairs: list[Repair] = field(default_factory=list)
    has_number: bool = False
    has_key: bool = False
    has_music: bool = False
    lower: bool = False
    symbols: dict[int, None] = field(default_factory=dict)
    text_block: str = ""
    at_end: bool = False

    def pass_over(self, kind: Kind | None, text: str, span: tuple[int, int]) -> None:
        """A line that belongs to the tune only if the tune goes on after it."""
        self.gap.append((kind, text, span))
        self.gap_kinds.add(kind)

    def close_gap(self) -> None:
        """The tune goes on."""
        self.gap.clear()
        self.gap_kinds.clear()

    def say(self, code: str, span: tuple[int, int], message: str) -> None:
        self.repairs.append((code, span, message))

    @property
    def is_tune(self) -> bool:
        """A bare header is one only if it has its number and stands there plainly."""
        plain = not (self.dress.bullet or self.dress.number)
        return (self.has_key or self.has_number) and (self.has_music or (self.has_number and self.has_key and plain))

    @property
    def is_apart(self) -> bool:
        """Whether an empty line or a fence stands between the tune so far and what comes now."""
        return not self.gap_kinds.isdisjoint((Kind.BLANK, None))
