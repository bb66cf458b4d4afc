"""Files to rows: what cannot be read is said with its place, and the rest is read."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm.errors import DataError
from abcllm.record import Place, Reject
from abcllm.sources.card import Info
from abcllm.sources.rows import MOST_ROW_BYTES, Row, find_files, json_lines, json_list, lines, parquet, table

INFO = Info("x", "The Set", "a set", "nowhere", "MIT", "", ("data-*.csv", "data-*.tsv"))


def put(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_wrong_folder_is_named_with_what_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"has no data-\*\.csv or data-\*\.tsv: it does not look like The Set"):
        find_files(tmp_path, INFO)
    with pytest.raises(DataError, match=r"missing is not a folder; The Set is read from a folder with data-\*\.csv"):
        find_files(tmp_path / "missing", INFO)


def test_lines_that_are_not_utf_8_are_rejected_and_the_others_read(tmp_path: Path) -> None:
    path = put(tmp_path, "a.txt", "\ufeffone\r\n\r\n".encode() + b"tw\xe9\nthree\n")
    assert [*lines(path, tmp_path, "x")] == [
        Row(Place("a.txt", 1), "one"),
        Reject("x", Place("a.txt", 3), "not UTF-8 (byte 3 is 0xe9)", "tw�\n"),
        Row(Place("a.txt", 4), "three"),
    ]


def test_json_lines(tmp_path: Path) -> None:
    path = put(tmp_path, "a.jsonl", '{"a": 1}\n{"a": \n[1]\n{"a": 2}\n')
    rows = [*json_lines(path, tmp_path, "x")]
    assert [row.value for row in rows if isinstance(row, Row)] == [{"a": 1}, {"a": 2}]
    assert [(one.place.row, one.reason.split(":")[0]) for one in rows if isinstance(one, Reject)] == [
        (2, "not JSON"), (3, "a list where a JSON object belongs"),
    ]  # fmt: skip


def test_a_row_of_fifty_megabytes_is_rejected_and_the_next_is_read(tmp_path: Path) -> None:
    path = put(tmp_path, "a.jsonl", b'{"a": "' + b"x" * 50_000_000 + b'"}\n{"a": 2}\n')
    rejected, row = [*json_lines(path, tmp_path, "x")]
    assert isinstance(rejected, Reject)
    assert rejected.reason == f"larger than {MOST_ROW_BYTES // 1_000_000} MB"
    assert len(rejected.excerpt) <= 200
    assert row == Row(Place("a.jsonl", 2), {"a": 2})


def test_a_truncated_json_list_gives_what_came_before(tmp_path: Path) -> None:
    path = put(tmp_path, "a.json", '[{"a": 1}, {"a": 2}, {"a": "thr')
    rows = [*json_list(path, tmp_path, "x")]
    assert rows[:2] == [Row(Place("a.json", 1), {"a": 1}), Row(Place("a.json", 2), {"a": 2})]
    assert isinstance(rows[2], Reject)
    assert rows[2].place == Place("a.json", 3)
    assert "not JSON from here on" in rows[2].reason


def test_a_json_list_below_a_key_and_one_that_is_not_there(tmp_path: Path) -> None:
    path = put(tmp_path, "a.json", '{"QA": [{"a": 1}, 7]}')
    first, second = json_list(path, tmp_path, "x", "QA.item")
    assert first == Row(Place("a.json", 1), {"a": 1})
    assert isinstance(second, Reject)
    (missing,) = json_list(path, tmp_path, "x", "item")
    assert isinstance(missing, Reject)
    assert "no list of records" in missing.reason


def test_compressed_files_and_such_that_break_off(tmp_path: Path) -> None:
    whole = gzip.compress(b'{"a": 1}\n' * 50_000)
    assert len([*json_lines(put(tmp_path, "a.jsonl.gz", whole), tmp_path, "x")]) == 50_000
    rows = [*json_lines(put(tmp_path, "b.jsonl.gz", whole[: len(whole) // 2]), tmp_path, "x")]
    assert isinstance(rows[-1], Reject)
    assert "breaks off" in rows[-1].reason


def test_a_table_by_column_name(tmp_path: Path) -> None:
    text = 'id,caption\n1,"two\n\nlines, quoted ""so"""\n2\n3,x\n'
    rows = [*table(put(tmp_path, "a.csv", text), tmp_path, "x", columns=["caption"])]
    assert rows == [
        Row(Place("a.csv", 2), {"id": "1", "caption": 'two\n\nlines, quoted "so"'}),
        Reject("x", Place("a.csv", 5), "1 cells where the table has 2 columns", "2"),
        Row(Place("a.csv", 6), {"id": "3", "caption": "x"}),
    ]


def test_a_missing_column_is_named_with_those_there(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", "id,text\n1,x\n")
    with pytest.raises(DataError, match=r"a\.csv: has no column 'caption'; its columns are id, text"):
        list(table(path, tmp_path, "x", columns=["caption"]))


def test_a_table_without_header_with_comments_and_one_without_quoting(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", '# made\nab, 1, "/m/1,/m/2"\n')
    assert [*table(path, tmp_path, "x", columns=[], header=("id", "at", "labels"), comment="#")] == [
        Row(Place("a.csv", 2), {"id": "ab", "at": "1", "labels": "/m/1,/m/2"})
    ]
    path = put(tmp_path, "a.tsv", 'path\tsentence\na\the said "no\nb\tyes\n')
    rows = table(path, tmp_path, "x", columns=["sentence"], delimiter="\t", quoting=False)
    assert [row.value["sentence"] for row in rows if isinstance(row, Row)] == ['he said "no', "yes"]


def test_parquet(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet

    path = tmp_path / "a.parquet"
    pyarrow.parquet.write_table(pa.table({"id": ["a", "b"], "n": [1, 2]}), path)
    assert [row.value for row in parquet(path, tmp_path, "x", columns=["id"]) if isinstance(row, Row)] == [
        {"id": "a", "n": 1}, {"id": "b", "n": 2},
    ]  # fmt: skip
    with pytest.raises(DataError, match="has no column 'text'"):
        list(parquet(path, tmp_path, "x", columns=["text"]))
    with pytest.raises(DataError, match="cannot be read as parquet"):
        list(parquet(put(tmp_path, "b.parquet", b"PAR1 no"), tmp_path, "x", columns=[]))


@given(st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=3), max_size=8))
def test_what_is_written_as_json_is_read(values: list[dict[str, str]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        as_lines = put(folder, "a.jsonl", "".join(json.dumps(value) + "\n" for value in values))
        assert [row.value for row in json_lines(as_lines, folder, "x") if isinstance(row, Row)] == values
        as_list = put(folder, "a.json", json.dumps(values))
        assert [row.value for row in json_list(as_list, folder, "x") if isinstance(row, Row)] == values


@given(st.binary(max_size=200))
def test_no_bytes_make_a_reader_raise(data: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = put(folder, "a.any", data)
        for rows in (json_lines(path, folder, "x"), json_list(path, folder, "x"), lines(path, folder, "x")):
            assert all(isinstance(row, Row | Reject) for row in rows)
