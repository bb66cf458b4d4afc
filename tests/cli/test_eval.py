"""`abcllm eval`: suites listed, the n-gram model asked, results told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from abcllm.__main__ import main
from abcllm.cli.eval import name_of
from abcllm.evaluation.suites import suite_names
from tests.evaluation.given import make_corpus


@pytest.fixture
def corpus(tmp_path: Path) -> str:
    folder = tmp_path / "corpus"
    folder.mkdir()
    return str(make_corpus(folder))


def test_list_names_every_suite_and_measure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "list"]) == 0
    shown = capsys.readouterr().out
    assert [line.split()[0] for line in shown.splitlines() if line[0] != " "] == suite_names()
    assert "number of bars as asked, %" in shown
    assert main(["eval", "list", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["bits"]["measures"] == {"bits": {"title": "bits per character", "unit": "bits"}}


def test_the_ngram_model_is_asked_and_its_result_told(
    corpus: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "results" / "ngram.json"
    assert main(["eval", "run", "-m", "ngram", "--corpus", corpus, "-n", "2", "-o", str(out)]) == 0
    shown = capsys.readouterr()
    assert "passed over, for ngram cannot be asked: bits" in shown.err
    assert "| strictly valid tunes, %" in shown.out
    result = json.loads(out.read_text(encoding="utf-8"))
    assert (result["model"], result["seed"], result["sampling"]["guided"]) == ("ngram", 0, True)
    assert [*result["suites"]] == ["codes", "compose", "copies", "music", "requests"]
    assert main(["eval", "report", str(out)]) == 0
    assert capsys.readouterr().out == shown.out
    assert main(["eval", "report", str(out.parent), "-o", str(tmp_path / "report.md")]) == 0
    assert (tmp_path / "report.md").read_text(encoding="utf-8") == shown.out


def test_only_the_suites_that_are_named(corpus: str, tmp_path: Path) -> None:
    out = tmp_path / "x.json"
    words = ["eval", "run", "-m", "ngram", "--corpus", corpus, "-n", "1", "--suite", "compose", "--no-guided"]
    assert main([*words, "--temperature", "0.5", "--top-p", "0.9", "--max-tokens", "99", "-o", str(out)]) == 0
    result = json.loads(out.read_text(encoding="utf-8"))
    assert [*result["suites"]] == ["compose"]
    assert result["sampling"] == {"temperature": 0.5, "top_p": 0.9, "max_tokens": 99, "guided": False}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["-n", "0"], "-n takes a whole number from 1, not 0"),
        (["--seed", "-1"], "--seed takes a whole number from 0, not -1"),
        (["--suite", "bitz"], "did you mean bits"),
        (["--suite", "bits"], "ngram cannot be asked what the suites bits ask"),
        (["--top-p", "0"], "top_p must be above 0"),
        (["-m", "ngran"], "did you mean ngram"),
    ],
)
def test_wrong_words(
    words: list[str], message: str, corpus: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["eval", "run", "-m", "ngram", "--corpus", corpus, "-o", str(tmp_path / "x.json")]
    assert main([*given, *words]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "x.json").exists()


def test_what_is_no_corpus(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "run", "--corpus", str(tmp_path), "-o", str(tmp_path / "x.json")]) == 1
    assert "no card.json: it holds no corpus" in capsys.readouterr().err


def test_a_name_keeps_no_folder() -> None:
    assert name_of("ngram") == "ngram"
    assert name_of("neural:somewhere/else/small") == "neural:small"
