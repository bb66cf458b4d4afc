"""`abcllm data`: listed, built, killed, shown, validated."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from abcllm.__main__ import main
from abcllm.sources import source_names

pytest.importorskip("pyarrow")

TUNES = (
    "X:1\nT:One\nR:waltz\nM:3/4\nL:1/4\nK:G\nG2 B|d2 B|c2 A|G3|B2 d|g2 d|e d c|B3|]\n\n"
    "X:2\nT:Two\nM:3/4\nL:1/4\nK:D\nF A d|f2 e|d2 A|B3|G B e|g2 f|e2 c|d3|]\n\n"
    "X:3\nT:Faulty\nM:3/4\nL:1/4\nK:D\nF A d f|\n"
)
PLAN = '[pretrain]\ntune = 1\n[sft]\ncompose = 1\n[[source]]\nname = "abc"\nfolder = "tunes"\nlicence = "MIT"\n'


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "tunes").mkdir()
    (tmp_path / "tunes" / "book.abc").write_text(TUNES, encoding="utf-8")
    (tmp_path / "mine.toml").write_text(PLAN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return "mine.toml"


def test_list_names_every_source_with_licence_and_state(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "list"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in shown] == source_names()
    assert all("read from real files" in line or "from its documentation" in line for line in shown)
    assert main(["data", "list", "--json"]) == 0
    assert [card["name"] for card in json.loads(capsys.readouterr().out)] == source_names()


def test_the_card_of_a_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "card", "irishman"]) == 0
    shown = capsys.readouterr().out
    for part in ("216,284", "MIT (permissive)", "train.json", "TunesFormer", "known"):
        assert part in shown
    assert main(["data", "card", "irishmen"]) == 2
    assert "did you mean irishman" in capsys.readouterr().err


def test_build_prints_the_card_and_fails_on_too_many_rejects(plan: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "build", plan, "--workers", "1", "--max-rejects", "1"]) == 0
    shown = capsys.readouterr()
    assert "mine: 3 rows in, 2 written, 1 rejected, 0 dropped" in shown.out
    assert "corpora/mine: training files" in shown.err.replace("\\", "/")
    assert main(["data", "build", plan, "--workers", "1", "--max-rejects", "0", "-o", "strict"]) == 1
    assert "1 rows were rejected, more than --max-rejects 0" in capsys.readouterr().err
    assert Path("strict", "card.json").exists()
    assert main(["data", "card", "strict"]) == 0
    assert "R201" in capsys.readouterr().out


def test_a_second_build_needs_restart_when_the_plan_has_changed(plan: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "build", plan, "--max-rejects", "1", "--workers", "1"]) == 0
    assert main(["data", "build", plan, "--max-rejects", "1", "--workers", "1", "--seed", "5"]) == 2
    assert "--restart" in capsys.readouterr().err
    assert main(["data", "build", plan, "--max-rejects", "1", "--workers", "1", "--seed", "5", "--restart"]) == 0


def test_show_and_validate(plan: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["data", "build", plan, "--max-rejects", "1", "--workers", "1"])
    capsys.readouterr()
    assert main(["data", "show", "corpora/mine", "-n", "1", "--task", "compose"]) == 0
    shown = capsys.readouterr().out
    assert "task compose" in shown
    assert "[user] " in shown
    assert "[assistant] " in shown
    assert main(["data", "show", "corpora/mine", "--task", "nothing"]) == 1
    assert "no conversation of the task nothing" in capsys.readouterr().err
    assert main(["data", "validate", "corpora/mine"]) == 0
    assert "conversations" in capsys.readouterr().out
    for form in ("xtuner", "messages"):
        path = next(Path("corpora/mine/sft", form).glob("*.jsonl"))
        path.write_text(path.read_text(encoding="utf-8") + '{"conversation": [{}]}\n', encoding="utf-8")
        assert main(["data", "validate", str(path)]) == 1
        assert f"{path}:3: " in capsys.readouterr().err


def test_stats_draws_plots(plan: str, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    main(["data", "build", plan, "--max-rejects", "1", "--workers", "1"])
    capsys.readouterr()
    assert main(["data", "stats", "corpora/mine"]) == 0
    paths = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert {path.name for path in paths} >= {"keys.png", "metres.png", "lengths.png", "licences.png", "index.html"}
    assert all(path.read_bytes()[:4] == b"\x89PNG" for path in paths if path.suffix == ".png")
    page = paths[-1].read_text(encoding="utf-8")
    assert page.count("<img") == len(paths) - 1
    assert "http" not in page


def test_faults_of_plans_and_folders_are_sentences(plan: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.toml").write_text(PLAN.replace("tunes", "nowhere"))
    assert main(["data", "build", "bad.toml"]) == 1
    assert "nowhere of the source 'abc' does not exist" in capsys.readouterr().err
    Path("worse.toml").write_text("seed = 'x'")
    assert main(["data", "build", "worse.toml"]) == 1
    assert "worse.toml: the plan: seed" in capsys.readouterr().err
    assert main(["data", "card", "tunes"]) == 1
    assert "no card.json" in capsys.readouterr().err


MUSICCAPS = (
    "ytid,start_s,end_s,audioset_positive_labels,aspect_list,caption,author_id,is_balanced_subset,is_audioset_eval\n"
    "abcdefghijk,0,10,/m/0l14j_,\"['slow', 'fiddle']\",A slow air on a fiddle.,1,False,True\n"
)


def test_instructions_are_made_and_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("caps").mkdir()
    Path("caps", "musiccaps-public.csv").write_text(MUSICCAPS)
    order = ["data", "instruct", "musiccaps", "caps", "-o", "caps/instructions.jsonl"]
    assert main(order) == 0
    assert "0 were there already" in capsys.readouterr().out
    assert main(order) == 0
    assert " 0 questions with answers from 0 requests" in capsys.readouterr().out
    Path("mine.toml").write_text(
        'forms = ["sound"]\n[sft]\ndialogue = 1\n[[source]]\nname = "instructions"\nfolder = "caps"\n'
    )
    assert main(["data", "build", "mine.toml", "--workers", "1"]) == 0
    lines = [line for path in Path("corpora/mine/sft/sound").glob("*.jsonl") for line in path.read_text().splitlines()]
    assert lines
    assert "youtube:abcdefghijk" in lines[0]
    assert main([*order, "--url", "http://127.0.0.1:9/v1"]) == 2
    assert "--url needs --model" in capsys.readouterr().err


def test_what_is_passed_over_is_said(plan: str, capsys: pytest.CaptureFixture[str]) -> None:
    more = '[[source]]\nname = "abc"\nas = "others"\nfolder = "nowhere"\noptional = true\n'
    Path("more.toml").write_text(PLAN + more)
    assert main(["data", "build", "more.toml", "--workers", "1", "--max-rejects", "1"]) == 0
    assert "passed over, for there is nothing of them: others (" in capsys.readouterr().err


def test_consent_is_asked_for(plan: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "giga").mkdir()
    Path("giga.toml").write_text('[sft]\nspeech = 1\n[[source]]\nname = "gigaspeech"\nfolder = "giga"\n')
    assert main(["data", "build", "giga.toml"]) == 1
    assert "say --consent gigaspeech, or write consent = true" in capsys.readouterr().err
    assert main(["data", "build", "giga.toml", "--consent", "gigaspeech"]) == 1
    assert "has no" in capsys.readouterr().err
    assert main(["data", "build", "giga.toml", "--consent", "gigaspech"]) == 2
    assert "did you mean gigaspeech" in capsys.readouterr().err
