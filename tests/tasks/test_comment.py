"""The task comment: words in the language that was asked for, facts where nobody wrote any, and None for the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from abcllm.record import Place, Record, Tag
from abcllm.tasks.comment import build, grade
from abcllm.tasks.wording import wording

ENGLISH = "A calm nocturne with a long singing line over broken chords."
CHINESE = "这首夜曲非常优美，左手的分解和弦像流水。"
PIECE = Record(
    id="g0hoN6_HDVU", source="music_text_alignment", licence="CC-BY-4.0", place=Place("a.tsv", 2), title="Nocturne_1",
    text=ENGLISH, language="en",
    tags={"composer": "Frédéric Chopin", "comments": [CHINESE, "Wow"], "comment_languages": ["zh", "en"]},
)  # fmt: skip
FACTS: dict[str, Tag] = {"composer": "Frédéric Chopin", "nationality": "Polish", "birth": 1810, "death": 1849}


@pytest.mark.parametrize(("language", "said"), [("en", ENGLISH), ("zh", CHINESE)])
def test_the_answer_is_what_was_written_in_the_language(language: str, said: str) -> None:
    for seed in range(20):
        conversation = build(PIECE, seed, language)
        assert conversation is not None
        ask, answer = conversation.messages
        assert answer.text == said
        assert "Nocturne_1" in ask.text
        assert "Chopin" in ask.text
        assert conversation == build(PIECE, seed, language)
        assert grade(conversation, answer.text) == {"words": 1.0}


def test_facts_are_told_where_nobody_wrote_anything() -> None:
    bare = replace(PIECE, text="", language="", tags=FACTS)
    for language in ("en", "zh"):
        conversation = build(bare, 3, language)
        assert conversation is not None
        assert all(fact in conversation.messages[1].text for fact in ("1810", "1849", "Chopin"))
        assert grade(conversation, "Nobody knows.")["words"] < 0.5


@pytest.mark.parametrize(
    "record",
    [
        replace(PIECE, title=""),
        replace(PIECE, tags={}),
        replace(PIECE, text="Wow, so nice", tags={"composer": "Chopin"}),
        replace(PIECE, language="fr", tags=FACTS),
        replace(PIECE, text="word " * 1000, tags={"composer": "Chopin"}),
        replace(PIECE, text="", tags={"composer": "Chopin", "birth": 1810}),
        replace(PIECE, text="", tags={**FACTS, "meta_correct": False}),
    ],
)
def test_records_that_do_not_serve(record: Record) -> None:
    assert build(record, 1, "en") is None


def test_wordings_are_many() -> None:
    for language, fewest in (("en", (1000, 200, 12)), ("zh", (400, 100, 6))):
        words = wording("comment", language)
        rules = ("ask_description", "ask_comment", "ask_facts")
        assert all(words.count(rule, "title", "composer") > least for rule, least in zip(rules, fewest, strict=True))
