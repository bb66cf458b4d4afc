"""Prove that a built corpus loads in the trainers of the field: one step of a tiny model with each, on the processor.

    python tools/try_trainers corpora/folk
    python tools/try_trainers corpora/folk --trainer trl --env DIR

The environments under DIR are made on first use: a quarter of an hour and 9 GB for all, more where torch brings CUDA
along. All rows of the training files must be read as they stand there; then one step is taken, the loss must be a
finite number, and every tensor of the model must have moved. Exit code 1 where something of that failed, or where a
trainer does not install.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from environments import InstallError, find_version, make_environment  # noqa: E402 - found by the line above
from steps import Outcome, try_forms  # noqa: E402
from trainers import TRAINERS  # noqa: E402

DEFAULT_ENV = HERE.parents[1] / "build" / "trainers"
COLUMNS = "{:<14}{:<10}{:<10}{:<10}{:>9}{:>9}{:>9}  {}"


def main() -> int:
    args = read_arguments()
    if not any(args.folder.glob("*/*/train-*")):
        print(f"error: {args.folder} has no STAGE/FORM/train-*: name a corpus that was built", file=sys.stderr)
        return 2
    print(COLUMNS.format("trainer", "version", "stage", "form", "rows", "loss", "seconds", "").rstrip())
    failed = 0
    for name in args.trainer or TRAINERS:
        for version, outcome in try_trainer(name, args.env, args.folder, args.rows):
            print(COLUMNS.format(name, version, *outcome).rstrip(), flush=True)
            failed += bool(outcome.fault)
    return 1 if failed else 0


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python tools/try_trainers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="a corpus that `abcllm data build` wrote")
    parser.add_argument("--trainer", choices=TRAINERS, action="append", help="only this one; may come again")
    parser.add_argument("--env", type=Path, default=DEFAULT_ENV, help="where the environments are (build/trainers)")
    parser.add_argument("--rows", type=int, default=256, help="give so many of the rows to the step (256)")
    return parser.parse_args()


def try_trainer(name: str, envs: Path, folder: Path, rows: int) -> Iterator[tuple[str, Outcome]]:
    """The version of a trainer, and what came of each form."""
    trainer = TRAINERS[name]
    try:
        env = make_environment(envs / trainer.env, trainer.pip_calls)
    except InstallError as fault:
        yield "-", Outcome("-", "-", fault=f"does not install: {fault}")
        return
    version = find_version(env, trainer.package)
    for outcome in try_forms(trainer, env, folder, rows):
        yield version, outcome


if __name__ == "__main__":
    sys.exit(main())
