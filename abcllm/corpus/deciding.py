"""Stage 3, deciding: what becomes of each record, seen beside all others.

Only hashes are read, as columns of numbers, so that millions of records need little memory. In this order: a name that
stands twice, something the same as an earlier record, a family that an evaluation set knows, a split by family.
"""

from __future__ import annotations

from enum import IntEnum
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ..analysis.families import VIEWS, View, find_families
from ..analysis.melody import SLOTS
from .evaluation import Evaluation
from .plan import Plan
from .shards import DECISIONS, read_columns, write_rows

__all__ = ["Fate", "decide", "join_groups"]

Numbers = NDArray[np.int64]
SHARES = float(2**64)


class Fate(IntEnum):
    """What becomes of a record."""

    TRAIN = 0
    VALID = 1
    TEST = 2
    NAME_TWICE = 3
    DUPLICATE = 4
    EVALUATED = 5


def decide(plan: Plan, examined: list[Path], folder: Path, evaluation: Evaluation) -> None:
    """Write `folder/NNNNN.arrow` for each shard: the fate of each row, and the row that is the reason."""
    ids, groups, same, identities = (_column(examined, name) for name in ("id", "group", "same", "identity"))
    fates = np.zeros(len(ids), np.int8)
    reasons = np.full(len(ids), -1, np.int64)
    _mark_repeated(ids, fates, reasons, Fate.NAME_TWICE)
    if plan.dedupe:
        _mark_repeated(same, fates, reasons, Fate.DUPLICATE)
    families = _families(plan, examined, identities, evaluation)
    if evaluation.melodies:
        known = np.unique(families[len(ids) :])
        found = (fates == Fate.TRAIN) & np.isin(families[: len(ids)], known)
        fates[found] = Fate.EVALUATED
    families = join_groups(families[: len(ids)], groups)
    shares = _shares(families, ids, plan.seed)
    left = fates == Fate.TRAIN
    fates[left & (shares < plan.test + plan.valid)] = Fate.VALID
    fates[left & (shares < plan.test)] = Fate.TEST
    _write(examined, folder, fates, reasons)


def join_groups(families: Numbers, groups: Numbers) -> Numbers:
    """Families joined where their members are of one group (0: of none); a label is its smallest row."""
    grouped = groups != 0
    if not grouped.any():
        return families
    _, group = np.unique(groups[grouped], return_inverse=True)
    labels = families.copy()
    while True:
        least = np.full(group.max() + 1, len(labels), np.int64)
        np.minimum.at(least, group, labels[grouped])
        target = np.arange(len(labels))
        np.minimum.at(target, labels[grouped], least[group])
        while not np.array_equal(target, target[target]):
            target = target[target]
        joined = target[labels]
        if np.array_equal(joined, labels):
            return labels
        labels = joined


def _families(plan: Plan, examined: list[Path], identities: Numbers, evaluation: Evaluation) -> Numbers:
    """The family of each row, those of the evaluation sets behind; without families, what is the same melody."""
    more = np.array([melody.identity for melody in evaluation.melodies], np.int64)
    every = np.concatenate([identities, more])
    if not plan.families:
        return find_families(every, ())
    return find_families(every, [_view(examined, evaluation, *view) for view in VIEWS])


def _view(examined: list[Path], evaluation: Evaluation, text: str, sketch: str, alike: float) -> View:
    """The melodies of all rows, those of the evaluation sets behind, by the columns of that name."""
    asked = [[getattr(melody, text) for melody in evaluation.melodies]]
    texts = pa.chunked_array([read_columns(path, text)[0] for path in examined] + asked, pa.string())
    slots = (_slot(examined, evaluation, sketch, slot) for slot in range(SLOTS))
    return View(slots, lambda rows: texts.take(pa.array(rows)).to_pylist(), alike)


def _slot(examined: list[Path], evaluation: Evaluation, sketch: str, slot: int) -> NDArray[np.uint32]:
    """One slot of the sketches of all rows, 0 where a row has none."""
    parts = []
    for path in examined:
        (column,) = read_columns(path, sketch)
        part = np.zeros(len(column), np.uint32)
        filled = np.diff(column.offsets.to_numpy()) > 0
        part[filled] = column.flatten().to_numpy()[slot::SLOTS]
        parts.append(part)
    asked = [getattr(melody, sketch) for melody in evaluation.melodies]
    parts.append(np.array([one[slot] if one else 0 for one in asked], np.uint32))
    return np.concatenate(parts)


def _mark_repeated(keys: Numbers, fates: NDArray[np.int8], reasons: Numbers, fate: Fate) -> None:
    """Mark rows whose key (0 is none) stands in an earlier row that is still wanted."""
    candidates = np.flatnonzero((keys != 0) & (fates == Fate.TRAIN))
    order = candidates[np.argsort(keys[candidates], kind="stable")]
    repeated = np.zeros(len(order), bool)
    repeated[1:] = keys[order[1:]] == keys[order[:-1]]
    first = order[np.maximum.accumulate(np.where(repeated, 0, np.arange(len(order))))] if len(order) else order
    fates[order[repeated]] = fate
    reasons[order[repeated]] = first[repeated]


def _shares(families: Numbers, ids: Numbers, seed: int) -> NDArray[np.float64]:
    """A number in [0, 1) for each row, the same for a family: a mix of the seed and its smallest name."""
    smallest = np.full(len(families), np.iinfo(np.int64).max)
    np.minimum.at(smallest, families, ids)
    mixed = smallest[families].astype(np.uint64) ^ np.uint64((seed * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019) % 2**64)
    for shift, factor in (
        (30, 0xBF58476D1CE4E5B9),
        (27, 0x94D049BB133111EB),
        (31, 1),
    ):  # splitmix64, Steele et al. 2014
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return mixed.astype(np.float64) / SHARES


def _column(paths: list[Path], name: str) -> Numbers:
    parts = [read_columns(path, name)[0].to_numpy() for path in paths]
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _write(examined: list[Path], folder: Path, fates: NDArray[np.int8], reasons: Numbers) -> None:
    at = 0
    for path in examined:
        (column,) = read_columns(path, "id")
        rows = [
            {"fate": int(fate), "because": int(reason)}
            for fate, reason in zip(fates[at : at + len(column)], reasons[at : at + len(column)], strict=True)
        ]
        write_rows(folder / path.name, DECISIONS, rows)
        at += len(column)
