"""Good tunes are broken in one place: the fault is found there, and said once."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from abcllm.notation import check, parse, read_source, write

from ..corruption_kinds import KINDS, Target

DATA = Path(__file__).parents[2] / "data"
ENOUGH = 12
RARE = {"a_second_ending_without_a_first", "no key", "a tempo that is none", "more_syllables_than_notes"}


@pytest.fixture(scope="module")
def targets() -> list[Target]:
    """Tunes of the samples in which nothing is wrong."""
    texts = [write(tune) for tune in parse(read_source(DATA / "irish_mit" / "tunes.abc")[0]).tunes[:150]]
    return [Target(text) for text in texts if not check(text)]


@pytest.mark.parametrize("name", sorted(KINDS))
def test_corruption(name: str, targets: list[Target]) -> None:
    random = Random(name)
    tried = 0
    for target in targets:
        broken = KINDS[name](target, random)
        if broken is None:
            continue
        tried += 1
        found = [diagnostic for diagnostic in check(broken.text) if diagnostic.severity != "info"]
        assert len(found) == 1, (broken.text, found)
        assert found[0].line == broken.line, (broken.text, found)
        assert broken.bar is None or found[0].bar in (None, broken.bar), (broken.text, found)
        if tried == ENOUGH:
            break
    assert tried >= 3 or name in RARE, tried
