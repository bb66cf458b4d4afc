"""MusicPile and MusicPile-sft: marks taken off, headers split, tunes found; and that nothing else is changed."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm.errors import DataError
from abcllm.notation import Severity, parse
from abcllm.record import Exchange, Record, Reject
from abcllm.sources import musicpile, musicpile_sft
from abcllm.sources.chat_marks import split_turns, strip_marks
from abcllm.sources.one_line import find_tune, split_headers

SCHEMAS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "schemas" / "musicpile_sft"
IRISHMAN = "https://huggingface.co/datasets/sander-wood/irishman"
REEL = "X:1 L:1/8 M:4/4 K:Ador |: A2 B2 c2 d2 | e8 :|"
LINED = "X:1\nL:1/8\nM:4/4\nK:Ador\n|: A2 B2 c2 d2 | e8 :|"
KEYS = st.sampled_from(["C", "Gm", "F#m", "Bb", "Ador", "Emix", "D minor", "A dorian", "none", "HP", "C clef=bass"])
MUSIC = st.text(alphabet="ABCDEFGabcdefg2348/()[]|:_^=',{}!. ", min_size=1, max_size=60)


def put(folder: Path, *rows: dict[str, Any]) -> Path:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "train.jsonl").write_text(text, encoding="utf-8")
    return folder


def test_an_instruction_with_its_tune(tmp_path: Path) -> None:
    row = {
        "id": 7, "src": IRISHMAN, "instruction": "Human: Write a reel over the chords. ", "input": "'Am', 'G' </s> ",
        "output": f"Assistant: {REEL} </s> ",
    }  # fmt: skip
    (record,) = musicpile_sft.records(put(tmp_path, row))
    assert isinstance(record, Record)
    assert record.exchanges == (Exchange("Write a reel over the chords.\n'Am', 'G'", LINED),)
    assert record.abc == LINED + "\n"
    assert (record.id, record.language) == ("irishman#7", "en")
    assert record.tags == {"part": "irishman", "src": IRISHMAN, "repairs": ["one-line header"]}


def test_the_tune_of_a_question_is_found_where_the_answer_is_prose(tmp_path: Path) -> None:
    row = {"src": "https://github.com/sander-wood/deepchoir", "instruction": f"Human: What form? {LINED} </s> ",
           "input": "", "output": "Assistant: Binary </s> "}  # fmt: skip
    (record,) = musicpile_sft.records(put(tmp_path, row))
    assert isinstance(record, Record)
    assert record.abc == LINED + "\n"
    assert record.tags["part"] == "jsb_chorales"
    assert "repairs" not in record.tags


def test_a_header_before_a_list_of_motifs_is_no_tune_but_is_split(tmp_path: Path) -> None:
    """The published example: the list of motifs breaks off without its bracket, and is left so."""
    if not SCHEMAS.is_dir():
        pytest.skip(f"no samples at {SCHEMAS}")
    shutil.copy(SCHEMAS / "record_example.json", tmp_path / "train.json")
    (record,) = musicpile_sft.records(tmp_path)
    assert isinstance(record, Record)
    assert record.exchanges[0].question.endswith("X:1\nL:1/16\nM:2/4\nK:G\n['G2BG A2cA B2dB', '(gf)(ge) (ed)(cB)'")
    assert record.abc.startswith("X:1\nL:1/16\nM:2/4\nK:G\nG2BG A2cA | B2dB")
    assert not [one for one in parse(record.abc).diagnostics if one.severity is Severity.ERROR]
    assert find_tune(record.exchanges[0].question) == ""


def test_all_published_prompts_keep_their_headers() -> None:
    if not SCHEMAS.is_dir():
        pytest.skip(f"no samples at {SCHEMAS}")
    prompts = [one["prompt"] for one in json.loads((SCHEMAS / "stable_prompts.json").read_text(encoding="utf-8"))]
    assert [split_headers(prompt) for prompt in prompts] == prompts
    assert [bool(find_tune(prompt)) for prompt in prompts].count(True) == 1


def test_a_chat_merged_into_the_instruction(tmp_path: Path) -> None:
    row = {"instruction": f"Human: A reel? </s> Assistant: {REEL} </s> ", "input": "", "output": "", "src": "x"}
    (record,) = musicpile_sft.records(put(tmp_path, row))
    assert isinstance(record, Record)
    assert record.exchanges == (Exchange("A reel?", LINED),)


def test_real_tunes_come_back_from_one_line() -> None:
    """The dialect made of real tunes in the normal form of IrishMAN: the header on one line, then split again."""
    path = SCHEMAS.parent / "irishman" / "abc_only.head300.jsonl"
    if not path.exists():
        pytest.skip(f"no samples at {path}")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    tunes = ["X:1\n" + row["abc_music"].strip() for row in rows]
    assert len(tunes) == 300
    for tune in tunes:
        assert split_headers(tune.replace("\n", " ")) == re.sub(r"(\nK:[^\n]*\n)([\s\S]*)", _on_one_line, tune)


def _on_one_line(found: re.Match[str]) -> str:
    return found.group(1) + found.group(2).replace("\n", " ").lstrip()


def test_rows_that_are_no_conversation_are_rejected(tmp_path: Path) -> None:
    whole = {"instruction": "Human: Hello </s> ", "input": None, "output": "Assistant: Hello! </s> "}
    rows = [{**whole, "output": "Assistant: </s> "}, {**whole, "instruction": 3}, whole, {**whole, "instruction": ""}]
    found = [*musicpile_sft.records(put(tmp_path, *rows))]
    assert [one.reason if isinstance(one, Reject) else one.id for one in found] == [
        "an answer without words",
        '"instruction", "input" and "output" must be texts',
        "train.jsonl:3",
        "a question without words",
    ]


def test_chats_and_articles_of_the_whole(tmp_path: Path) -> None:
    chat = f"Human: A reel? </s> Assistant: {REEL} </s> Human: Again! </s> Assistant: No. </s> "
    rows = [
        {"id": 1, "text": chat, "src": IRISHMAN},
        {"id": 2, "text": "The fugue is a form. Human: a word.", "src": "https://en.wikipedia.org"},
        {"id": 3, "text": "Human: 你好吗 </s> Assistant: 很好 </s> ", "src": "LinkSoul"},
        {"id": 4, "text": "Human: One </s> Human: Two </s> Assistant: Three </s> ", "src": "x"},
        {"id": 5, "text": "  ", "src": "x"},
    ]
    reel, fugue, chinese, broken, empty = musicpile.records(put(tmp_path, *rows))
    assert isinstance(reel, Record)
    assert reel.exchanges == (Exchange("A reel?", LINED), Exchange("Again!", "No."))
    assert isinstance(fugue, Record)
    assert (fugue.text, fugue.exchanges) == ("The fugue is a form. Human: a word.", ())
    assert fugue.id == "https://en.wikipedia.org#2"
    assert isinstance(chinese, Record)
    assert chinese.language == "zh"
    assert isinstance(broken, Reject)
    assert broken.reason == "the turns do not alternate: Human, Human, Assistant"
    assert isinstance(empty, Reject)
    assert empty.reason == 'no text under "text"'


def test_parquet_and_a_missing_column(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "train-00000-of-00001.parquet"
    columns = {
        "instruction": ["Human: A </s> "],
        "input": [""],
        "output": ["Assistant: B </s> "],
        "src": ["y"],
        "id": [5],
    }
    parquet.write_table(arrow.table(columns), path)
    (record,) = musicpile_sft.records(tmp_path)
    assert isinstance(record, Record)
    assert (record.id, record.place.file) == ("y#5", "data/train-00000-of-00001.parquet")
    with pytest.raises(DataError, match="has no column 'text'"):
        list(musicpile.records(tmp_path))


@given(st.text(max_size=200))
def test_only_spaces_become_line_ends(text: str) -> None:
    assert "".join(split_headers(text).split()) == "".join(text.split())


@given(KEYS, MUSIC)
def test_a_split_header_is_split_no_further(key: str, music: str) -> None:
    text = f"X:1 L:1/8 M:6/8 K:{key} {music}"
    once = split_headers(text)
    assert once.startswith(f"X:1\nL:1/8\nM:6/8\nK:{key}")
    assert split_headers(once) == once
    assert once.replace("\n", " ").split() == text.split()


@pytest.mark.parametrize("text", ["K: of C", "X:1 K:Amz AB|", "X:1 T:A title L:1/8", "call X:2 now", "X:x K:C C|"])
def test_what_is_no_header_is_no_tune(text: str) -> None:
    assert find_tune(split_headers(text)) == ""


@given(st.lists(st.tuples(*[st.text(alphabet="ab :XK\n", min_size=1).filter(str.strip)] * 2), min_size=1, max_size=4))
def test_turns_come_back_from_the_merged_form(pairs: list[tuple[str, str]]) -> None:
    merged = "".join(f"Human: {question} </s> Assistant: {answer} </s> " for question, answer in pairs)
    assert [(one.question, one.answer) for one in split_turns(merged)] == [
        (question.strip(), answer.strip()) for question, answer in pairs
    ]
    assert strip_marks(f"Human: {pairs[0][0]} </s> ") == pairs[0][0].strip()
