"""Prove that a built corpus loads in the trainers of the field: one step of a tiny model with each, on the processor.

    python tools/try_trainers corpora/folk
    python tools/try_trainers corpora/folk --trainer trl --env DIR

Each trainer gets an environment of its own under DIR, made on first use. It reads the training files of the corpus as
it would for weeks of training, and takes one step; then the loss must be a finite number, and every tensor of the
model must have moved. Exit code 1 where one did not.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from environments import InstallError, find_version, last_line, make_environment, run_in  # noqa: E402 - found by the line above
from trainers import INSIDE, TRAINERS, Job, Trainer  # noqa: E402

DEFAULT_ENV = HERE.parents[1] / "build" / "trainers"
COLUMNS = "{:<14}{:<10}{:<10}{:<10}{:>9}{:>9}  {}"


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python tools/try_trainers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="a corpus that `abcllm data build` wrote")
    parser.add_argument("--trainer", choices=TRAINERS, action="append", help="only this one; may come again")
    parser.add_argument("--env", type=Path, default=DEFAULT_ENV, help="where the environments are (build/trainers)")
    parser.add_argument("--rows", type=int, default=256, help="take so many rows through the tokenizer (256)")
    return parser.parse_args()


def main() -> int:
    args = read_arguments()
    if not any(args.folder.glob("*/*/train-*")):
        print(f"error: {args.folder} has no STAGE/FORM/train-*: name a corpus that was built", file=sys.stderr)
        return 2
    print(COLUMNS.format("trainer", "version", "stage", "form", "loss", "seconds", ""))
    failed = 0
    for name in args.trainer or TRAINERS:
        trainer = TRAINERS[name]
        try:
            env = make_environment(args.env / trainer.env, trainer.pip_calls)
        except InstallError as fault:
            print(COLUMNS.format(name, "-", "-", "-", "-", "-", f"does not install: {fault}"))
            failed += 1
            continue
        version = find_version(env, trainer.package)
        for stage, form, loss, seconds, fault in try_forms(trainer, env, args.folder, args.rows):
            print(COLUMNS.format(name, version, stage, form, loss, seconds, fault), flush=True)
            failed += bool(fault)
    return 1 if failed else 0


def try_forms(trainer: Trainer, env: Path, folder: Path, rows: int) -> Iterator[tuple[str, str, str, str, str]]:
    """Stage, form, loss, seconds and what went wrong, of each form that the corpus has and the trainer reads."""
    for stage, forms in trainer.reads.items():
        for form in forms:
            files = sorted(str(path.resolve()) for path in folder.glob(f"{stage}/{form}/train-*"))
            if files:
                with tempfile.TemporaryDirectory() as work:
                    job = Job(stage, form, files, rows, model=f"{work}/model", out=f"{work}/out")
                    start = time.perf_counter()
                    loss, fault = take_step(trainer, env, job, Path(work))
                    yield stage, form, loss, f"{time.perf_counter() - start:.1f}", fault


def take_step(trainer: Trainer, env: Path, job: Job, work: Path) -> tuple[str, str]:
    """The loss, and what went wrong: empty where nothing did."""
    variables = {
        "TRY_TRAINERS": json.dumps(job._asdict()),
        "PYTHONPATH": os.pathsep.join(map(str, trainer.modules)),
        "HF_HOME": str(work / "cache"),
        "HF_HUB_OFFLINE": "1",
        "CUDA_VISIBLE_DEVICES": "",
        "WANDB_DISABLED": "true",
        "AXOLOTL_DO_NOT_TRACK": "1",
    }
    for name, content in trainer.files(job).items():
        (work / name).write_text(json.dumps(content, indent=1), encoding="utf-8")
    made = run_in(env, ["python", str(INSIDE / "tiny_model.py")], variables, work)
    if made.returncode:
        return "-", f"no model: {last_line(made)}"
    step = run_in(env, trainer.command, variables, work)
    weighed = run_in(env, ["python", str(INSIDE / "weigh.py")], variables, work)
    if weighed.returncode:
        return "-", f"the step left nothing that can be read: {last_line(weighed)}"
    found = json.loads(weighed.stdout.splitlines()[-1])
    if found["loss"] is None:
        return "-", f"no loss: {last_line(step)}"
    loss = f"{found['loss']:.3f}"
    if not math.isfinite(found["loss"]):
        return loss, "the loss is no number"
    if found["moved"] < found["tensors"]:
        return loss, f"only {found['moved']} of {found['tensors']} tensors moved: {last_line(step)}"
    return loss, ""


if __name__ == "__main__":
    sys.exit(main())
