"""AudioSet: segments with labels, clips with times, names from the ontology."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from abcllm.errors import DataError
from abcllm.record import Record, Reject
from abcllm.sources import audioset

ONTOLOGY = [
    {"id": "/m/09x0r", "name": "Speech", "description": "Words,\nspoken.", "child_ids": [], "restrictions": []},
    {"id": "/t/dd00088", "name": "Gush", "description": "", "child_ids": [], "restrictions": []},
    {
        "id": "/m/05zppz",
        "name": "Male speech, man speaking",
        "description": "A man.",
        "child_ids": [],
        "restrictions": [],
    },
]
SEGMENTS = """\
# Segments csv created Sun Mar  5 10:54:31 2017
# num_ytids=22160, num_segs=22176
# YTID, start_seconds, end_seconds, positive_labels
--PJHxphWEs, 30.000, 40.000, "/m/09x0r,/t/dd00088"
--ZhevVpy1s,50,60,/m/012xff
#NAME?, 0.000, 10.000, "/m/09x0r"
--aE2O5G5WE, 0.000, 10.000, ""
"""
STRONG = """\
segment_id\tstart_time_seconds\tend_time_seconds\tlabel
--PJHxphWEs_30000\t1.5\t2.5\t/m/05zppz
--PJHxphWEs_30000\t0.25\t1.0\tSpeech
--PJHxphWEs_30000\t0.25\t0.5\t/t/dd00088
cUAe_N9oODs_0\t0.1\t0.2\tother
cUAe_N9oODs_0\t0.1\t0.2\t/m/09x0r
--aE2O5G5WE_0\t3\t2\t/m/09x0r
--aE2O5G5WE\t1\t2\t/m/09x0r
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ontology.json").write_text(json.dumps(ONTOLOGY), encoding="utf-8")
    (tmp_path / "eval_segments.csv").write_text(SEGMENTS, encoding="utf-8")
    (tmp_path / "audioset_train_strong.tsv").write_text(STRONG, encoding="utf-8")
    return tmp_path


def test_times_and_labels(folder: Path) -> None:
    timed, *rest = audioset.records(folder)
    assert isinstance(timed, Record)
    assert (timed.id, timed.group) == ("train_strong/--PJHxphWEs@30", "youtube:--PJHxphWEs")
    assert (timed.audio, timed.start_s, timed.end_s) == ("youtube:--PJHxphWEs", 30, 40)
    assert timed.tags == {
        "split": "train_strong", "labels": ["Gush", "Speech", "Male speech, man speaking"],
        "events": ["Gush", "Speech", "Male speech, man speaking"], "event_starts_s": [0.25, 0.25, 1.5],
        "event_ends_s": [0.5, 1.0, 2.5], "descriptions": ["", "Words, spoken.", "A man."],
    }  # fmt: skip
    (segment,) = (one for one in rest if isinstance(one, Record))
    assert (segment.id, segment.start_s, segment.end_s) == ("eval/--PJHxphWEs@30", 30, 40)
    assert segment.tags == {"split": "eval", "labels": ["Speech", "Gush"], "descriptions": ["Words, spoken.", ""]}
    assert segment.group == timed.group
    assert [(str(one.place), one.reason) for one in rest if isinstance(one, Reject)] == [
        ("audioset_train_strong.tsv:5", "the label 'other' is no sound of the ontology"),
        ("audioset_train_strong.tsv:7", "a sound ends at 2 s, before it begins at 3 s"),
        ("audioset_train_strong.tsv:8", "'--aE2O5G5WE' is not of the form YTID_MILLISECONDS"),
        ("eval_segments.csv:5", "the label '/m/012xff' is no sound of the ontology"),
        ("eval_segments.csv:6", "'#NAME?' is no YouTube id (a spreadsheet took the id for a formula)"),
        ("eval_segments.csv:7", "the clip has no label"),
    ]


def test_names_from_the_lists_of_classes(folder: Path) -> None:
    (folder / "ontology.json").unlink()
    (folder / "class_labels_indices.csv").write_text('index,mid,display_name\n0,/m/09x0r,"Speech"\n', encoding="utf-8")
    (folder / "mid_to_display_name.tsv").write_text("/t/dd00088\tGush\n", encoding="utf-8")
    segment = next(one for one in audioset.records(folder) if isinstance(one, Record))
    assert segment.tags == {"split": "eval", "labels": ["Speech", "Gush"]}


def test_without_names_nothing_is_read(folder: Path) -> None:
    (folder / "ontology.json").unlink()
    with pytest.raises(DataError, match=r"has no ontology\.json or class_labels_indices\.csv"):
        next(audioset.records(folder))


@pytest.mark.parametrize("content", ["{", '{"a": 1}', '[{"id": "/m/1"}]', "[3]"])
def test_an_ontology_that_is_none(folder: Path, content: str) -> None:
    (folder / "ontology.json").write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=r"ontology\.json: not a list of sounds"):
        next(audioset.records(folder))
