"""What a model has not seen: the tunes and texts of a built corpus, split by split.

The corpus (`abcllm data build`, with `messages` among its forms) is the only source: what was trained on and what is
asked cannot drift apart. Of each record there is one tune a split, as it stands in a conversation of `WHOLE`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal, TypeAlias

from ..conversation import Conversation, read_conversations
from ..errors import DataError, MissingExtra
from ..files import read_bytes
from ..notation import Tune
from ..record import Place, Record
from ..reply import read_reply

__all__ = ["HeldOut", "Split"]

Split: TypeAlias = Literal["train", "valid", "test"]

WHOLE: Final = ("tune", "compose")
"""Tasks whose last message holds the whole tune of a record."""
OTHER_KEY: Final = re.compile(r"@[A-G][#b]?$")


class HeldOut:
    """A corpus as an evaluation sees it, read when it is needed.

    Raises `DataError` where there is none, and `MissingExtra` where nothing is installed to read one.
    """

    def __init__(self, folder: str | Path) -> None:
        try:
            from ..corpus.card import CARD, read_card
        except ModuleNotFoundError as fault:
            raise MissingExtra(f"corpora are read with the extra 'data' ({fault.name})", extra="data") from None
        self.folder = Path(folder)
        card = read_card(self.folder)
        self.name: str = card["name"]
        self.sha256 = sha256(read_bytes(self.folder / CARD)).hexdigest()
        """Of the card, which holds the hash of every file."""
        if not any(self.folder.glob("*/messages/*.jsonl")):
            raise DataError(f"{self.folder} has no conversations of the form messages; build it with that form")

    @cached_property
    def test(self) -> list[Record]:
        """The records that are asked for."""
        return self.records("test")

    @cached_property
    def valid(self) -> list[Record]:
        """The records by which a training is watched."""
        return self.records("valid")

    def records(self, split: Split) -> list[Record]:
        """The records of a split, each once, with their tunes. Raises `DataError` where the split has none."""
        records = [Record(id, source, licence, Place(""), abc=abc) for id, source, licence, abc in self._tunes(split)]
        if not records:
            raise DataError(f"{self.folder} has no tune in its split {split}; build it with tune or compose, and more")
        return records

    def texts(self, split: Split) -> list[str]:
        """The texts of pre-training of a split (the task `tune`), as they stand. Raises `DataError` for none."""
        texts = [one.messages[-1].text for one in self._conversations(split, "tune")]
        if not texts:
            raise DataError(f"{self.folder} has no text of the task tune in its split {split}")
        return texts

    def training_tunes(self) -> Iterator[Tune]:
        """The tunes that were trained on, each in one of its keys."""
        for *_, abc in self._tunes("train"):
            yield from read_reply(abc).tunes[:1]

    def _tunes(self, split: Split) -> Iterator[tuple[str, str, str, str]]:
        """Id, source, licence and ABC of each record."""
        seen: set[tuple[str, str]] = set()
        for task in WHOLE:
            for one in self._conversations(split, task):
                source, record = str(one.meta["source"]), OTHER_KEY.sub("", str(one.meta["record"]))
                if (source, record) in seen:
                    continue
                text = one.messages[-1].text
                abc = text if task == "tune" else read_reply(text).book.source.text
                if abc:
                    seen.add((source, record))
                    yield record, source, str(one.meta["licence"]), abc

    def _conversations(self, split: Split, task: str) -> Iterator[Conversation]:
        for path in sorted(self.folder.glob(f"*/messages/{split}-*.jsonl")):
            yield from (one for one in read_conversations(path) if one.meta.get("task") == task)
