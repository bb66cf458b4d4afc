"""A tune that was asked for, in words and as a header."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from ..notation.text import encode_text
from ..request import Request

__all__ = ["UNIT", "word_request", "write_header"]

UNIT: Final = Fraction(1, 8)
LONGEST_TITLE: Final = 200


def word_request(request: Request) -> str:
    """The request in words that any model understands, and ours was trained with.

    >>> word_request(Request.for_rhythm("jig"))
    'Compose a 16-bar jig in D and 6/8 in ABC notation.'
    """
    kind = request.rhythm or "tune"
    return f"Compose a {request.bars}-bar {kind} in {request.key} and {request.meter.fraction} in ABC notation."


def write_header(request: Request, title: str) -> str:
    """X: to K: of the tune, under a title.

    >>> print(write_header(Request.for_rhythm("jig"), "The Otter"), end="")
    X:1
    T:The Otter
    R:jig
    M:6/8
    L:1/8
    Q:3/8=110
    K:D
    """
    lines = ["X:1", f"T:{encode_text(' '.join(title.split())[:LONGEST_TITLE])}"]
    if request.rhythm:
        lines.append(f"R:{request.rhythm}")
    lines += [f"M:{request.meter}", f"L:{UNIT.numerator}/{UNIT.denominator}"]
    lines += [f"Q:{_tempo(request)}", f"K:{request.key}"]
    return "\n".join(lines) + "\n"


def _tempo(request: Request) -> str:
    beat = Fraction(3, 8) if request.meter.is_compound and request.meter.unit == 8 else Fraction(1, 4)
    if request.meter.duration == 1 and request.tempo_qpm >= 150:
        beat = Fraction(1, 2)
    return f"{beat.numerator}/{beat.denominator}={round(request.tempo_qpm / float(beat * 4)):d}"
