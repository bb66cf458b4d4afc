"""Tools for an assistant, as a client sees them: in process, and as the program that it starts."""

from __future__ import annotations

import asyncio
import base64
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp", reason="needs mcp: pip install 'abcllm[serve]'")

TUNE = "X:1\nT:Up and down\nM:4/4\nL:1/4\nK:D\nDEFG|ABcd|]\n"


def call(name: str, **arguments: Any) -> Any:
    from mcp.client.client import Client

    from abcllm.backends import get_backend
    from abcllm.serving.assistant import build_assistant
    from abcllm.serving.settings import Limits

    async def ask() -> Any:
        async with Client(build_assistant(get_backend("ngram"), Limits())) as client:
            return await client.call_tool(name, arguments)

    return asyncio.run(ask())


def test_a_tune_is_composed() -> None:
    first, second = (call("compose", request="an 8-bar jig in D", seed=3).content[0].text for _ in range(2))
    assert first == second
    assert "R:jig" in first
    assert "8 bars" in first


def test_faults_are_told() -> None:
    found = call("check", abc=TUNE.replace("FG|", "FGA|")).structured_content
    assert not found["valid"]
    assert found["diagnostics"][0]["code"].startswith("R")


def test_a_tune_is_engraved_and_sounded() -> None:
    picture = call("render", abc=TUNE).content[0]
    assert (picture.type, picture.mime_type) == ("image", "image/png")
    assert base64.b64decode(picture.data).startswith(b"\x89PNG")
    assert call("render", abc=TUNE, format="svg").content[0].text.startswith("<svg")
    assert call("render", abc=TUNE, format="mp3").content[0].type == "audio"
    pdf = call("render", abc=TUNE, format="pdf").content[0].resource
    assert base64.b64decode(pdf.blob).startswith(b"%PDF")


def test_a_tune_goes_to_another_format_and_back() -> None:
    score = call("convert", content=TUNE, source="abc", target="musicxml").content[0].text
    assert "T:Up and down" in call("convert", content=score, source="musicxml", target="abc").content[0].text
    midi = call("convert", content=TUNE, source="abc", target="midi").content[0].resource.blob
    assert "K:D" in call("convert", content=midi, source="midi", target="abc").content[0].text


def test_a_tune_is_transposed() -> None:
    assert "K:G" in call("transpose", abc=TUNE, key="G").content[0].text
    assert "K:E" in call("transpose", abc=TUNE, semitones=2).content[0].text


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("render", {"abc": "hello"}, "no tune"),
        ("transpose", {"abc": TUNE, "key": "H"}, "H"),
        ("convert", {"content": "%%%", "source": "midi", "target": "abc"}, "base64"),
        ("check", {"abc": "C" * 300_000}, "300,000"),
        ("compose", {"request": "a jig", "temperature": 99}, "temperature"),
    ],
)
def test_what_cannot_be_done_is_told_in_our_words(name: str, arguments: dict[str, Any], words: str) -> None:
    told = call(name, **arguments)
    assert told.is_error
    assert words in told.content[0].text


@pytest.mark.slow
def test_the_program_speaks_the_protocol_and_nothing_else(root: Path) -> None:
    from mcp.client.client import Client
    from mcp.client.stdio import StdioServerParameters

    async def ask() -> list[str]:
        program = StdioServerParameters(command=sys.executable, args=["-m", "abcllm", "mcp"], cwd=str(root))
        async with Client(program) as client:
            return sorted(tool.name for tool in (await client.list_tools()).tools)

    assert asyncio.run(ask()) == ["check", "compose", "convert", "render", "transpose"]
