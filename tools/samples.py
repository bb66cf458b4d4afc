#!/usr/bin/env python
"""Pick the sample tunes of data/ from collections in JSON lines.

    python tools/samples.py FOLDER

FOLDER holds one folder a collection with `tunes.jsonl.gz` (a line a tune, its text in the field `abc`). Taken are
only collections whose licence allows redistribution, and of them the tunes in which `abcllm check` finds no error,
written in canonical form. The choice of each collection is in `PICKS`.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from abcllm.files import write_atomically
from abcllm.notation import Field, Severity, Tune, parse, write
from abcllm.request.rhythms import find_rhythm

DATA = Path(__file__).resolve().parents[1] / "data"
HERE = re.compile(r"\b(reel|jig|hornpipe|polka|slide|waltz|march|strathspey|mazurka|clog|fling)\b", re.IGNORECASE)


def rhythm_of(tune: Tune) -> str:
    """The kind of tune, from R:, from the identifier in Z: (`dc-jig-5`), or from the title."""
    named = find_rhythm(tune.rhythm.strip().rstrip("s").strip()) or find_rhythm(tune.rhythm)
    if named:
        return named
    identifier = re.search(r"id:dc-([a-z]+)-", " ".join(tune.texts("Z")))
    if identifier:
        return find_rhythm(identifier.group(1))
    word = HERE.search(" ".join(tune.titles))
    return find_rhythm(word.group(1)) if word else ""


def in_danced_metre(tune: Tune) -> bool:
    """Of large collections only the metres that the others lack."""
    return str(tune.meter) in ("3/4", "2/4", "3/8", "6/4", "9/8", "3/2") or rhythm_of(tune) in ("strathspey", "march")


PICKS: dict[str, tuple[Callable[[Tune], bool], int]] = {
    "ceol_rince": (lambda tune: True, 1000),
    "irish_mit": (lambda tune: True, 800),
    "oneills1850": (in_danced_metre, 350),
    "ryans_mammoth": (in_danced_metre, 250),
    "airds_airs": (in_danced_metre, 250),
    "open_hymnal": (lambda tune: True, 12),
}


def read(path: Path) -> Iterator[Tune]:
    """The tunes of a collection without an error, with their rhythm in R:."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            book = parse(json.loads(line)["abc"])
            if len(book.tunes) != 1 or any(d.severity is Severity.ERROR for d in book.diagnostics):
                continue
            tune = book.tunes[0]
            rhythm = rhythm_of(tune)
            if rhythm and not tune.rhythm:
                at = next(i for i, item in enumerate(tune.fields) if item.name == "K")
                tune = replace(tune, fields=(*tune.fields[:at], Field("R", rhythm), *tune.fields[at:]))
            yield tune


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    for name, (wanted, most) in PICKS.items():
        tunes = []
        for tune in read(Path(sys.argv[1]) / name / "tunes.jsonl.gz"):
            if len(tunes) < most and wanted(tune):
                tunes.append(replace(tune, number=len(tunes) + 1))
        (DATA / name).mkdir(parents=True, exist_ok=True)
        write_atomically(DATA / name / "tunes.abc", "%abc-2.1\n\n" + write(tunes), overwrite=True)
        print(f"{name}: {len(tunes)} tunes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
