"""A corpus accounts for every row, and is the same however it is built."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from abcllm.analysis.families import are_alike
from abcllm.analysis.melody import read_melody
from abcllm.conversation import read_conversations
from abcllm.corpus import build, get_engine, read_card, read_plan, render_card
from abcllm.corpus.engines import Engine
from abcllm.corpus.exports import from_xtuner
from abcllm.errors import DataError, UsageError
from abcllm.formats import save
from abcllm.notation import parse, write
from abcllm.reply import read_reply

pytest.importorskip("pyarrow")

DATA = Path(__file__).resolve().parents[2] / "data"


def built(
    plan_file: Path, out: Path, *, workers: int = 1, engine: Engine | None = None, **changes: Any
) -> dict[str, Any]:
    engine = engine or get_engine("local", workers)
    return build(read_plan(plan_file, **changes), out, engine, lambda stage, rows: None)


def digests(folder: Path) -> dict[str, str]:
    """The content of every file but the state of the build, which holds times of the inputs."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "plan.json")
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}


def rejects(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "rejects.jsonl").read_text(encoding="utf-8").splitlines()]


def test_every_row_is_written_or_said_why_not(plan_file: Path, tmp_path: Path) -> None:
    card = built(plan_file, tmp_path / "out")
    assert card["rows"] == 10
    assert card["rows"] == card["written"] + card["rejected"] + card["dropped"]
    lost = {row["id"]: row for row in rejects(tmp_path / "out")}
    assert len(lost) == card["rejected"] + card["dropped"] == 2
    faulty, twin = lost["reels.abc#4"], lost["tunes.abc#3"]
    assert (faulty["outcome"], faulty["reason"], faulty["row"]) == ("rejected", "R201", 17)
    assert "bar 1 lasts 9/8" in faulty["detail"]
    assert (twin["outcome"], twin["reason"], twin["detail"]) == (
        "dropped", "duplicate", "the same as book/reels.abc#1",
    )  # fmt: skip


def test_rubbish_is_taken_out_and_said(plan_file: Path, tmp_path: Path) -> None:
    card = built(plan_file, tmp_path / "out")
    assert card["repairs"] == {"fingerings": 1, "html": 1}
    texts = [one.messages[-1].text for one in lines(tmp_path / "out", "pretrain", "messages")]
    assert not any("html" in text or '"1"' in text for text in texts)
    assert any("T:From a page" in text for text in texts)


def lines(folder: Path, stage: str, form: str, split: str = "*") -> list[Any]:
    return [one for path in sorted(folder.glob(f"{stage}/{form}/{split}-*.jsonl")) for one in read_conversations(path)]


