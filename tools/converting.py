"""What the converters of this folder have in common: a plan of one source, built by `abcllm.corpus`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from abcllm.corpus import Plan, SourceOrder, build, get_engine, render_card
from abcllm.errors import AbcllmError

__all__ = ["convert"]


def convert(
    words: str, source: str, *, pretrain: Mapping[str, float] | None = None, sft: Mapping[str, float] | None = None,
    quick: bool = False,
) -> int:  # fmt: skip
    """Build the corpus that the arguments of the command ask for; the exit code. `words` is its help.

    A `quick` one takes tunes as they stand unless it is told to --check them.
    """
    parser = argparse.ArgumentParser(description=words, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", help="of the data set")
    parser.add_argument("out", help="folder for the training files")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, default=0)
    if quick:
        parser.add_argument("--check", action="store_true", help="leave out tunes with errors and twins")
    options = parser.parse_args()
    text = "source" if pretrain else "canonical"
    careful = not quick or options.check
    plan = Plan(
        name=Path(options.out).name,
        sources=(SourceOrder(source, str(Path(options.folder).resolve()), source, text=text),),
        pretrain=pretrain or {},
        sft=sft or {},
        seed=options.seed,
        languages={"en": 1, "zh": 1},
        forms=("xtuner",),
        check=careful,
        dedupe=careful,
        families=careful,
        valid=0.01 if careful else 0.0,
    )  # fmt: skip
    try:
        card = build(plan, Path(options.out), get_engine("local", options.workers), lambda stage, rows: None)
    except AbcllmError as fault:
        print(f"error: {fault}", file=sys.stderr)
        return 2
    print(render_card(card))
    return 0
