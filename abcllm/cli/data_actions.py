"""What `abcllm data ACTION` does."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from random import Random

from ..conversation import Conversation, read_conversations
from ..errors import AbcllmError, DataError, UsageError
from ..sources import get_source, source_names
from . import FAULTS, FINE
from .progress import Progress

__all__ = [
    "build_corpus",
    "list_sources",
    "make_instructions",
    "plot_stats",
    "show_card",
    "show_conversations",
    "validate_files",
]

CORPORA = "corpora"
DRAWN_FROM = 20_000


def list_sources(options: argparse.Namespace) -> int:
    cards = [get_source(name).INFO for name in source_names()]
    if options.json:
        print(json.dumps([asdict(card) | {"class": card.licence_class.label} for card in cards], indent=2))
        return FINE
    width = max(len(card.name) for card in cards)
    for card in cards:
        state = "from its documentation" if card.documented_only else "read from real files"
        consent = ", needs consent" if card.consent else ""
        print(
            f"{card.name:<{width}}  {card.licence_class.label:<14}  {card.summary} ({card.licence}{consent}; {state})"
        )
    return FINE


def show_card(options: argparse.Namespace) -> int:
    if Path(options.name).is_dir():
        from ..corpus import read_card, render_card

        card = read_card(Path(options.name))
        print(json.dumps(card, indent=2, ensure_ascii=False) if options.json else render_card(card))
        return FINE
    info = get_source(options.name).INFO
    if options.json:
        print(json.dumps(asdict(info), indent=2, ensure_ascii=False))
        return FINE
    print(f"{info.title}: {info.summary}\n")
    facts = {
        "origin": info.origin,
        "licence": f"{info.licence} ({info.licence_class.label})",
        "consent": info.consent,
        "cite": info.citation,
        "files": ", ".join(info.files),
        "rows": f"{info.rows:,}" if info.rows else "",
    }
    for name, fact in facts.items():
        if fact:
            print(f"  {name:<8} {fact}")
    for name, checksum in info.checksums.items():
        print(f"  sha256   {checksum}  {name}")
    for fault in info.faults:
        print(f"  known    {fault}")
    return FINE


def build_corpus(options: argparse.Namespace) -> int:
    from ..corpus import build, get_engine, present_sources, read_plan, render_card

    changes = {"licence": options.licence, "seed": options.seed, "max_rejects": options.max_rejects}
    plan = read_plan(options.plan, **changes).agreed(options.consent)
    out = Path(options.out or Path(CORPORA, plan.name))
    workers = options.workers or os.cpu_count() or 1
    if workers < 1:
        raise UsageError("--workers takes a whole number from 1 on")
    if options.restart and (out / "plan.json").exists():
        shutil.rmtree(out)
    present = {order.label for order in present_sources(plan)}
    absent = [f"{order.label} ({order.folder})" for order in plan.sources if order.label not in present]
    if absent:
        print(f"passed over, for there is nothing of them: {', '.join(absent)}", file=sys.stderr)
    with Progress("rows") as progress:
        card = build(
            plan, out, get_engine(options.engine, workers, options.ray_address),
            lambda stage, rows: progress.add(rows if stage == "examining" else 0, stage), keep=options.keep,
        )  # fmt: skip
    print(json.dumps(card, indent=2, ensure_ascii=False) if options.json else render_card(card))
    print(f"\n{out}: training files, card.json, and what became of every other row in rejects.jsonl", file=sys.stderr)
    if plan.too_many(card["rejected"], card["rows"]):
        print(
            f"error: {card['rejected']:,} rows were rejected, more than --max-rejects {plan.max_rejects}",
            file=sys.stderr,
        )
        return FAULTS
    return FINE


def make_instructions(options: argparse.Namespace) -> int:
    from ..instructing import FAMILIES, Endpoint, Engine, Template, generate
    from ..record import Record

    if options.url and not options.model:
        raise UsageError("--url needs --model: the name of the model behind the address")
    engine: Engine = Endpoint(options.url, options.model) if options.url else Template()
    unread = 0

    def records() -> Iterator[Record]:
        nonlocal unread
        for item in get_source(options.name).records(Path(options.folder)):
            if isinstance(item, Record):
                yield item
            else:
                unread += 1

    with Progress("requests") as progress:
        made = generate(
            records(), engine, options.out, families=options.family or FAMILIES, seed=options.seed,
            language=options.language, workers=options.workers, progress=lambda _: progress.add(1),
        )  # fmt: skip
    print(
        f"{options.out}: {made.pairs:,} questions with answers from {made.answered:,} requests; {made.kept:,} were "
        f"there already, {made.rejected:,} gave nothing usable, {made.silent:,} records say nothing to ask about, "
        f"{unread:,} rows could not be read"
    )
    return FINE


def plot_stats(options: argparse.Namespace) -> int:
    from ..corpus.plots import plot

    folder = Path(options.folder)
    for path in plot(folder, Path(options.out) if options.out else folder / "stats"):
        print(path)
    return FINE


def show_conversations(options: argparse.Namespace) -> int:
    path = Path(options.path)
    wanted = (
        one for file in _training_files(path) for _, one in _conversations(file)
        if options.task is None or one.meta.get("task") == options.task
    )  # fmt: skip
    drawn = [*islice(wanted, DRAWN_FROM)]
    if not drawn:
        raise DataError(f"no conversation{f' of the task {options.task}' if options.task else ''} is in {path}")
    for conversation in Random(options.seed).sample(drawn, min(options.n, len(drawn))):
        print("-- " + ", ".join(f"{key} {value}" for key, value in conversation.meta.items()))
        for message in conversation.messages:
            print(f"[{message.role}] {message.text}")
        print()
    return FINE


def validate_files(options: argparse.Namespace) -> int:
    status = FINE
    for name in options.files:
        for file in _training_files(Path(name)):
            try:
                count = sum(1 for _ in _conversations(file))
            except AbcllmError as fault:
                print(f"error: {fault}", file=sys.stderr)
                status = FAULTS
            else:
                print(f"{file}: {count:,} conversations")
    return status


def _training_files(path: Path) -> list[Path]:
    """The files meant: one, or those of a folder; of a corpus one form is enough."""
    if not path.is_dir():
        return [path]
    forms = ("messages", "xtuner", "text")
    for form in forms:
        found = sorted(path.glob(f"*/{form}/*.jsonl"))
        if found:
            return found
    found = sorted(path.rglob("*.jsonl"))
    if not found:
        raise DataError(f"{path} has no .jsonl file")
    return found


def _conversations(path: Path) -> Iterator[tuple[int, Conversation]]:
    """The conversations of a file of any form, with their rows."""
    from ..corpus.exports import from_xtuner
    from ..files import read_bytes

    first = read_bytes(path)[:200].lstrip()
    if not first.startswith((b'{"conversation"', b'{"text"')):
        yield from enumerate(read_conversations(path), 1)
        return
    for row, line in enumerate(read_bytes(path).decode("utf-8").splitlines(), 1):
        if first.startswith(b'{"text"'):
            text = json.loads(line).get("text")
            if not isinstance(text, str):
                raise DataError('no text under "text"', source=str(path), row=row)
            yield row, Conversation().add("assistant", text)
        else:
            yield row, from_xtuner(line, source=str(path), row=row)
