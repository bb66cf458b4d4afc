"""Evaluation sets: what must not be trained on, because it is asked later.

Any text file may be one: JSON, JSON lines, CSV, ABC. Tunes in it are known by their melody, questions by runs of
`RUN` words (the measure of Brown et al., Language Models are Few-Shot Learners, 2020, appendix C).
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from ..analysis.melody import Melody, read_melody
from ..errors import ConfigError
from ..files import read_bytes
from ..notation import parse
from ..notation.source import decode
from .examining import digest, normalise

__all__ = ["Evaluation", "overlaps", "read_evaluation", "runs"]

RUN = 13
TUNE = re.compile(r"^X:[ \t]*\d+", re.MULTILINE)
SHORTEST = 8
"""Melodies of fewer beats stand in too many tunes to say anything."""


class Evaluation(NamedTuple):
    """Melodies, and hashes of runs of words, of all evaluation sets; the names of their files."""

    melodies: tuple[Melody, ...]
    runs: frozenset[int]
    files: tuple[str, ...]


def read_evaluation(patterns: tuple[str, ...]) -> Evaluation:
    """Read the files that the patterns name (`**` goes through folders). Raises `ConfigError` for a pattern of none."""
    melodies: list[Melody] = []
    found_runs: set[int] = set()
    files: list[str] = []
    for pattern in patterns:
        paths = list(_expand(pattern))
        if not paths:
            raise ConfigError([f"evaluation: no file is named {pattern}"])
        for path in paths:
            files.append(path.name)
            for text in _texts(path):
                found_runs.update(runs(text))
                for tune in parse(text).tunes if TUNE.search(text) else ():
                    melody = read_melody(tune)
                    if len(melody.outline) >= SHORTEST:
                        melodies.append(melody)
    return Evaluation(tuple(melodies), frozenset(found_runs), tuple(files))


def runs(text: str) -> Iterator[int]:
    """Hashes of all runs of `RUN` words; a shorter text of at least half as many is one run."""
    words = normalise(text).split()
    if RUN // 2 < len(words) < RUN:
        yield digest(*words)
    for at in range(len(words) - RUN + 1):
        yield digest(*words[at : at + RUN])


def overlaps(text: str, evaluation: Evaluation) -> bool:
    """True where the text shares a run of words with an evaluation set."""
    return bool(evaluation.runs) and any(run in evaluation.runs for run in runs(text))


def _expand(pattern: str) -> Iterator[Path]:
    path = Path(pattern)
    if path.is_file():
        yield path
        return
    fixed = next((at for at, part in enumerate(path.parts) if set(part) & set("*?[")), None)
    if fixed is not None:
        root = Path(*path.parts[:fixed])
        yield from sorted(one for one in root.glob(str(Path(*path.parts[fixed:]))) if one.is_file())


def _texts(path: Path) -> Iterator[str]:
    """The texts of a file: all strings of JSON, or the whole."""
    data = read_bytes(path)
    text, _ = decode(gzip.decompress(data) if path.suffix == ".gz" else data)
    kind = path.name.removesuffix(".gz").rpartition(".")[2]
    if kind == "jsonl":
        for line in filter(str.strip, text.splitlines()):
            yield from _strings(json.loads(line))
    elif kind == "json":
        yield from _strings(json.loads(text))
    else:
        yield text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
