"""Caption and speech: sound to words, graded by words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm.record import Place, Record
from abcllm.tasks import LANGUAGES, Language, caption, get_task, speech
from abcllm.tasks.wording import wording
from abcllm.tasks.words import rouge_l, split_words, word_accuracy

CLIP = Record("1", "own", "CC0-1.0", Place("a.csv", 1), audio="a.wav", text="Two flutes play, slowly.", language="en",
              tags={"text_kind": "caption"})  # fmt: skip
SPOKEN = replace(CLIP, text="Powiedz to jeszcze raz.", language="pl", tags={"text_kind": "transcript"})


def test_a_caption_is_the_answer_to_its_sound() -> None:
    conversation = caption.build(CLIP, seed=0)
    assert conversation is not None
    ask, answer = conversation.messages
    assert ask.content == ({"type": "audio", "audio": "a.wav"}, {"type": "text", "text": ask.text})
    assert answer.content == CLIP.text
    assert caption.grade(conversation, CLIP.text) == {"words": 1.0}
    assert caption.grade(conversation, "two flutes") == {"words": pytest.approx(2 / 3)}
    assert caption.build(CLIP, 0, "zh") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_transcript_is_the_answer_in_any_language(language: Language) -> None:
    conversation = speech.build(SPOKEN, 0, language)
    assert conversation is not None
    assert conversation.meta["language"] == language
    assert conversation.messages[-1].content == SPOKEN.text
    assert speech.grade(conversation, "powiedz to jeszcze raz") == {"words": 1.0}
    assert speech.grade(conversation, "powiedz to raz") == {"words": 0.75}
    assert speech.grade(conversation, "blah " * 50) == {"words": 0.0}


@pytest.mark.parametrize("record", [
    replace(CLIP, audio=""), replace(CLIP, text=""), replace(CLIP, tags={}), replace(CLIP, tags={"text_kind": "ad"}),
])  # fmt: skip
def test_what_does_not_serve(record: Record) -> None:
    assert caption.build(record, seed=0) is None
    assert speech.build(record, seed=0) is None


def test_a_caption_is_no_transcript_and_no_transcript_a_caption() -> None:
    assert speech.build(CLIP, seed=0) is None
    assert caption.build(replace(SPOKEN, language="en"), seed=0) is None


@pytest.mark.parametrize(("task", "record"), [("caption", replace(CLIP, language="")), ("speech", SPOKEN)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_seed_asks_the_same_and_others_in_other_words(task: str, record: Record, language: Language) -> None:
    asked = [get_task(task).build(record, seed % 60, language) for seed in range(120)]
    assert asked[:60] == asked[60:]
    assert len({one.messages[0].text for one in asked if one}) > 40
    assert wording(task, language).count("ask") >= 500


def test_words_of_several_scripts() -> None:
    assert split_words("Don’t STOP—the café’s 2nd tune!") == ["don't", "stop", "the", "café's", "2nd", "tune"]
    assert split_words("一首abc曲子。") == ["一", "首", "abc", "曲", "子"]
    assert split_words("_ ... ") == []
    assert split_words("ＡＢＣ１２ ﬁne") == split_words("abc12 fine")


@given(st.text(), st.text())
def test_scores_lie_between_0_and_1_and_equal_words_have_1(one: str, other: str) -> None:
    for score in (word_accuracy, rouge_l):
        assert 0 <= score(one, other) <= 1
        assert score(one, one) == 1
    assert rouge_l(one, other) == pytest.approx(rouge_l(other, one))
    assert (word_accuracy(one, other) == 1) == (split_words(one) == split_words(other))
