"""Conversations to lines of other forms, and back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("pyarrow")

from abcllm.conversation import Conversation, Message
from abcllm.corpus.exports import from_xtuner, to_messages, to_row, to_sound, to_text, to_xtuner
from abcllm.errors import DataError

TEXT = st.text(min_size=1, max_size=30)


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=4), st.one_of(st.just(""), TEXT))
def test_turns_come_back_from_xtuners_form(turns: list[tuple[str, str]], system: str) -> None:
    messages = [Message("system", system)] if system else []
    for asked, answered in turns:
        messages += [Message("user", asked), Message("assistant", answered)]
    line = to_xtuner(Conversation(tuple(messages)))
    assert line is not None
    assert "\n" not in line
    assert from_xtuner(line).messages == tuple(messages)


def test_pretraining_is_an_answer_to_nothing() -> None:
    line = to_xtuner(Conversation((Message("assistant", "X:1\nK:D\n"),)))
    assert line is not None
    assert json.loads(line) == {"conversation": [{"system": "", "input": "", "output": "X:1\nK:D\n"}]}
    assert to_text(Conversation((Message("assistant", "X:1\n"),))) == '{"text": "X:1\\n"}'


def test_sound_has_a_form_of_its_own() -> None:
    heard = Conversation(
        (
            Message("user", ({"type": "audio", "audio": "a.wav"}, {"type": "text", "text": "What is this?"})),
            Message("assistant", "A jig."),
        )
    )
    assert (to_messages(heard), to_xtuner(heard), to_text(heard), to_row(heard)) == (None, None, None, None)
    line = to_sound(heard)
    assert line is not None
    contents = [message["content"] for message in json.loads(line)["messages"]]
    assert contents[1] == [{"type": "text", "text": "A jig."}]
    assert contents[0] == list(heard.messages[0].content)
    assert [message.text for message in Conversation.from_json(line).messages] == ["What is this?", "A jig."]
    assert to_sound(Conversation((Message("assistant", "X:1"),))) is None


def test_words_that_are_not_taken_in_turn_have_no_form_for_xtuner() -> None:
    assert to_xtuner(Conversation((Message("user", "a"), Message("user", "b"), Message("assistant", "c")))) is None
    assert to_xtuner(Conversation((Message("user", "a"),))) is None


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON"),
        ("[]", '"conversation" must be a list'),
        ('{"conversation": []}', '"conversation" must be a list'),
        ('{"conversation": [{"input": "a"}]}', 'turn 1 has no text under "output"'),
        ('{"conversation": [{"output": "a"}, {"input": 1, "output": "b"}]}', 'turn 2 has no text under "input"'),
    ],
)
def test_lines_that_are_none_are_named(line: str, reason: str) -> None:
    with pytest.raises(DataError, match="f:9: ") as caught:
        from_xtuner(line, source="f", row=9)
    assert reason in str(caught.value)
