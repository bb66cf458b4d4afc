"""How requests are matched: whole phrases by templates, and texts from which piece after piece is understood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final

__all__ = [
    "NUMBER",
    "Phrases",
    "compile_phrase",
    "compile_words",
    "match_phrase",
    "normalize",
    "read_number",
    "strip_courtesy",
]

_UNITS_TEXT: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS_TEXT: Final = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS: Final = _UNITS_TEXT.split()
_TENS: Final = _TENS_TEXT.split()
_LONGEST_FIRST: Final = "|".join(sorted(_UNITS, key=len, reverse=True))

# A number in digits, or in words up to ninety-nine.
NUMBER: Final = rf"(?:\d{{1,9}}|(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(_UNITS[1:10])}))?|{_LONGEST_FIRST})"

# What templates of phrases may call by name.
_SLOTS: Final = {
    "it": r" (?:it|this|that|them|(?:the|my)(?: \w+)? (?:tune|song|music|melody|piece|jig|reel|waltz|abc|score|notes)"
    r"|the (?:tune|song|music|melody|piece|jig|reel|waltz|abc|score|notes)|my tune)",
    "number": rf" (?P<number>{NUMBER})",
    "signed": r" (?P<signed>[+-] ?\d{1,3})",
    "rest": r" (?P<rest>.+)",
}
_TEMPLATE: Final = re.compile(r"[()\[\]|]|<\w+>|[^\s()\[\]|<>]+")

_ALIKE: Final = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "♭": "b", "♯": "#"}
    | {"–": "-", "—": "-", "‑": "-", "。": ".", "、": ","}
)
_COURTESY_BEFORE: Final = re.compile(
    r"^(?:(?:hi|hello|hey|so|ok|okay|right|well|great|good|nice|lovely|thanks|thank you|now|and|then|please|just|also|"
    r"maybe|(?:can|could|would|will|may) (?:you|i|we)|let us|let's|lets|(?:i|i'd|i would) (?:want|like)(?: you)? to|"
    r"go ahead and|kindly|how about|what about|what would)\b[\s,!.:]*)+(?=\S)",
    re.IGNORECASE,
)
_COURTESY_AFTER: Final = re.compile(
    r"(?:[\s,]+(?:please|now|for me|then|thanks|thank you|if you can|if possible|ok|okay|instead|too|as well))+$",
    re.IGNORECASE,
)

_FILLER_TEXT: Final = """a an the of in at with and for to on by as is it be this that these my your our me us you i we
    some any one compose write make create generate produce give get play want like need would could should can please
    new tune tunes melody melodies piece music something traditional folk dance style type kind sort set which who have
    has having has using use long about around roughly approximately so into from now just let's lets time signature
    meter metre tempo key note notes abc notation short little nice good beautiful pretty lovely great simple random
    fresh original own here there how do does but then also another different other more once again try go ahead hi
    hello hey ok okay thanks thank tonight today i'd i'm it's that's what's ready or same kindly task format look
    answer"""
# Words that say nothing about the tune.
FILLERS: Final = frozenset(_FILLER_TEXT.split())
_WORD: Final = re.compile(r"[^\W_](?:[\w'#+-]*\w|#)?|[♩-♬]")
_TAKEN: Final = "\0"


def normalize(text: str) -> str:
    """One spelling of quotes, signs, wide letters and white space; the sign that ends a sentence is cut."""
    plain = unicodedata.normalize("NFKC", text.translate(_ALIKE)).translate(_ALIKE)
    shown = "".join(" " if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in plain)
    return " ".join(shown.split()).rstrip(".!; ")


def strip_courtesy(text: str) -> str:
    """The text without `please`, `could you` and their like at its ends.

    >>> strip_courtesy("could you please play it now")
    'play it'
    """
    return _COURTESY_AFTER.sub("", _COURTESY_BEFORE.sub("", text))


@cache
def compile_phrase(template: str) -> re.Pattern[str]:
    """A template as an expression for a text that begins with a space.

    `(a|b)` is one of them, `[a]` may be left out, `<it>`, `<number>`, `<signed>` and `<rest>` are slots.

    >>> bool(compile_phrase("(play|hear) [<it>] [again]").fullmatch(" play the tune again"))
    True
    """
    signs = {"(": "(?:", "[": "(?:", ")": ")", "]": ")?", "|": "|"}
    parts = _TEMPLATE.findall(template)
    expression = "".join(
        signs.get(part) or (_SLOTS[part[1:-1]] if part[0] == "<" else f" {re.escape(part)}") for part in parts
    )
    return re.compile(expression, re.IGNORECASE)


def compile_words(*words: str) -> re.Pattern[str]:
    """An expression that finds any of the words or phrases; a space in them stands for a hyphen too.

    >>> compile_words("jig", "slip jig").search("two Slip-jigs or one slip-jig").group()
    'slip-jig'
    """
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(_spaced(w) for w in longest_first)})\b", re.IGNORECASE)


def _spaced(words: str) -> str:
    return re.escape(words).replace(r"\ ", "[ -]")


def match_phrase(text: str, *templates: str) -> re.Match[str] | None:
    """The match of the first template that fits the whole text; a question mark at its end is not looked at."""
    spaced = " " + text.rstrip("?! ") if text.strip("?! ") else f" {text}"
    return next(filter(None, (compile_phrase(template).fullmatch(spaced) for template in templates)), None)


def read_number(text: str) -> int:
    """The value of what `NUMBER` matches.

    >>> read_number("Thirty-two"), read_number("16")
    (32, 16)
    """
    if text.isdecimal():
        return int(text)
    value = 0
    for word in re.split("[ -]", text.lower()):
        value += _UNITS.index(word) if word in _UNITS else 10 * (_TENS.index(word) + 2)
    return value


class Phrases:
    """A text from which phrases are taken; what was taken no longer takes part.

    >>> phrases = Phrases("a jig with bagpipes")
    >>> phrases.take("jig").group(), phrases.left_over()
    ('jig', ('bagpipes',))
    """

    def __init__(self, text: str) -> None:
        self.text = text

    def take(self, pattern: str | re.Pattern[str]) -> re.Match[str] | None:
        """The first match, taken out; None where there is none. A pattern in text ignores case."""
        return next(self.take_all(pattern), None)

    def take_all(self, pattern: str | re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Every match in turn, each taken out."""
        expression = re.compile(pattern, re.IGNORECASE) if isinstance(pattern, str) else pattern
        at = 0
        while match := expression.search(self.text, at):
            at = max(match.end(), match.start() + 1)
            self.cut(match.start(), match.end())
            yield match

    def cut(self, start: int, end: int) -> None:
        """Take out a stretch; the places of what remains stay the same."""
        self.text = self.text[:start] + _TAKEN * (end - start) + self.text[end:]

    def left_over(self) -> tuple[str, ...]:
        """What was not taken and says something: runs of words, the fillers at their ends left out."""
        runs = []
        for stretch in re.split(r"[\0,;:.!?()\"]+", self.text):
            words = _WORD.findall(stretch)
            while words and words[0].lower() in FILLERS:
                words.pop(0)
            while words and words[-1].lower() in FILLERS:
                words.pop()
            if words:
                runs.append(" ".join(words))
        return tuple(runs)
