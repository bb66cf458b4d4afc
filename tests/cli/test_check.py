"""`abcllm check`: every way of asking, every form of the answer."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from .conftest import BAD, GOOD, Command


def write_collection(path: Path, *texts: str) -> Path:
    lines = [json.dumps({"id": f"c#{number}", "abc": text}) + "\n" for number, text in enumerate(texts, 1)]
    data = "".join(lines).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def test_a_good_tune(abcllm: Command, good: Path) -> None:
    assert abcllm("check", good) == (0, "1 tune, 1 valid: no faults\n", "")


def test_a_fault_is_shown_with_its_place(abcllm: Command, bad: Path) -> None:
    said = abcllm("check", bad)
    lines = said.out.splitlines()
    assert said.status == 1
    assert lines[0].startswith(f"{bad}:6:9: error R")
    assert lines[1].strip() == "D E F G|A B c|d4|]"
    assert set(lines[2].strip()) == {"^"}
    assert lines[-1] == "1 tune, 0 valid: 1 error"


def test_standard_input(abcllm: Command) -> None:
    said = abcllm("check", "-", stdin=BAD)
    assert said.status == 1
    assert said.out.startswith("<stdin>:6:9: error")


def test_json(abcllm: Command, good: Path, bad: Path) -> None:
    said = abcllm("check", "--json", good, bad)
    answer = json.loads(said.out)
    assert said.status == 1
    assert [text["name"] for text in answer["texts"]] == [str(good), str(bad)]
    assert answer["texts"][0]["diagnostics"] == []
    (fault,) = answer["texts"][1]["diagnostics"]
    assert (fault["line"], fault["column"], fault["severity"]) == (6, 9, "error")
    assert answer["summary"]["totals"] == {"tunes": 2, "valid": 1, "error": 1, "warning": 0, "info": 0}
    assert answer["summary"]["codes"] == {fault["code"]: 1}


@pytest.mark.parametrize("arguments", [["--quiet"], []])
def test_json_is_whole_whatever_it_holds(abcllm: Command, good: Path, arguments: list[str]) -> None:
    empty = good.with_name("empty.jsonl")
    empty.write_text("\n")
    assert json.loads(abcllm("check", "--json", *arguments, empty).out)["texts"] == []


def test_github_annotations(abcllm: Command, tmp_path: Path) -> None:
    path = tmp_path / "50%, bad.abc"
    path.write_text(BAD)
    said = abcllm("check", "--format", "github", path)
    (line,) = said.out.splitlines()
    assert line.startswith(f"::error file={tmp_path}/50%25%2C bad.abc,line=6,col=9,endLine=6,endColumn=")
    assert "%0A" in line
    assert said.err == "1 tune, 0 valid: 1 error\n"


def test_explain(abcllm: Command) -> None:
    said = abcllm("check", "--explain", "h104")
    assert said.status == 0
    assert said.out.startswith("H104 the key cannot be read (error)\n")
    assert "Write instead:" in said.out
    assert json.loads(abcllm("check", "--explain", "H104", "--json").out)["code"] == "H104"


def test_a_collection_names_each_tune(abcllm: Command, tmp_path: Path) -> None:
    path = write_collection(tmp_path / "tunes.jsonl.gz", GOOD, BAD, GOOD)
    said = abcllm("check", path)
    assert said.status == 1
    assert said.out.startswith(f"{path}#c#2:6:9: error")
    assert said.out.endswith("3 tunes, 2 valid: 1 error\n")


def test_a_folder_is_walked(abcllm: Command, good: Path, bad: Path) -> None:
    write_collection(good.parent / "more.jsonl", GOOD, BAD)
    (good.parent / "notes.txt").write_text("not a tune")
    (good.parent / ".hidden.abc").write_text(BAD)
    said = abcllm("check", "--quiet", good.parent)
    assert "3 files" in said.out
    assert said.out.endswith("4 tunes, 2 valid: 2 errors\n")
    (good.parent / "empty").mkdir()
    said = abcllm("check", good.parent / "empty")
    assert (said.status, said.out) == (2, "")
    assert "no .abc" in said.err


@pytest.mark.parametrize("jobs", ["1", "2", "5"])
def test_the_answer_does_not_depend_on_the_number_of_processes(abcllm: Command, tmp_path: Path, jobs: str) -> None:
    texts = [BAD if number % 7 == 3 else GOOD for number in range(1, 501)]
    path = write_collection(tmp_path / "tunes.jsonl", *texts)
    said = abcllm("check", "--jobs", jobs, path)
    places = [line.split(":")[0] for line in said.out.splitlines() if ": error " in line]
    assert places == [f"{path}#c#{number}" for number in range(3, 501, 7)]
    assert said.out.endswith(f"500 tunes, {500 - len(places)} valid: {len(places)} errors\n")


def test_in_a_book_each_tune_is_counted(abcllm: Command, tmp_path: Path) -> None:
    path = tmp_path / "book.abc"
    path.write_text(f"{GOOD}\n{BAD}\n{BAD}\n{GOOD}")
    said = abcllm("check", path)
    assert said.out.endswith("4 tunes, 2 valid: 2 errors\n")
    assert "times" in said.out


def test_the_least_severity_limits_what_is_shown_not_what_is_counted(abcllm: Command, tmp_path: Path) -> None:
    path = tmp_path / "t.abc"
    path.write_text(GOOD.replace("D E F G", "!foo!D E F G"))
    assert "D501" in abcllm("check", path).out
    assert abcllm("check", "--least", "error", path) == (0, "1 tune, 1 valid: 1 warning\n", "")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"abc": "X:1"}\n{"abc"', "tunes.jsonl:2: not a JSON object"),
        (b'{"abc": 1}\n', "tunes.jsonl:1: expected a JSON object"),
        (b"[]\n", "tunes.jsonl:1: expected a JSON object"),
        (b"[" * 100_000, "tunes.jsonl:1: not a JSON object"),
        (b"\xff\xfe\n", "tunes.jsonl:1: not a JSON object"),
    ],
    ids=["cut off", "number", "list", "deep", "binary"],
)
def test_a_damaged_collection(abcllm: Command, tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "tunes.jsonl"
    path.write_bytes(content)
    said = abcllm("check", path)
    assert said.status == 1
    assert words in said.err


@pytest.mark.parametrize(
    "content", [b"plain", gzip.compress(b'{"abc": "X:1"}\n' * 1000)[:60]], ids=["plain", "cut off"]
)
def test_a_damaged_gzip_file(abcllm: Command, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "tunes.jsonl.gz"
    path.write_bytes(content)
    said = abcllm("check", path)
    assert said.status == 1
    assert "the compressed data is damaged or cut off" in said.err


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n\n", b"Dear sir,\nplease find no tune.\n", b"<html><body>X:1</body></html>", bytes(range(256)) * 20],
    ids=["empty", "blank", "prose", "html", "binary"],
)
def test_what_is_no_tune_is_a_fault_not_a_crash(abcllm: Command, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "t.abc"
    path.write_bytes(content)
    said = abcllm("check", path)
    assert said.status == 1
    assert "error T102" in said.out
    assert said.err == ""


def test_latin_1_is_read_and_said(abcllm: Command, tmp_path: Path) -> None:
    path = tmp_path / "t.abc"
    path.write_bytes(GOOD.replace("A Scale", "Übung").encode("latin-1"))
    said = abcllm("check", path)
    assert said.status == 0
    assert f"{path}:2:3: warning T101" in said.out


class TestFix:
    """`--fix` changes what is safe and nothing else."""

    def test_nothing_to_fix_leaves_the_file_alone(self, abcllm: Command, good: Path) -> None:
        before = good.stat().st_mtime_ns
        assert abcllm("check", "--fix", good).status == 0
        assert good.stat().st_mtime_ns == before

    def test_the_file_is_rewritten_in_its_encoding_and_line_ends(self, abcllm: Command, tmp_path: Path) -> None:
        path = tmp_path / "t.abc"
        path.write_bytes("X:1 T:Übung\r\nM:4/4 L:1/4 K:C\r\nC D E F|]\r\n".encode("latin-1"))
        said = abcllm("check", "--fix", path)
        assert path.read_bytes() == "X:1\r\nT:Übung\r\nM:4/4\r\nL:1/4\r\nK:C\r\nC D E F|]\r\n".encode("latin-1")
        assert said.status == 0
        assert said.out.endswith("2 fixes applied\n")

    def test_collections_are_refused(self, abcllm: Command, tmp_path: Path) -> None:
        said = abcllm("check", "--fix", write_collection(tmp_path / "t.jsonl", GOOD))
        assert said.status == 2
        assert "a collection is not rewritten" in said.err

    def test_standard_input_gives_the_text(self, abcllm: Command) -> None:
        said = abcllm("check", "--fix", "-", stdin=GOOD)
        assert said == (0, GOOD, "1 tune, 1 valid: no faults\n")
