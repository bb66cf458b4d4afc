"""One step of each trainer on a built corpus: the table of `tools/try_trainers`, kept."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from record import ROOT, keep

HEAD = ["trainer", "version", "stage", "form", "rows", "loss", "seconds"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="of a built corpus")
    parser.add_argument("--env", help="where the environments of the trainers are")


def run(args: argparse.Namespace) -> int:
    command = [sys.executable, str(ROOT / "tools" / "try_trainers"), str(args.folder)]
    command += ["--env", args.env] if args.env else []
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    lines = [line.split(None, len(HEAD)) for line in done.stdout.splitlines()[1:]]
    rows = json.loads((args.folder / "card.json").read_text(encoding="utf-8"))["written"]
    keep("trainers", n=rows, failed=sum(len(line) > len(HEAD) for line in lines), rows=[HEAD, *lines])
    return done.returncode
