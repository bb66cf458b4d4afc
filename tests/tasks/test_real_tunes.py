"""The catalogue over real tunes of many collections: questions hide what they ask, references have full marks."""

from __future__ import annotations

import gzip
import json
from itertools import islice
from pathlib import Path

import pytest

from abcllm.record import Place, Record
from abcllm.reply import read_reply
from abcllm.tasks import get_task
from abcllm.tasks.extracts import sounding
from abcllm.tasks.material import tune_of

EACH = 97
"""Every so manieth tune of a collection, `MOST` at most."""
MOST = 6

CATALOGUE = (
    "codes_to_tune", "continue_tune", "describe", "find_bars", "find_chords", "find_key", "find_metre", "find_style",
    "find_voices", "lyrics_to_tune", "melody_to_tune", "mood_to_tune", "refine", "repair", "style_to_tune", "theory",
    "transcribe", "transpose_tune", "vary",
)  # fmt: skip


@pytest.fixture(scope="module")
def records(shared_tunes: Path) -> list[Record]:
    found = []
    for path in sorted(shared_tunes.glob("*/tunes.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in islice(lines, 0, EACH * MOST, EACH):
                row = json.loads(line)
                found.append(Record(row["id"], path.parent.name, "own", Place(path.parent.name), abc=row["abc"]))
    return found


@pytest.mark.parametrize("name", CATALOGUE)
def test_references_have_full_marks(name: str, records: list[Record]) -> None:
    task = get_task(name)
    talks = [(one, talk) for one in records if (talk := task.build(one, 5, "zh" if len(one.id) % 2 else "en"))]
    assert len(talks) >= 2
    for record, talk in talks:
        graded = task.grade(talk, talk.messages[-1].text)
        assert set(graded.values()) == {1}, f"{record.id}: {graded}"


@pytest.mark.parametrize("name", ["find_key", "find_metre", "find_style"])
def test_what_is_hidden_sounds_the_same(name: str, records: list[Record]) -> None:
    for record in records:
        talk = get_task(name).build(record, 0, "en")
        tune = tune_of(record)
        if talk is not None and tune is not None:
            asked = read_reply(talk.messages[0].text)
            assert asked.valid
            assert sounding(asked.tunes[0]) == sounding(tune), record.id
            assert not asked.tunes[0].title
