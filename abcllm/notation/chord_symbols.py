"""Chord symbols (`"Am7/G"`): which texts in quotes name chords, and the same chords on other roots.

Source: ABC standard 2.1, section 4.18. A symbol is a root, a quality and perhaps a bass note; alternatives stand in
brackets or after a space, as `G(Em)`. A lower-case root with `m` is a minor chord, as many collections write it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from .theory import SIGN_TEXT

Respelling = Callable[[str, int], tuple[str, int]]

_SIGN: Final = r"(?:##?|b(?:b(?!\d))?)?"
_QUALITY: Final = r"(?:maj|min|mi|ma|dim|aug|sus|add|omit|no|alt|m|M|o|°|ø|Δ|\+|-|#|b|\^|\d+|\(|\)|,)*+"
CHORD: Final = re.compile(rf"([A-G]|[a-g](?={_SIGN}m))({_SIGN})({_QUALITY})(?:/([A-Ga-g])({_SIGN}))?$")
SEPARATOR: Final = re.compile(r"(\s+|\((?=[A-Ga-g])|(?<=[^(])\)$)")
NO_CHORD: Final = frozenset(("N.C.", "NC", "N.C", "n.c.", "(N.C.)"))


@lru_cache(maxsize=4096)
def is_chord_symbol(text: str) -> bool:
    """Whether a text in quotes names a chord, or says that there is none.

    >>> is_chord_symbol("F#m7b5/C"), is_chord_symbol("G(Em)"), is_chord_symbol("Fine"), is_chord_symbol("N.C.")
    (True, True, False, True)
    """
    return text.strip() in NO_CHORD or _pieces(text) is not None


def respell_chord_symbol(text: str, respell: Respelling) -> str:
    """The same chords on other roots; `respell` gives the new letter and sign of each root and bass note.

    A text that names no chord stays as it is.

    >>> respell_chord_symbol("Am7/G", lambda step, alter: ("B" if step == "A" else "A", alter))
    'Bm7/A'
    """
    pieces = _pieces(text)
    if pieces is None:
        return text
    return "".join(_respelled(piece, respell) if index % 2 == 0 else piece for index, piece in enumerate(pieces))


def _pieces(text: str) -> list[str] | None:
    """Chords (at even places, perhaps empty) and what stands between them; None where something is no chord."""
    if len(text) > 100:
        return None
    pieces = SEPARATOR.split(text)
    chords = [piece for piece in pieces[::2] if piece]
    return pieces if chords and all(CHORD.match(piece) for piece in chords) else None


def _respelled(piece: str, respell: Respelling) -> str:
    match = CHORD.match(piece)
    if match is None:
        return piece
    root, sign, quality, bass, bass_sign = match.groups()
    named = _name(root, sign, respell) + quality
    return f"{named}/{_name(bass, bass_sign, respell)}" if bass else named


def _name(letter: str, sign: str, respell: Respelling) -> str:
    step, alter = respell(letter.upper(), sign.count("#") - sign.count("b"))
    return (step if letter.isupper() else step.lower()) + SIGN_TEXT.get(alter, "#" * alter or "b" * -alter)
