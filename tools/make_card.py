"""What the card of our model shows: python tools/make_card.py PRETRAIN_RUN SFT_RUN [--model FOLDER]

Writes into the model's folder `samples.abc` and `samples.pdf`, one answer to each of twenty requests, none chosen
(seeds 1 to 20), and `loss.png`, the loss of both trainings over the tokens they have read.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

from abcllm.backends import get_backend
from abcllm.conversation import Conversation, Message
from abcllm.files import write_atomically
from abcllm.formats import save
from abcllm.notation import Tune, write
from abcllm.reply import read_reply

MODEL = Path(__file__).resolve().parents[1] / "abcllm" / "models" / "small"
REQUESTS = (
    "a jig in D", "a reel in E minor", "a waltz in A minor", "a hornpipe in G", "a polka in D",
    "a march in B flat", "a slip jig in E dorian", "a strathspey in A mixolydian", "an air in F", "a slide in G",
    "a cheerful tune in C", "a sad song in D minor", "a barndance in A", "a lullaby in G", "a mazurka in D",
    "写一首G大调的吉格舞曲", "写一首d小调的圆舞曲", "a 32-bar reel in F sharp minor", "a hymn in E flat",
    "a tune in 5/4 in B minor",
)  # fmt: skip
TOKENS = 4096  # an iteration, on a CPU
SMOOTH = 25  # iterations


def compose(model: Path, request: str, seed: int) -> Tune:
    backend = get_backend(f"neural:{model}")
    conversation = Conversation((Message("user", request),))
    answer = "".join(backend.generate(conversation, replace(backend.usual, seed=seed)))
    tune = read_reply(answer).tunes[0]
    return replace(tune, number=seed)


def draw_losses(runs: dict[str, Path], path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 2.8), layout="constrained")
    axes = figure.subplots()
    read = 0.0
    for name, run in runs.items():
        losses = json.loads((run / "run.json").read_text(encoding="utf-8"))["losses"]
        sums = [0.0, *accumulate(losses)]
        means = [(sums[at] - sums[at - SMOOTH]) / SMOOTH for at in range(SMOOTH, len(sums))]
        millions = TOKENS / 1e6
        axes.plot([read + (at + SMOOTH) * millions for at in range(len(means))], means, label=name)
        read += len(losses) * millions
    axes.set(xlabel="million tokens", ylabel="loss (nats a token)", ylim=(0.7, 2.5))
    axes.legend()
    figure.savefig(path, dpi=105)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pretrain", type=Path, help="the folder of the run")
    parser.add_argument("sft", type=Path, help="the folder of the run")
    parser.add_argument("--model", type=Path, default=MODEL)
    options = parser.parse_args()
    tunes = [compose(options.model, request, seed) for seed, request in enumerate(REQUESTS, 1)]
    write_atomically(options.model / "samples.abc", "\n".join(map(write, tunes)), overwrite=True)
    save(tunes, options.model / "samples.pdf", overwrite=True)
    draw_losses({"pre-training": options.pretrain, "fine-tuning": options.sft}, options.model / "loss.png")


if __name__ == "__main__":
    main()
