"""Dialogue: exchanges as they stand, with the sound they are about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from abcllm.conversation import Conversation
from abcllm.record import Exchange, Place, Record
from abcllm.tasks import Language, dialogue
from abcllm.tasks.material import sound_of

EXCHANGES = (Exchange("How fast is it?", "Slow, some 60 beats."), Exchange("Who sings?", "Nobody sings."))
RECORD = Record("1", "own", "CC0-1.0", Place("a.json", 1), exchanges=EXCHANGES, language="en")


def test_exchanges_are_turns() -> None:
    conversation = dialogue.build(RECORD, seed=0)
    assert conversation is not None
    assert [(one.role, one.content) for one in conversation.messages] == [
        ("user", "How fast is it?"), ("assistant", "Slow, some 60 beats."), ("user", "Who sings?"),
        ("assistant", "Nobody sings."),
    ]  # fmt: skip
    assert conversation.meta == {
        "task": "dialogue", "task_version": 1, "source": "own", "record": "1", "licence": "CC0-1.0", "seed": 0,
        "language": "en",
    }  # fmt: skip


def test_sound_stands_before_the_first_question_alone() -> None:
    heard = dialogue.build(replace(RECORD, audio="youtube:-0Gj8-vB1q4", start_s=30.0, end_s=40.5), seed=0)
    assert heard is not None
    assert heard.messages[0].content == (
        {"type": "audio", "audio": "youtube:-0Gj8-vB1q4#t=30,40.5"},
        {"type": "text", "text": "How fast is it?"},
    )
    assert heard.messages[0].text == "How fast is it?"
    assert all(isinstance(one.content, str) for one in heard.messages[1:])
    assert Conversation.from_json(heard.to_json()) == heard


@pytest.mark.parametrize(
    ("start_s", "end_s", "name"),
    [(None, None, "a.wav"), (0.0, 10.0, "a.wav#t=0,10"), (2.5, None, "a.wav#t=2.5"), (None, 3.0, "a.wav#t=0,3")],
)
def test_parts_of_sound_are_media_fragments(start_s: float | None, end_s: float | None, name: str) -> None:
    assert sound_of(replace(RECORD, audio="a.wav", start_s=start_s, end_s=end_s)) == name


@pytest.mark.parametrize(("spoken", "language", "serves"), [
    ("en", "en", True), ("en", "zh", False), ("zh-CN", "zh", True), ("", "en", True), ("", "zh", True),
    ("de", "en", False),
])  # fmt: skip
def test_only_the_language_that_is_wanted(spoken: str, language: Language, serves: bool) -> None:
    assert (dialogue.build(replace(RECORD, language=spoken), 0, language) is not None) == serves


def test_without_exchanges_it_does_not_serve() -> None:
    assert dialogue.build(replace(RECORD, exchanges=(), text="words", audio="a.wav"), seed=0) is None


def test_grades() -> None:
    conversation = dialogue.build(RECORD, seed=0)
    assert conversation is not None
    assert dialogue.grade(conversation, "nobody SINGS") == {"words": 1.0}
    assert dialogue.grade(conversation, "Nobody ever sings here") == {"words": pytest.approx(2 / 3)}
    assert dialogue.grade(conversation, "") == {"words": 0.0}
