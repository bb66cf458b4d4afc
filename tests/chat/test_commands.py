"""Slash commands say what words say."""

from __future__ import annotations

import pytest

from abcllm.chat.commands import SLASH_COMMANDS, read_slash
from abcllm.request import (
    Ask,
    Help,
    Instruction,
    Open,
    Quit,
    Recall,
    Repair,
    Request,
    Reseed,
    Retry,
    Save,
    Show,
    Switch,
    Unclear,
    Undo,
    read_request,
)

JIG = Request.for_rhythm("jig")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/save", "save"),
        ("/save pdf", "save as pdf"),
        ("/save pdf midi", "save as pdf midi"),
        ("/save rain.mid", "save as rain.mid"),
        ("/export pdf", "save as pdf"),
        ("/like The Kesh", "something like The Kesh"),
        ("/like", "something like this"),
        ("/find The Kesh", "show me The Kesh from the library"),
        ("/play", "play it"),
        ("/show", "show it"),
        ("/transpose G", "transpose to G"),
        ("/transpose Bb", "transpose to Bb"),
        ("/transpose 3", "transpose +3"),
        ("/transpose -2", "transpose -2"),
        ("/transpose up a tone", "up a tone"),
        ("/tempo 100", "at 100 bpm"),
        ("/seed 5", "seed 5"),
        ("/tr G", "transpose to G"),
    ],
)
def test_the_short_way_is_the_long_way(command: str, words: str) -> None:
    assert read_slash(command, JIG) == read_request(words, JIG)


@pytest.mark.parametrize(
    ("command", "meaning"),
    [
        ("/help", Help()),
        ("/quit", Quit()),
        ("/undo", Undo()),
        ("/retry", Retry()),
        ("/fix", Repair(is_computed=True)),
        ("/conversations", Recall()),
        ("/open kesh", Open("kesh")),
        ("/model ngram", Switch("ngram")),
        ("/model", Switch()),
        ("/score", Show()),
        ("/export mid", Save("midi")),
        ("/export mid rain", Save("midi", "rain.mid")),
        ("/export mid my rain.mid", Save("midi", "my rain.mid")),
        ("/export musicxml a/b", Save("musicxml", "a/b.musicxml")),
        ("/info", Ask("all")),
        ("/seed", Reseed()),
        ("/tempo", Ask("tempo")),
        ("/Q", Quit()),
    ],
)
def test_plain_commands(command: str, meaning: Instruction) -> None:
    assert read_slash(command, None) == meaning


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/dance", "no command /dance"),
        ("/", "no command /"),
        ("/s", "/s could be /save or /score or /seed or /show"),
        ("/play loud", "takes nothing"),
        ("/seed x", '"x" is no seed'),
        ("/export docx", '"docx" is no format'),
        ("/export mid rain.pdf", "another ending than .mid"),
        ("/open", "what /open is to open"),
        ("/transpose", "to which key"),
        ("/transpose H", '"H" is no key'),
    ],
)
def test_what_is_no_command_is_said(command: str, words: str) -> None:
    said = read_slash(command, None)
    assert isinstance(said, Unclear)
    assert words in said.text


def test_commands_are_in_order() -> None:
    assert list(SLASH_COMMANDS) == sorted(SLASH_COMMANDS)
