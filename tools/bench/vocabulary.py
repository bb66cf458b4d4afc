"""Tokens a tune in different vocabularies, on the held-out tunes of a built corpus."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from statistics import fmean, median

from record import keep

from abcllm.evaluation.held_out import HeldOut
from abcllm.models.folder import find_model


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("corpus", type=Path, help="a corpus that `abcllm data build` wrote")
    parser.add_argument("--model", default="small", help="the model whose SentencePiece vocabulary is measured")
    parser.add_argument(
        "--other", action="append", default=[], metavar="NAME=FOLDER", help="another model's folder (Hugging Face)"
    )


def run(args: argparse.Namespace) -> int:
    corpus = HeldOut(args.corpus)
    tunes = [*corpus.texts("valid"), *corpus.texts("test")]
    ours = find_model(args.model).tokeniser
    encoders: dict[str, tuple[int, Callable[[str], list[int]]]] = {
        "characters": (len(set("".join(tunes))), lambda tune: [ord(character) for character in tune]),
        f"{args.model} (SentencePiece, atoms)": (ours.size, ours.encode),
    }
    for option in args.other:
        name, _, folder = option.partition("=")
        encoders[name] = read_other(folder)
    rows = [["vocabulary", "pieces", "tokens a tune: mean", "median", "characters a token"]]
    for name, (size, encode) in encoders.items():
        counts = [len(encode(tune)) for tune in tunes]
        rows.append([name, size, round(fmean(counts), 1), median(counts), round(sum(map(len, tunes)) / sum(counts), 2)])
    lossless = sum(ours.decode(ours.encode(tune)) == tune for tune in tunes)
    keep("vocabulary", n=len(tunes), lossless=lossless, rows=rows)
    return int(lossless != len(tunes))


def read_other(folder: str) -> tuple[int, Callable[[str], list[int]]]:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    return len(tokenizer), lambda tune: tokenizer.encode(tune, add_special_tokens=False)
