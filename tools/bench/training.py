"""Seconds an iteration of xtuner on our own model, beside a bare PyTorch loop over the same rows."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path
from statistics import median

from record import ROOT, keep

TOKENS = 4096
CONFIG = ROOT / "configs" / "abcllm_small_pretrain.py"
WARM_UP = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("corpus", type=Path, help="a corpus that `abcllm data build` wrote")
    parser.add_argument("base", type=Path, help="a folder that tools/make_base.py wrote")
    parser.add_argument("--iterations", type=int, default=40)


def run(args: argparse.Namespace) -> int:
    os.environ |= {"ABCLLM_BASE_MODEL": str(args.base.resolve()), "ABCLLM_DATA": str(args.corpus.resolve())}
    trained = time_xtuner(args.iterations)
    bare = time_bare_loop(args.corpus, args.base, args.iterations)
    rows = [
        ["loop", "seconds an iteration", "tokens a second"],
        ["xtuner", round(trained, 3), round(TOKENS / trained)],
        ["bare PyTorch", round(bare, 3), round(TOKENS / bare)],
    ]
    keep("training", n=args.iterations, slower=round(trained / bare - 1, 3), rows=rows)
    return 0


def time_xtuner(iterations: int) -> float:
    """The median of the means over five iterations that are logged, the first ten left out."""
    from abcllm.training.launching import Order, launch

    with tempfile.TemporaryDirectory() as folder:
        settings = ("train_cfg.max_epochs=None", f"train_cfg.max_iters={iterations}", "default_hooks.logger.interval=5")
        launch(Order(CONFIG, Path(folder), settings))
        (scalars,) = Path(folder).glob("*/vis_data/scalars.json")
        logged = [json.loads(line) for line in scalars.read_text(encoding="utf-8").splitlines()]
    return median(line["time"] for line in logged if line["iter"] > WARM_UP)


def time_bare_loop(corpus: Path, base: Path, iterations: int) -> float:
    """The median time of forward, backward, clipping and step, the first ten left out."""
    import torch
    from transformers import AutoModelForCausalLM

    from abcllm.training.batches import stack_rows
    from abcllm.training.corpora import load_rows
    from abcllm.training.muon import MuonWithAdamW

    rows = load_rows(str(corpus), "pretrain", str(base), 512)
    model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32).train()
    model.compile()
    optimiser = MuonWithAdamW(model)
    times = []
    for at in range(iterations):
        start = time.perf_counter()
        batch = stack_rows([rows[at * 8 + row] for row in range(TOKENS // 512)])
        with torch.autocast("cpu", torch.bfloat16):
            loss = model(**batch, use_cache=False).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        times.append(time.perf_counter() - start)
    return median(times[WARM_UP:])
