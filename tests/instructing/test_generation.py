"""Asking about many records: every answer is kept, and nothing is asked twice."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from abcllm.errors import BackendError, DataError, FileError, UnknownName, UsageError
from abcllm.instructing import Request, Summary, Template, generate
from abcllm.record import Place, Record

TRACKS = [Record(str(at), "fma", "MIT", Place("t.csv", at), tags={"genre": f"Style {at}"}) for at in range(6)]


class Echo:
    """An engine that says the genre, refuses record 2, and is gone from its record `gone` on."""

    name = "echo"

    def __init__(self, gone: str = "") -> None:
        self.gone = gone
        self.asked: list[str] = []

    def answer(self, request: Request) -> str:
        self.asked.append(request.record.id)
        if request.record.id == self.gone:
            raise BackendError("the endpoint is gone")
        if request.record.id == "2":
            raise DataError("refused")
        return json.dumps([{"question": "Which style?", "answer": request.metadata["track.genre_top"]}, 3])


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_answer_is_kept_with_its_reason(tmp_path: Path) -> None:
    out = tmp_path / "instructions.jsonl"
    heard: list[Summary] = []
    silent = Record("x", "fma", "MIT", Place("t.csv", 9))
    summary = generate([silent, *TRACKS], Echo(), out, families=["mir"], progress=heard.append)
    assert summary == Summary(kept=0, answered=5, rejected=1, pairs=5, silent=1)
    assert heard[0] == Summary(silent=1)
    assert heard[-1] == summary
    lines = read(out)
    assert [line.get("id") or line["record"]["id"] for line in lines] == ["0", "1", "2", "3", "4", "5"]
    assert lines[0]["record"]["exchanges"] == [["Which style?", "Style 0"]]
    assert lines[0]["dropped"] == ["a pair without question and answer"]
    assert {name: lines[2][name] for name in ("family", "engine", "source", "reason")} == {
        "family": "mir", "engine": "echo", "source": "fma", "reason": "refused",
    }  # fmt: skip


def test_a_second_run_asks_only_what_is_missing(tmp_path: Path) -> None:
    out = tmp_path / "instructions.jsonl"
    generate(TRACKS[:3], Echo(), out, families=["mir"])
    before = out.read_bytes()
    engine = Echo()
    assert generate(TRACKS, engine, out, families=["mir"]).kept == 3
    assert engine.asked == ["3", "4", "5"]
    assert out.read_bytes().startswith(before)
    engine = Echo()
    assert generate(TRACKS * 2, engine, out, families=["mir"]) == Summary(kept=12)
    assert engine.asked == []


def test_other_words_seeds_and_engines_are_other_questions(tmp_path: Path) -> None:
    out = tmp_path / "instructions.jsonl"
    generate(TRACKS[:1], Echo(), out, families=["mir"])
    other = Record("0", "fma", "MIT", Place("t.csv", 0), tags={"genre": "Another"})
    assert generate([other], Echo(), out, families=["mir"]).answered == 1
    assert generate(TRACKS[:1], Echo(), out, families=["mir"], seed=1).answered == 1
    assert generate(TRACKS[:1], Echo(), out, families=["captioning"]).answered == 1
    assert generate(TRACKS[:1], Template(), out, families=["mir"]).answered == 1
    assert generate(TRACKS[:1], Echo(), out, families=["mir"]).kept == 1


def test_what_was_answered_before_the_engine_went_is_kept(tmp_path: Path) -> None:
    out = tmp_path / "instructions.jsonl"
    with pytest.raises(BackendError, match="gone"):
        generate(TRACKS, Echo(gone="4"), out, families=["mir"])
    assert len(read(out)) == 4
    assert generate(TRACKS, Echo(), out, families=["mir"]) == Summary(kept=4, answered=2, pairs=2)


def test_half_a_line_is_cut_off_and_asked_again(tmp_path: Path) -> None:
    whole, out = tmp_path / "whole.jsonl", tmp_path / "instructions.jsonl"
    generate(TRACKS, Echo(), whole, families=["mir"])
    for cut in (1, 40, len(whole.read_bytes().splitlines()[-1]), 300):
        out.write_bytes(whole.read_bytes()[:-cut])
        generate(TRACKS, Echo(), out, families=["mir"])
        assert out.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize("line", ["no JSON", "[]", "{}"])
def test_another_file_is_left_alone(tmp_path: Path, line: str) -> None:
    out = tmp_path / "instructions.jsonl"
    out.write_text(f"{line}\nrest", encoding="utf-8")
    with pytest.raises(FileError, match=r"instructions\.jsonl:1 is no line of instructions"):
        generate(TRACKS, Echo(), out)
    assert out.read_text(encoding="utf-8") == f"{line}\nrest"


def test_the_language_is_asked_for_and_kept(tmp_path: Path) -> None:
    out = tmp_path / "instructions.jsonl"
    generate(TRACKS[:1], Echo(), out, families=["mir"])
    assert generate(TRACKS[:1], Echo(), out, families=["mir"], language="zh").answered == 1
    assert [line["record"]["language"] for line in read(out)] == ["en", "zh"]
    with pytest.raises(UsageError, match="English only"):
        generate(TRACKS[:1], Template(), out, language="zh")
    with pytest.raises(UnknownName, match="no language of instructions is called 'fr'"):
        generate(TRACKS[:1], Echo(), out, language="fr")


def test_workers_change_nothing_but_the_time(tmp_path: Path) -> None:
    class Together(Echo):
        """Waits until three requests are under way."""

        gate = threading.Barrier(3, timeout=10)

        def answer(self, request: Request) -> str:
            self.gate.wait()
            return super().answer(request)

    one, three = tmp_path / "one.jsonl", tmp_path / "three.jsonl"
    assert generate(TRACKS, Echo(), one, families=["mir"]) == generate(
        TRACKS, Together(), three, families=["mir"], workers=3
    )
    assert one.read_bytes() == three.read_bytes()


def test_a_record_that_comes_again_while_its_answer_is_on_the_way_is_not_asked_again(tmp_path: Path) -> None:
    engine = Echo()
    out = tmp_path / "instructions.jsonl"
    assert generate(TRACKS[:1] * 5, engine, out, families=["mir"], workers=8) == Summary(kept=4, answered=1, pairs=1)
    assert engine.asked == ["0"]


def test_what_cannot_be_written_and_who_is_unknown(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot write"):
        generate(TRACKS, Echo(), tmp_path / "missing" / "a.jsonl")
    with pytest.raises(UnknownName, match="did you mean mir"):
        generate(TRACKS, Echo(), tmp_path / "a.jsonl", families=["mirr"])
