"""Kinds of tunes: what each is called, the metres it goes in, and how fast and in which key it usually is.

The usual metre, tempo and key of a rhythm stand in for what a request leaves open. They were read off collections of
folk tunes: the commonest metre and key of each, and the tempo at which it is danced or sung.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from typing import NamedTuple

__all__ = ["RHYTHMS", "Rhythm", "find_rhythm", "guess_rhythm", "rhythm_words", "usual_rhythm"]


class Rhythm(NamedTuple):
    """One kind of tune: metres (the usual one first), tempo in quarter notes a minute, usual keys, other names."""

    name: str
    meters: tuple[str, ...]
    tempo_qpm: int
    major: str = "G"
    minor: str = "Em"
    words: tuple[str, ...] = ()


_ALL = (
    Rhythm("jig", ("6/8", "9/8", "12/8"), 165, "D", "Em", ("double jig", "single jig", "gigue", "giga")),
    Rhythm("slip jig", ("9/8",), 165, "G", "Em", ("slipjig", "hop jig")),
    Rhythm("reel", ("4/4", "2/2", "2/4"), 190, "D", "Em"),
    Rhythm("hornpipe", ("4/4", "2/2", "2/4", "3/2"), 150, "G", "Em", ("clog",)),
    Rhythm("polka", ("2/4", "4/4", "2/2"), 125, "G", "Em"),
    Rhythm("waltz", ("3/4", "3/8", "6/8"), 130, "G", "Am", ("valse", "vals", "walz", "walzer")),
    Rhythm("march", ("4/4", "2/4", "6/8", "2/2"), 110, "G", "Em", ("marsch", "marche", "quickstep")),
    Rhythm("strathspey", ("4/4", "2/2", "2/4"), 120, "D", "Am"),
    Rhythm("slide", ("12/8", "6/8"), 190, "D", "Em"),
    Rhythm("mazurka", ("3/4",), 140, "G", "Em", ("mazurek",)),
    Rhythm("air", ("3/4", "4/4", "2/4", "6/8", "6/4", "3/2"), 75, "G", "Em", ("slow air", "lament", "lullaby")),
    Rhythm("barndance", ("4/4",), 150, "G", "Em", ("barn dance", "fling", "highland fling", "highland")),
    Rhythm("schottische", ("4/4", "2/4"), 130, "D", "Dm", ("schottisch", "schottis")),
    Rhythm("polska", ("3/4",), 110, "D", "Dm", ("slängpolska", "slangpolska", "polonaise", "pols")),
    Rhythm("minuet", ("3/4",), 120, "G", "Dm", ("menuett", "menuet")),
    Rhythm("engelska", ("2/4", "4/4"), 100, "D", "Dm", ("quadrille", "kadrilj", "anglaise")),
    Rhythm(
        "song", ("4/4", "2/4", "3/4", "6/8", "2/2"), 100, "G", "Am", ("lied", "folk song", "ballad", "carol", "visa")
    ),
    Rhythm("hymn", ("4/4", "3/4", "2/2", "3/2", "6/8"), 80, "G", "Em", ("chorale", "psalm")),
)

RHYTHMS: dict[str, Rhythm] = {rhythm.name: rhythm for rhythm in _ALL}

_OF_METER = {
    "6/8": "jig",
    "9/8": "slip jig",
    "12/8": "slide",
    "4/4": "reel",
    "2/2": "reel",
    "2/4": "polka",
    "3/4": "waltz",
    "3/8": "waltz",
    "3/2": "air",
    "6/4": "air",
}


@cache
def rhythm_words() -> dict[str, str]:
    """Every word for a rhythm, plurals included, to its name; the longest first."""
    words: dict[str, str] = {}
    for rhythm in _ALL:
        for word in (rhythm.name, *rhythm.words):
            words[word] = words[_plural(word)] = rhythm.name
    return dict(sorted(words.items(), key=lambda entry: -len(entry[0])))


def _plural(word: str) -> str:
    return f"{word}es" if word.endswith(("z", "ch")) else f"{word}s"


def find_rhythm(word: str) -> str:
    """The name of the rhythm that a word means; spaces and hyphens are one.

    >>> find_rhythm("Slip-Jigs"), find_rhythm("valse"), find_rhythm("tango")
    ('slip jig', 'waltz', '')
    """
    return rhythm_words().get(" ".join(word.lower().replace("-", " ").split()), "")


def guess_rhythm(word: str) -> str:
    """The rhythm that a mistyped word was meant to be, or nothing.

    >>> guess_rhythm("hornpie"), guess_rhythm("bagpipes")
    ('hornpipe', '')
    """
    close = get_close_matches(word.lower(), list(rhythm_words()), n=1, cutoff=0.8) if len(word) >= 4 else []
    return rhythm_words()[close[0]] if close else ""


def usual_rhythm(meter: str) -> str:
    """What a tune in this metre most often is, or nothing for an unusual metre (`5/4`)."""
    return _OF_METER.get({"C": "4/4", "C|": "2/2"}.get(meter, meter), "")
