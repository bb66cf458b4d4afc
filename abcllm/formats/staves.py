"""Which voices share a staff, and which staves are held together: `%%score` and `%%staves`.

Source: ABC standard 2.2 (draft), section 11.1: `(1 2)` stand on one staff, `{...}` under a brace, `[...]` under a
bracket. Bar lines go through where `|` stands between staves of `%%score`, and where none stands in `%%staves`; they
always go through the staves of a brace. Voices that the directive leaves out are not printed; without a directive each
voice has its own staff.
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
    """Staves from `first` to `last` (both counted) under one `symbol`: bracket, brace or none.

    `joined` says that bar lines go through the space between them.
    """

    symbol: str
    first: int
    last: int
    joined: bool


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
            layout = _read(rest, name == "staves", {tune.voices[index].id: index for index in sounding})
            if layout.staves:
                return layout
    return Layout(tuple((index,) for index in sounding), ())


def _read(text: str, joined_unless_said: bool, voices: dict[str, int]) -> Layout:
    staves: list[tuple[int, ...]] = []
    groups: list[Group] = []
    opened: list[tuple[str, int]] = []
    shared: list[int] | None = None
    placed: set[int] = set()
    bars: set[int] = set()
    for token in TOKEN.findall(text):
        if token == "(":
            shared = []
        elif token == ")":
            if shared:
                staves.append(tuple(shared))
            shared = None
        elif token == "|":
            bars.add(len(staves))
        elif token in SYMBOL_OF:
            opened.append((token, len(staves)))
        elif token in CLOSING:
            if opened and opened[-1][0] == CLOSING[token]:
                symbol, first = opened.pop()
                if len(staves) - first > 1:
                    groups.append(Group(SYMBOL_OF[symbol], first, len(staves) - 1, symbol == "{"))
        elif token in voices and voices[token] not in placed:
            placed.add(voices[token])
            if shared is None:
                staves.append((voices[token],))
            else:
                shared.append(voices[token])
    if shared:
        staves.append(tuple(shared))
    seams = set(range(1, len(staves)))
    joined = seams - bars if joined_unless_said else seams & bars
    groups = [
        group._replace(joined=group.joined or joined >= set(range(group.first + 1, group.last + 1))) for group in groups
    ]
    return Layout(tuple(staves), (*_without_symbol(joined, groups), *groups))


def _without_symbol(joined: set[int], groups: list[Group]) -> list[Group]:
    """Staves whose bar lines are joined across what brackets and braces already say."""
    runs: list[Group] = []
    for seam in sorted(joined):
        if any(group.joined and group.first < seam <= group.last for group in groups):
            continue
        if runs and runs[-1].last == seam - 1:
            runs[-1] = runs[-1]._replace(last=seam)
        else:
            runs.append(Group("none", seam - 1, seam, True))
    return [run for run in runs if not any(_crosses(run, group) for group in groups)]


def _crosses(run: Group, group: Group) -> bool:
    apart = run.last < group.first or group.last < run.first
    inside = group.first <= run.first and run.last <= group.last
    around = run.first <= group.first and group.last <= run.last
    return not (apart or inside or around)
