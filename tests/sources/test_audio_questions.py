"""Music Instruct, MusicQA, OpenAQA, OpenASQA: questions about clips in their publishers' forms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from abcllm.errors import DataError
from abcllm.record import Exchange, Record, Reject
from abcllm.sources import get_source, music_instruct, musicqa, openaqa, openasqa


def put(folder: Path, name: str, value: Any) -> None:
    (folder / name).write_text(json.dumps(value), encoding="utf-8")


def records_of(found: list[Record | Reject]) -> list[Record]:
    return [one for one in found if isinstance(one, Record)]


def reasons_of(found: list[Record | Reject]) -> list[str]:
    return [one.reason for one in found if isinstance(one, Reject)]


def test_music_instruct_is_joined_with_musiccaps(tmp_path: Path) -> None:
    question = {"ytid": "-0Gj8-vB1q4", "question": "How fast?", "answer": "Slow.", "caption": "A ballad.",
                "sampling_rate": 44100, "is_audioset_eval": True}  # fmt: skip
    put(
        tmp_path,
        "music_instruct_short.json",
        {"QA": [question, question | {"ytid": "#NAME?"}, question | {"answer": ""}]},
    )
    put(tmp_path, "music_instruct_long.json", {"QA": [question | {"is_audioset_eval": False, "ytid": "0vFipxJgAAw"}]})
    (tmp_path / "musiccaps-public.csv").write_text(
        "ytid,start_s,end_s\n-0Gj8-vB1q4,30,40\n0vFipxJgAAw,x,10\n", encoding="utf-8"
    )
    found = [*music_instruct.records(tmp_path)]
    long, short = records_of(found)
    assert (short.audio, short.start_s, short.end_s) == ("youtube:-0Gj8-vB1q4", 30, 40)
    assert short.exchanges == (Exchange("How fast?", "Slow."),)
    assert short.tags == {"kind": "short", "split": "eval"}
    assert (long.audio, long.start_s, long.tags) == ("youtube:0vFipxJgAAw", None, {"kind": "long", "split": "train"})
    assert reasons_of(found) == [
        "'#NAME?' is no YouTube id (a spreadsheet took the id for a formula)", 'no text under "answer"',
    ]  # fmt: skip


def test_musicqa_has_conversations(tmp_path: Path) -> None:
    turns = [{"from": "human", "value": "Describe it"}, {"from": "gpt", "value": "A waltz."}]
    rows = [
        {"audio_name": "012542.wav", "conversation": turns * 2},
        {"audio_name": "012542.wav", "conversation": turns[:1]},
        {"audio_name": "012542.wav", "conversation": turns[::-1]},
        {"audio_name": "012542.wav", "conversation": []},
        {"conversation": turns},
    ]
    put(tmp_path, "EvalMusicQA.json", rows)
    put(tmp_path, "PretrainMusicQA.json", [{"audio_name": "-0Gj8-vB1q4.wav", "conversation": turns}])
    found = [*musicqa.records(tmp_path)]
    jamendo, musiccaps = records_of(found)
    assert (jamendo.audio, jamendo.group, jamendo.tags) == ("012542.wav", "012542", {"split": "eval"})
    assert jamendo.exchanges == (Exchange("Describe it", "A waltz."),) * 2
    assert (musiccaps.audio, musiccaps.group) == ("youtube:-0Gj8-vB1q4",) * 2
    assert musiccaps.tags == {"split": "pretrain"}
    assert reasons_of(found) == [
        '"conversation" is no list of questions and answers in turn',
        "turn 1 of \"conversation\" is not from 'human'",
        '"conversation" is no list of questions and answers in turn',
        'no text under "audio_name"',
    ]


def test_musicqa_finds_sound_in_any_folder(tmp_path: Path) -> None:
    turns = [{"from": "human", "value": "Describe it"}, {"from": "gpt", "value": "A waltz."}]
    put(tmp_path, "EvalMusicQA.json", [{"audio_name": "012542.wav", "conversation": turns}])
    (tmp_path / "audios").mkdir()
    (tmp_path / "audios" / "012542.mp3").touch()
    (record,) = records_of([*musicqa.records(tmp_path)])
    assert record.audio == "audios/012542.mp3"


@pytest.mark.parametrize(
    ("dataset", "audio_id", "group", "audio", "start_s"),
    [
        ("as_strong_train", "/data/audio/LZq4Neh-oWU.flac", "youtube:LZq4Neh-oWU", "youtube:LZq4Neh-oWU", None),
        ("vggsound_train", "/data/a/---g-f_I2yQ_30.flac", "youtube:---g-f_I2yQ", "youtube:---g-f_I2yQ", 30),
        ("vggsound_train", "a/glLQrEijrKg_000300.flac", "youtube:glLQrEijrKg", "youtube:glLQrEijrKg", 300),
        ("freesound_10s", "/data/fs/12345.flac", "freesound_10s:12345", "freesound_10s:12345", None),
        ("clotho", "a/Rain on roof.wav", "clotho:Rain on roof", "clotho:Rain on roof", None),
    ],
)
def test_openaqa_names_the_recording(
    tmp_path: Path, dataset: str, audio_id: str, group: str, audio: str, start_s: float | None
) -> None:
    row = {
        "instruction": "What is it?",
        "input": "",
        "audio_id": audio_id,
        "dataset": dataset,
        "task": "cla_label",
        "output": "Rain.",
    }
    put(tmp_path, "openaqa_5.6M.json", [row])
    (record,) = openaqa.records(tmp_path)
    assert isinstance(record, Record)
    assert (record.group, record.audio, record.start_s) == (group, audio, start_s)
    assert record.tags == {"dataset": dataset, "task": "cla_label"}
    assert record.exchanges == (Exchange("What is it?", "Rain."),)


def test_openasqa_keeps_what_is_said(tmp_path: Path) -> None:
    row = {
        "instruction": "Why?", "input": "I am so sad...", "audio_id": "audio/LZq4Neh-oWU.flac", "output": "Crying.",
        "dataset": "as_strong_train", "task": "open-ended question",
    }  # fmt: skip
    put(tmp_path, "openasqa_10.3M_v2.json", [row, {**row, "output": None}, 3])
    record, *rejects = openasqa.records(tmp_path)
    assert isinstance(record, Record)
    assert (record.text, record.tags["said"]) == ("", "I am so sad...")
    assert reasons_of(rejects) == ['no text under "output"', "a int where a JSON object belongs"]


def test_the_same_question_keeps_its_name_when_the_set_grows(tmp_path: Path) -> None:
    rows = [{"instruction": f"What is {at}?", "audio_id": "LZq4Neh-oWU.flac", "dataset": "as_20k", "task": "cla_label",
             "output": "Rain."} for at in range(5)]  # fmt: skip
    put(tmp_path, "openaqa.json", rows)
    names = [record.id for record in records_of([*openaqa.records(tmp_path)])]
    assert len({*names}) == 5
    put(tmp_path, "openaqa.json", rows[::-1])
    assert [record.id for record in records_of([*openaqa.records(tmp_path)])] == names[::-1]


@pytest.mark.parametrize("name", ["music_instruct", "musicqa", "openaqa", "openasqa"])
def test_a_folder_without_the_set_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="it does not look like"):
        next(get_source(name).records(tmp_path))
