"""One step of a trainer with each form of a corpus, and what came of it."""

from __future__ import annotations

import json
import math
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from environments import last_line, run_in
from trainers import INSIDE, Job, Trainer

__all__ = ["Outcome", "try_forms"]


class Outcome(NamedTuple):
    """`rows` is how many were read, `seconds` how long all of it took; `fault` is empty where nothing went wrong."""

    stage: str
    form: str
    rows: str = "-"
    loss: str = "-"
    seconds: str = "-"
    fault: str = ""


class StepError(Exception):
    """Something went wrong on the way to the end of a step."""


def try_forms(trainer: Trainer, env: Path, folder: Path, rows: int) -> Iterator[Outcome]:
    """What came of each form that the corpus has and the trainer reads."""
    for stage, forms in trainer.reads.items():
        for form in forms:
            files = sorted(str(path.resolve()) for path in folder.glob(f"{stage}/{form}/train-*"))
            if files:
                with tempfile.TemporaryDirectory() as work:
                    job = Job(stage, form, files, rows, model=f"{work}/model", out=f"{work}/out")
                    yield _take_step(trainer, env, job, Path(work))


def _take_step(trainer: Trainer, env: Path, job: Job, work: Path) -> Outcome:
    variables = {
        "TRY_TRAINERS": json.dumps(job._asdict()),
        "PYTHONPATH": os.pathsep.join(map(str, trainer.modules)),
        "HF_HOME": str(work / "cache"),
        "HF_HUB_OFFLINE": "1",
        "CUDA_VISIBLE_DEVICES": "",
        "WANDB_DISABLED": "true",
        "AXOLOTL_DO_NOT_TRACK": "1",
    }

    def ask(program: str) -> dict[str, Any]:
        """What a program of `inside` prints."""
        run = run_in(env, ["python", str(INSIDE / program)], variables, work)
        if run.returncode:
            raise StepError(f"{program}: {last_line(run)}")
        answer: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
        return answer

    for name, content in trainer.files(job).items():
        (work / name).write_text(json.dumps(content, indent=1), encoding="utf-8")
    outcome = Outcome(job.stage, job.form)
    start = time.perf_counter()
    try:
        read = ask("compare_rows.py")
        outcome = outcome._replace(rows=f"{read['rows']:,}")
        if read["changed"]:
            raise StepError(f"{read['changed']:,} rows are read as something else than stands in the files")
        ask("tiny_model.py")
        step = run_in(env, trainer.command, variables, work)
        left = ask("weigh.py")
        if left["loss"] is None:
            raise StepError(f"no loss: {last_line(step)}")
        outcome = outcome._replace(loss=f"{left['loss']:.3f}")
        if not math.isfinite(left["loss"]):
            raise StepError("the loss is no number")
        if left["moved"] < left["tensors"]:
            raise StepError(f"only {left['moved']} of {left['tensors']} tensors moved: {last_line(step)}")
    except StepError as fault:
        outcome = outcome._replace(fault=str(fault))
    return outcome._replace(seconds=f"{time.perf_counter() - start:.1f}")
