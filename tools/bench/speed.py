"""Tunes a second on one core, ours and the other programs', side by side; memory of a long check."""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from random import Random

from corpus import plain, read_corpus
from peers import PEERS, abc2midi
from record import ROOT, keep

from abcllm.notation import Source, check, iter_check, parse, write

PATIENCE_S = 60

ABCJS = """
const abcjs = require(process.argv[1] + "/abcjs"), fs = require("fs");
const tunes = JSON.parse(fs.readFileSync(0, "utf8"));
for (const tune of tunes.slice(0, 50)) abcjs.parseOnly(tune);
const start = process.hrtime.bigint();
for (const tune of tunes) abcjs.parseOnly(tune);
console.log(Number(process.hrtime.bigint() - start) / 1e9);
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tunes", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=0)


def timed(work: Callable[[str], object], texts: list[str]) -> float:
    """Tunes a second, after a warm-up."""
    for text in texts[:30]:
        work(text)
    start = time.perf_counter()
    for text in texts:
        work(text)
    return len(texts) / (time.perf_counter() - start)


def by_abc2midi(texts: list[str], *flags: str) -> float | None:
    program = abc2midi()
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "t.abc").write_text("\n".join(plain(t, n) for n, t in enumerate(texts, 1)), encoding="utf-8")
        start = time.perf_counter()
        subprocess.run([str(program), "t.abc", *flags], cwd=folder, capture_output=True, check=False)
        return len(texts) / (time.perf_counter() - start)


def by_abcjs(texts: list[str]) -> float | None:
    modules = PEERS / "node_modules"
    if not (modules / "abcjs").exists():
        return None
    command = ["node", "-e", ABCJS, str(modules)]
    try:
        run = subprocess.run(
            command, input=json.dumps(texts), capture_output=True, text=True, check=True, timeout=PATIENCE_S
        )  # fmt: skip
    except subprocess.TimeoutExpired:  # from some tunes it never returns
        return None
    return len(texts) / float(run.stdout)


def by_music21(text: str) -> object:
    from music21 import converter

    with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            return converter.parse("%abc-2.1\n" + text, format="abc")
        except Exception as fault:  # noqa: BLE001 - it raises many kinds; only the time counts
            return fault


def by_lytk(text: str) -> object:
    import lytk

    return lytk.from_abc_string(text)


def peak_memory_mb() -> float:
    """Peak memory of a process that checks the whole corpus as one stream."""
    code = (
        "import sys; sys.path[:0] = sys.argv[1:3]\n"
        "from corpus import read_corpus\nfrom abcllm.notation import Source, iter_check\nimport resource\n"
        "n = sum(1 for row in read_corpus() for _ in iter_check(Source(row.abc)))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    command = [sys.executable, "-c", code, str(Path(__file__).parent), str(ROOT)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def run(args: argparse.Namespace) -> int:
    texts = Random(args.seed).sample([tune.abc for tune in read_corpus()], args.tunes)
    book = "\n".join(plain(text, number) for number, text in enumerate(texts * 4, 1))[:5_000_000]
    rows: list[list[object]] = [["on one core", "tunes", "tunes a second"]]
    rows.append(["abcllm parse", len(texts), round(timed(parse, texts))])
    rows.append(["abcllm check", len(texts), round(timed(check, texts))])
    rows.append(["abcllm parse and write", len(texts), round(timed(lambda t: write(parse(t)), texts))])
    rows.append(["music21 parse", 60, round(timed(by_music21, texts[:60]), 1)])
    rows.append(["abcjs parseOnly", 400, round(by_abcjs([plain(text) for text in texts[:400]]) or 0)])
    try:
        rows.append(["lytk from_abc_string", len(texts), round(timed(by_lytk, [plain(t) for t in texts]))])
    except (ImportError, ValueError) as fault:
        rows.append([f"lytk ({type(fault).__name__})", len(texts), None])
    rows.append(["abc2midi -c, one process for all", len(texts), round(by_abc2midi(texts, "-c") or 0)])
    rows.append(["abc2midi, MIDI written", len(texts), round(by_abc2midi(texts) or 0)])
    start = time.perf_counter()
    read = sum(1 for _ in iter_check(Source(book)))
    speed = round(read / (time.perf_counter() - start))
    rows.append([f"abcllm check of one book of {len(book) / 1e6:.0f} MB", read, speed])
    rows.append(["memory of a check of all tunes, MB", sum(1 for _ in read_corpus()), round(peak_memory_mb())])
    keep("speed", n=len(texts), seed=args.seed, rows=rows, load_before=os.getloadavg()[0])
    return 0
