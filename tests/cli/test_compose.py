"""`abcllm compose`: from words and options to tunes, printed or in files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from abcllm import parse
from abcllm.backends import DEFAULT_BACKEND
from abcllm.notation import Key, Meter, check

from .conftest import Command


def test_a_tune_is_printed_and_summed_up(abcllm: Command) -> None:
    said = abcllm("compose", "a 16-bar jig in D", "--seed", "3")
    assert said.status == 0
    (tune,) = parse(said.out).tunes
    assert (tune.key, tune.meter, tune.rhythm) == (Key("D"), Meter((6,), 8), "jig")
    assert check(said.out) == ()
    assert said.err.endswith("jig in D major, 6/8, 16 bars, dotted quarter note = 110. Seed 3.\n")


def test_the_same_seed_gives_the_same_tune(abcllm: Command) -> None:
    assert abcllm("compose", "a reel", "--seed", "3").out == abcllm("compose", "a", "reel", "--seed", "3").out
    assert abcllm("compose", "a reel", "--seed", "3").out != abcllm("compose", "a reel", "--seed", "4").out


def test_without_a_seed_tunes_differ_and_can_be_had_again(abcllm: Command) -> None:
    said = abcllm("compose", "a reel")
    seed = said.err.rpartition("Seed ")[2].rstrip(".\n")
    assert abcllm("compose", "a reel", "--seed", seed).out == said.out


def test_options_win_over_words(abcllm: Command) -> None:
    options = ("--rhythm", "waltz", "--key", "Bb", "--bars", "8", "--tempo", "99", "--title", "Mine", "--seed", "1")
    said = abcllm("compose", "a jig in D", *options)
    (tune,) = parse(said.out).tunes
    assert (tune.rhythm, str(tune.key), str(tune.meter), tune.title) == ("waltz", "Bb", "3/4", "Mine")
    assert tune.tempo is not None
    assert tune.tempo.qpm == 99
    assert "(of waltz and jig, the first is composed: waltz)" in said.err


def test_options_alone_are_enough(abcllm: Command) -> None:
    said = abcllm("compose", "--meter", "9/8", "--seed", "1")
    assert parse(said.out).tunes[0].rhythm == "slip jig"
    assert "(no kind of tune was named: in 9/8, a slip jig)" in said.err


def test_nothing_at_all_is_a_jig(abcllm: Command) -> None:
    assert parse(abcllm("compose").out).tunes[0].rhythm == "jig"


def test_words_that_were_passed_over_are_said(abcllm: Command) -> None:
    said = abcllm("compose", "a jig in D with bagpipes")
    assert said.status == 0
    assert "(not understood, and passed over: bagpipes)" in said.err


def test_several_tunes_make_a_tunebook(abcllm: Command) -> None:
    said = abcllm("compose", "a polka in G", "-n", "3", "--seed", "10")
    tunes = parse(said.out).tunes
    assert [tune.number for tune in tunes] == [1, 2, 3]
    assert check(said.out) == ()
    assert parse(abcllm("compose", "a polka in G", "--seed", "12").out).tunes[0].voices == tunes[2].voices


def test_several_files(abcllm: Command, tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("x.abc", "x.mid", "x.musicxml", "x.json", "x.pdf")]
    said = abcllm("compose", "a march in G", *(word for path in paths for word in ("-o", path)))
    assert (said.status, said.out) == (0, "")
    assert [line for line in said.err.splitlines() if line.startswith("wrote")] == [f"wrote {path}" for path in paths]
    assert (tmp_path / "x.mid").read_bytes()[:4] == b"MThd"
    assert (tmp_path / "x.pdf").read_bytes()[:4] == b"%PDF"


def test_files_that_hold_one_tune_are_numbered(abcllm: Command, tmp_path: Path) -> None:
    abcllm("compose", "-n", "2", "-o", tmp_path / "x.mid", "-o", tmp_path / "x.abc")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x-1.mid", "x-2.mid", "x.abc"]
    assert len(parse((tmp_path / "x.abc").read_text()).tunes) == 2


def test_a_file_is_replaced_only_when_told_so(abcllm: Command, tmp_path: Path) -> None:
    path = tmp_path / "x.abc"
    path.write_text("mine")
    said = abcllm("compose", "-o", path)
    assert said.status == 2
    assert "exists already" in said.err
    assert path.read_text() == "mine"
    assert abcllm("compose", "-o", path, "--force").status == 0
    assert path.read_text().startswith("X:1")


def test_json(abcllm: Command, tmp_path: Path) -> None:
    path = tmp_path / "x.abc"
    said = abcllm("compose", "a jigg in D", "-n", "2", "--seed", "5", "--json", "-o", path)
    row = json.loads(said.out)
    assert row["request"] == "a 16-bar jig in D major, 6/8, 165 quarter notes a minute"
    assert row["remarks"] == ['"jigg" is read as jig']
    assert [tune["seed"] for tune in row["tunes"]] == [5, 6]
    assert parse(row["tunes"][1]["abc"]).tunes[0].number == 2
    assert row["written"] == [str(path)]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["blah blah"], 'do not understand "blah blah"'),
        (["a jig in D and save it as pdf"], "say only which tune"),
        (["slower"], "no tune yet"),
        (["--rhythm", "jigg"], "did you mean jig"),
        (["--key", "H"], "H"),
        (["--meter", "0/0"], "0/0"),
        (["--bars", "0"], "--bars takes 1 to 256, not 0"),
        (["--tempo", "1"], "--tempo takes 20 to 600, not 1"),
        (["--seed", "-1"], "--seed"),
        (["-n", "0"], "-n takes a whole number from 1"),
        (["-o", "x.docx"], ".docx"),
        (["-m", "ngrm"], "did you mean ngram"),
        (["--temperature", "-2"], "temperature"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_said_before_anything_is_composed(
    abcllm: Command, arguments: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = abcllm("compose", *arguments)
    assert (said.status, said.out) == (2, "")
    assert words in said.err.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [("compose", "a jig in D"), ("chat", "-p", "a jig in D")], ids=lambda words: words[0])
def test_the_model_that_ships_composes_unless_another_is_named(abcllm: Command, words: tuple[str, ...]) -> None:
    said = abcllm(*words, "--seed", "1").out
    assert said == abcllm(*words, "--seed", "1", "-m", DEFAULT_BACKEND).out
    assert said != abcllm(*words, "--seed", "1", "-m", "ngram").out
