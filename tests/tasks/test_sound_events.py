"""Sound events: the closed-ended questions about which sounds, in which order, when."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm.conversation import Conversation
from abcllm.record import Place, Record
from abcllm.tasks import sound_events
from abcllm.tasks.wording import wording

CLIP = Record(
    "1", "audioset", "CC-BY-SA-4.0", Place("a.tsv", 2), audio="youtube:-0Gj8-vB1q4", language="en",
    start_s=0.0, end_s=10.0, tags={
        "labels": ["Tap", "Male speech, man speaking", "Fart"],
        "descriptions": ["", "A man: he speaks.", "Noise; of the body."],
        "events": ["Tap", "Fart", "Tap", "Male speech, man speaking"],
        "event_starts_s": [1.4, 2.0, 1.9, 5.0], "event_ends_s": [1.4, 2.5, 3.25, 10.0],
    },
)  # fmt: skip


def conversation_of(kind: str, record: Record = CLIP) -> Conversation:
    """The first conversation whose answer begins with these words."""
    found = (sound_events.build(record, seed) for seed in range(200))
    return next(one for one in found if one and one.messages[-1].text.startswith(kind))


def test_the_four_answers() -> None:
    assert conversation_of("Sounds:").messages[-1].text == "Sounds: Tap; Male speech, man speaking; Fart"
    assert conversation_of("Sounds and what they are:").messages[-1].text == (
        "Sounds and what they are:\nTap\nMale speech, man speaking: A man: he speaks.\nFart: Noise; of the body."
    )
    assert conversation_of("Order:").messages[-1].text == "Order: Tap; Fart; Male speech, man speaking"
    times = {one.messages[-1].text for seed in range(60) if (one := sound_events.build(CLIP, seed))}
    assert {"Times: 1.40-1.40 s; 1.90-3.25 s", "Times: 2.00-2.50 s", "Times: 5.00-10.00 s"} <= times


def test_the_question_names_the_sound_whose_times_are_asked() -> None:
    asked = conversation_of("Times: 5.00").messages[0]
    assert '"Male speech, man speaking"' in asked.text
    assert asked.content[0] == {"type": "audio", "audio": "youtube:-0Gj8-vB1q4#t=0,10"}


@pytest.mark.parametrize("kind", ["Sounds:", "Sounds and what they are:", "Order:", "Times:"])
def test_the_reference_has_full_marks_and_other_answers_have_none(kind: str) -> None:
    conversation = conversation_of(kind)
    reference = sound_events.grade(conversation, conversation.messages[-1].text)
    assert {*reference.values()} == {1.0}
    for reply in ("", "I hear nothing of the kind."):
        grades = sound_events.grade(conversation, reply)
        assert grades.keys() == reference.keys()
        assert {*grades.values()} == {0.0}


@pytest.mark.parametrize(
    ("kind", "reply", "grades"),
    [
        ("Sounds:", "fart, tap", {"sounds": 0.0}),
        ("Sounds:", "Sounds: FART; tap.", {"sounds": 2 / 3}),
        ("Sounds:", "- Tap\n- Fart\n- Bell\n", {"sounds": 0.5}),
        ("Sounds and", "Fart: noise of the body\nTap: ", {"sounds": 2 / 3, "descriptions": 0.5}),
        ("Order:", "Order: Fart; Tap; Male speech, man speaking", {"order": 1 / 3}),
        ("Order:", "Order: Tap; Fart", {"order": 2 / 3}),
        ("Times: 5.00", "Times: 5-7.5 s", {"times": 0.5}),
        ("Times: 5.00", "It is heard from 5 s to 6 s, 5.5 - 7.5 s, and 9 to 8.", {"times": 0.5}),
        ("Times: 5.00", "Times: 0.00-5.00 s", {"times": 0.0}),
        ("Times: 5.00", "all the time", {"times": 0.0}),
    ],
)
def test_grades(kind: str, reply: str, grades: dict[str, float]) -> None:
    assert sound_events.grade(conversation_of(kind), reply) == pytest.approx(grades)


def test_a_sound_of_no_length_is_found_by_its_moment() -> None:
    tags = {"labels": ["Tap"], "events": ["Tap"], "event_starts_s": [1.4], "event_ends_s": [1.4]}
    conversation = conversation_of("Times:", replace(CLIP, tags=tags))
    assert sound_events.grade(conversation, "1.4-1.4 s") == {"times": 1.0}
    assert sound_events.grade(conversation, "1.5-1.5 s") == {"times": 0.0}


def test_what_is_not_known_is_not_asked() -> None:
    labels_alone = replace(CLIP, tags={"labels": ["Rain"]})
    assert {sound_events.build(labels_alone, seed).messages[-1].text for seed in range(20)} == {"Sounds: Rain"}  # type: ignore[union-attr]
    assert sound_events.build(replace(CLIP, tags={}), 0) is None
    assert sound_events.build(replace(CLIP, audio=""), 0) is None
    assert sound_events.build(CLIP, 0, "zh") is None


@given(st.text(), st.sampled_from(["Sounds:", "Sounds and", "Order:", "Times:"]))
def test_any_reply_is_graded(reply: str, kind: str) -> None:
    assert all(0 <= grade <= 1 for grade in sound_events.grade(conversation_of(kind), reply).values())


@pytest.mark.parametrize("kind", ["sounds", "described", "order", "times"])
def test_each_question_has_many_wordings(kind: str) -> None:
    assert wording("sound_events", "en").count(kind, "event") >= 100
