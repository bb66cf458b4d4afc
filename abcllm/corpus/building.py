"""Building a corpus: four stages, shard by shard, each result on disk before the next begins.

::

    gather    sources -> records        one reader, in the order of the plan
    examine   records -> examined       on all workers, while gathering goes on
    decide    all hashes -> decisions   duplicates, evaluation sets, families, splits
    write     examined -> lines         on all workers

A build that was ended, however rudely, goes on where it was when it is started again, and gives the same bytes:
shards are cut by rows, every file is whole or not there, and all chance comes from the seed and the names of records.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ..errors import UsageError
from ..files import write_atomically
from ..sources import get_source
from .card import CARD, make_card, read_card
from .deciding import decide
from .engines import Engine
from .evaluation import read_evaluation
from .examining import ExamineJob, examine
from .gathering import gather, present_sources
from .plan import Plan
from .writing import WriteJob, write_shard

__all__ = ["build"]

Progress = Callable[[str, int], None]
WORK = "work"


def build(plan: Plan, out: Path, engine: Engine, progress: Progress, *, keep: bool = False) -> dict[str, Any]:
    """Build the corpus of a plan into the folder `out`, and give its card.

    `progress` is told the stage and how many rows more are done. `keep` leaves the shards of all stages in `out/work`.
    Raises `UsageError` where `out` holds another corpus, `ConfigError`, `DataError` and `LicenceError` for inputs.
    """
    orders = present_sources(plan)
    work = out / WORK
    if _is_finished(plan, out, [order.folder for order in orders], [order.name for order in orders]):
        return read_card(out)
    evaluation = read_evaluation(plan.evaluation)
    records, examined, decisions, written = (work / name for name in ("records", "examined", "decisions", "written"))

    def jobs() -> Iterator[ExamineJob]:
        for number in gather(plan, records, lambda rows, label: progress(f"reading {label}", rows)):
            yield ExamineJob(plan, records / f"{number:05d}.arrow", examined)

    for rows in engine.map(examine, jobs()):
        progress("examining", rows)
    shards = tuple(sorted(path for path in examined.glob("*.arrow") if "rejects" not in path.name))
    if not (decisions / "done.json").exists():
        progress("deciding", 0)
        decide(plan, [*shards], decisions, evaluation)
        write_atomically(decisions / "done.json", "{}", overwrite=True)
    tasks = (
        WriteJob(plan, evaluation, number, shards, decisions / path.name, written, out)
        for number, path in enumerate(shards)
    )
    for rows in engine.map(write_shard, tasks):
        progress("writing", rows)
    rejects = [path for folder in (records, examined, written) for path in sorted(folder.glob("*.rejects.arrow"))]
    card = make_card(plan, out, sorted(written.glob("*.json")), rejects, evaluation.files)
    if not keep:
        shutil.rmtree(work)
    return card


def _is_finished(plan: Plan, out: Path, folders: list[str], names: list[str]) -> bool:
    """True where the corpus is there already. Begins the folder where it is new."""
    state = {"plan": plan.digest, "sources": [_state(*pair) for pair in zip(names, folders, strict=True)]}
    path = out / "plan.json"
    if path.exists():
        if json.loads(path.read_text(encoding="utf-8")) != state:
            raise UsageError(
                f"{out} holds a corpus of another plan or of other inputs; name another folder (--out), or build this "
                f"one anew (--restart)"
            )
        return (out / CARD).exists()
    if out.exists() and any(out.iterdir()):
        raise UsageError(f"{out} is not empty and holds no corpus; name another folder (--out)")
    out.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps(state))
    return False


def _state(name: str, folder: str) -> list[list[object]]:
    """The files that a source reads, with size and time of change, so that a build goes on only with the same."""
    root = Path(folder)
    found = sorted({path for pattern in get_source(name).INFO.files for path in root.rglob(pattern) if path.is_file()})
    return [[path.relative_to(root).as_posix(), path.stat().st_size, path.stat().st_mtime_ns] for path in found]
