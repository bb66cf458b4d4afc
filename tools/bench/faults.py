"""24 planted faults: noticed, on the right line, at the right column; ours and abc2midi's."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from peers import abc2midi
from record import ROOT, keep

from abcllm.notation import check

sys.path.append(str(ROOT / "tests"))

from conformance.faults import Fault, read_faults

PLACE = re.compile(r"in line-char (\d+)-(\d+)")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def ours(fault: Fault) -> list[tuple[int, int]]:
    return [(found.line, found.column) for found in check(fault.abc)]


def of_abc2midi(fault: Fault) -> list[tuple[int, int]]:
    """Places of the messages of `abc2midi -c`."""
    program = abc2midi()
    if program is None:
        return []
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "t.abc").write_text(fault.abc, encoding="utf-8")
        run = subprocess.run([str(program), "t.abc", "-c"], cwd=folder, capture_output=True, text=True, check=False)
    lines = [line for line in run.stdout.splitlines() if "Error" in line or "Warning" in line]
    places = [PLACE.search(line) for line in lines]
    return [(int(place[1]), int(place[2]) + 1) if place else (0, 0) for place in places]


def run(args: argparse.Namespace) -> int:
    clean, *faults = read_faults()
    rows: list[list[object]] = [
        ["program", "noticed", "on the right line", "at the right column", "of", "false alarms"]
    ]
    for name, find in (("abcllm", ours), ("abc2midi -c", of_abc2midi)):
        found = {fault.kind: find(fault) for fault in faults}
        rows.append(
            [
                name,
                sum(bool(found[fault.kind]) for fault in faults),
                sum(any(line == fault.line for line, _ in found[fault.kind]) for fault in faults),
                sum(any(fault.is_at(*place) for place in found[fault.kind]) for fault in faults),
                len(faults),
                len(find(clean)),
            ]
        )
    keep("faults", n=len(faults), rows=rows)
    return 0
