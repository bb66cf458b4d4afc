"""tools/try_trainers without the trainers: what it orders, and how it judges what came of it."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).resolve().parents[1] / "tools" / "try_trainers"
NAMES = ("xtuner", "trl", "llamafactory", "axolotl")
GOOD = {
    "compare_rows": {"rows": 1200, "changed": 0},
    "tiny_model": {"parameters": 1},
    "weigh": {"loss": 6.9, "moved": 21, "tensors": 21},
}


@pytest.fixture
def trainers(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(TOOL))
    return importlib.import_module("trainers")


@pytest.fixture
def steps(trainers: ModuleType) -> ModuleType:
    return importlib.import_module("steps")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    for name in ("sft/messages/train-00000-of-00001.jsonl", "sft/messages/valid-00000-of-00001.jsonl"):
        path = tmp_path / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}\n", encoding="utf-8")
    return tmp_path / "corpus"


def pretended(folder: Path, answers: dict[str, dict[str, object]]) -> Path:
    """An environment whose Python only repeats these answers; a program without one fails."""
    folder.joinpath("bin").mkdir(parents=True)
    cases = "".join(f"*{name}.py) echo '{json.dumps(answer)}';;\n" for name, answer in answers.items())
    python = folder / "bin" / "python"
    python.write_text(f'#!/bin/sh\ncase "$1" in\n{cases}*) echo "Error: out of tune" >&2; exit 1;;\nesac\n')
    python.chmod(0o755)
    return folder


def test_a_folder_without_a_corpus_is_wrong_usage(tmp_path: Path) -> None:
    run = subprocess.run([sys.executable, TOOL, tmp_path], capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "name a corpus that was built" in run.stderr


@pytest.mark.parametrize("name", NAMES)
def test_trainers_are_given_forms_that_are_written(trainers: ModuleType, name: str) -> None:
    pytest.importorskip("pyarrow")
    from abcllm.corpus.plan import FORMS
    from abcllm.corpus.writing import STAGES

    assert set(NAMES) == set(trainers.TRAINERS)
    for stage, forms in trainers.TRAINERS[name].reads.items():
        assert stage in STAGES
        assert set(forms) <= set(FORMS)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "trl"])
def test_configurations_name_every_file(trainers: ModuleType, name: str) -> None:
    trainer = trainers.TRAINERS[name]
    for stage, forms in trainer.reads.items():
        for form in forms:
            job = trainers.Job(stage, form, ["a.jsonl", "b.jsonl"], 8, model="model", out="out")
            written = json.dumps(trainer.files(job))
            assert all(f'"{file}"' in written for file in job.files)
            assert trainer.command[-1] in trainer.files(job)


def test_a_good_step(steps: ModuleType, trainers: ModuleType, tmp_path: Path, corpus: Path) -> None:
    trainer = trainers.TRAINERS["trl"]
    (outcome,) = steps.try_forms(trainer, pretended(tmp_path / "env", GOOD | {"trl_step": {}}), corpus, 8)
    assert outcome._replace(seconds="") == steps.Outcome("sft", "messages", "1,200", "6.900", "")


@pytest.mark.parametrize(
    ("program", "answer", "fault"),
    [
        ("compare_rows", {"rows": 9, "changed": 2}, "2 rows are read as something else than stands in the files"),
        ("compare_rows", None, "compare_rows.py: Error: out of tune"),
        ("tiny_model", None, "tiny_model.py: Error: out of tune"),
        ("weigh", {"loss": None, "moved": 0, "tensors": 21}, "no loss: Error: out of tune"),
        ("weigh", {"loss": float("nan"), "moved": 21, "tensors": 21}, "the loss is no number"),
        ("weigh", {"loss": 6.9, "moved": 20, "tensors": 21}, "only 20 of 21 tensors moved: Error: out of tune"),
    ],
)
def test_faults_are_named(
    steps: ModuleType,
    trainers: ModuleType,
    tmp_path: Path,
    corpus: Path,
    program: str,
    answer: dict[str, object] | None,
    fault: str,
) -> None:
    answers = {name: one for name, one in (GOOD | {program: answer}).items() if one is not None}
    env = pretended(tmp_path / "env", answers)
    (outcome,) = steps.try_forms(trainers.TRAINERS["trl"], env, corpus, 8)
    assert outcome.fault == fault
