"""Which voices share a staff, and which staves are held together: `%%score` and `%%staves`.

Source: ABC standard 2.2 (draft), section 11.1: `(1 2)` stand on one staff, `{...}` under a brace, `[...]` under a
bracket. Voices that the directive leaves out are not printed; without a directive each voice has its own staff.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from ..notation.tune import Tune

__all__ = ["Group", "Layout", "lay_out"]

TOKEN: Final = re.compile(r"[()\[\]{}|*]|[^\s()\[\]{}|*]+")
SYMBOL_OF: Final = {"[": "bracket", "{": "brace"}
CLOSING: Final = {"]": "[", "}": "{", ")": "("}


class Group(NamedTuple):
    """Staves from `first` to `last` (both counted) under one `symbol`: bracket or brace."""

    symbol: str
    first: int
    last: int


class Layout(NamedTuple):
    """The staves of a score, each with the indices of its voices in the tune, and what holds them together."""

    staves: tuple[tuple[int, ...], ...]
    groups: tuple[Group, ...]


def lay_out(tune: Tune) -> Layout:
    """The staves on which a tune is printed."""
    sounding = [index for index, voice in enumerate(tune.voices) if voice.bars]
    for item in tune.fields:
        name, _, rest = item.text.partition(" ")
        if item.name in ("%%", "I") and name in ("score", "staves"):
            layout = _read(rest, {tune.voices[index].id: index for index in sounding})
            if layout.staves:
                return layout
    return Layout(tuple((index,) for index in sounding), ())


def _read(text: str, voices: dict[str, int]) -> Layout:
    staves: list[tuple[int, ...]] = []
    groups: list[Group] = []
    opened: list[tuple[str, int]] = []
    shared: list[int] | None = None
    placed: set[int] = set()
    for token in TOKEN.findall(text):
        if token == "(":
            shared = []
        elif token == ")":
            if shared:
                staves.append(tuple(shared))
            shared = None
        elif token in SYMBOL_OF:
            opened.append((token, len(staves)))
        elif token in CLOSING:
            if opened and opened[-1][0] == CLOSING[token]:
                symbol, first = opened.pop()
                if len(staves) - first > 1:
                    groups.append(Group(SYMBOL_OF[symbol], first, len(staves) - 1))
        elif token in voices and voices[token] not in placed:
            placed.add(voices[token])
            if shared is None:
                staves.append((voices[token],))
            else:
                shared.append(voices[token])
    if shared:
        staves.append(tuple(shared))
    return Layout(tuple(staves), tuple(groups))
