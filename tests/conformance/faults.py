"""Tunes with one planted fault each, and where it is.

`faults.jsonl` holds one a line: `kind`, `abc`, `line`, `column` (both from 1) and our `code`. The first, `clean`, has
no fault; all others are that tune with one thing broken.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

CASES = Path(__file__).with_name("faults.jsonl")
COLUMNS = 3  # a fault is placed if its column is no further away


@dataclass(frozen=True)
class Fault:
    """One planted fault."""

    kind: str
    abc: str
    line: int
    column: int
    code: str

    def is_at(self, line: int, column: int) -> bool:
        return line == self.line and abs(column - self.column) <= COLUMNS


def read_faults(path: Path = CASES) -> list[Fault]:
    return [Fault(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
