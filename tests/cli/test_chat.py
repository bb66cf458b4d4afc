"""`abcllm chat` without a terminal: prompts, piped lines, and one tune where there is nothing to answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Command


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_input_one_tune_is_written(abcllm: Command, desk: Path) -> None:
    said = abcllm("chat", "--seed", "3", stdin="\n")
    assert said.status == 0
    assert sorted(path.suffix for path in desk.iterdir()) == [".abc", ".mid", ".pdf", ".wav"]
    assert len({path.stem for path in desk.iterdir()}) == 1
    assert said.out.count("saved ") == 4
    assert "\x1b" not in said.out


def test_a_second_tune_of_the_same_name_has_a_number(abcllm: Command, desk: Path) -> None:
    before = abcllm("chat", "--seed", "3").out
    assert before.count("-2.") == 0
    assert abcllm("chat", "--seed", "3").out.count("-2.") == 4
    assert len(list(desk.iterdir())) == 8


def test_files_go_to_the_folder_that_is_named(abcllm: Command, desk: Path) -> None:
    (desk / "out").mkdir()
    abcllm("chat", "-o", "out", "-p", "a polka called Rain", "-p", "save as midi")
    assert [path.name for path in (desk / "out").iterdir()] == ["rain.mid"]


def test_lines_are_answered(abcllm: Command) -> None:
    said = abcllm("chat", "--seed", "3", stdin="a waltz in G\nwhat key is it\n")
    assert (said.status, said.err) == (0, "")
    assert said.out.endswith("> what key is it\nG major (1 sharp).\n")


def test_prompts_are_one_conversation(abcllm: Command) -> None:
    said = abcllm("chat", "-p", "a waltz in G", "-p", "transpose to A", "-p", "what key is it")
    assert said.out.endswith("A major (3 sharps).\n")


def test_the_same_seed_gives_the_same_conversation(abcllm: Command) -> None:
    prompts = ("-p", "a reel", "-p", "again", "--seed", "9")
    assert abcllm("chat", *prompts) == abcllm("chat", *prompts)


@pytest.mark.parametrize(
    ("prompt", "status"), [("a jig", 0), ("gibberish", 2), ("what key is it", 2), ("play me a jig", 3)]
)
def test_the_exit_code_says_how_it_went(
    abcllm: Command, prompt: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    assert abcllm("chat", "-p", prompt).status == status


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-o", "nowhere"], "nowhere is no folder"),
        (["--seed", "-3"], "--seed"),
        (["-m", "gpt"], "no backend is called 'gpt'"),
        (["-m", "ngram:nowhere.npz"], "nowhere.npz"),
    ],
)
def test_wrong_usage(abcllm: Command, arguments: list[str], words: str) -> None:
    said = abcllm("chat", *arguments)
    assert said.status != 0
    assert words in said.err
    assert len(said.err.splitlines()) == 1
