"""A model's answer, read: whatever it is wrapped in, without what gives the game away."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm.errors import DataError
from abcllm.instructing.answers import LONGEST, MOST_CHARACTERS, MOST_PAIRS, read_answer
from abcllm.record import Exchange

PAIR = {"question": "How fast is it?", "answer": "Some 92 beats a minute."}
LIST = json.dumps([PAIR])


@pytest.mark.parametrize(
    "text",
    [
        LIST,
        f"```json\n{LIST}\n```",
        f"Here are the questions:\n{LIST}\nI hope that helps!",
        f"<think>[{{}}] is a list?</think>\n{LIST}",
        json.dumps({"pairs": [PAIR]}),
        json.dumps([PAIR | {"level": "easy"}], indent=2),
        json.dumps([{"question": "How  fast\nis it?", "answer": " Some 92 beats a minute.\n"}]),
    ],
)
def test_the_list_is_found(text: str) -> None:
    assert read_answer(text).exchanges == (Exchange(PAIR["question"], PAIR["answer"]),)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not a JSON list"),
        ("I cannot hear it.", "not a JSON list"),
        (LIST[:-1], "not a JSON list"),
        ("[" * 50_000, "not a JSON list"),
        ("[]", "no questions"),
        ('["How fast?"]', "a pair without question and answer"),
        ('[{"question": "How fast?"}]', "a pair without question and answer"),
        ('[{"question": " ", "answer": "a"}]', "empty side"),
        (json.dumps([{"question": "q", "answer": "a" * (LONGEST + 1)}]), f"more than {LONGEST} characters"),
        (" " * (MOST_CHARACTERS + 1), f"longer than {MOST_CHARACTERS}"),
    ],
)
def test_what_is_no_answer(text: str, reason: str) -> None:
    with pytest.raises(DataError, match=reason):
        read_answer(text)


@pytest.mark.parametrize(
    "leak",
    [
        "The metadata says so.", "Based on the provided information, it is slow.", "By the data provided, it is slow.",
        "As an AI assistant, I hear drums.", "The caption speaks of drums.", "The JSON has no key.",
        "According to the tags it is folk.", "Given the supplied details, it is folk.", "I am a language model.",
    ],
)  # fmt: skip
def test_what_gives_the_game_away_is_dropped(leak: str) -> None:
    answer = read_answer(json.dumps([PAIR, {"question": "Why?", "answer": leak}]))
    assert len(answer.exchanges) == 1
    assert answer.dropped[0].startswith("says what must not be said: '")
    with pytest.raises(DataError, match="says what must not be said"):
        read_answer(json.dumps([{"question": leak, "answer": "Yes."}]))


@pytest.mark.parametrize(
    "fine", ["The bass gives three notes.", "A description fit for dancers.", "The fields of Athenry."]
)
def test_words_that_only_look_like_it_are_kept(fine: str) -> None:
    assert read_answer(json.dumps([{"question": "What?", "answer": fine}])).dropped == ()


def test_questions_are_asked_once_and_not_without_end() -> None:
    pairs = [{"question": f"Question {at}?", "answer": "Yes."} for at in range(MOST_PAIRS + 5)]
    answer = read_answer(json.dumps([pairs[0] | {"question": "QUESTION 1?"}, *pairs]))
    assert len(answer.exchanges) == MOST_PAIRS - 1
    assert answer.dropped == (f"more than {MOST_PAIRS} pairs", "the same question twice")


@given(st.text() | st.recursive(st.none() | st.text() | st.integers(), lambda one: st.lists(one) | st.dictionaries(
    st.sampled_from(["question", "answer", "a"]), one)).map(json.dumps))  # fmt: skip
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        answer = read_answer(text)
    except DataError:
        return
    assert answer.exchanges
    assert all(question and said for question, said in answer.exchanges)
