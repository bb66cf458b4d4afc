"""Evaluations that run, are ended, go on, and are told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from abcllm.backends import Sampling
from abcllm.conversation import Conversation
from abcllm.errors import DataError, UsageError
from abcllm.evaluation.held_out import HeldOut
from abcllm.evaluation.reporting import read_results, render, table
from abcllm.evaluation.running import evaluate, rows_path
from abcllm.evaluation.suites import Settings
from tests.evaluation.given import Coin, Parrot, tune


def answer(conversation: Conversation, sampling: Sampling) -> str:
    return tune(sampling.seed % 7)


def test_the_same_run_gives_the_same_figures_and_no_path(held_out: HeldOut, tmp_path: Path) -> None:
    results = [
        evaluate(Parrot(answer), "parrot", ["compose", "codes"], held_out, Settings(6), tmp_path / name / "x.json")
        for name in ("one", "two")
    ]
    assert results[0] == results[1]
    assert results[0] == json.loads((tmp_path / "one" / "x.json").read_text())
    assert (
        str(tmp_path)
        not in (tmp_path / "one" / "x.json").read_text() + rows_path(tmp_path / "one" / "x.json").read_text()
    )
    assert results[0]["corpus"] == {"name": "twelve", "card_sha256": held_out.sha256}
    assert {"cpu", "cores", "python"} <= results[0]["machine"].keys()
    valid = results[0]["suites"]["compose"]["measures"]["valid"]
    assert valid["model"]["value"] == valid["human"]["value"] == 100
    assert (valid["model"]["n"], valid["human"]["n"]) == (6, 3)


def test_suites_with_the_same_questions_share_the_answers(held_out: HeldOut, tmp_path: Path) -> None:
    model = Parrot(answer)
    result = evaluate(model, "parrot", ["compose", "copies", "music"], held_out, Settings(5), tmp_path / "x.json")
    assert len(model.asked) == 5
    assert [*result["suites"]] == ["compose", "copies", "music"]


def test_a_run_that_was_ended_goes_on(held_out: HeldOut, tmp_path: Path) -> None:
    whole = evaluate(Parrot(answer), "parrot", ["compose"], held_out, Settings(6), tmp_path / "whole.json")

    def ended(conversation: Conversation, sampling: Sampling) -> str:
        if len(model.asked) > 3:
            raise KeyboardInterrupt
        return answer(conversation, sampling)

    out = tmp_path / "x.json"
    model = Parrot(ended)
    with pytest.raises(KeyboardInterrupt):
        evaluate(model, "parrot", ["compose"], held_out, Settings(6), out)
    assert not out.exists()
    with rows_path(out).open("ab") as stream:
        stream.write(b'{"rows": "compose", "num')  # as a process leaves it that is killed
    again = Parrot(answer)
    assert evaluate(again, "parrot", ["compose"], held_out, Settings(6), out) == whole
    assert len(again.asked) == 3
    assert rows_path(out).read_bytes() == rows_path(tmp_path / "whole.json").read_bytes()


def test_more_questions_begin_with_those_that_were_asked(held_out: HeldOut, tmp_path: Path) -> None:
    evaluate(Parrot(answer), "parrot", ["compose"], held_out, Settings(2), tmp_path / "x.json")
    more = Parrot(answer)
    evaluate(more, "parrot", ["compose"], held_out, Settings(5), tmp_path / "x.json")
    assert len(more.asked) == 3
    fewer = Parrot(answer)
    result = evaluate(fewer, "parrot", ["compose"], held_out, Settings(2), tmp_path / "x.json")
    assert (len(fewer.asked), result["suites"]["compose"]["n"]) == (0, 2)


def test_rows_of_another_run_are_not_gone_on_with(held_out: HeldOut, tmp_path: Path) -> None:
    out = tmp_path / "x.json"
    evaluate(Coin(2), "coin", ["bits"], held_out, Settings(3), out)
    for name, settings in (("die", Settings(3)), ("coin", Settings(3, 1)), ("coin", Settings(3, 0, Sampling(0.5)))):
        with pytest.raises(UsageError, match=r"rows of another model, corpus, seed or sampling.*--restart"):
            evaluate(Coin(6), name, ["bits"], held_out, settings, out)
    result = evaluate(Coin(6), "die", ["bits"], held_out, Settings(3), out, restart=True)
    assert result["suites"]["bits"]["measures"]["bits"]["model"]["value"] == pytest.approx(2.585, rel=0.02)


def test_a_suite_that_a_model_cannot_be_asked(held_out: HeldOut, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="coin cannot be asked what the suites compose, copies ask"):
        evaluate(Coin(2), "coin", ["compose", "bits", "copies"], held_out, Settings(3), tmp_path / "x.json")
    assert not [*tmp_path.iterdir()]


def test_results_side_by_side_with_people_in_the_last_column(held_out: HeldOut, tmp_path: Path) -> None:
    evaluate(Parrot(answer), "parrot", ["compose"], held_out, Settings(4), tmp_path / "a.json")
    evaluate(Coin(2), "coin", ["bits"], held_out, Settings(4), tmp_path / "b.json")
    bold = Sampling(temperature=1.5, guided=False)
    evaluate(Coin(4), "die", ["bits"], held_out, Settings(4, 0, bold), tmp_path / "c.json")
    (tmp_path / "other.json").write_text('{"rows": []}', encoding="utf-8")
    text = render(read_results([tmp_path]))
    lines = text.splitlines()
    assert next(line for line in lines if line.startswith("### ")).startswith("### bits: ")
    head = next(line for line in lines if line.startswith("| measure") and "coin" in line)
    assert [cell.strip() for cell in head.strip("|").split("|")] == [
        "measure", "coin", "die, unguided, temperature 1.5", "people",
    ]  # fmt: skip
    row = next(line for line in lines if line.startswith("| bits per character"))
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[1].startswith("1.0")
    assert cells[2].startswith("2.0")
    assert cells[3] == "-"
    assert f"card {held_out.sha256[:12]}" in text


def test_what_is_no_result(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no result; make one with"):
        read_results([tmp_path])
    (tmp_path / "x.json").write_text('{"rows": []}', encoding="utf-8")
    with pytest.raises(DataError, match=r"x\.json: no result of abcllm eval run"):
        read_results([tmp_path / "x.json"])
    (tmp_path / "x.json").write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match="not JSON"):
        read_results([tmp_path])


def test_tables_are_aligned() -> None:
    assert table([["a", "b"], [1, None], [0.25, 12345]]) == (
        "| a    | b      |\n|------|--------|\n| 1    | -      |\n| 0.25 | 12,345 |"
    )
    assert table([]) == ""
