"""Questions about music itself: an interval, the notes of a chord or a scale, a relative key, a signature."""

from __future__ import annotations

import re
from typing import Final

from ..notation.harmony import parse_chord_symbol
from .instructions import Ask, key_words
from .keys import read_key
from .phrases import match_phrase

__all__ = ["read_question"]

_WHAT: Final = "(what|which|what is|what's|which is)"
_INTERVAL: Final = (
    f"[{_WHAT}] [the] interval [(is|lies)] [(between|from)] <rest>",
    "how far is it (from|between) <rest>",
)
_SPELL: Final = (
    "(what|which) notes (are in|are there in|has|belong to|make up|make) <rest>",
    "(what|which) notes does <rest> have",
    f"[{_WHAT}] [are] [the] notes (of|in) <rest>",
    "spell <rest>",
    f"[{_WHAT}] the scale of <rest>",
)
_RELATIVE: Final = f"[{_WHAT}] the relative [(minor|major)] [key] (of|to) <rest>"
_SIGNS: Final = (
    "how many (sharps|flats|sharps or flats|sharps and flats|accidentals|signs) (has|are in|are there in) <rest>",
    "how many (sharps|flats|sharps or flats|sharps and flats|accidentals|signs) does <rest> have",
    f"[{_WHAT}] the [key] signature of <rest>",
)
_NOTE: Final = r"([A-Ga-g])(?:(#|b)| ?-?(sharp|flat))?"
_PAIR: Final = re.compile(rf"{_NOTE} ?(?:to|and|-|up to) ?{_NOTE}")
_SIGN_OF: Final = {"sharp": "#", "flat": "b"}
_AROUND: Final = re.compile(r"^(?:an?|the) (?=\S)| (?:chord|triad)$|^(?:chord|triad) (?:of )?")
_CHORD: Final = re.compile(r"\b(?:chord|triad)\b")
_SCALE: Final = re.compile(r"\b(?:scale|key)(?: of)?\b")


def read_question(text: str) -> Ask | None:
    """The question that a whole text asks, or None.

    >>> read_question("what is the interval from D to F sharp"), read_question("which notes are in Dm7")
    (Ask(kind='interval', about='D F#'), Ask(kind='chord', about='Dm7'))
    """
    if (match := match_phrase(text, *_INTERVAL)) and (pair := _PAIR.fullmatch(match["rest"])):
        low, high = (_note(*pair.groups()[at : at + 3]) for at in (0, 3))
        return Ask("interval", f"{low} {high}")
    if match := match_phrase(text, *_SPELL):
        return _spelled(match["rest"], asks_scale="scale" in text)
    for kind, templates in (("relative", (_RELATIVE,)), ("signs", _SIGNS)):
        if (match := match_phrase(text, *templates)) and (key := read_key(_AROUND.sub("", match["rest"]))):
            return Ask(kind, key_words(key))
    return None


def _note(letter: str, sign: str | None, spoken: str | None) -> str:
    return letter.upper() + (sign or _SIGN_OF.get(spoken or "", ""))


def _spelled(what: str, *, asks_scale: bool) -> Ask | None:
    """A chord by its symbol, or a scale by its key: where a mode is written out, or a scale is asked for."""
    plain = _AROUND.sub("", _AROUND.sub("", what))
    if _CHORD.search(what):
        return Ask("chord", plain) if parse_chord_symbol(plain) else None
    key = read_key(_SCALE.sub(" ", plain).strip())
    if key is not None and (asks_scale or _SCALE.search(plain) or key.mode in plain):
        return Ask("scale", key_words(key))
    return Ask("chord", plain) if parse_chord_symbol(plain) else None
