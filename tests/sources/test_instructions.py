"""Instructions: what `abcllm.instructing` kept is a data set."""

from __future__ import annotations

import json
from pathlib import Path

from abcllm.instructing import Template, generate
from abcllm.record import Place, Record, Reject
from abcllm.sources import instructions

FOLK = Record(
    "2", "fma", "CC-BY-4.0", Place("tracks.csv", 4), text="long words", audio="fma:000/000002.mp3", group="artist 1",
    tags={"genre": "Folk", "split": "test", "beats_s": [0.5]},
)  # fmt: skip


def test_what_was_made_is_read(tmp_path: Path) -> None:
    generate([FOLK], Template(), tmp_path / "instructions.jsonl", families=["mir", "reasoning"])
    made, reject = instructions.records(tmp_path)
    assert isinstance(made, Record)
    assert (made.id, made.source, made.licence) == ("fma/2/mir/template 1", "instructions", "CC-BY-4.0")
    assert (made.audio, made.group, made.text, made.place.row) == (FOLK.audio, FOLK.group, "", 1)
    assert made.tags == {"split": "test", "family": "mir", "engine": "template 1"}
    assert [("Folk" in exchange.answer) for exchange in made.exchanges] == [True]
    assert reject == Reject(
        "instructions", reject.place, "not answered: nothing is known that reasoning could ask about", reject.excerpt
    )


def test_lines_that_are_none(tmp_path: Path) -> None:
    lines = [{"key": "1"}, {"record": {"id": "1"}}, {"record": 3}, {"record": json.loads(FOLK.to_json())}]
    (tmp_path / "instructions.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert [one.reason for one in instructions.records(tmp_path) if isinstance(one, Reject)] == [
        'no text under "reason"', '"record" is not a record', '"record" is not a record', "the record has no exchanges",
    ]  # fmt: skip
