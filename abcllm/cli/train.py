"""Train a model: an xtuner config (.py) or one for TRL (.yaml), judged by its checkpoint and its loss.

abcllm train configs/imelodist_sft.py --dry-run            two batches, what is learned in colour
abcllm train configs/imelodist_sft.py                      logs, curves and checkpoints to work_dirs/imelodist_sft
abcllm train configs/imelodist_sft.py --resume             go on from the last checkpoint
abcllm train configs/imelodist_sft.py --set optim_wrapper.optimizer.lr=1e-4 train_dataloader.batch_size=2
"""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "train a model with xtuner or TRL"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("config", metavar="CONFIG", help="such as configs/imelodist_sft.py, configs/trl/small_sft.yaml")
    parser.add_argument(
        "--set", nargs="+", action="extend", default=[], metavar="KEY=VALUE", help="values of the config to be replaced"
    )
    parser.add_argument("-o", "--out", metavar="FOLDER", help="where to (work_dirs/NAME)")
    parser.add_argument("--base", metavar="MODEL", help="the model to start from (ABCLLM_BASE_MODEL)")
    parser.add_argument("--corpus", metavar="PATH", help="what to learn from (ABCLLM_DATA)")
    parser.add_argument("--dry-run", action="store_true", help="show two batches, and train nothing")
    parser.add_argument(
        "--resume", nargs="?", const="last", default="", metavar="CHECKPOINT", help="go on (from the last)"
    )
    parser.add_argument("--processes", type=int, default=1, metavar="N", help="on this machine, one a GPU (1)")
    parser.add_argument("--deepspeed", default="", metavar="NAME", help="deepspeed_zero2, ..., or a JSON file")
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")


def run(options: argparse.Namespace) -> int:
    import json
    import os
    import sys
    from contextlib import redirect_stdout
    from dataclasses import asdict

    from ..errors import UsageError
    from ..training.launching import Order, launch
    from . import FINE

    config = Path(options.config)
    if not config.is_file():
        raise UsageError(f"there is no config {config}; configs/README.md lists those of the project")
    if config.suffix not in (".py", ".yaml"):
        raise UsageError(f"{config} is neither a config of xtuner (.py) nor one for TRL (.yaml)")
    for wrong in (setting for setting in options.set if "=" not in setting):
        raise UsageError(f"{wrong} is no setting; settings are KEY=VALUE, as train_dataloader.batch_size=2")
    for variable, value in (("ABCLLM_BASE_MODEL", options.base), ("ABCLLM_DATA", options.corpus)):
        if value:
            os.environ[variable] = value
    if options.dry_run:
        from ..training.previewing import preview

        coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        with redirect_stdout(sys.stderr):  # where trainers say what they like
            shown = preview(config, options.set, coloured=coloured)
        print(shown)
        return FINE
    folder = Path(options.out or Path("work_dirs") / config.stem)
    outcome = launch(Order(config, folder, tuple(options.set), options.resume, options.deepspeed, options.processes))
    if options.json:
        print(json.dumps({**asdict(outcome), "checkpoint": str(outcome.checkpoint)}))
    else:
        way = "fell" if outcome.last_loss < outcome.first_loss else "did NOT fall"
        print(
            f"{outcome.iterations} iterations; the loss {way}: {outcome.first_loss:.3f} -> {outcome.last_loss:.3f}\n"
            f"{outcome.checkpoint}"
        )
    return FINE
