"""The commands for people who come from IMelodist do what they say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pyarrow")

TOOLS = Path(__file__).resolve().parents[1] / "tools"
MUSIC = "|: DFA AFD | GBd dBG | FAd fdA | BGE D3 :: \nfdf afd | gec BAG | FAd fdA | BGE D3 :|"
TUNE = "X:{number}\nL:1/8\nM:6/8\nK:{key}\n" + MUSIC
FAULTY = "X:9\nL:1/8\nM:6/8\nK:D\nDFA AFD A | GBd dBG |]"


@pytest.fixture
def irishman(tmp_path: Path) -> Path:
    rows = [{"abc notation": TUNE.format(number=at, key=key), "control code": ""} for at, key in enumerate("DGA", 1)]
    rows.append({"abc notation": FAULTY, "control code": ""})
    (tmp_path / "irishman").mkdir()
    (tmp_path / "irishman" / "train.json").write_text(json.dumps(rows), encoding="utf-8")
    return tmp_path / "irishman"


def convert(tool: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(TOOLS / tool), *map(str, arguments), "--workers", "1"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def turns(out: Path, stage: str) -> list[dict[str, str]]:
    paths = sorted(out.glob(f"{stage}/xtuner/*.jsonl"))
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    return [turn for line in lines for turn in json.loads(line)["conversation"]]


def test_increment_gives_every_tune_with_its_codes(irishman: Path, tmp_path: Path) -> None:
    done = convert("irishman2json_increment.py", irishman, tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "4 rows in, 4 written" in done.stdout
    found = turns(tmp_path / "out", "pretrain")
    assert [turn["input"] for turn in found] == [""] * 4
    assert found[0]["output"].startswith("X:1\nS:2\nB:4\nE:")
    assert found[0]["output"].endswith(TUNE.format(number=1, key="D").partition("\n")[2] + "\n")


def test_increment_checks_where_told(irishman: Path, tmp_path: Path) -> None:
    done = convert("irishman2json_increment.py", irishman, tmp_path / "out", "--check")
    assert done.returncode == 0, done.stderr
    assert "4 rows in, 3 written, 1 rejected, 0 dropped" in done.stdout


def test_sft_asks_in_both_languages(irishman: Path, tmp_path: Path) -> None:
    for seed in range(3):
        done = convert("irishman2json_sft.py", irishman, tmp_path / f"out{seed}", "--seed", seed)
        assert done.returncode == 0, done.stderr
    found = [turn for seed in range(3) for turn in turns(tmp_path / f"out{seed}", "sft")]
    assert all(turn["input"] and turn["output"] for turn in found)
    assert any(turn["input"].isascii() for turn in found)
    assert any(not turn["input"].isascii() for turn in found)


def test_musicpile_loses_its_marks(tmp_path: Path) -> None:
    row = {
        "id": 1, "src": "https://x/irishman", "instruction": "Human: Compose a tune.", "input": "",
        "output": "Assistant: X:1\nL:1/8\nM:2/4\nK:D\nDF Ad|f2 d2|] </s>",
    }  # fmt: skip
    (tmp_path / "pile").mkdir()
    (tmp_path / "pile" / "train.json").write_text(json.dumps([row]), encoding="utf-8")
    done = convert("musicpile2json_sft.py", tmp_path / "pile", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert turns(tmp_path / "out", "sft") == [
        {"system": "", "input": "Compose a tune.", "output": "X:1\nL:1/8\nM:2/4\nK:D\nDF Ad|f2 d2|]"}
    ]


def test_a_wrong_folder_is_one_sentence(tmp_path: Path) -> None:
    done = convert("irishman2json_sft.py", tmp_path / "nowhere", tmp_path / "out")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "train*.json" in done.stderr
