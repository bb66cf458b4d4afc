"""The real tunes that are measured on, and their plain form that all programs play alike."""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from record import ROOT

from abcllm.notation.scanner import Token, scan


class CorpusTune(NamedTuple):
    """One tune of a collection; `clean` says that abc2midi found nothing to complain of."""

    id: str
    collection: str
    abc: str
    clean: bool


def corpus_folder() -> Path:
    """The folder of collections: $ABCLLM_SHARED_DATA/tunes, or shared/data/tunes beside the repository."""
    folder = Path(os.environ.get("ABCLLM_SHARED_DATA", ROOT.parent / "shared" / "data")) / "tunes"
    if not folder.is_dir():
        sys.exit(f"no collections of tunes at {folder}: set ABCLLM_SHARED_DATA to the folder that holds tunes/")
    return folder


def read_corpus() -> Iterator[CorpusTune]:
    """All tunes, collection by collection."""
    for path in sorted(corpus_folder().glob("*/tunes.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                yield CorpusTune(row["id"], path.parent.name, row["abc"], not any(row["abc2midi"].values()))


DROPPED = frozenset({Token.DECORATION, Token.SHORTHAND, Token.GRACE})


def plain(abc: str, number: int = 1) -> str:
    """The tune without what programs play each in their own way: ornaments, grace notes, tempo, rhythm (swing).

    The notes stay. X: becomes `number`, so that several tunes fit into one file.
    """
    lines: list[str] = []
    in_body = False
    for line in abc.split("\n"):
        if line.startswith("X:"):
            lines.append(f"X:{number}")
        elif line[:2] in ("R:", "Q:", "Y:", "w:", "s:", "W:") or line.startswith("%"):
            continue
        elif line[1:2] == ":" and line[:1].isalpha() and line[2:3] not in ("|", ":"):
            lines.append(line)
            in_body = in_body or line.startswith("K:")
        elif in_body:
            kept = (
                token.text
                for token in scan(line)
                if token.kind not in DROPPED and not token.text.startswith(("[Q:", "[R:"))
            )
            lines.append("".join(kept))
        else:
            lines.append(line)
    return "\n".join(lines).strip("\n") + "\n"
