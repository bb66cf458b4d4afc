"""Pictures go only to terminals that say they can show them."""

from __future__ import annotations

import re
from base64 import standard_b64decode

import pytest

from abcllm.chat.picture import find_protocol, inline_picture


@pytest.mark.parametrize(
    ("environment", "protocol"),
    [
        ({}, ""),
        ({"TERM": "xterm-256color"}, ""),
        ({"TERM": "xterm-kitty"}, "kitty"),
        ({"KITTY_WINDOW_ID": "1", "TERM": "xterm-256color"}, "kitty"),
        ({"KITTY_WINDOW_ID": "1", "TERM": "xterm-256color", "TMUX": "x"}, ""),
        ({"TERM_PROGRAM": "iTerm.app"}, "iterm"),
        ({"TERM_PROGRAM": "WezTerm"}, "iterm"),
        ({"TERM_PROGRAM": "Apple_Terminal"}, ""),
        ({"TERM_PROGRAM": "iTerm.app", "TERM": "screen-256color"}, ""),
    ],
)
def test_the_protocol_is_the_terminals(environment: dict[str, str], protocol: str) -> None:
    assert find_protocol(environment) == protocol


@pytest.mark.parametrize("size", [1, 3072, 3073, 20_000])
def test_kitty_gets_the_whole_picture_in_chunks(size: int) -> None:
    png = bytes(range(256)) * (size // 256) + bytes(size % 256)
    chunks = re.findall("\x1b_G([^;]*);([^\x1b]*)\x1b\\\\", inline_picture(png, "kitty"))
    assert standard_b64decode("".join(data for _, data in chunks)) == png
    assert all(len(data) <= 4096 for _, data in chunks)
    assert [keys[-3:] for keys, _ in chunks] == ["m=1"] * (len(chunks) - 1) + [chunks[-1][0][-3:]]
    assert chunks[0][0].startswith("a=T,f=100,")
    assert chunks[-1][0].endswith("m=0")


def test_iterm_gets_the_whole_picture_at_once() -> None:
    shown = inline_picture(b"\x89PNG", "iterm")
    assert shown.startswith("\x1b]1337;File=inline=1;")
    assert standard_b64decode(shown.partition(":")[2].rstrip("\n\x07")) == b"\x89PNG"
