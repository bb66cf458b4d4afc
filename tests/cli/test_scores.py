"""`abcllm convert`, `render` and `play`: what they share, and what each refuses."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from abcllm.notation import parse

from .conftest import BAD, GOOD, Command


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.abc"
    path.write_text(f"{GOOD}\n{BAD}")
    return path


class TestConvert:
    def test_abc_to_abc(self, abcllm: Command, good: Path, tmp_path: Path) -> None:
        assert abcllm("convert", good, tmp_path / "out.abc") == (0, "", f"wrote {tmp_path}/out.abc\n")
        assert parse((tmp_path / "out.abc").read_text()).tunes == parse(GOOD).tunes

    def test_a_file_is_replaced_only_by_force(self, abcllm: Command, good: Path, tmp_path: Path) -> None:
        (tmp_path / "out.abc").write_text("mine")
        said = abcllm("convert", good, tmp_path / "out.abc")
        assert said.status == 2
        assert "--force" in said.err
        assert (tmp_path / "out.abc").read_text() == "mine"
        assert abcllm("convert", "--force", good, tmp_path / "out.abc").status == 0

    @pytest.mark.parametrize(("wish", "key"), [("2", "E"), ("-2", "C"), ("Bb", "Bb")])
    def test_transpose(self, abcllm: Command, good: Path, tmp_path: Path, wish: str, key: str) -> None:
        assert abcllm("convert", good, tmp_path / "out.abc", "--transpose", wish).status == 0
        assert f"\nK:{key}\n" in (tmp_path / "out.abc").read_text()

    def test_standard_input_and_output(self, abcllm: Command) -> None:
        said = abcllm("convert", "-", "-", "--to", "abc", stdin=GOOD)
        assert said.status == 0
        assert parse(said.out).tunes == parse(GOOD).tunes

    def test_faults_are_said_and_the_tune_is_written(self, abcllm: Command, bad: Path, tmp_path: Path) -> None:
        said = abcllm("convert", bad, tmp_path / "out.abc")
        assert said.status == 1
        assert f"{bad}:6:9: error" in said.err
        assert (tmp_path / "out.abc").exists()

    def test_json(self, abcllm: Command, bad: Path, tmp_path: Path) -> None:
        answer = json.loads(abcllm("convert", "--json", bad, tmp_path / "out.abc").out)
        assert answer["written"] == [f"{tmp_path}/out.abc"]
        assert answer["errors"] == 1
        assert answer["diagnostics"][0]["line"] == 6

    def test_many_faults_are_not_all_said(self, abcllm: Command, tmp_path: Path) -> None:
        path = tmp_path / "many.abc"
        path.write_text(BAD + "D E F|\n" * 20)
        said = abcllm("convert", path, tmp_path / "out.abc")
        assert said.err.count(": error ") == 5
        assert "more; all of them: abcllm check" in said.err

    def test_one_tune_is_chosen_by_its_number(self, abcllm: Command, book: Path, tmp_path: Path) -> None:
        assert abcllm("convert", book, tmp_path / "out.abc", "--tune", "7").status == 1
        assert [tune.number for tune in parse((tmp_path / "out.abc").read_text()).tunes] == [7]
        said = abcllm("convert", book, tmp_path / "out.abc", "--tune", "8")
        assert said.status == 2
        assert "has no tune with X:8; it has X:1, X:7" in said.err

    def test_several_tunes_and_a_file_of_one(self, abcllm: Command, book: Path, tmp_path: Path) -> None:
        said = abcllm("convert", book, tmp_path / "out.mid")
        assert said.status == 2
        assert "--tune N, or write a file for each with --each" in said.err
        abcllm("convert", book, tmp_path / "out.abc", "--each")
        assert [parse((tmp_path / f"out-{n}.abc").read_text()).tunes[0].number for n in (1, 2)] == [1, 7]

    def test_no_tune_at_all(self, abcllm: Command, tmp_path: Path) -> None:
        said = abcllm("convert", "-", tmp_path / "out.mid", stdin="Dear sir,\n")
        assert said.status == 1
        assert "no tune is in it" in said.err
        assert os.listdir(tmp_path) == []


@pytest.fixture
def player(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program called `aplay`, the only one there is, that keeps what it was given to play."""
    bin_folder, heard = tmp_path / "bin", tmp_path / "heard"
    bin_folder.mkdir()
    program = bin_folder / "aplay"
    program.write_text(f'#!/bin/sh\nfor last; do :; done\n/bin/cat "$last" >> "{heard}"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(bin_folder))
    return heard


class TestPlay:
    def test_the_sound_reaches_the_player(self, abcllm: Command, good: Path, player: Path) -> None:
        assert abcllm("play", good) == (0, "", "")
        assert player.read_bytes()[:4] == b"RIFF"

    def test_without_a_player_its_name_and_remedy_are_said(
        self, abcllm: Command, good: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", "")
        said = abcllm("play", good)
        assert said.status == 3
        assert "aplay" in said.err
        assert "-o tune.wav" in said.err

    def test_a_player_that_fails_is_quoted(self, abcllm: Command, good: Path, player: Path) -> None:
        (player.parent / "bin" / "aplay").write_text("#!/bin/sh\necho no such device >&2\nexit 1\n")
        said = abcllm("play", good)
        assert said.status == 1
        assert "aplay could not play the sound: no such device" in said.err

    def test_a_sound_file(self, abcllm: Command, good: Path, tmp_path: Path) -> None:
        assert abcllm("play", good, "-o", tmp_path / "fast.wav", "--tempo", "240").status == 0
        assert abcllm("play", good, "-o", tmp_path / "slow.wav", "--tempo", "60").status == 0
        assert (tmp_path / "slow.wav").stat().st_size > (tmp_path / "fast.wav").stat().st_size


class TestRender:
    @pytest.mark.parametrize(("suffix", "magic"), [("pdf", b"%PDF"), ("svg", b"<"), ("png", b"\x89PNG")])
    def test_each_kind(self, abcllm: Command, good: Path, tmp_path: Path, suffix: str, magic: bytes) -> None:
        path = tmp_path / f"out.{suffix}"
        assert abcllm("render", good, "-o", path) == (0, "", f"wrote {path}\n")
        assert path.read_bytes().startswith(magic)

    def test_the_name_follows_that_of_the_tune(self, abcllm: Command, good: Path) -> None:
        assert abcllm("render", good).status == 0
        assert good.with_suffix(".pdf").read_bytes().startswith(b"%PDF")

    def test_several_files_make_one_book(self, abcllm: Command, good: Path, bad: Path, tmp_path: Path) -> None:
        said = abcllm("render", good, bad, "-o", tmp_path / "book.pdf")
        assert said.status == 1
        assert said.err.endswith(f"wrote {tmp_path}/book.pdf\n")
