"""Closed vocabularies in which any text can be written: what is common has a number, all else is spelled in bytes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

__all__ = ["END", "Symbols", "characters", "folk_tokens"]

END: Final = 0
"""Stands before and after each text."""
BYTES: Final = 1
FIRST: Final = BYTES + 256
FEWEST: Final = 5
FEWEST_TOKENS: Final = 100
CHARACTER: Final = re.compile(r".", re.DOTALL)
FOLK_TOKEN: Final = re.compile(
    r"^[MLKQR]:[^\n]*\n|[_=^]*[A-Ga-g][,']*|\d*/+\d*|\d+|[|:\[\]]*\|[|:\[\]]*\d?|::|\(\d|.", re.MULTILINE | re.DOTALL
)
"""A header field, a pitch, a length, a bar line with its repeats and ending, a tuplet; else one character."""


class Symbols:
    """A vocabulary of texts, cut by `pattern` into tokens; tokens without a number are cut into characters, these into
    bytes.
    """

    def __init__(self, tokens: Iterable[str], pattern: re.Pattern[str]) -> None:
        self.tokens = sorted(tokens)
        self.pattern = pattern
        self._numbers = {token: number for number, token in enumerate(self.tokens, FIRST)}

    @property
    def size(self) -> int:
        return FIRST + len(self.tokens)

    def encode(self, text: str) -> list[int]:
        """The numbers of a text, without `END`."""
        return [number for token in self.pattern.findall(text) for number in self._spell(token)]

    def decode(self, numbers: Sequence[int]) -> str:
        """The text of numbers that `encode` gave."""
        pieces = [self.tokens[at - FIRST].encode() if at >= FIRST else bytes([at - BYTES]) for at in numbers]
        return b"".join(pieces).decode()

    def _spell(self, token: str) -> list[int]:
        if (number := self._numbers.get(token)) is not None:
            return [number]
        if len(token) > 1:
            return [number for character in token for number in self._spell(character)]
        return [BYTES + byte for byte in token.encode()]


def characters(texts: Iterable[str]) -> Symbols:
    """The characters of texts, rare ones left out."""
    return Symbols(_common(Counter(character for text in texts for character in text), FEWEST), CHARACTER)


def folk_tokens(texts: Iterable[str]) -> Symbols:
    """Tokens as folk-rnn has them (Sturm et al., Music transcription modelling and composition, 2016), rare ones left
    out, and all characters of the texts.
    """
    counts: Counter[str] = Counter()
    singles: Counter[str] = Counter()
    for text in texts:
        counts.update(FOLK_TOKEN.findall(text))
        singles.update(text)
    return Symbols({*_common(counts, FEWEST_TOKENS), *_common(singles, FEWEST)}, FOLK_TOKEN)


def _common(counts: Counter[str], fewest: int) -> list[str]:
    return [token for token, count in counts.items() if count >= fewest]
