"""Stage 4, writing: the records of a shard to the lines of training files, and an account of every row."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, cast

import pyarrow as pa

from ..analysis.counting import count_aloud
from ..conversation import Conversation
from ..files import write_atomically
from ..record import Record
from ..tasks import Language, get_task
from .augmenting import in_other_keys
from .deciding import Fate
from .evaluation import Evaluation, overlaps
from .exports import CONVERSATIONS, to_messages, to_row, to_sound, to_text, to_xtuner
from .plan import Plan, SourceOrder
from .shards import REJECTS, read_columns, read_rows, write_rows

__all__ = ["STAGES", "WriteJob", "file_name", "write_shard"]

STAGES = ("pretrain", "sft")
SPLITS = {Fate.TRAIN: "train", Fate.VALID: "valid", Fate.TEST: "test"}
WORD = re.compile(r"\w+|[^\w\s]")
REASONS = {
    Fate.NAME_TWICE: ("duplicate id", "the same name as an earlier row"),
    Fate.DUPLICATE: ("duplicate", "the same as"),
    Fate.EVALUATED: ("evaluation set", "a tune of its family is asked for in an evaluation set"),
}


class WriteJob(NamedTuple):
    """Shard `number` of `count`; its `examined` rows and their `decisions`; `work` for the account, `out` for lines."""

    plan: Plan
    evaluation: Evaluation
    number: int
    examined: tuple[Path, ...]
    decisions: Path
    work: Path
    out: Path


def file_name(stage: str, form: str, split: str, number: int, count: int) -> str:
    """Where lines of a shard stand: `sft/messages/train-00003-of-00012.jsonl`."""
    ending = "arrow" if form == "arrow" else "jsonl"
    return f"{stage}/{form}/{split}-{number:05d}-of-{count:05d}.{ending}"


def write_shard(job: WriteJob) -> int:
    """Write all files of one shard, its rejects, and last its account `work/NNNNN.json`; give how many rows it had."""
    account = job.work / f"{job.number:05d}.json"
    if account.exists():
        return 0
    files = _Files(job)
    counts: Counter[str] = Counter()
    rejects: list[dict[str, Any]] = []
    rows = read_rows(job.examined[job.number])
    for row, decision in zip(rows, read_rows(job.decisions), strict=True):
        record = Record.from_json(row["record"])
        fate = Fate(decision["fate"])
        reason = REASONS[fate] if fate in REASONS else _asked_elsewhere(record, job.evaluation)
        if reason is None:
            for name in record.tags.get("repairs") or ():  # type: ignore[union-attr]
                counts[f"repair {name}"] += 1
            written = sum(files.add(stage, SPLITS[fate], one) for stage, one in _conversations(job.plan, record, fate))
            reason = None if written else ("no task", "no task of the plan serves it")
            if written:
                counts[f"record {record.source} {SPLITS[fate]}"] += 1
                counts[f"licence {record.licence}"] += 1
        if reason is not None:
            detail = f"{reason[1]} {_name(job.examined, decision['because'])}".rstrip()
            rejects.append(
                {
                    "stage": "decide", "source": record.source, "file": record.place.file, "row": record.place.row,
                    "id": record.id, "reason": reason[0], "detail": detail,
                }
            )  # fmt: skip
    files.write()
    write_rows(job.work / f"{job.number:05d}.rejects.arrow", REJECTS, rejects)
    write_atomically(account, json.dumps({"counts": counts + files.counts, "files": files.names}), overwrite=True)
    return len(rows)


def _conversations(plan: Plan, record: Record, fate: Fate) -> Iterator[tuple[str, Conversation]]:
    """All conversations of a record; in training, tunes stand in other keys too, and their bars may be counted."""
    order = next(order for order in plan.sources if order.label == record.source)
    chance = Random(f"{plan.seed}/{record.source}/{record.id}")
    others = [*in_other_keys(record, plan.keys, chance)] if fate is Fate.TRAIN else []
    for task, share in plan.pretrain.items():
        for version in (record, *others):
            for conversation in _some(plan, order, task, version, share, chance):
                yield "pretrain", conversation
    for task, share in plan.sft.items():
        for conversation in _some(plan, order, task, chance.choice([record, *others]), share, chance):
            yield "sft", _counted(conversation) if plan.count_aloud and fate is Fate.TRAIN else conversation


def _some(
    plan: Plan, order: SourceOrder, task: str, record: Record, share: float, chance: Random
) -> Iterator[Conversation]:
    """So many conversations of a task; of words in a language of the plan, those in that language."""
    if order.tasks and task not in order.tasks:
        return
    whole, part = divmod(share * order.weight, 1)
    for at in range(int(whole) + (chance.random() < part)):
        (drawn,) = chance.choices([*plan.languages], [*plan.languages.values()])
        language = record.language if record.language in plan.languages else drawn
        conversation = get_task(task).build(record, plan.seed + at, cast(Language, language))
        if conversation is not None:
            yield conversation


def _counted(conversation: Conversation) -> Conversation:
    """With the bars of the tunes that are answered counted aloud."""
    messages = (
        replace(message, content=count_aloud(message.text)) if message.role == "assistant" else message
        for message in conversation.messages
    )
    return replace(conversation, messages=tuple(messages))


def _asked_elsewhere(record: Record, evaluation: Evaluation) -> tuple[str, str] | None:
    texts = [record.text, *(exchange.question for exchange in record.exchanges)]
    if any(overlaps(text, evaluation) for text in texts):
        return "evaluation set", "its words stand in an evaluation set"
    return None


def _name(examined: tuple[Path, ...], row: int) -> str:
    """The name of a row of the whole corpus, empty for none (-1)."""
    for path in examined if row >= 0 else ():
        names = _names(path)
        if row < len(names):
            return str(names[row])
        row -= len(names)
    return ""


@lru_cache(maxsize=256)
def _names(path: Path) -> pa.Array:
    return read_columns(path, "name")[0]


class _Files:
    """The lines of one shard by file, and what is in them."""

    def __init__(self, job: WriteJob) -> None:
        self.job = job
        self.lines: dict[tuple[str, str, str], list[Any]] = {}
        self.counts: Counter[str] = Counter()
        self.names: list[str] = []

    def add(self, stage: str, split: str, conversation: Conversation) -> bool:
        written = False
        for form in self.job.plan.forms:
            line = _FORMS[form](conversation)
            if line is None:
                self.counts[f"left {stage} {form}"] += 1
            else:
                self.lines.setdefault((stage, form, split), []).append(line)
                written = True
        if written:
            self.count(stage, split, conversation)
        return written

    def count(self, stage: str, split: str, conversation: Conversation) -> None:
        task, language = conversation.meta["task"], conversation.meta["language"]
        self.counts[f"line {stage} {split} {task} {language}"] += 1
        for message in conversation.messages:
            self.counts[f"characters {stage} {split}"] += len(message.text)
            self.counts[f"tokens {stage} {split}"] += sum(1 for _ in WORD.finditer(message.text))

    def write(self) -> None:
        for (stage, form, split), lines in sorted(self.lines.items()):
            name = file_name(stage, form, split, self.job.number, len(self.job.examined))
            path = self.job.out / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if form == "arrow":
                write_rows(path, CONVERSATIONS, lines)
            else:
                write_atomically(path, _joined(lines), overwrite=True)
            self.names.append(name)


def _joined(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


_FORMS = {"messages": to_messages, "sound": to_sound, "xtuner": to_xtuner, "text": to_text, "arrow": to_row}
