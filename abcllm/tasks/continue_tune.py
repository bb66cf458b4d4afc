"""Continue a tune: its header and first bars are given, the rest of its text is the answer."""

from __future__ import annotations

import re
from typing import Final

from ..conversation import Conversation
from ..notation import Bar, Field, Severity, Tune, Tunebook, parse
from ..record import Record
from .extracts import items_of
from .material import converse, dice, tune_of
from .wording import wording

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"
FEWEST_BARS: Final = 4
FENCED: Final = re.compile(r"```[^\n]*\n(.*?)(?:\n[ \t]*```|\Z)", re.DOTALL)
FIRST_LINE: Final = re.compile(r"^X:", re.MULTILINE)
INCOMPLETE: Final = "R203"


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Cut the tune before one of the bars of its middle half.

    None for a tune in several voices, of less than four bars, with an incomplete bar, or with words after the music.
    Where words stand under the notes, it is cut between lines.
    """
    tune = tune_of(record)
    if tune is None or len(tune.voices) != 1 or len(tune.voices[0].bars) < FEWEST_BARS or tune.words:
        return None
    abc = record.abc.rstrip("\n")
    if _is_incomplete(parse(abc)):
        return None
    bars = tune.voices[0].bars
    sung = "\nw:" in abc
    middle = range(len(bars) // 4 + 1, 3 * len(bars) // 4 + 1)
    cuts = [(at, _before(bars[at], bars[at - 1], abc)) for at in middle]
    places = [(at, cut) for at, cut in cuts if not sung or abc[cut - 1] == "\n"]
    if not places:
        return None
    random = dice(record, "continue_tune", seed)
    at, cut = random.choice(places)
    words = wording("continue_tune", language)
    ask = words.say("ask", random, given=abc[:cut], bars=len(bars) - at)
    answer = words.say("answer", random, rest=abc[cut:])
    return converse(record, "continue_tune", VERSION, seed, language, ask, answer)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """Whether what was given and the reply make one valid tune, without an incomplete bar, key and metre kept.

    `length` is the shorter of reply and reference by the longer, in bars.
    """
    given = _given(conversation)
    book, wanted = _joined(given, reply), _joined(given, conversation.messages[-1].text).tunes[0]
    scores = dict.fromkeys(("valid", "complete", "key", "meter", "length"), 0.0)
    if len(book.tunes) != 1 or any(one.severity is Severity.ERROR for one in book.diagnostics):
        return scores
    tune = book.tunes[0]
    before = len(parse(given).tunes[0].voices[0].bars)
    added = len(tune.voices[0].bars) - before if tune.voices else 0
    if added < 1:
        return scores
    missing = max(len(wanted.voices[0].bars) - before, 1)
    return {
        "valid": 1.0,
        "complete": float(not _is_incomplete(book)),
        "key": float(_set(tune, "K") <= _set(wanted, "K")),
        "meter": float(_set(tune, "M") <= _set(wanted, "M")),
        "length": min(added, missing) / max(added, missing),
    }


def _before(bar: Bar, last: Bar, abc: str) -> int:
    """Where in the text a bar begins: at the start of its line if it is the first there, else after the bar line."""
    line = abc.rfind("\n", 0, bar.span.start) + 1
    if line >= last.span.end:
        return line
    cut = last.span.end
    while abc[cut] == " ":
        cut += 1
    return cut


def _given(conversation: Conversation) -> str:
    text = next(message.text for message in reversed(conversation.messages) if message.role == "user")
    found = FIRST_LINE.search(text)
    return text[found.start() :] if found else text


def _joined(given: str, reply: str) -> Tunebook:
    fenced = FENCED.search(reply)
    return parse(given + (fenced[1] if fenced else reply.strip("\n")) + "\n")


def _is_incomplete(book: Tunebook) -> bool:
    return any(one.code == INCOMPLETE for one in book.diagnostics)


def _set(tune: Tune, name: str) -> set[str]:
    """What the fields of that name in the music say."""
    return {item.text for item in items_of(tune) if isinstance(item, Field) and item.name == name}
