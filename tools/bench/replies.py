"""Answers of the zoo, mutated: none raises, each is read in bounded time; and real tunes are read as they stand."""

from __future__ import annotations

import argparse
import sys
import time
from random import Random

from corpus import read_corpus
from record import ROOT, keep

from abcllm.notation import Severity, parse
from abcllm.reply import read_reply

sys.path.insert(0, str(ROOT))
from tests.reply.zoo import FILES, read_cases

PIECES = (
    "```", "```abc\n", "~~~", "\n\n", "\r\n", "\\n", "X:1", "X:", "K:", "K:D\n", "T:", "|", "|:", ":|", "：", "｜", "“",
    "”", "&quot;", "&lt;", "&#0;", "<br>", "</s>", "<think>", "</think>", "<|im_end|>", '{"abc":"', '"}', "**", "> ",
    "- ", "1. ", "\u200b", "\ufeff", "\u00a0", "[", "]", "{", '"', "!", "(3", "Enjoy! ", "好的", "Part B:\n", "w:",
    "%%begintext\n", "U:k=trill\n", "m:~n=nn\n", "\x00", "\ud800", "𝄞", "V:2\n", "[V:1]", "&", "\\", "\t", "9" * 30,
)  # fmt: skip
LONG = {
    "a megabyte of words": "Here is a tune that goes up and down. " * 27_000,
    "a megabyte of fences": "```\n" * 250_000,
    "100,000 headers": "X:1\n" * 100_000,
    "100,000 lines of T:": "T:a\n" * 100_000,
    "a line of a megabyte": "X:1 L:1/8 M:4/4 K:D " + "A2 FA dAFA | " * 80_000,
    "a million marks": "<|im_end|>" * 100_000,
    "200,000 openings": "<think" * 200_000,
    "a megabyte of escapes": "X:1\\nK:C\\n" + "C|\\n" * 250_000,
    "a megabyte of entities": "X:1\nK:C\n" + "&quot;" * 170_000,
    "a megabyte of stars": "**X:1**\n" + "*" * 1_000_000,
    "a megabyte of spaces": "X:1" + " " * 1_000_000 + "K:C",
    "a megabyte of JSON": '{"abc": "' + 'X:1\\n\\"' * 140_000,
    "a megabyte of breaks": "X:1\nK:C\n" + "<br>" * 250_000,
    "a megabyte of open fields": "X:1\nK:C\n" + "[K:" * 330_000,
    "a megabyte of backslashes": "X:1\\nK:C\n" + "\\" * 1_000_000,
    "a megabyte of words after a tune": "X:1\nK:C\nC4|]\n" + "and so on and on\n" * 59_000,
    "a megabyte of music with faults": "X:1\nK:C\nC4|]\n" + "A2 kB|\n" * 143_000,
    "a megabyte of decorations": "X:1\nK:C\n" + "!trull!a" * 125_000,
    "a megabyte of bars": "X:1\nM:4/4\nL:1/8\nK:C\n" + "C2 E2 G2 c2|" * 83_000,
    "300,000 semicolons": "X:1" + ";" * 300_000 + "K:C",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--answers", type=int, default=100_000)
    parser.add_argument("--tunes", type=int, default=5_000, help="valid tunes of the collections, read as answers")
    parser.add_argument("--seed", type=int, default=0)


def mutate(text: str, other: str, random: Random) -> str:
    """One to twelve edits; now and then the answer is cut off, doubled, or goes on with another."""
    for _ in range(random.randint(1, 12)):
        at = random.randrange(len(text) + 1)
        choice = random.random()
        if choice < 0.3:
            text = text[:at] + text[at + random.randint(1, 12) :]
        elif choice < 0.7:
            text = text[:at] + random.choice(PIECES) + text[at:]
        elif choice < 0.8:
            text = text[:at] + chr(random.randrange(0x110000)) + text[at:]
        elif choice < 0.9:
            first, last = sorted((random.randrange(len(text) + 1), at))
            text = text[:first] + text[first:last] * 2 + text[last:]
        else:
            text = text[:at] + other[random.randrange(len(other) + 1) :]
    return text[: random.randrange(len(text) + 1)] if random.random() < 0.2 else text


def run(args: argparse.Namespace) -> int:
    random = Random(args.seed)
    texts = [case.text for path in FILES for case in read_cases(path)]
    exceptions = out_of_place = with_tunes = 0
    slowest = 0.0
    for _ in range(args.answers):
        text = mutate(random.choice(texts), random.choice(texts), random)
        start = time.process_time()
        try:
            reply = read_reply(text)
            with_tunes += bool(reply.tunes)
            out_of_place += any(not 0 <= one.span.start <= one.span.end <= len(text) for one in reply.diagnostics)
        except Exception as fault:  # noqa: BLE001 - that any is raised is what is counted
            exceptions += 1
            print(f"{type(fault).__name__}: {fault}\n{text!r}")
        slowest = max(slowest, time.process_time() - start)
    rows: list[list[object]] = [["answers", "n", "raised or wrong", "CPU seconds of the slowest"]]
    rows.append(["mutated answers that raise", args.answers, exceptions, round(slowest, 3)])
    rows.append(["mutated answers with a diagnostic outside of the text", args.answers, out_of_place, None])
    rows.append(["of these with a tune", with_tunes, None, None])
    rows.append(["valid real tunes that are read otherwise", *altered(args.tunes, random), None])
    for name, text in LONG.items():
        start = time.process_time()
        read_reply(text)
        rows.append([f"{name} ({len(text) / 1e6:.1f} MB)", 1, 0, round(time.process_time() - start, 2)])
    keep("replies", n=args.answers, seed=args.seed, rows=rows)
    return int(bool(exceptions or out_of_place))


def altered(tunes: int, random: Random) -> tuple[int, int]:
    """How many valid tunes of the collections were read as answers, and how many of them not as they stand."""
    texts = [tune.abc for tune in read_corpus()]
    read = wrong = 0
    for abc in random.sample(texts, min(tunes, len(texts))):
        book = parse(abc)
        if not any(one.severity is Severity.ERROR or one.code == "T104" for one in book.diagnostics):
            reply = read_reply(abc)
            read += 1
            if reply.tunes != book.tunes or reply.repairs:
                wrong += 1
                print(f"read otherwise: {abc[:60]!r} {[one.message for one in reply.repairs]}")
    return read, wrong
