"""Whether the beginning of a field's value can still become a value: the look-ahead of the prefix reader.

The values themselves decide: a beginning is viable when one of many endings makes it readable.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from .fields import FieldFault, parse_key, parse_meter, parse_unit_length

_TEXT: Final = (
    "major minor ionian aeolian mixolydian dorian phrygian lydian locrian maj min ion aeo mix dor phr lyd loc exp "
    "none HP Hp treble alto tenor bass perc auto clef=treble clef=alto clef=tenor clef=bass clef=perc clef=none "
    'clef=auto middle=B transpose=1 octave=1 stafflines=5 t=1 m=B -8 +8 -15 +15 C =x ="x" " c ^c'
)


def _endings(words: list[str]) -> tuple[str, ...]:
    endings = {""}
    for word in words:
        endings.update(word[index:] for index in range(len(word)))
    return tuple(sorted(endings, key=len))


_METER_ENDINGS: Final = ",2,4,6,8,12,28,56,/4,6/8,|,none,one,ne,e,+2)/8,)/8,2)/8,2/8"
_ENDINGS: Final[dict[str, tuple[str, ...]]] = {
    "K": _endings(_TEXT.split()),
    "M": tuple(_METER_ENDINGS.split(",")),
    "L": ("", "8", "/8", "1/8"),
}
_PARSERS: Final[dict[str, Callable[[str], object]]] = {"K": parse_key, "M": parse_meter, "L": parse_unit_length}


@lru_cache(maxsize=8192)
def viable_value(name: str, text: str) -> bool:
    """Whether the text of an X:, K:, M: or L: field can be the beginning of a value.

    >>> viable_value("K", "A mino"), viable_value("K", "H"), viable_value("M", "(2+")
    (True, True, True)
    >>> [unit for unit in ("32", "64", "128", "256", "512") if not viable_value("M", f"3/{unit}"[:-1])]
    []
    >>> viable_value("K", "H?"), viable_value("M", "4:")
    (False, False)
    """
    if name == "X":
        digits = text.strip()
        return not digits or (digits.isascii() and digits.isdigit() and len(digits) <= 9)
    if len(text) > 200:
        return True
    parse = _PARSERS[name]
    return any(_reads(parse, text + ending) for ending in _ENDINGS[name])


def _reads(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except FieldFault:
        return False
    return True
