"""The sets of sound, read from samples of their publishers' own files."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from abcllm.record import Record, Reject
from abcllm.sources import get_source
from abcllm.sources.clips import is_youtube_id

SCHEMAS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "schemas"
SAMPLES = [  # set, records, rejects
    ("musiccaps", 5721, 0),  # all 5,521 clips, and the first 200 once more
    ("lp_musiccaps", 20, 0),
    ("audiocaps", 300, 0),
    ("vggsound", 40, 0),
    ("musicqa", 5140, 0),
    ("audioset", 602, 17),  # 17 clips have the label "other", which is none of AudioSet's
    ("fma", 5, 0),
]


@pytest.mark.parametrize(("name", "records", "rejects"), SAMPLES, ids=[name for name, _, _ in SAMPLES])
def test_every_row_of_the_sample_is_a_record_or_a_reject(name: str, records: int, rejects: int) -> None:
    folder = SCHEMAS / name
    if not folder.is_dir():
        pytest.skip(f"no samples of {name} at {folder}")
    source = get_source(name)
    found = [*source.records(folder)]
    assert Counter(type(one) for one in found) == Counter({Record: records, Reject: rejects})
    for one in found:
        assert one.source == source.INFO.name == name
        assert (folder / one.place.file).is_file()
        if isinstance(one, Record):
            assert Record.from_json(one.to_json()) == one
            assert one.audio
            assert one.group
            if one.audio.startswith("youtube:"):
                assert one.group == one.audio
                assert is_youtube_id(one.group.removeprefix("youtube:"))
                assert one.start_s is not None
                assert one.end_s is not None
                assert one.start_s < one.end_s


def test_a_clip_of_musiccaps_that_begins_with_a_dash() -> None:
    if not (SCHEMAS / "musiccaps").is_dir():
        pytest.skip(f"no samples of musiccaps at {SCHEMAS}")
    clip = next(one for one in get_source("musiccaps").records(SCHEMAS / "musiccaps") if isinstance(one, Record))
    assert (clip.id, clip.group, clip.audio) == ("-0Gj8-vB1q4@30", "youtube:-0Gj8-vB1q4", "youtube:-0Gj8-vB1q4")
    assert (clip.start_s, clip.end_s, clip.language) == (30, 40, "en")
    assert clip.text.startswith("The low quality recording features a ballad song")
    assert clip.tags["aspects"] == [
        "low quality", "sustained strings melody", "soft female vocal", "mellow piano melody", "sad", "soulful",
        "ballad",
    ]  # fmt: skip
    assert clip.tags["label_ids"] == ["/m/0140xf", "/m/02cjck", "/m/04rlf"]
    assert clip.tags["split"] == "eval"


def test_questions_without_answers_are_rejected() -> None:
    sample = SCHEMAS / "openaqa" / "as_strong_eval_sample.json"
    if not sample.is_file():
        pytest.skip(f"no sample of OpenAQA at {sample}")
    from abcllm.sources.audio_questions import question_records
    from abcllm.sources.card import Info

    info = Info("openaqa", "OpenAQA", "", "", "unknown", "", ("as_strong_eval_sample.json",))
    rejects = [*question_records(sample.parent, info)]
    assert len(rejects) == 120
    assert {one.reason for one in rejects if isinstance(one, Reject)} == {
        'no "output": the row is a question for the generator, without an answer'
    }
