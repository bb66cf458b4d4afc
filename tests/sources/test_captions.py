"""MusicCaps, LP-MusicCaps, AudioCaps and VGGSound in their publishers' forms."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from abcllm.errors import DataError
from abcllm.record import Record, Reject
from abcllm.sources import audiocaps, lp_musiccaps, musiccaps, vggsound

MUSICCAPS = """\
ytid,start_s,end_s,audioset_positive_labels,aspect_list,caption,author_id,is_balanced_subset,is_audioset_eval
-0Gj8-vB1q4,30,40,"/m/0140xf,/m/04rlf","['sad', ""singer's voice""]","A ballad,
""slow"" and sad.",4,False,True
#NAME?,30,40,/m/04rlf,"['sad']",Lost,4,False,True
0vFipxJgAAw,40,30,/m/04rlf,"['sad']",Backwards,4,False,False
1vFipxJgAAw,0,10,/m/04rlf,"['sad', 3]",No list,4,False,False
2vFipxJgAAw,0,10,/m/04rlf,"['sad']",,4,False,False
3vFipxJgAAw,0,10
4vFipxJgAAw,0,10,/m/04rlf,"[]",Bells.,4,True,False
"""


def test_musiccaps(tmp_path: Path) -> None:
    (tmp_path / "musiccaps-public.csv").write_text(MUSICCAPS, encoding="utf-8")
    clip, *rejects, bells = musiccaps.records(tmp_path)
    assert clip == Record(
        "-0Gj8-vB1q4@30", "musiccaps", "CC-BY-SA-4.0", clip.place, text='A ballad,\n"slow" and sad.',
        audio="youtube:-0Gj8-vB1q4", language="en", group="youtube:-0Gj8-vB1q4", start_s=30, end_s=40,
        tags={"text_kind": "caption", "split": "eval", "balanced": False, "aspects": ["sad", "singer's voice"],
              "label_ids": ["/m/0140xf", "/m/04rlf"]},
    )  # fmt: skip
    assert [(one.place.row, one.reason) for one in rejects if isinstance(one, Reject)] == [
        (4, "'#NAME?' is no YouTube id (a spreadsheet took the id for a formula)"),
        (5, "the clip ends at 30 s, before it begins at 40 s"),
        (6, '"aspect_list" is no list of texts'),
        (7, 'no text under "caption"'),
        (8, "3 cells where the table has 9 columns"),
    ]
    assert isinstance(bells, Record)
    assert (bells.tags["split"], bells.tags["balanced"], bells.tags["aspects"]) == ("train", True, [])


def test_musiccaps_finds_clips_that_are_at_hand(tmp_path: Path) -> None:
    (tmp_path / "musiccaps-public.csv").write_text(MUSICCAPS, encoding="utf-8")
    (tmp_path / "wav").mkdir()
    (tmp_path / "wav" / "[-0Gj8-vB1q4]-[30-40].wav").touch()
    clip = next(musiccaps.records(tmp_path))
    assert isinstance(clip, Record)
    assert (clip.audio, clip.start_s, clip.end_s) == ("wav/[-0Gj8-vB1q4]-[30-40].wav", None, None)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    (tmp_path / "musiccaps-public.csv").write_text("ytid,start_s\na,1\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"has no column 'end_s'; its columns are ytid, start_s"):
        next(musiccaps.records(tmp_path))


def test_lp_musiccaps(tmp_path: Path) -> None:
    clip = {"ytid": "rOOBAGxxjBk", "start_s": 10, "aspect_list": ["fast tempo"], "caption": "A lively brass band."}
    annotation = {
        "[rOOBAGxxjBk]-[10-20]": clip, "rOOBAGxxjBk": clip, "[OmjfHQB_lcs]-[30-40]": [],
        "[OmjfHQB_lcs]-[40-50]": {"caption": "No list.", "aspect_list": None},
    }  # fmt: skip
    (tmp_path / "annotation.json").write_text(json.dumps(annotation), encoding="utf-8")
    (tmp_path / "track_split.json").write_text('{"train_track": [], "test_track": ["[rOOBAGxxjBk]-[10-20]"]}', "utf-8")
    record, *rejects = lp_musiccaps.records(tmp_path)
    assert isinstance(record, Record)
    assert (record.id, record.text, record.start_s, record.end_s) == ("[rOOBAGxxjBk]-[10-20]", clip["caption"], 10, 20)
    assert record.tags == {"aspects": ["fast tempo"], "text_kind": "caption", "split": "test"}
    assert [(one.place.row, one.reason) for one in rejects if isinstance(one, Reject)] == [
        (2, "the key 'rOOBAGxxjBk' is not of the form [YTID]-[START-END]"),
        (3, "a list where a JSON object belongs"),
        (4, '"aspect_list" is no list of texts'),
    ]


@pytest.mark.parametrize(
    ("content", "reason"), [("[]", "no object with members"), ('{"a": {', "not JSON from here on")]
)
def test_annotations_that_are_none(tmp_path: Path, content: str, reason: str) -> None:
    (tmp_path / "annotation.json").write_text(content, encoding="utf-8")
    (reject,) = lp_musiccaps.records(tmp_path)
    assert isinstance(reject, Reject)
    assert reason in reject.reason


def test_a_split_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "annotation.json").write_text("{}", encoding="utf-8")
    (tmp_path / "track_split.json").write_text("[1]", encoding="utf-8")
    with pytest.raises(DataError, match="not an object of lists of keys"):
        next(lp_musiccaps.records(tmp_path))


def test_audiocaps(tmp_path: Path) -> None:
    table = (
        'audiocap_id,youtube_id,start_time,caption\n1,vfY_TJq7n_U,130,"Ducks quack, water splashes"\n2,x,0,Nothing\n'
    )
    (tmp_path / "val.csv").write_text(table, encoding="utf-8")
    record, reject = audiocaps.records(tmp_path)
    assert isinstance(record, Record)
    assert (record.id, record.text, record.group) == ("1", "Ducks quack, water splashes", "youtube:vfY_TJq7n_U")
    assert (record.start_s, record.end_s, record.tags) == (130, 140, {"split": "val", "text_kind": "caption"})
    assert isinstance(reject, Reject)


def test_vggsound_has_no_header_and_labels_with_commas(tmp_path: Path) -> None:
    table = '---g-f_I2yQ,1,people marching,test\n--0PQM4-hqg,30,"pigeon, dove cooing",train\n--0PQM4-hqg,31,rain,dev\n'
    (tmp_path / "vggsound.csv").write_text(table, encoding="utf-8")
    marching, cooing, reject = vggsound.records(tmp_path)
    assert isinstance(marching, Record)
    assert (marching.id, marching.audio, marching.start_s) == ("---g-f_I2yQ@1", "youtube:---g-f_I2yQ", 1)
    assert isinstance(cooing, Record)
    assert cooing.tags == {"split": "train", "labels": ["pigeon, dove cooing"]}
    assert isinstance(reject, Reject)
    assert reject.reason == "the split is 'dev'; there are train and test"
