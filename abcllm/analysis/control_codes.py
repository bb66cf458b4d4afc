"""Control codes of a tune's form: IrishMAN's `S: B: E:`, exactly as its authors compute them, and a sounder variant.

`S:` is the number of sections (1-8), `B:` the bars of a section (1-32), `E:` how alike a section is to each earlier
one (0-10); the codes of a section are its `E:` lines, then its `B:`. Source: Wu et al., TunesFormer (2023), and the
data set's own program, whose habits `irishman_codes` keeps:

* A section ends at `:|`, `||`, `|]`, `::`, `|:` or `[|`, whatever these mean; a bar line at the very start belongs to
  the first section. What follows the last of these signs is no section.
* A section that begins with a digit (a variant ending) is joined to the one before; a digit after `"`, `(` or `!`
  does not count, nor does one after a letter.
* Bars are bar lines + 1 in the section without the signs `: | [ ]` at its two ends, so that a pickup is a bar.
* Likeness is 1 - Levenshtein/length of the longer, of the letters as they stand (bar lines, spaces, chord symbols
  and line ends included), times 10, rounded half to even.

`form_codes` counts what a musician would: sections of the music as it is read, full bars, likeness of the notes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from ..notation import Tune
from .sections import find_sections

__all__ = ["ControlCodes", "form_codes", "irishman_codes", "read_codes"]

MOST_SECTIONS = 8
MOST_BARS = 32
SIGNS = (":|", "||", "|]", "::", "|:", "[|")
SIGN = re.compile("(" + "|".join(map(re.escape, SIGNS)) + ")")
CODE = re.compile(r"(?<!\S)([SBE]):[ \t]*(\d+)(?!\S)")


class ControlCodes(NamedTuple):
    """The form of a tune: bars of each section, and for each section its likeness (0-10) to every earlier one."""

    bars: tuple[int, ...]
    likeness: tuple[tuple[int, ...], ...]

    def __str__(self) -> str:
        """The codes as IrishMAN writes them, one a line.

        >>> print(ControlCodes((9, 9), ((), (4,))), end="")
        S:2
        B:9
        E:4
        B:9
        """
        lines = [f"S:{len(self.bars)}"]
        for bars, likeness in zip(self.bars, self.likeness, strict=True):
            lines += [f"E:{one}" for one in likeness]
            lines.append(f"B:{bars}")
        return "\n".join(lines) + "\n"


def read_codes(text: str) -> ControlCodes | None:
    """The control codes that stand in a text (before or in the header of a tune, or in a line of words).

    None where they are not whole.

    >>> read_codes("X:1\\nS:2\\nB:9\\nE:4\\nB:9\\nL:1/8\\n")
    ControlCodes(bars=(9, 9), likeness=((), (4,)))
    """
    bars: list[int] = []
    likeness: list[tuple[int, ...]] = []
    gathered: list[int] = []
    sections = None
    for name, number in CODE.findall(text):
        if name == "S":
            sections = int(number)
        elif name == "E":
            gathered.append(int(number))
        else:
            bars.append(int(number))
            likeness.append(tuple(gathered))
            gathered = []
    whole = sections == len(bars) and not gathered and all(len(one) == at for at, one in enumerate(likeness))
    return ControlCodes(tuple(bars), tuple(likeness)) if whole and bars else None


def irishman_codes(abc: str) -> ControlCodes | None:
    """The codes as IrishMAN's authors compute them from the text of a tune; None where they drop the tune.

    They drop tunes of more than 8 sections, with a section of more than 32 bars, and those that begin with an ending.
    """
    sections = _cut_sections(_body(abc.strip()))
    if sections is None or len(sections) > MOST_SECTIONS:
        return None
    bars = tuple(map(_count_bars, sections))
    if not bars or max(bars) > MOST_BARS:
        return None
    return ControlCodes(bars, _likeness(sections))


def form_codes(tune: Tune) -> ControlCodes | None:
    """The codes of the music: sections as `find_sections` gives them, full bars, likeness of pitch and length.

    None where there are more than 8 sections, or more than 32 bars in one.
    """
    sections = find_sections(tune)
    bars = tuple(section.full_bars for section in sections)
    if not bars or len(bars) > MOST_SECTIONS or max(bars) > MOST_BARS:
        return None
    return ControlCodes(bars, _likeness([section.notes for section in sections]))


def _likeness(sections: Sequence[Sequence[object]]) -> tuple[tuple[int, ...], ...]:
    return tuple(
        tuple(round(10 * Levenshtein.normalized_similarity(section, earlier)) for earlier in sections[:at])
        for at, section in enumerate(sections)
    )


def _body(abc: str) -> str:
    """What follows the first run of field lines."""
    at = 0
    in_header = False
    while (end := abc.find("\n", at)) != -1:
        is_field = end - at > 0 and abc[at].isalpha() and abc[at + 1] == ":"
        if in_header and not is_field:
            break
        in_header = is_field
        at = end + 1
    return abc[at:]


def _cut_sections(body: str) -> list[str] | None:
    pieces = [piece for piece in SIGN.split(body) if piece]
    if len(pieces) == 1:
        head, bar_line, tail = body.rpartition("|")
        return _join_endings([f"{head}|]{tail}" if bar_line else body])
    if pieces and pieces[0] in SIGNS:
        pieces[:2] = ["".join(pieces[:2])]
    return _join_endings([piece + sign for piece, sign in zip(pieces[::2], pieces[1::2], strict=False)])


def _join_endings(sections: list[str]) -> list[str] | None:
    joined: list[str] = []
    for section in sections:
        if not _begins_with_digit(section):
            joined.append(section)
        elif joined:
            joined[-1] += section
        else:
            return None
    return joined


def _begins_with_digit(section: str) -> bool:
    marked = False
    for sign in section:
        if sign.isnumeric() and not marked:
            return True
        if sign.isalpha():
            return False
        marked = marked or sign in '("!'
    return False


def _count_bars(section: str) -> int:
    for sign in SIGNS:
        section = section.strip(sign).replace(sign, "|")
    return section.count("|") + 1
