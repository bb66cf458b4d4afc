"""`abcllm format`: the same music, spelled one way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from abcllm.notation import parse, write

from .conftest import BAD, GOOD, Command

LOOSE = GOOD.replace("L:1/4", "L: 1/4").replace("D E F G|", "D   E F  G |")


@pytest.fixture
def loose(tmp_path: Path) -> Path:
    path = tmp_path / "loose.abc"
    path.write_text(LOOSE)
    return path


def test_the_canonical_form_is_printed(abcllm: Command, loose: Path) -> None:
    said = abcllm("format", loose)
    assert said == (0, write(parse(LOOSE)), "")
    assert abcllm("format", "-", stdin=said.out) == said
    assert loose.read_text() == LOOSE


def test_in_place(abcllm: Command, loose: Path) -> None:
    loose.chmod(0o600)
    assert abcllm("format", "-w", loose) == (0, "", f"formatted {loose}\n")
    assert loose.read_text() == write(parse(LOOSE))
    assert loose.stat().st_mode & 0o777 == 0o600
    assert abcllm("format", "-w", loose) == (0, "", "")


def test_check_names_what_would_change(abcllm: Command, loose: Path) -> None:
    assert abcllm("format", "--check", loose) == (1, f"would format {loose}\n", "")
    assert loose.read_text() == LOOSE
    abcllm("format", "-w", loose)
    assert abcllm("format", "--check", loose) == (0, "", "")


def test_diff(abcllm: Command, loose: Path) -> None:
    said = abcllm("format", "--diff", loose)
    assert said.status == 1
    assert f"--- {loose}\n" in said.out
    assert "-L: 1/4\n+L:1/4\n" in said.out


def test_json(abcllm: Command, loose: Path, bad: Path) -> None:
    rows = json.loads(abcllm("format", "--json", "--check", loose).out)["files"]
    assert rows == [{"name": str(loose), "canonical": False, "readable": True}]


def test_what_cannot_be_read_is_left_as_it_is(abcllm: Command, loose: Path) -> None:
    broken = loose.with_name("broken.abc")
    broken.write_text(BAD.replace("K:D", "K:H"))
    said = abcllm("format", "-w", broken, loose)
    assert said.status == 1
    assert f"error: {broken} is left as it is" in said.err
    assert f"{broken}:5:" in said.err
    assert broken.read_text() == BAD.replace("K:D", "K:H")
    assert loose.read_text() == write(parse(LOOSE))


def test_bars_of_the_wrong_length_are_formatted(abcllm: Command) -> None:
    said = abcllm("format", "-", stdin=BAD.replace("A B c|", "A  B c |"))
    assert said == (0, BAD, "")


def test_encoding_and_line_ends_are_kept(abcllm: Command, tmp_path: Path) -> None:
    path = tmp_path / "t.abc"
    text = LOOSE.replace("A Scale", "Übung")
    path.write_bytes(text.replace("\n", "\r\n").encode("latin-1"))
    assert abcllm("format", "-w", path).status == 0
    assert path.read_bytes() == write(parse(text)).replace("\n", "\r\n").encode("latin-1")


def test_wrong_usage(abcllm: Command, tmp_path: Path) -> None:
    assert abcllm("format", "-w", "-").status == 2
    assert "only ABC files" in abcllm("format", tmp_path / "t.jsonl").err
