#!/usr/bin/env python
"""Train the n-gram composer from the sample tunes in data/.

    python tools/train_composer.py [OUT.npz]

Writes the model that ships with the package unless another file is named, and says what went into it.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from abcllm.backends.ngram.composer import style_meter
from abcllm.backends.ngram.forms import read_sections
from abcllm.backends.ngram.model import Melody, NgramModel, Style
from abcllm.files import write_atomically
from abcllm.notation import parse, read_source
from abcllm.request.rhythms import find_rhythm

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ROOT / "abcllm" / "backends" / "ngram" / "folk.npz"


def read_melodies(seen: Counter[str]) -> Iterator[Melody]:
    """The melodies of data/*/tunes.abc that the model can learn, each melody once."""
    known: set[object] = set()
    for path in sorted((ROOT / "data").glob("*/tunes.abc")):
        for tune in parse(read_source(path)[0]).tunes:
            seen["tunes"] += 1
            sections = read_sections(tune)
            full = tune.meter.duration
            if sections is None or full is None:
                seen["not plain enough"] += 1
                continue
            melody = Melody(
                Style(find_rhythm(tune.rhythm), style_meter(tune.meter)), tune.key.mode, tuple(sections), full
            )
            if melody.sections in known:
                seen["the same melody again"] += 1
                continue
            known.add(melody.sections)
            yield melody


def main() -> int:
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED
    seen: Counter[str] = Counter()
    model = NgramModel.train(read_melodies(seen))
    data = model.to_bytes()
    write_atomically(out, data, overwrite=True)
    print(
        f"{seen['tunes']} tunes, {seen['not plain enough']} not plain enough, {seen['the same melody again']} repeated"
    )
    print(f"{len(model.arrays['tokens'])} gestures, {len(model.vocabulary)} kinds, {len(model.styles)} styles")
    print(f"{len(data)} bytes to {out.name}")
    for style, forms in sorted(model.forms.items(), key=lambda entry: -len(entry[1]))[:16]:
        print(f"  {style.rhythm or '-':12} {style.meter:6} {len(forms)} forms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
