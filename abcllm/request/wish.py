"""What a text says of a tune that is wanted: kind, key, metre, length, tempo, title, and what was not understood."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from ..notation import Key, Meter
from .keys import read_key, take_keys, take_mode
from .measures import TempoMark, take_bars, take_meters, take_pace, take_tempo
from .phrases import NUMBER, Phrases, compile_words
from .rhythms import find_rhythm, guess_rhythm, rhythm_words

__all__ = ["MOODS", "TITLE", "Wish", "take_wish"]

_VERB: Final = compile_words(
    "compose", "write", "make", "create", "generate", "produce", "invent", "improvise", "i'd like", "i would like",
    "i want", "i need", "give me", "how about", "let's have", "let me have", "let me hear", "play me", "show me",
    "sing me", "come up with", "put together",
)  # fmt: skip
_AGAIN: Final = compile_words(
    "again", "once more", "one more", "one more time", "another", "another one", "another tune", "try again", "retry",
    "redo", "redo it", "regenerate", "recompose", "something else", "something different", "a different one",
    "a different tune", "a new one", "a new tune", "next", "next one", "next tune", "more",
)  # fmt: skip
_LONGER: Final = compile_words(
    "longer", "a bit longer", "a little longer", "much longer", "twice as long", "double the length", "lengthen it",
    "lengthen", "extend it", "extend",
)  # fmt: skip
_SHORTER: Final = compile_words(
    "shorter", "a bit shorter", "a little shorter", "much shorter", "half as long", "half the length", "shorten it",
    "shorten",
)  # fmt: skip
TITLE: Final = re.compile(
    r"(?:,? ?(?:\band |\bwhich is |\bthat is |\bto be )?\b(?:(?:called|named|titled|entitled)"
    r"|(?:call|name|title|rename) (?:it|this|that|the tune)(?: to| as)?|(?:with|under) the (?:title|name)(?: of)?"
    r"|(?:set |change )?(?:its |the )?title(?: to| is| it| ?[:=]))[: ]+)"
    r'(?:"(?P<quoted>[^"]*)"|(?P<plain>[^",;]+))|(?P<bare>"[^"]+")',
    re.IGNORECASE,
)
_TITLE_ENDS: Final = re.compile(
    r"^(?P<title>.+?)(?P<rest>,? (?:in (?:the key of )?(?P<key>[A-G](?:[#b]| sharp| flat)?(?: ?\w+)?)"
    r"|in \d+/\d+|with \d+ bars|of \d+ bars|at \d+ ?[bq]pm))$"
)
_SEED: Final = re.compile(
    r"\b(?:with |using |use )?(?:the )?(?:random )?seed(?: of| is| to| ?[:=])? ?(\d{1,18})\b", re.IGNORECASE
)
_SLOWER: Final = compile_words("slower", "a bit slower", "a little slower", "much slower")
_FASTER: Final = compile_words("faster", "quicker", "a bit faster", "a little faster", "much faster")
_THE_TUNE: Final = re.compile(
    r"\b(?:it|(?:this|that)(?! -| (?:description|kind|sort|style|type)\b)|(?:the|my|this|that)(?: \w+)? "
    r"(?:tune|song|melody|piece|music|bars?|parts?|half|ending|key(?! of)))\b",
    re.IGNORECASE,
)
_HANDED_OVER: Final = compile_words("give it to me", "show it to me", "let me have it", "let me see it")
_COUNT: Final = re.compile(rf"\b({NUMBER}|some|several|a few|a couple of|a set of|both) $", re.IGNORECASE)
_RHYTHM: Final = compile_words(*rhythm_words())
_ANY_TUNE: Final = compile_words(
    "tune", "tunes", "melody", "melodies", "piece", "pieces", "something", "music", "dance", "dances", "one"
)
MOODS: Final = {
    "minor": ("sad", "sadder", "mournful", "melancholy", "melancholic", "sorrowful", "dark", "plaintive", "haunting"),
    "major": ("happy", "happier", "cheerful", "joyful", "joyous", "merry", "bright", "jolly"),
}
_MOOD: Final = compile_words(*MOODS["minor"], *MOODS["major"])


@dataclass(slots=True)
class Wish:
    """What a text says of the tune that is wanted; None or empty where it says nothing."""

    rhythm: str = ""
    keys: list[tuple[Key, bool]] = field(default_factory=list)
    mode: str = ""
    meters: list[Meter] = field(default_factory=list)
    bars: list[int] = field(default_factory=list)
    tempo: TempoMark | None = None
    pace: str = ""
    factor: float = 1.0
    relative: float = 1.0
    mood: str = ""
    length: float = 1.0
    title: str = ""
    seed: int | None = None
    again: bool = False
    refers: bool = False
    asked: bool = False
    remarks: list[str] = field(default_factory=list)
    left: tuple[str, ...] = ()

    @property
    def says_something(self) -> bool:
        """Whether anything of a tune is named."""
        named = self.rhythm or self.keys or self.mode or self.meters or self.bars or self.tempo or self.pace
        return bool(named or self.mood or self.length != 1 or self.title or self.seed is not None)


def take_wish(text: str) -> Wish:
    """Everything that a text says. Raises `FieldFault` for a metre that cannot be."""
    phrases = Phrases(text)
    wish = Wish()
    wish.title = _take_title(phrases)
    phrases.take(_HANDED_OVER)  # the tune that is wanted, not one that is there
    wish.refers = bool(_THE_TUNE.search(phrases.text))
    wish.meters = take_meters(phrases)
    wish.bars = take_bars(phrases)
    wish.tempo = take_tempo(phrases)
    if seed := phrases.take(_SEED):
        wish.seed = int(seed[1])
    if phrases.take(_LONGER):
        wish.length = 2.0
    elif phrases.take(_SHORTER):
        wish.length = 0.5
    wish.keys = take_keys(phrases)
    wish.mode = take_mode(phrases)
    wish.pace, wish.factor = take_pace(phrases)
    _take_rhythm(phrases, wish)
    wish.relative = 1.2 if phrases.take(_FASTER) else 1 / 1.2 if phrases.take(_SLOWER) else 1.0
    if mood := phrases.take(_MOOD):
        wish.mood = mood.group().lower()
    verbs = [*phrases.take_all(_VERB)]
    wish.again = bool(phrases.take(_AGAIN))
    named = [match.group().lower() for match in phrases.take_all(_ANY_TUNE)]
    wish.asked = bool(named) and (bool(verbs) or not {"something", "one", "music"} & set(named))
    wish.left = phrases.left_over()
    if not wish.rhythm:
        _guess_rhythm(wish)
    return wish


def _take_title(phrases: Phrases) -> str:
    match = TITLE.search(phrases.text)
    if match is None:
        return ""
    title, end = match["quoted"] or match["bare"] or "", match.end()
    if match["plain"]:
        title = match["plain"].rstrip(" .!?")
        ends = _TITLE_ENDS.match(title)
        if ends and (not ends["key"] or read_key(ends["key"])):
            title, end = ends["title"], match.start("plain") + len(ends["title"])
    phrases.cut(match.start(), end)
    return title.strip(' "')


def _take_rhythm(phrases: Phrases, wish: Wish) -> None:
    found = []
    while match := _RHYTHM.search(phrases.text):
        found.append(find_rhythm(match.group()))
        many = _COUNT.search(phrases.text[: match.start()])
        if many and many[1].lower() not in ("one", "1"):
            wish.remarks.append(f'one tune at a time: the first of "{many[1]} {match.group()}"')
        start = many.start() if many else match.start()
        phrases.cut(start, match.end())
    kinds = list(dict.fromkeys(found))
    if {"jig", "slip jig"} <= set(kinds):  # "a slip jig, a kind of jig"
        kinds.remove("jig")
    if len(kinds) > 1:
        wish.remarks.append(f"of {' and '.join(kinds)}, the first is composed: {kinds[0]}")
    wish.rhythm = kinds[0] if kinds else ""


def _guess_rhythm(wish: Wish) -> None:
    """A mistyped kind of tune: read as what it was meant to be, and said."""
    for run in wish.left:
        for word in run.split():
            if meant := guess_rhythm(word):
                wish.rhythm = meant
                wish.remarks.append(f'"{word}" is read as {meant}')
                rest = " ".join(other for other in run.split() if other != word)
                wish.left = tuple(kept for kept in (rest if left == run else left for left in wish.left) if kept)
                return
