"""A model's answer, read: a JSON list of questions with answers, without those that give the game away."""

from __future__ import annotations

import json
import re
from typing import Any, Final, NamedTuple

from ..errors import DataError
from ..record import Exchange

__all__ = ["Answer", "read_answer"]

MOST_CHARACTERS: Final = 60_000
LONGEST: Final = 4_000
MOST_PAIRS: Final = 60
THOUGHT = re.compile(r"<think>.*?</think>", re.DOTALL)
FENCE = re.compile(r"^[ \t]*```\w*[ \t]*$", re.MULTILINE)
LEAK = re.compile(
    r"""\b(
        meta-?data | json | an?\ ai\ (assistant|model) | language\ model | the\ (captions?|aspect\ list)
      | (provided|given|supplied)\ (information|data|descriptions?|details|captions?|tags|labels)
      | (information|data|descriptions?|details|captions?|tags|labels)\ (provided|given|supplied)
      | (according\ to|based\ on)\ the\ (information|data|description|tags|labels|fields?|notes)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)


class Answer(NamedTuple):
    """The pairs that are kept, and why each of the others was not."""

    exchanges: tuple[Exchange, ...]
    dropped: tuple[str, ...] = ()


def read_answer(text: str) -> Answer:
    """The pairs of an answer; fences and what a model thought aloud are cut off. Raises `DataError` where none is left.

    >>> read_answer('```json\\n[{"question": "How fast is it?", "answer": "Slow."}]\\n```').exchanges
    (Exchange(question='How fast is it?', answer='Slow.'),)
    """
    if len(text) > MOST_CHARACTERS:
        raise DataError(f"the answer is longer than {MOST_CHARACTERS} characters")
    pairs = _read_list(FENCE.sub("", THOUGHT.sub("", text)).strip())
    kept: dict[str, Exchange] = {}
    dropped = [f"more than {MOST_PAIRS} pairs"] * (len(pairs) > MOST_PAIRS)
    for pair in pairs[:MOST_PAIRS]:
        try:
            exchange = _read_pair(pair)
        except DataError as fault:
            dropped.append(str(fault))
            continue
        if kept.setdefault(exchange.question.casefold(), exchange) is not exchange:
            dropped.append("the same question twice")
    if not kept:
        raise DataError(dropped[0] if dropped else "the answer has no questions")
    return Answer(tuple(kept.values()), tuple(dropped))


def _read_list(text: str) -> list[Any]:
    """The list that the text is, or that stands in it."""
    begin, end = text.find("["), text.rfind("]") + 1
    for piece in (text, text[begin:end] if 0 <= begin < end else ""):
        try:
            value = json.loads(piece)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict) and len(value) == 1:
            (value,) = value.values()
        if isinstance(value, list):
            return value
    raise DataError("the answer is not a JSON list")


def _read_pair(pair: Any) -> Exchange:
    if not isinstance(pair, dict) or not all(isinstance(pair.get(side), str) for side in Exchange._fields):
        raise DataError("a pair without question and answer")
    exchange = Exchange(*(" ".join(pair["question"].split()), pair["answer"].strip()))
    if not all(exchange):
        raise DataError("a pair with an empty side")
    if any(len(side) > LONGEST for side in exchange):
        raise DataError(f"a pair with a side of more than {LONGEST} characters")
    if found := LEAK.search(" ".join(exchange)):
        raise DataError(f"says what must not be said: {found.group().lower()!r}")
    return exchange
