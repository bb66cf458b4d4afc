"""Macros (m:): text that stands for other text in the lines of music.

Source: ABC standard 2.1, section 9. A static macro replaces its target as it stands; a transposing one has `n`
in its target, which matches any note, and letters h to z in its replacement, which count steps from that note.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

SCALE: Final = "CDEFGABcdefgab"
MAX_EXPANSION: Final = 20_000


@dataclass(frozen=True, slots=True)
class Macro:
    """One macro: a pattern for its target, and what replaces it."""

    target: str
    replacement: str
    pattern: re.Pattern[str]
    transposing: bool

    def expand(self, match: re.Match[str]) -> str:
        """The replacement for one occurrence."""
        if not self.transposing:
            return self.replacement
        return re.sub(
            r"(?<![A-Za-z!])[h-z](?![A-Za-z])|[h-z]", lambda m: _step(match.group(1), m.group()), self.replacement
        )


def _step(note: str, letter: str) -> str:
    """The note as many steps from `note` as `letter` is from n."""
    bare, marks = note[0], note[1:]
    position = SCALE.index(bare) + ord(letter) - ord("n") + 7 * (marks.count("'") - marks.count(","))
    octave, index = divmod(position, 7)
    step = "CDEFGAB"[index]
    return step.lower() + "'" * (octave - 1) if octave >= 1 else step + "," * -octave


def parse_macro(text: str) -> Macro | None:
    """The text of an m: field; None where it has no target or no `=`."""
    target, equals, replacement = (part.strip() for part in text.partition("="))
    if not target or not equals or len(replacement) > 200:
        return None
    transposing = "n" in target
    pattern = re.escape(target)
    if transposing:
        pattern = pattern.replace("n", r"([A-Ga-g][,']*)", 1)
    return Macro(
        target, replacement, re.compile(pattern + r"(?![\d/])" if target[-1].isdigit() else pattern), transposing
    )


@dataclass(frozen=True, slots=True)
class Expansion:
    """A line with its macros replaced, and the way back to the places of the original."""

    text: str
    pieces: tuple[tuple[int, int, int], ...]

    def locate(self, offset: int) -> int:
        """The original offset of an offset into `text`: inside a replacement, that of the macro's target."""
        index = bisect_right(self.pieces, offset, key=lambda piece: piece[0]) - 1
        start, end, original = self.pieces[max(index, 0)]
        return original + min(offset - start, end - start)


def expand(line: str, macros: list[Macro], origin: int) -> Expansion | None:
    """Replace all macros in a line that begins at offset `origin`; None where there is nothing to replace."""
    found = sorted(
        (match.start(), -match.end(), index, id(match), match)
        for index, macro in enumerate(macros)
        for match in macro.pattern.finditer(line)
    )
    hits: list[tuple[int, int, str]] = []
    for start, _, index, _, match in found:
        if not hits or start >= hits[-1][1]:
            hits.append((start, match.end(), macros[index].expand(match)))
    if not hits or sum(len(text) for _, _, text in hits) > MAX_EXPANSION + 20 * len(line):
        return None
    parts: list[str] = []
    pieces: list[tuple[int, int, int]] = []
    at = length = 0
    for start, end, replacement in hits:
        pieces.append((length, length + start - at, origin + at))
        pieces.append((length + start - at, length + start - at, origin + start))
        parts += [line[at:start], replacement]
        length += start - at + len(replacement)
        at = end
    pieces.append((length, length + len(line) - at, origin + at))
    parts.append(line[at:])
    return Expansion("".join(parts), tuple(pieces))
