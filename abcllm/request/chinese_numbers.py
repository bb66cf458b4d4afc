"""Numbers in Chinese characters."""

from __future__ import annotations

from typing import Final

__all__ = ["read_count"]

_DIGITS: Final = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2}


def read_count(characters: str) -> int:
    """A number in digits, or in characters up to 99: 十六 is 16.

    >>> read_count("三十二"), read_count("八"), read_count("16")
    (32, 8, 16)
    """
    if characters.isdecimal():
        return int(characters)
    tens, ten, units = characters.rpartition("十")
    return _DIGITS.get(units, 0) + (10 * _DIGITS.get(tens, 1) if ten else 0)