def test_all_forms_say_the_same(plan_file: Path, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    out = tmp_path / "out"
    built(plan_file, out)
    messages = lines(out, "sft", "messages")
    xtuner = [
        from_xtuner(line)
        for path in sorted(out.glob("sft/xtuner/*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert messages
    assert [one.messages for one in xtuner] == [one.messages for one in messages]
    rows = [row for path in sorted(out.glob("sft/arrow/*.arrow")) for row in datasets.Dataset.from_file(str(path))]
    assert [[(turn["role"], turn["content"]) for turn in row["messages"]] for row in rows] == [
        [(message.role, message.text) for message in one.messages] for one in messages
    ]
    texts = [
        json.loads(line)["text"]
        for path in sorted(out.glob("pretrain/text/*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert texts == [one.messages[0].text for one in lines(out, "pretrain", "messages")]


def test_conversation_to_tune_and_back_is_exact(plan_file: Path, tmp_path: Path) -> None:
    built(plan_file, tmp_path / "out")
    conversations = lines(tmp_path / "out", "sft", "messages")
    for conversation in conversations:
        answer = conversation.messages[-1].text
        abc = answer[answer.index("X:") :]
        (tune,) = read_reply(answer).tunes
        assert write(tune) == abc + "\n"


def test_other_keys_stand_in_training_only(plan_file: Path, tmp_path: Path) -> None:
    card = built(plan_file, tmp_path / "out")
    train, rest = card["splits"]["train"], card["splits"]["valid"] + card["splits"]["test"]
    assert train + rest == card["written"]
    tunes = {
        split: sum(one.meta["task"] == "tune" for one in lines(tmp_path / "out", "pretrain", "messages", split))
        for split in ("train", "valid", "test")
    }
    assert tunes["train"] == 3 * train
    assert tunes["valid"] + tunes["test"] == rest


def test_bars_are_counted_aloud_in_answers_of_training_only(plan_file: Path, tmp_path: Path) -> None:
    built(plan_file, tmp_path / "out", count_aloud=True)
    counted = {
        (stage, split): [re.search(r"^K:.*%\d+$", one.messages[-1].text, re.MULTILINE) is not None for one in found]
        for stage in ("pretrain", "sft")
        for split in ("train", "valid", "test")
        if (found := lines(tmp_path / "out", stage, "messages", split))
    }
    assert all(counted.pop(("sft", "train")))
    assert not any(map(any, counted.values()))


@pytest.mark.parametrize("seed", range(6))
def test_no_family_stands_on_two_sides(plan_file: Path, tmp_path: Path, seed: int) -> None:
    built(plan_file, tmp_path / "out", seed=seed, dedupe=False, keys=0)
    sides = {
        split: [
            read_melody(parse(one.messages[0].text).tunes[0]).outline
            for one in lines(tmp_path / "out", "pretrain", "messages", split)
            if one.meta["task"] == "tune"
        ]
        for split in ("train", "valid", "test")
    }
    assert sum(map(len, sides.values())) == 9
    for one, other in (("train", "valid"), ("train", "test"), ("valid", "test")):
        assert not any(are_alike(left, right) for left in sides[one] for right in sides[other])


def test_two_workers_give_the_same_bytes(plan_file: Path, tmp_path: Path) -> None:
    built(plan_file, tmp_path / "one")
    built(plan_file, tmp_path / "two", workers=2)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    assert any(name.startswith("sft/xtuner/train") for name in digests(tmp_path / "one"))


def test_another_seed_gives_another_corpus(plan_file: Path, tmp_path: Path) -> None:
    built(plan_file, tmp_path / "one")
    built(plan_file, tmp_path / "two", seed=8)
    assert digests(tmp_path / "one") != digests(tmp_path / "two")


KILLED = """
import os, signal, sys
from pathlib import Path
from abcllm.corpus import build, get_engine, read_plan
import abcllm.files, abcllm.corpus.shards, abcllm.corpus.building, abcllm.corpus.writing, abcllm.corpus.gathering

left = int(sys.argv[3])
written = abcllm.files.write_atomically

def write(*arguments, **options):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return written(*arguments, **options)

for module in (abcllm.corpus.shards, abcllm.corpus.building, abcllm.corpus.writing, abcllm.corpus.gathering):
    module.write_atomically = write
build(read_plan(sys.argv[1]), Path(sys.argv[2]), get_engine("local", 1), lambda stage, rows: None)
"""


@pytest.mark.parametrize("writes", [2, 3, 5, 8, 11, 13, 17, 23, 30, 38])
def test_a_killed_build_goes_on_to_the_same_bytes(plan_file: Path, tmp_path: Path, writes: int) -> None:
    """Killed at the Nth file that it writes, as the power would, and started again."""
    built(plan_file, tmp_path / "whole")
    command = [sys.executable, "-c", KILLED, str(plan_file), str(tmp_path / "cut"), str(writes)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert not (tmp_path / "cut" / "card.json").exists()
    built(plan_file, tmp_path / "cut")
    assert digests(tmp_path / "cut") == digests(tmp_path / "whole")


def test_a_finished_corpus_is_not_built_again(plan_file: Path, tmp_path: Path) -> None:
    card = built(plan_file, tmp_path / "out")
    before = (tmp_path / "out" / "card.json").stat().st_mtime_ns
    assert built(plan_file, tmp_path / "out") == card == read_card(tmp_path / "out")
    assert (tmp_path / "out" / "card.json").stat().st_mtime_ns == before
    assert "10 rows in, 8 written, 1 rejected, 1 dropped" in render_card(card)


def test_another_plan_or_input_is_not_mixed_in(plan_file: Path, tmp_path: Path) -> None:
    built(plan_file, tmp_path / "out")
    with pytest.raises(UsageError, match="another plan or of other inputs"):
        built(plan_file, tmp_path / "out", seed=1)
    book = tmp_path / "book" / "reels.abc"
    os.utime(book, ns=(time.time_ns(), book.stat().st_mtime_ns + 1_000_000_000))
    with pytest.raises(UsageError, match="--restart"):
        built(plan_file, tmp_path / "out")


def test_a_folder_of_something_else_is_left_alone(plan_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("keep me")
    with pytest.raises(UsageError, match="not empty"):
        built(plan_file, out)
    assert (out / "mine.txt").read_text() == "keep me"


def test_a_licence_class_keeps_what_it_allows(plan_file: Path, tmp_path: Path) -> None:
    card = built(plan_file, tmp_path / "out", licence="permissive")
    assert [*card["licences"]] == ["CC-BY-4.0"]
    assert card["reasons"]["licence"] == 2
    assert card["sources"]["other"] == {"rows": 2, "written": 0, "rejected": 0, "dropped": 2}


def test_what_is_evaluated_is_not_trained_on(plan_file: Path, tmp_path: Path) -> None:
    from .conftest import PLAN, SETTING

    (tmp_path / "set.jsonl").write_text(json.dumps({"question": "What is this?", "abc": SETTING}) + "\n")
    plan_file.write_text(PLAN.replace("seed = 7", 'seed = 7\nevaluation = ["set.jsonl"]'), encoding="utf-8")
    card = built(plan_file, tmp_path / "out")
    lost = {row["id"] for row in rejects(tmp_path / "out") if row["reason"] == "evaluation set"}
    assert lost == {"reels.abc#1", "reels.abc#2"}  # the setting, and the tune that it is one of
    assert card["plan"]["evaluation"] == ["set.jsonl"]


MIDI_PLAN = """
seed = 1
max_rejects = "90%"
[pretrain]
tune = 1
[[source]]
name = "midi"
folder = "midi"
licence = "CC0-1.0"
"""


def test_midi_files_become_tunes_on_all_workers(tmp_path: Path) -> None:
    (tmp_path / "midi").mkdir()
    for path in sorted((DATA / "irish_mit").glob("tunes.abc")):
        for number, tune in enumerate(parse(path.read_text(encoding="utf-8")).tunes[:4]):
            save(tune, tmp_path / "midi" / f"{number}.mid")
    (tmp_path / "midi" / "broken.mid").write_bytes(b"MThd\0\0\0\6 no music")
    (tmp_path / "plan.toml").write_text(MIDI_PLAN, encoding="utf-8")
    card = built(tmp_path / "plan.toml", tmp_path / "out", workers=2)
    assert (card["rows"], card["written"], card["reasons"]) == (5, 4, {"MIDI": 1})
    (lost,) = rejects(tmp_path / "out")
    assert (lost["id"], lost["outcome"]) == ("broken.mid", "rejected")
    for conversation in lines(tmp_path / "out", "pretrain", "messages"):
        assert read_reply(conversation.messages[0].text).valid


def test_a_missing_folder_is_named_with_what_belongs_there(plan_file: Path, tmp_path: Path) -> None:
    (tmp_path / "other").rename(tmp_path / "moved")
    with pytest.raises(DataError, match=r"other.* does not exist; ABC tunebooks is read from a folder with \*\.abc"):
        built(plan_file, tmp_path / "out")
