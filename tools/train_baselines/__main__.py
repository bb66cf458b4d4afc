"""Train what our model is compared with, and measure bits per character: python tools/train_baselines CORPUS

On the texts of the training split (the task `tune`), in the same minutes each: an LSTM of folk-rnn's size over its
tokens, and a Llama of the size of our model over characters, with the optimiser of ours; and at once an n-gram model
over characters. Then all are measured by the suite `bits`. A training that was ended goes on from its checkpoint; with
more minutes than before it begins anew. Needs the extra `train`.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import torch
from torch import nn

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from kneser_ney import KneserNey  # noqa: E402
from networks import FolkRnn, NetworkScorer, make_llama, parameters  # noqa: E402
from symbols import Symbols, characters, folk_tokens  # noqa: E402
from training import LONGEST, Batching, streams, train, whole_texts  # noqa: E402

from abcllm.evaluation.held_out import HeldOut  # noqa: E402
from abcllm.evaluation.reporting import render  # noqa: E402
from abcllm.evaluation.running import Result, evaluate  # noqa: E402
from abcllm.evaluation.suites import Scorer, Settings  # noqa: E402
from abcllm.training.muon import MuonWithAdamW  # noqa: E402

OURS = HERE.parents[1] / "abcllm" / "models" / "small"
NAMES = ("ngram", "lstm", "llama")


class Baselines:
    """What all trainings share: the texts, where things go, the minutes."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.held_out = HeldOut(options.corpus)
        self.texts = self.held_out.texts("train")
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

    def measure(self, name: str) -> Result:
        """Train one and measure it."""
        torch.manual_seed(self.options.seed)
        scorer, title, training = {"ngram": self.ngram, "lstm": self.lstm, "llama": self.llama}[name]()
        valid = len(self.held_out.texts("valid"))
        return evaluate(
            scorer, title, ["bits"], self.held_out, Settings(valid, self.options.seed),
            self.options.results / f"baseline_{name}.json", about={"training": training}, restart=True,
        )  # fmt: skip

    def ngram(self) -> tuple[Scorer, str, dict[str, float | int]]:
        symbols = characters(self.texts)
        order = self.options.order
        self.say("ngram", f"{len(self.texts):,} texts, {symbols.size} symbols")
        return KneserNey(symbols, self.texts, order), f"{order}-gram, characters", {"order": order}

    def lstm(self) -> tuple[Scorer, str, dict[str, float | int]]:
        symbols = folk_tokens(self.texts)
        network = FolkRnn(symbols.size).to(self.device)
        optimiser = torch.optim.AdamW(network.parameters(), lr=self.options.lstm_rate, betas=(0.9, 0.99))
        return self.network("lstm", "LSTM, folk-rnn's tokens", symbols, network, streams, optimiser, self.texts[0])

    def llama(self) -> tuple[Scorer, str, dict[str, float | int]]:
        symbols = characters(self.texts)
        like = self.options.like or (OURS if (OURS / "config.json").exists() else None)
        network = make_llama(symbols.size, like, LONGEST).to(self.device)
        network.model.compile(dynamic=True)
        optimiser = MuonWithAdamW(network, lr=self.options.llama_rate, adam_lr=0.6 * self.options.llama_rate)
        return self.network("llama", "Llama, characters", symbols, network, whole_texts, optimiser)

    def network(
        self, name: str, title: str, symbols: Symbols, network: nn.Module, batches: Batching,
        optimiser: torch.optim.Optimizer, before: str | None = None,
    ) -> tuple[Scorer, str, dict[str, float | int]]:  # fmt: skip
        folder: Path = self.options.out / name
        folder.mkdir(parents=True, exist_ok=True)
        asked = {
            "corpus": self.held_out.sha256, "minutes": self.options.minutes, "rate": optimiser.defaults["lr"],
            "seed": self.options.seed, "vocabulary": symbols.size, "parameters": parameters(network),
        }  # fmt: skip
        was = folder / "asked.json"
        if not was.exists() or json.loads(was.read_text(encoding="utf-8")) != asked:
            (folder / "checkpoint.pt").unlink(missing_ok=True)
            was.write_text(json.dumps(asked), encoding="utf-8")
        size = f"{parameters(network) / 1e6:.1f} M"
        self.say(name, f"{size} parameters, {symbols.size} symbols")
        done = train(
            network, [symbols.encode(text) for text in self.texts], batches, optimiser, minutes=self.options.minutes,
            seed=self.options.seed, checkpoint=folder / "checkpoint.pt", say=lambda words: self.say(name, words),
        )  # fmt: skip
        training = {"minutes": self.options.minutes, "parameters": parameters(network), "vocabulary": symbols.size}
        training |= {key: done[key] for key in ("steps", "symbols")}
        return NetworkScorer(network, symbols, LONGEST, before), f"{title} ({size})", training

    def say(self, name: str, words: str) -> None:
        print(f"{name}: {words}", file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument(
        "--minutes", type=float, default=30, help="of training, for each network (30); on a CPU of its work"
    )
    parser.add_argument("--only", choices=NAMES, action="append", help="train only this; may come again")
    parser.add_argument("--order", type=int, default=11, help="of the n-gram model (11)")
    parser.add_argument("--like", type=Path, help="a model whose size the Llama has (ours)")
    parser.add_argument("--lstm-rate", type=float, default=3e-3, help="learning rate of the LSTM")
    parser.add_argument("--llama-rate", type=float, default=5e-3, help="learning rate of the Llama")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("runs/baselines"), help="checkpoints")
    parser.add_argument("--results", type=Path, default=Path("eval/results"), help="the results")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    baselines = Baselines(options)
    print(render([baselines.measure(name) for name in options.only or NAMES]), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
