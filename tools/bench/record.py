"""Results with their provenance: a table for people, JSON under eval/results for the rest."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "eval" / "results"


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    cpu = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        cpu = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return {"cpu": cpu, "cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}


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


def table(rows: list[list[Any]]) -> str:
    """Rows as a Markdown table; the first row is its head."""
    if not rows:
        return ""
    texts = [[_cell(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in texts) for column in range(len(texts[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in texts
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:,.4g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
