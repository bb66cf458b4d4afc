"""How a length is written: note values with dots, tied together where one is not enough."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

__all__ = ["NoteValue", "spell_duration"]

# Whole notes of each type of MusicXML, the longest first.
TYPES: Final = (
    (Fraction(4), "long"), (Fraction(2), "breve"), (Fraction(1), "whole"), (Fraction(1, 2), "half"),
    (Fraction(1, 4), "quarter"), (Fraction(1, 8), "eighth"), (Fraction(1, 16), "16th"), (Fraction(1, 32), "32nd"),
    (Fraction(1, 64), "64th"), (Fraction(1, 128), "128th"), (Fraction(1, 256), "256th"), (Fraction(1, 512), "512th"),
    (Fraction(1, 1024), "1024th"),
)  # fmt: skip
FLAGS: Final = {name: index - 4 for index, (_, name) in enumerate(TYPES) if index > 4}
MOST_DOTS: Final = 2
MOST_PIECES: Final = 16


class NoteValue(NamedTuple):
    """One printed value. `length` is in whole notes, `ratio` is (3, 2) where three stand in the time of two."""

    type: str
    dots: int
    length: Fraction
    ratio: tuple[int, int] = (1, 1)

    @property
    def flags(self) -> int:
        """Beams or flags that it has: 1 for an eighth."""
        return FLAGS.get(self.type, 0)


@lru_cache(maxsize=4096)
def spell_duration(written: Fraction) -> tuple[NoteValue, ...]:
    """The note values that add up to a length, the longest first; one for nearly every length that is met.

    >>> [(value.type, value.dots) for value in spell_duration(Fraction(5, 8))]
    [('half', 0), ('eighth', 0)]
    >>> spell_duration(Fraction(1, 12))[0].ratio
    (3, 2)
    """
    odd = written.denominator
    while odd % 2 == 0:
        odd //= 2
    normal = 1 << (odd.bit_length() - 1)
    base = written * odd / normal
    ratio = (odd, normal)
    if base.numerator % 9 == 0 and base.numerator & (base.numerator - 1) and base.numerator // 9 in (1, 2, 4, 8):
        pieces = [base * 2 / 3, base / 3]
    else:
        pieces = [base]
    values: list[NoteValue] = []
    for piece in pieces:
        left = piece
        while left:
            value = _longest_value(left)
            if value is None or len(values) == MOST_PIECES:
                return (NoteValue("long" if left > 1 else "1024th", 0, written, ratio),)
            values.append(NoteValue(value[0], value[1], value[2] * normal / odd, ratio))
            left -= value[2]
    return tuple(values)


def _longest_value(length: Fraction) -> tuple[str, int, Fraction] | None:
    """The longest value that is not longer; with dots only where that leaves nothing over."""
    for base, name in TYPES:
        if base <= length:
            dotted = base
            for dots in range(1, MOST_DOTS + 1):
                dotted += base / 2**dots
                if dotted == length:
                    return name, dots, dotted
            return name, 0, base
    return None
