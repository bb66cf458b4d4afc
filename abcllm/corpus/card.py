"""The card of a corpus: what went in, what came out, and what became of every row that did not."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from .. import __version__
from ..errors import DataError
from ..files import open_atomically, read_bytes, write_atomically
from ..licences import classify
from ..tasks.material import NO_LANGUAGE
from .plan import Plan
from .shards import read_rows

__all__ = ["CARD", "REJECTS_FILE", "make_card", "read_card", "render_card"]

CARD = "card.json"
REJECTS_FILE = "rejects.jsonl"
REJECTED = ("unreadable", "no tune", "MIDI")
"""Reasons that are faults of the row; faults of music have codes. Others are the choice of the plan: dropped."""


def make_card(
    plan: Plan, out: Path, accounts: Iterable[Path], rejects: Iterable[Path], evaluation: Iterable[str]
) -> dict[str, Any]:
    """Add up the accounts of all shards, write `rejects.jsonl` and `card.json`, and give the card."""
    counts: Counter[str] = Counter()
    files: list[str] = []
    for path in accounts:
        account = json.loads(path.read_text(encoding="utf-8"))
        counts.update(account["counts"])
        files += account["files"]
    reasons, lost = _write_rejects(out / REJECTS_FILE, rejects)
    kept = _nested(counts, "record")
    sources = {label: _outcomes(kept.get(label, {}), lost.get(label, Counter())) for label in sorted({*kept, *lost})}
    rows = {key: sum(source[key] for source in sources.values()) for key in ("rows", "written", "rejected", "dropped")}
    card: dict[str, Any] = {
        "name": plan.name,
        "abcllm": __version__,
        "plan": {
            **asdict(plan),
            "sources": [_portable(asdict(order)) for order in plan.sources],
            "evaluation": [*evaluation],
        },
        **rows,
        "sources": sources,
        "reasons": dict(sorted(reasons.items())),
        "splits": {split: sum(one.get(split, 0) for one in kept.values()) for split in ("train", "valid", "test")},
        "conversations": _conversations(counts),
        "left_out": _nested(counts, "left"),
        "characters": _nested(counts, "characters"),
        "tokens": {"unit": "words and signs", **_nested(counts, "tokens")},
        "repairs": _flat(counts, "repair"),
        "licences": {
            licence: {"class": classify(licence).label, "rows": number}
            for licence, number in sorted(_flat(counts, "licence").items())
        },
        "files": {name: sha256(read_bytes(out / name)).hexdigest() for name in sorted(files)},
    }
    write_atomically(out / CARD, json.dumps(card, indent=2, ensure_ascii=False) + "\n", overwrite=True)
    return read_card(out)


def read_card(folder: Path) -> dict[str, Any]:
    """The card of a built corpus. Raises `DataError` where there is none."""
    path = folder / CARD
    if not path.exists():
        raise DataError(f"{folder} has no {CARD}: it holds no corpus, or one that is not finished")
    card: dict[str, Any] = json.loads(read_bytes(path))
    return card


def render_card(card: Mapping[str, Any]) -> str:
    """The card for a person to read."""
    outcome = "{rows:,} rows in, {written:,} written, {rejected:,} rejected, {dropped:,} dropped".format_map(card)
    lines = [
        f"{card['name']}: {outcome}",
        "",
        f"  {'source':<24}{'rows':>10}{'written':>10}{'rejected':>10}{'dropped':>10}",
    ]
    for label, source in card["sources"].items():
        numbers = "".join(f"{source[key]:>10,}" for key in ("rows", "written", "rejected", "dropped"))
        lines.append(f"  {label:<24}{numbers}")
    lines += ["", "  why not"]
    lines += [
        f"  {number:>10,}  {reason}" for reason, number in sorted(card["reasons"].items(), key=lambda one: -one[1])
    ]
    for stage, splits in card["conversations"].items():
        lines += ["", f"  {stage}"]
        for split, tasks in splits.items():
            total = sum(sum(languages.values()) for languages in tasks.values())
            size = [card[unit].get(stage, {}).get(split, 0) for unit in ("characters", "tokens")]
            lines.append(f"  {total:>10,}  {split}: {size[0]:,} characters, {size[1]:,} words and signs")
            for task, languages in tasks.items():
                said = ", ".join(f"{one} {number:,}" for one, number in languages.items() if one != NO_LANGUAGE)
                lines.append(f"  {sum(languages.values()):>12,}  {task}{f' ({said})' if said else ''}")
    lines += ["", "  licences"]
    lines += [f"  {one['rows']:>10,}  {licence} ({one['class']})" for licence, one in card["licences"].items()]
    if card["repairs"]:
        lines += ["", "  repairs"]
        lines += [f"  {number:>10,}  {name}" for name, number in card["repairs"].items()]
    return "\n".join(lines)


def _outcomes(kept: Mapping[str, int], lost: Counter[str]) -> dict[str, int]:
    written = sum(kept.values())
    return {
        "rows": written + lost.total(),
        "written": written,
        "rejected": lost["rejected"],
        "dropped": lost["dropped"],
    }


def _portable(order: dict[str, Any]) -> dict[str, Any]:
    """The order without what is true of one machine only."""
    return {**order, "folder": Path(order["folder"]).name}


def _write_rejects(path: Path, shards: Iterable[Path]) -> tuple[Counter[str], dict[str, Counter[str]]]:
    """All rejects as JSON lines; how many there are of each reason, and of each source and outcome."""
    reasons: Counter[str] = Counter()
    lost: dict[str, Counter[str]] = {}
    with open_atomically(path) as stream:
        for shard in shards:
            for row in read_rows(shard):
                reason = row["reason"]
                outcome = "rejected" if reason in REJECTED or reason[1:].isdigit() else "dropped"
                reasons[reason] += 1
                lost.setdefault(row["source"], Counter())[outcome] += 1
                stream.write(json.dumps({"outcome": outcome, **row}, ensure_ascii=False).encode() + b"\n")
    return reasons, lost


def _conversations(counts: Counter[str]) -> dict[str, dict[str, dict[str, dict[str, int]]]]:
    """Lines by stage, split, task and language."""
    nested: dict[str, dict[str, dict[str, dict[str, int]]]] = {}
    for key, number in sorted(counts.items()):
        if key.startswith("line "):
            _, stage, split, task, language = key.split(" ")
            nested.setdefault(stage, {}).setdefault(split, {}).setdefault(task, {})[language] = number
    return nested


def _nested(counts: Counter[str], kind: str) -> dict[str, dict[str, int]]:
    nested: dict[str, dict[str, int]] = {}
    for key, number in sorted(_flat(counts, kind).items()):
        first, _, second = key.rpartition(" ")
        nested.setdefault(first, {})[second] = number
    return nested


def _flat(counts: Counter[str], kind: str) -> dict[str, int]:
    return {
        key.removeprefix(f"{kind} "): number for key, number in sorted(counts.items()) if key.startswith(f"{kind} ")
    }
