"""Any corpus and any Hugging Face tokenizer to packed rows: what the configs for InternLM2 and its like learn from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from datasets import Dataset, Features, Value
from datasets import Sequence as ListOf
from datasets.exceptions import DatasetGenerationError
from filelock import FileLock
from transformers import AutoTokenizer

from ..conversation import Conversation, Message
from ..corpus import build_corpus
from ..corpus.exports import from_xtuner
from ..errors import AbcllmError, DataError
from ..models.chat_format import END, START, ChatEncoder
from ..record import Reject
from ..sources.rows import json_lines, json_list
from .choices import ROOT, SAMPLE
from .packing import Row, fill_rows

__all__ = ["HubEncoder", "find_files", "load_rows", "read_corpus"]

FORMS = {"pretrain": ("messages", "xtuner", "text"), "sft": ("messages", "xtuner")}
"""Which of its forms a corpus is read in, by stage: the first that it has."""


def load_rows(path: str, stage: str, pretrained_model_name_or_path: str, max_length: int, seed: int = 0) -> Dataset:
    """The training part of a stage (`pretrain` or `sft`), packed into rows of `max_length` tokens; see `find_files`.

    The columns are those of `packing.Row`, mapped from disk. What was packed once is kept where `datasets` keeps its
    cache, until a file or the tokenizer changes. Raises `DataError` that names file and row.
    """
    files = find_files(path, stage)
    tokenizer = sorted(Path(pretrained_model_name_or_path).glob("tokenizer*"))
    made_of = {
        "files": [str(file) for file in files],
        "tokenizer": pretrained_model_name_or_path,
        "max_length": max_length,
        "seed": seed,
        "changed_ns": [file.stat().st_mtime_ns for file in [*files, *tokenizer]],
    }
    columns = Features({column: ListOf(Value("int32")) for column in Row._fields})
    try:
        return Dataset.from_generator(_pack, features=columns, gen_kwargs={"made_of": made_of})
    except DatasetGenerationError as fault:
        if isinstance(fault.__cause__, AbcllmError):
            raise fault.__cause__ from None
        raise


def _pack(made_of: dict[str, Any]) -> Iterator[dict[str, Any]]:
    conversations = read_corpus([Path(file) for file in made_of["files"]])
    encoder = HubEncoder(made_of["tokenizer"])
    for row in fill_rows(conversations, encoder, made_of["max_length"], seed=made_of["seed"]):
        yield row._asdict()


class HubEncoder(ChatEncoder):
    """Conversations in the chat format as the tokens of a Hugging Face tokenizer, which must know its two marks.

    Raises `DataError` for a tokenizer without the marks.
    """

    def __init__(self, folder: str) -> None:
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        marks = self.tokenizer.convert_tokens_to_ids([START, END])
        if None in marks or self.tokenizer.unk_token_id in marks:
            raise DataError(
                f"the tokenizer does not know {START} and {END}: it is not one of a chat model", source=folder
            )
        self.start_id, self.end_id = marks
        self.eos_id = self.tokenizer.eos_token_id
        bos = self.tokenizer.bos_token_id
        self.bos = [] if bos in (None, self.start_id) else [bos]

    def encode(self, text: str) -> list[int]:
        ids: list[int] = self.tokenizer.encode(text, add_special_tokens=False, split_special_tokens=True)
        return ids


def find_files(path: str, stage: str) -> list[Path]:
    """The training files at `path`: one file, a folder that `abcllm data build` wrote, or `sample`, built if need be.

    Raises `DataError` where there are none.
    """
    folder = Path(path)
    if path == SAMPLE:
        folder = ROOT / "corpora" / SAMPLE
        folder.parent.mkdir(exist_ok=True)
        with FileLock(folder.with_suffix(".lock")):
            if not (folder / "card.json").exists():
                build_corpus(ROOT / "configs" / "corpus" / f"{SAMPLE}.toml", folder)
    if folder.is_file():
        return [folder]
    for form in FORMS[stage]:
        if found := sorted((folder / stage / form).glob("train-*.jsonl")):
            return found
    looked = " or ".join(f"{stage}/{form}/train-*.jsonl" for form in FORMS[stage])
    raise DataError(f"has no {looked}: build it with `abcllm data build`", source=path)


def read_corpus(files: Sequence[Path]) -> Iterator[Conversation]:
    """The conversations of JSON lines (or of a list, in `.json`), each of "messages", a "conversation", or a "text".

    Raises `DataError` that names file and row.
    """
    for path in files:
        reader = json_list if path.suffix == ".json" else json_lines
        for row in reader(path, path.parent, path.name):
            if isinstance(row, Reject):
                raise DataError(row.reason, source=str(path), row=row.place.row)
            yield _read(row.value, str(path), row.place.row)


def _read(record: dict[str, Any], name: str, number: int | None) -> Conversation:
    if "messages" in record:
        return Conversation.from_json(json.dumps(record), source=name, row=number)
    if "conversation" in record:
        return from_xtuner(json.dumps(record), source=name, row=number)
    if isinstance(record.get("text"), str):
        return Conversation((Message("assistant", record["text"]),))
    keys = ", ".join(sorted(record)) or "none"
    raise DataError(f'no "messages", "conversation" or "text"; its keys are {keys}', source=name, row=number)
