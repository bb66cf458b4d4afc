"""Running suites: rows are kept as they come, so that a run that was ended goes on, and then judged.

Beside the result `X.json` stand its rows, `X.rows.jsonl`: in the first line what was run (model, corpus, settings), in
each other the suite's `rows_of`, a number and the row. Rows of another run are never gone on with. A result holds no
path, and the same run gives the same figures.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from ..backends import Backend
from ..errors import FileError, UsageError
from ..files import read_bytes, write_atomically
from .estimates import Estimate
from .held_out import HeldOut
from .provenance import machine, versions
from .suites import Estimates, Row, Scorer, Settings, Suite, get_suite

__all__ = ["Result", "evaluate", "rows_path"]

Result = dict[str, Any]
DIGITS: Final = 4


def evaluate(
    model: Backend | Scorer,
    name: str,
    suites: Sequence[str],
    held_out: HeldOut,
    settings: Settings,
    out: Path,
    *,
    progress: Callable[[str], None] = lambda asked: None,
    restart: bool = False,
    about: Mapping[str, Any] | None = None,
) -> Result:
    """Ask the model called `name` what the suites ask, write the result to `out`, and give it.

    `progress` hears after each row what was asked. With `restart`, rows that are there are thrown away. What is to be
    said `about` the model goes into the result. Raises `UsageError` where a suite cannot be asked of this model, or
    rows of another run stand in the way.
    """
    chosen = {suite: get_suite(suite) for suite in suites}
    unfit = [suite for suite, one in chosen.items() if not one.serves(model)]
    if unfit:
        raise UsageError(f"{name} cannot be asked what the suites {', '.join(unfit)} ask; choose others with --suite")
    run = {
        "model": name,
        "corpus": {"name": held_out.name, "card_sha256": held_out.sha256},
        "seed": settings.seed,
        "sampling": {key: value for key, value in asdict(settings.sampling).items() if key != "seed"},
    }
    measured = {}
    with _open_rows(rows_path(out), run, restart=restart) as (stream, kept):
        for suite, one in chosen.items():
            rows = kept.setdefault(one.rows_of, [])
            for row in _rest(one, model, held_out, settings, len(rows)):
                stream.write(json.dumps({"rows": one.rows_of, "number": len(rows), **row}).encode() + b"\n")
                stream.flush()
                rows.append(row)
                progress(one.rows_of)
            measured[suite] = _measured(one, rows[: settings.n], held_out, settings)
    result: Result = {
        **run,
        **(about or {}),
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
        "versions": versions(),
        "suites": measured,
    }
    write_atomically(out, json.dumps(result, indent=1, ensure_ascii=False) + "\n", overwrite=True)
    return result


def rows_path(out: Path) -> Path:
    """Where the rows of a result are kept."""
    return out.with_name(f"{out.stem}.rows.jsonl")


def _rest(suite: Suite, model: Backend | Scorer, held_out: HeldOut, settings: Settings, first: int) -> Iterator[Row]:
    if first < settings.n:
        yield from suite.ask(model, held_out, settings, first)


def _measured(suite: Suite, rows: Sequence[Row], held_out: HeldOut, settings: Settings) -> dict[str, Any]:
    judgement = suite.judge(rows, held_out, settings)
    return {
        "n": len(rows),
        "measures": {
            name: {
                "title": measure.title,
                "unit": measure.unit,
                "model": _figures(judgement.model, name, measure.unit),
                "human": _figures(judgement.human, name, measure.unit),
            }
            for name, measure in suite.measures.items()
        },
    }


def _figures(estimates: Estimates, name: str, unit: str) -> dict[str, float | int] | None:
    estimate: Estimate | None = estimates.get(name)
    if estimate is None:
        return None
    scale = 100 if unit == "%" else 1
    value, low, high = (round(scale * one, DIGITS) for one in estimate[:3])
    return {"value": value, "low": low, "high": high, "n": estimate.n}


@contextmanager
def _open_rows(path: Path, run: Mapping[str, Any], *, restart: bool) -> Iterator[tuple[BinaryIO, dict[str, list[Row]]]]:
    """The file of rows, to be added to, and the rows that are in it by what was asked."""
    whole = b""
    if path.exists() and not restart:
        whole = read_bytes(path)
        whole = whole[: whole.rfind(b"\n") + 1]  # a run that was killed may have left half a line
    lines = whole.splitlines()
    if lines and json.loads(lines[0]) != run:
        raise UsageError(
            f"{path} holds rows of another model, corpus, seed or sampling; give another -o, or --restart to lose them"
        )
    kept: dict[str, list[Row]] = {}
    for line in lines[1:]:
        row = json.loads(line)
        kept.setdefault(row.pop("rows"), []).append(row)
        del row["number"]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "wb") as stream:
            stream.write(whole or json.dumps(run).encode() + b"\n")
            stream.flush()
            yield stream, kept
    except OSError as fault:
        raise FileError(f"cannot write {path}: {fault.strerror}", path=str(path)) from None
