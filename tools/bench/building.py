"""Rows a second and memory of building corpora, on IrishMAN's form, with one worker, two, and Ray.

The input is made of the project's own tunes in IrishMAN's JSON: each row a tune with its bars in another order and
some taken twice, so that rows differ and families are of natural size. Memory is the largest sum over all processes
of the build, shared pages counted once.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from record import RESULTS, ROOT, keep

from abcllm.notation import Tune, parse, write
from abcllm.notation.tune import Bar

TUNES = ROOT / "data" / "irish_mit" / "tunes.abc"
PLANS = {
    "convert": ("check = false\ndedupe = false\nfamilies = false", "control_codes", "source"),
    "check": ("dedupe = true\nfamilies = false", "control_codes", "source"),
    "families": ("dedupe = true\nfamilies = true", "tune", "canonical"),
}
TELLING = {
    "convert": "converted: control codes recomputed, nothing checked",
    "check": "every tune read and checked, twins dropped",
    "families": "and rewritten canonically, split by tune family",
}
PLAN = """
name = "{name}"
forms = ["xtuner"]
valid = 0.01
{settings}
[pretrain]
{task} = 1
[[source]]
name = "irishman"
folder = "{folder}"
text = "{text}"
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rows", type=int, default=20_000, help="of the runs that are compared")
    parser.add_argument(
        "--large", nargs="*", default=[], metavar="PLAN=ROWS", help="one more run with two workers, for its memory"
    )
    parser.add_argument("--cluster", action="store_true", help="large runs on Ray too")
    parser.add_argument("--more", action="store_true", help="only the large runs, added to the table that is there")


def rows(count: int) -> Iterator[str]:
    """JSON objects of IrishMAN's form."""
    random = Random(3)
    tunes = []
    for tune in parse(TUNES.read_text(encoding="utf-8")).tunes:
        full = [bar for bar in tune.voices[0].bars if bar.duration == tune.meter.duration and not bar.endings]
        texts = [write_bars(tune, bar) for bar in full]
        if len(full) >= 16:
            tunes.append((f"L:{tune.unit_length}\nM:{tune.meter}\nK:{tune.key}", texts))
    for at in range(count):
        header, bars = tunes[at % len(tunes)]
        taken = [random.choice(bars) if random.random() < 0.3 else bar for bar in bars[:16]]
        body = " | ".join(taken[:8]) + " || \n" + " | ".join(taken[8:]) + " |]"
        abc = f"X:{at + 1}\n{header}\n{body}"
        yield json.dumps({"abc notation": abc, "control code": "S:2\nB:8\nE:5\nB:8\n"}, ensure_ascii=False)


def write_bars(tune: Tune, bar: Bar) -> str:
    """The notes of one bar as they are written, without bar lines."""
    plain = replace(bar, number=1, left=None, right=None, line_end=False)
    text = write(replace(tune, fields=(), voices=(replace(tune.voices[0], bars=(plain,)),), words=()))
    return text.rstrip().rpartition("\n")[2]


def write_input(folder: Path, count: int) -> int:
    """Write `folder/train.json` of so many rows, one JSON list as its publisher does, and give its size in bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "train.json"
    with path.open("w", encoding="utf-8") as out:
        out.write("[")
        for at, row in enumerate(rows(count)):
            out.write((",\n" if at else "\n") + row)
        out.write("\n]\n")
    return path.stat().st_size


def build(plan: Path, out: Path, *options: str) -> tuple[float, float, float]:
    """Seconds, CPU seconds, and the most memory (MB) of all processes of the build, sampled ten times a second."""
    shutil.rmtree(out, ignore_errors=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "abcllm", "data", "build", str(plan), "-o", str(out), *options]
    started_s = time.monotonic()
    process = subprocess.Popen(
        [*command, "--max-rejects", "100%"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT
    )
    most_mb = 0.0
    while process.poll() is None:
        most_mb = max(most_mb, memory_mb(process.pid))
        time.sleep(0.1)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    seconds = time.monotonic() - started_s
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, most_mb


def memory_mb(pid: int) -> float:
    """Private and shared memory of a process and its children, shared pages counted once for each their share."""
    total = 0.0
    for one in [pid, *children(pid)]:
        try:
            text = Path(f"/proc/{one}/smaps_rollup").read_text()
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        found = re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)
        total += int(found.group(1)) / 1000 if found else 0
    return total


def children(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return []
    direct = [int(one) for one in text.split()]
    return [*direct, *(grand for one in direct for grand in children(one))]


def run(args: argparse.Namespace) -> int:
    table: list[list[Any]] = [["plan", "engine", "rows", "rows/s", "seconds", "CPU seconds", "peak memory, MB"]]

    def measure(plan: Path, engine: str, count: int, *options: str) -> None:
        seconds, cpu_s, most_mb = build(plan, plan.parent / "out", *options)
        figures = [round(count / seconds), round(seconds, 1), round(cpu_s, 1), round(most_mb)]
        table.append([TELLING[plan.stem], engine, count, *figures])
        print(table[-1], flush=True)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if args.more:
            table = json.loads((RESULTS / "building.json").read_text(encoding="utf-8"))["rows"]
        else:
            write_input(folder / "input", args.rows)
        for plan_name, (settings, task, text) in PLANS.items():
            plan = folder / f"{plan_name}.toml"
            values = {"name": plan_name, "settings": settings, "folder": folder / "input", "task": task, "text": text}
            plan.write_text(PLAN.format_map(values), encoding="utf-8")
            if args.more:
                continue
            measure(plan, "1 worker", args.rows, "--workers", "1")
            measure(plan, "2 workers", args.rows, "--workers", "2")
            measure(plan, "Ray, 2 CPUs", args.rows, "--engine", "ray", "--workers", "2")
        for one in args.large:
            plan_name, _, count = one.partition("=")
            size = write_input(folder / "input", int(count))
            plan, told = folder / f"{plan_name}.toml", f"{size / 1e6:.0f} MB of input"
            measure(plan, f"2 workers, {told}", int(count), "--workers", "2")
            if args.cluster:
                measure(plan, f"Ray, 2 CPUs, {told}", int(count), "--engine", "ray", "--workers", "2")
    keep("building", n=args.rows, rows=table)
    return 0
