"""Comment: a piece by title and composer -> what was written about it, by its uploader, a listener or a catalogue."""

from __future__ import annotations

from typing import Final

from ..conversation import Conversation
from ..record import Record
from .material import converse, dice
from .wording import wording
from .words import rouge_l, split_words

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"
FEWEST_WORDS = 6
MOST_WORDS = 400


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Ask about the piece. None where its title or composer is not known, or nothing is said of it in this language."""
    composer = record.tags.get("composer")
    if not record.title or not isinstance(composer, str) or not composer:
        return None
    random = dice(record, "comment", seed)
    words = wording("comment", language)
    facts = {name: record.tags.get(name) for name in ("nationality", "birth", "death")}
    if written := _written(record, language):
        rule, answer = random.choice(written)
    elif not record.text and all(facts.values()) and record.tags.get("meta_correct") is not False:
        rule, answer = "ask_facts", words.say("facts", random, title=record.title, composer=composer, **facts)
    else:
        return None
    ask = words.say(rule, random, title=record.title, composer=composer)
    return converse(record, "comment", VERSION, seed, language, ask, answer)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """How much of the answer's words the reply has in the same order (ROUGE-L)."""
    return {"words": rouge_l(reply, conversation.messages[-1].text)}


def _written(record: Record, language: str) -> list[tuple[str, str]]:
    """The rule to ask by, and what was written: descriptions and comments of a fair length in this language."""
    comments, languages = record.tags.get("comments"), record.tags.get("comment_languages")
    found = [("ask_description", record.text, record.language)]
    if isinstance(comments, list) and isinstance(languages, list):
        found += [("ask_comment", str(said), str(tongue)) for said, tongue in zip(comments, languages, strict=True)]
    return [
        (rule, said) for rule, said, tongue in found
        if tongue == language and FEWEST_WORDS <= len(split_words(said)) <= MOST_WORDS
    ]  # fmt: skip
