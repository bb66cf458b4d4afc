"""What tests of evaluations are given: a corpus of twelve tunes as `abcllm data build` leaves one, and models."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from math import log
from pathlib import Path

from abcllm.backends import Backend, Sampling
from abcllm.conversation import Conversation
from abcllm.record import Place, Record
from abcllm.tasks import get_task

SPLITS = {"train": range(6), "valid": range(6, 9), "test": range(9, 12)}
BARS = ("CDEG", "D2FA", "E2GB", "F2Ac", "GABd", "A2ce", "B2df", "cdeg", "edcB", "AGFE", "cBAG", "g2ed")


def tune(number: int) -> str:
    """A tune of eight bars, other ones for each number."""
    bars = [BARS[(number * 5 + at * at * (number + 1)) % len(BARS)] for at in range(8)]
    body = "|".join(bars[:4]) + ":|\n" + "|".join(bars[4:]) + "|]\n"
    return f"X:1\nT:Number {number}\nR:polka\nM:2/4\nL:1/8\nK:{'CGDAF'[number % 5]}\n|:{body}"


def make_corpus(folder: Path) -> Path:
    """Write the corpus into a folder; in its training split one record stands in another key too."""
    (folder / "card.json").write_text(json.dumps({"name": "twelve"}), encoding="utf-8")
    for split, numbers in SPLITS.items():
        for stage, task in (("pretrain", "tune"), ("sft", "compose")):
            names = [str(number) for number in numbers] + (["0@Eb"] if split == "train" else [])
            lines = [_line(task, name) for name in names]
            path = folder / stage / "messages" / f"{split}-00000-of-00001.jsonl"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def _line(task: str, name: str) -> str:
    number = int(name.partition("@")[0])
    record = Record(name, "mine", "CC0-1.0", Place("mine.abc", number), abc=tune(number))
    made = get_task(task).build(record, seed=1)
    assert made is not None
    return made.to_json()


class Parrot(Backend):
    """Answers with what a function makes of a conversation and its seed, and remembers what it was asked."""

    name = "parrot"

    def __init__(self, answer: Callable[[Conversation, Sampling], str]) -> None:
        self.answer = answer
        self.asked: list[tuple[Conversation, Sampling]] = []

    def generate(self, conversation: Conversation, sampling: Sampling) -> Iterator[str]:
        self.asked.append((conversation, sampling))
        yield self.answer(conversation, sampling)


class Coin:
    """Holds each of so many characters, and the end too, for as likely as any other."""

    def __init__(self, sides: int) -> None:
        self.sides = sides

    def log_likelihood(self, text: str) -> float:
        return -(len(text) + 1) * log(self.sides)
