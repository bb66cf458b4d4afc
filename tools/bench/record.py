"""Results with their provenance: a table for people, JSON under eval/results for the rest."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

from abcllm.evaluation.provenance import machine
from abcllm.evaluation.reporting import table

__all__ = ["RESULTS", "ROOT", "commit", "keep", "machine", "table"]

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "eval" / "results"


def commit() -> str:
    """The commit that was measured, with a + where the tree had changes."""
    run = subprocess.run(
        ["git", "describe", "--always", "--dirty=+"], cwd=ROOT, capture_output=True, text=True, check=False
    )  # fmt: skip
    return run.stdout.strip() or "unknown"


def command() -> str:
    """The command line, without folders of this machine."""
    return "python tools/bench " + " ".join(Path(word).name if word[:1] == "/" else word for word in sys.argv[1:])


def keep(name: str, **values: Any) -> None:
    """Write eval/results/NAME.json and print the table that stands in `values["rows"]`."""
    rows = values.get("rows", [])
    result = {
        "name": name,
        "command": command(),
        "date": date.today().isoformat(),
        "commit": commit(),
        "machine": machine(),
        **values,
    }
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(table(rows))
