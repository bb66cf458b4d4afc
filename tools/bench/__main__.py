"""Measure: `python tools/bench NAME`. Prints a table and keeps eval/results/NAME.json."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

NAMES = (
    "features",
    "faults",
    "corruptions",
    "majority",
    "midi",
    "roundtrip",
    "robustness",
    "replies",
    "composer",
    "speed",
    "building",
    "families",
    "trainers",
    "conversion",
    "serving",
    "vocabulary",
    "training",
    "generation",
    "engines",
    "guiding",
    "report",
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(prog="python tools/bench", description=__doc__)
    commands = parser.add_subparsers(dest="name", required=True, metavar="NAME")
    for name in NAMES:
        if (HERE / f"{name}.py").exists():
            module = importlib.import_module(name)
            command = commands.add_parser(name, help=(module.__doc__ or "").split("\n")[0])
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    args = parser.parse_args()
    return int(args.run(args))


if __name__ == "__main__":
    sys.exit(main())
