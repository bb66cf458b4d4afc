"""Values of a row, read strictly: what is not what it should be raises a `DataError` that names the column."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from ..errors import DataError

__all__ = ["fingerprint", "read_seconds", "read_text", "read_texts"]

LONGEST_LITERAL = 20_000


def read_text(row: Mapping[str, Any], column: str) -> str:
    """The text of a column, spaces around it cut off. Raises `DataError` where there is none."""
    value = row.get(column)
    if not isinstance(value, str) or not value.strip():
        raise DataError(f'no text under "{column}"')
    return value.strip()


def read_seconds(row: Mapping[str, Any], column: str) -> float:
    """A time of a column, in seconds, 0 or later. Raises `DataError`."""
    try:
        time_s = float(row[column])
    except (KeyError, TypeError, ValueError):
        time_s = math.nan
    if not 0 <= time_s < math.inf:
        raise DataError(f'"{column}" is {row.get(column)!r}, which is no time in seconds')
    return time_s


def read_texts(row: Mapping[str, Any], column: str) -> list[str]:
    """A list of texts: a JSON list, or a Python list literal in a text (`"['slow', 'sad']"`). Raises `DataError`."""
    value = row.get(column)
    if isinstance(value, str):
        if len(value) > LONGEST_LITERAL:
            raise DataError(f'"{column}" is longer than {LONGEST_LITERAL} characters')
        try:
            value = ast.literal_eval(value.strip() or "[]")
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            raise DataError(f'"{column}" is no list of texts') from None
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise DataError(f'"{column}" is no list of texts')
    return [one.strip() for one in value if one.strip()]


def fingerprint(*texts: str) -> str:
    """A short name for texts that have none of their own: the same texts, the same name, on any machine.

    >>> fingerprint("What is played?", "A fiddle.")
    'b210094c7dcc7cb6'
    """
    return blake2b("\0".join(texts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
