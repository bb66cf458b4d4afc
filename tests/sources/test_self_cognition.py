"""Self-cognition: the text that ships is whole in both languages, and a folder may set names and topics."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from abcllm.cli import COMMANDS
from abcllm.errors import DataError
from abcllm.record import Record, Reject
from abcllm.sources.self_cognition import records

OWN = """
[[topics]]
id = "a"
[topics.en]
questions = ["Who?"]
answers = ["{name} by {author}."]
[topics.zh]
questions = ["谁？"]
answers = ["{name}。"]
"""


def read(folder: Path) -> list[Record]:
    found = [*records(folder)]
    assert all(isinstance(one, Record) for one in found)
    return [one for one in found if isinstance(one, Record)]


def test_what_ships_needs_no_folder(tmp_path: Path) -> None:
    found = read(tmp_path / "missing")
    assert len({one.id for one in found}) == len(found)
    questions = {(one.language, one.exchanges[0].question) for one in found}
    assert all(count >= 40 for count in Counter(language for language, _ in questions).values())
    answers = Counter((one.language, one.exchanges[0].question) for one in found)
    assert min(answers.values()) >= 3
    assert {one.language for one in found} == {"en", "zh"}
    assert {one.group for one in found if one.language == "en"} == {one.group for one in found if one.language == "zh"}


def test_no_question_of_what_ships_stands_under_two_topics(tmp_path: Path) -> None:
    topics: dict[str, set[str]] = {}
    for one in read(tmp_path):
        topics.setdefault(one.exchanges[0].question, set()).add(one.group)
    assert [question for question, groups in topics.items() if len(groups) > 1] == []


def test_texts_are_in_their_language_and_slots_are_filled(tmp_path: Path) -> None:
    for one in read(tmp_path):
        question, answer = one.exchanges[0]
        assert "{" not in question + answer
        assert any("\u4e00" <= sign <= "\u9fff" for sign in question) == (one.language == "zh"), question
        assert any("\u4e00" <= sign <= "\u9fff" for sign in answer) == (one.language == "zh"), answer
        assert answer[0] == answer[0].upper() or answer.startswith("abcllm")


def test_commands_that_are_named_exist(tmp_path: Path) -> None:
    answers = " ".join(one.exchanges[0].answer for one in read(tmp_path))
    named = set(re.findall(r"`abcllm (\w+)", answers))
    assert named
    assert named <= set(COMMANDS)


def test_a_folder_sets_the_names(tmp_path: Path) -> None:
    (tmp_path / "self_cognition.toml").write_text('[slots.en]\nname = "Fiddler"\nauthor = "we"\n', encoding="utf-8")
    found = read(tmp_path)
    assert len(found) == len(read(tmp_path / "missing"))
    english = [one.exchanges[0].answer for one in found if one.language == "en"]
    assert "My name is Fiddler." in english
    assert any(answer.startswith("We built me") for answer in english)
    assert any("abcllm" in one.exchanges[0].answer for one in found if one.language == "zh")


def test_a_folder_has_topics_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "self_cognition.toml"
    path.write_text(OWN + OWN.replace("{author}", "{owner}") + "[[topics]]\nid = 'b'\n", encoding="utf-8")
    english, chinese, unset, bare = records(tmp_path)
    assert isinstance(english, Record)
    assert english.exchanges[0].answer == "abcllm by the abcllm authors."
    assert isinstance(chinese, Record)
    assert chinese.id == "a#zh#1.1"
    assert isinstance(unset, Reject)
    assert unset.reason == "no value for {owner} in [slots]"
    assert isinstance(bare, Reject)
    assert (bare.place.row, bare.reason) == (3, '"questions" in [topics.en] must be a list of texts')


@pytest.mark.parametrize(
    ("text", "fault"),
    [("a = ", "not TOML"), ("slots = 3", "must be a table"), ("[slots.en]\nname = 1", "must be a table")],
)
def test_a_file_of_another_form_is_refused(text: str, fault: str, tmp_path: Path) -> None:
    (tmp_path / "self_cognition.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=fault):
        list(records(tmp_path))
