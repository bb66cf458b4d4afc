"""Conversations on disk: one line each, whole, and nothing in them that has no meaning."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from abcllm.conversation import Conversation, Message, read_conversations
from abcllm.errors import DataError

HELLO = Conversation((Message("user", "a jig in D\n♪"), Message("assistant", "X:1")), {"task": "compose", "seed": 7})


def test_there_and_back() -> None:
    line = HELLO.to_json()
    assert "\n" not in line
    assert "♪" in line
    assert Conversation.from_json(line) == HELLO


def test_the_form_is_the_one_that_trainers_read() -> None:
    record = json.loads(HELLO.to_json())
    assert list(record) == ["messages", "meta"]
    assert record["messages"][0] == {"role": "user", "content": "a jig in D\n♪"}


def test_sound_is_a_part_and_not_text() -> None:
    parts = ({"type": "audio", "audio": "tune.wav"}, {"type": "text", "text": "What is it?"})
    conversation = Conversation((Message("user", parts),))
    assert Conversation.from_json(conversation.to_json()) == conversation
    assert conversation.messages[0].text == "What is it?"


def test_adding_leaves_the_conversation_as_it_was() -> None:
    longer = HELLO.add("user", "again")
    assert len(HELLO.messages) == 2
    assert longer.messages[-1] == Message("user", "again")
    assert longer.meta == HELLO.meta


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "not a JSON object"),
        ("[" * 100_000, "not a JSON object"),
        ("[]", "must be a JSON object, not list"),
        ("{}", '"messages" must be a list'),
        ('{"messages": []}', "at least one message"),
        ('{"messages": [{"role": "user", "content": "x"}], "mesages": 1}', "unknown key 'mesages'"),
        ('{"messages": [{"role": "user", "content": "x", "name": "y"}]}', "message 1 has the unknown key 'name'"),
        ('{"messages": [{"role": "tool", "content": "x"}]}', "role 'tool'"),
        ('{"messages": [{"role": "user"}]}', 'no "content"'),
        ('{"messages": [{"role": "user", "content": "x"}, 1]}', "message 2 must be a JSON object, not int"),
        ('{"messages": [{"role": "user", "content": [{"type": "video"}]}]}', "part of type 'video'"),
        ('{"messages": [{"role": "user", "content": [{"type": "text"}]}]}', 'no text under "text"'),
        ('{"messages": [{"role": "user", "content": [{"type": "text", "text": "", "x": 1}]}]}', "unknown key 'x'"),
        ('{"messages": [{"role": "user", "content": "x"}], "meta": {"task": {}}}', "must be a text or a number"),
        ('{"messages": [{"role": "user", "content": "x"}], "meta": {"tsk": "a"}}', "unknown key 'tsk'"),
    ],
    ids=lambda value: value[:40],
)
def test_what_does_not_belong_is_refused_with_its_row(line: str, words: str) -> None:
    with pytest.raises(DataError, match=r"^chat\.jsonl:3: ") as refused:
        Conversation.from_json(line, source="chat.jsonl", row=3)
    assert words in str(refused.value)
    assert refused.value.row == 3


def test_a_file_is_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "chat.jsonl"
    path.write_text(f"\ufeff{HELLO.to_json()}\n\n{HELLO.to_json()}\n", encoding="utf-8")
    assert list(read_conversations(path)) == [HELLO, HELLO]


def test_a_file_in_another_encoding_is_refused_with_its_row(tmp_path: Path) -> None:
    path = tmp_path / "chat.jsonl"
    path.write_bytes(HELLO.to_json().encode() + b"\n\xff\xfe\n")
    with pytest.raises(DataError, match="not UTF-8") as refused:
        list(read_conversations(path))
    assert refused.value.row == 2
