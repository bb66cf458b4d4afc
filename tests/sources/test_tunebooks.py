"""Tunebooks and IrishMAN, read as they are shipped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from abcllm.analysis.control_codes import read_codes
from abcllm.errors import DataError
from abcllm.notation import parse
from abcllm.record import Record, Reject
from abcllm.sources import SOURCES, get_source, source_names
from abcllm.sources.abc import records as tunebooks
from abcllm.sources.irishman import INFO, records

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"


def test_a_tunebook_with_header_twice_the_same_number_and_text_between(tmp_path: Path) -> None:
    book = "%abc-2.1\nM:3/4\n\nSome words.\n\nX:1\nK:D\nDEF|\n\nX:1\nK:G\nGAB|\n\nfree text\n\nX:2\nK:C\nCDE|"
    (tmp_path / "a.abc").write_text(book, encoding="utf-8")
    found = [*tunebooks(tmp_path)]
    assert [(one.id, one.place.row) for one in found if isinstance(one, Record)] == [
        ("a.abc#1", 6), ("a.abc#1@10", 10), ("a.abc#2", 16),
    ]  # fmt: skip
    assert all(isinstance(one, Record) and str(parse(one.abc).tunes[0].meter) == "3/4" for one in found)


def test_a_file_without_a_tune_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "a.abc").write_text("Dear all,\n", encoding="utf-8")
    (one,) = tunebooks(tmp_path)
    empty = tmp_path / "empty"
    empty.mkdir()
    assert isinstance(one, Reject)
    assert one.reason == "no line begins with X:, so there is no tune in it"
    with pytest.raises(DataError, match=r"has no \*\.abc or \*\.jsonl"):
        list(tunebooks(empty))


def test_old_encodings_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.abc").write_bytes("X:1\nT:Caoineadh Uí Dhomhnaill\nK:D\nD|\n".encode("latin-1"))
    (one,) = tunebooks(tmp_path)
    assert isinstance(one, Record)
    assert "Uí" in one.abc


def test_the_samples_of_the_project_are_read_whole() -> None:
    for folder in sorted((ROOT / "data").iterdir()):
        if (folder / "tunes.abc").exists():
            text = (folder / "tunes.abc").read_text(encoding="utf-8")
            found = [*tunebooks(folder)]
            assert len(found) == sum(line.startswith("X:") for line in text.split("\n"))
            assert len({one.id for one in found if isinstance(one, Record)}) == len(found)


def irishman(folder: Path, rows: list[object], name: str = "train.json") -> Path:
    (folder / name).write_text(json.dumps(rows), encoding="utf-8")
    return folder


GOOD = {"abc notation": "X:7\nL:1/8\nM:6/8\nK:D\n|: DFA AFD :|", "control code": "S:1\nB:1\n"}


def test_irishman_as_published(tmp_path: Path) -> None:
    irishman(tmp_path, [GOOD, {**GOOD, "abc notation": "X:8\nK:G\nGAB|]"}])
    irishman(tmp_path, [GOOD], "validation.json")
    (tmp_path / "leadsheet_ids.json").write_text('{"train": ["8"], "validation": []}')
    first, second, third = records(tmp_path)
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert isinstance(third, Record)
    assert (first.id, second.id, third.id) == ("train#7", "train#8", "validation#7")
    assert read_codes(str(first.tags["control_code"])) is not None
    assert "leadsheet" not in first.tags
    assert second.tags["leadsheet"] is True
    assert first.licence == INFO.licence


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"control code": "S:1\nB:1\n"}, 'no tune under "abc notation"'),
        ({"abc notation": ""}, 'no tune under "abc notation"'),
        ({"abc notation": 7}, 'no tune under "abc notation"'),
        ({**GOOD, "control code": ["S:1"]}, '"control code" is not a text'),
        ("X:1", "a str where a JSON object belongs"),
    ],
)
def test_rows_that_are_none_are_rejected_with_their_place(tmp_path: Path, row: object, reason: str) -> None:
    first, second, third = records(irishman(tmp_path, [GOOD, row, GOOD]))
    assert isinstance(second, Reject)
    assert (second.reason, second.place.file, second.place.row) == (reason, "train.json", 2)
    assert isinstance(first, Record)
    assert isinstance(third, Record)


def test_an_id_file_of_another_form_is_named(tmp_path: Path) -> None:
    irishman(tmp_path, [GOOD])
    (tmp_path / "variation_ids.json").write_text("[1, 2]")
    with pytest.raises(DataError, match=r"variation_ids\.json: not an object of lists of ids"):
        list(records(tmp_path))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the sample of IrishMAN is not here")
def test_the_sample_of_irishman(tmp_path: Path) -> None:
    sample = SHARED / "schemas" / "irishman" / "abc_only.head300.jsonl"
    (tmp_path / "train.jsonl").write_bytes(sample.read_bytes())
    found = [*records(tmp_path)]
    assert len(found) == 300
    assert all(isinstance(one, Record) and len(parse(one.abc).tunes) == 1 for one in found)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the collections of tunes are not here")
def test_collections_in_json_lines() -> None:
    found = [*tunebooks(SHARED / "tunes" / "jw35_tunebook")]
    assert len(found) == 117
    assert all(isinstance(one, Record) and one.title for one in found)


@pytest.mark.parametrize("name", source_names())
def test_every_source_has_a_card(name: str) -> None:
    source = get_source(name)
    info = source.INFO
    assert info.name == name
    assert callable(source.records)
    assert all((info.title, info.summary, info.origin, info.licence, info.files))
    assert len(info.summary) <= 100
    assert name in SOURCES


@pytest.mark.parametrize("name", source_names())
def test_every_source_names_what_it_looks_for(name: str, tmp_path: Path) -> None:
    if name == "self_cognition":
        pytest.skip("it comes with the project")
    with pytest.raises(DataError, match=r"look like|has no|read from"):
        list(get_source(name).records(tmp_path))
