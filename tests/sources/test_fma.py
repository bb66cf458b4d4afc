"""FMA: three header rows, lists as they are printed, licences of tracks, estimates beside the table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from abcllm.errors import DataError
from abcllm.licences import LicenceClass, classify
from abcllm.record import Record, Reject
from abcllm.sources import fma

TRACKS = """\
,album,album,artist,artist,artist,set,set,track,track,track,track,track,track
,information,tags,bio,id,tags,split,subset,genre_top,genres_all,information,language_code,license,title
track_id,,,,,,,,,,,,,
2,<p></p>,[],"<p>A Way Of Life,<br/>a collective</p>",1,[awol],training,small,Hip-Hop,[21],,en,Attribution-NonCommercial-ShareAlike 3.0 International,Food
20,"<p>""spiritual songs""</p>",['lo-fi'],,4,[],test,large,,"[76, 17, 999]",<b>Live</b>,,Attribution 4.0,Spiritual Level
x20,,[],,4,[],test,large,,[],,,Public Domain,Broken
"""  # noqa: E501
ESTIMATES = [
    {"track_id": 7, "key": "C major"},
    {"track_id": 20, "tempo_bpm": 92.3, "key": "A minor", "beats": [[0.35, 1], [1, 2]], "chords": [[0, 1.8, "A:min"]]},
    {"track_id": 8, "key": "Ä major"},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tracks.csv").write_text(TRACKS, encoding="utf-8")
    (tmp_path / "genres.csv").write_text(
        "genre_id,#tracks,parent,title,top_level\n21,8389,0,Hip-Hop,21\n17,12706,0,Folk,17\n76,1,10,Exp Pop,10\n",
        encoding="utf-8",
    )
    return tmp_path


def test_tracks(folder: Path) -> None:
    (folder / "fma_small" / "000").mkdir(parents=True)
    (folder / "fma_small" / "000" / "000002.mp3").touch()
    food, level, reject = fma.records(folder)
    assert isinstance(food, Record)
    assert (food.id, food.title, food.group, food.place.row) == ("2", "Food", "fma artist:1", 4)
    assert (food.licence, classify(food.licence)) == ("CC-BY-NC-SA-3.0", LicenceClass.NON_COMMERCIAL)
    assert food.audio == "fma_small/000/000002.mp3"
    assert food.tags == {
        "split": "training", "subset": "small", "genre": "Hip-Hop", "genres": ["Hip-Hop"], "artist_tags": ["awol"],
        "artist_bio": "A Way Of Life, a collective", "sung_language": "en",
    }  # fmt: skip
    assert isinstance(level, Record)
    assert (level.licence, level.text, level.audio) == ("CC-BY-4.0", "Live", "fma:000/000020.mp3")
    assert level.tags == {
        "split": "test", "subset": "large", "genres": ["Exp Pop", "Folk"], "album_tags": ["lo-fi"],
        "album_information": '"spiritual songs"', "track_information": "Live",
    }  # fmt: skip
    assert isinstance(reject, Reject)
    assert reject.reason == "the track's id is 'x20', which is no number"


def test_estimates_are_found_by_track(folder: Path) -> None:
    lines = "\n\n".join(map(json.dumps, ESTIMATES)) + "\n"
    (folder / "estimates.jsonl").write_text(lines, encoding="utf-8")
    food, level, _ = fma.records(folder)
    assert isinstance(food, Record)
    assert isinstance(level, Record)
    assert "key" not in food.tags
    estimates = {
        "tempo_bpm": 92.3, "key": "A minor", "beats_s": [0.35, 1.0], "beat_numbers": [1, 2],
        "chord_starts_s": [0.0], "chord_ends_s": [1.8], "chords": ["A:min"],
    }  # fmt: skip
    assert estimates.items() <= level.tags.items()


@pytest.mark.parametrize("broken", [{"tempo_bpm": "fast"}, {"beats": [1, 2]}, {"chords": [[0, 1]]}, {"beats": 3}])
def test_broken_estimates_reject_their_track_alone(folder: Path, broken: dict[str, object]) -> None:
    (folder / "estimates.jsonl").write_text(json.dumps({"track_id": 2, **broken}), encoding="utf-8")
    reject, level, _ = fma.records(folder)
    assert isinstance(reject, Reject)
    assert reject.reason == "the estimates of track 2 are not of the form of estimates.jsonl"
    assert isinstance(level, Record)


@pytest.mark.parametrize("line", ["{", "[]", '{"track_id": "x"}', '{"key": "C"}'])
def test_a_file_of_estimates_that_is_none(folder: Path, line: str) -> None:
    (folder / "estimates.jsonl").write_text(f'{{"track_id": 2}}\n{line}\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"estimates\.jsonl:2: not an object with \"track_id\""):
        next(fma.records(folder))


@pytest.mark.parametrize("content", ["", "track_id,title\n2,Food\n", ",set\n"])
def test_a_table_without_the_three_header_rows(tmp_path: Path, content: str) -> None:
    (tmp_path / "tracks.csv").write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=r"has no column 'artist\.id' in its first two rows \(group, column\)"):
        next(fma.records(tmp_path))
