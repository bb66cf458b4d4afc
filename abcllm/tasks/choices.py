"""Questions with options: how they are laid out, and which options an answer chooses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from random import Random
from typing import Final, NamedTuple

__all__ = ["Question", "lay_out", "read_choice", "read_options"]

LETTERS: Final = "ABCDEF"
OPTION: Final = re.compile(rf"^([{LETTERS}])\. (.+)$", re.MULTILINE)
_LIST: Final = rf"[(（]?[{LETTERS}][)）]?(?:(?:\s*[,，、]\s*|\s+and\s+|和)[(（]?[{LETTERS}][)）]?)*"
_END: Final = r"(?=\s*(?:[.。:：;；,，)）]|$))"
AT_START: Final = re.compile(rf"\s*(?:[Oo]ption |选项?)?({_LIST}){_END}", re.MULTILINE)
AFTER_WORD: Final = re.compile(rf"(?:[Aa]nswers?(?: is| are)?|答案[是为]?|选)\s*[:：]?\s*({_LIST}){_END}", re.MULTILINE)


class Question(NamedTuple):
    """`rule` is its wording in the grammar of its task, `values` what stands in it; `right` and `wrong` are options."""

    rule: str
    values: Mapping[str, object]
    right: tuple[str, ...]
    wrong: tuple[str, ...]


def lay_out(question: Question, random: Random) -> tuple[str, str]:
    """The options in an order of chance, a line each, and the letters of the right ones.

    >>> lay_out(Question("", {}, ("6/8",), ("4/4",)), Random(0))
    ('A. 6/8\\nB. 4/4', 'A')
    """
    options = [*question.right, *question.wrong]
    random.shuffle(options)
    letters = [letter for letter, option in zip(LETTERS, options, strict=False) if option in question.right]
    return "\n".join(f"{letter}. {option}" for letter, option in zip(LETTERS, options, strict=False)), ", ".join(
        letters
    )


def read_options(text: str) -> dict[str, str]:
    """The options that stand in a question, by letter."""
    return dict(OPTION.findall(text))


def read_choice(reply: str, options: Mapping[str, str]) -> frozenset[str]:
    """The letters that an answer chooses: by an option's own words, a letter at its start or after `answer`.

    >>> options = {"A": "D E", "B": "major third"}
    >>> [*read_choice("The answer is B.", options)], [*read_choice("D E", options)], [*read_choice("", options)]
    (['B'], ['A'], [])
    """
    said = _plain(reply)
    same = [letter for letter, option in options.items() if _plain(option) == said]
    if same:
        return frozenset(same)
    found = AFTER_WORD.findall(reply) or AT_START.match(reply, 0)
    if found:
        chosen = found[-1] if isinstance(found, list) else found[1]
        return frozenset(re.findall(rf"[{LETTERS}]", chosen)) & frozenset(options)
    return frozenset()


def _plain(text: str) -> str:
    return " ".join(text.split()).strip(" .。").casefold()
