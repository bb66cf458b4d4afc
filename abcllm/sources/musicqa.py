"""MusicQA: questions and answers about music, made by MPT-7B from captions and tags for MU-LLaMA."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePosixPath

from ..errors import DataError
from ..record import Exchange, Record, Reject
from .card import Info
from .cells import fingerprint, read_text
from .clips import Sound, Sounds, is_youtube_id
from .rows import Row, converted, find_files, json_list

__all__ = ["INFO", "records"]

INFO = Info(
    name="musicqa",
    title="MusicQA",
    summary="questions and answers about music, made by MPT-7B from captions and tags",
    origin="https://huggingface.co/datasets/mu-llama/MusicQA",
    licence="MIT",
    citation="Liu et al.: Music Understanding LLaMA: Advancing Text-to-Music Generation with Question Answering "
    "and Captioning. ICASSP 2024",
    files=("*MusicQA*.json", "*MusicQA*.json.gz"),
    faults=(
        "answers are a small model's, made from a caption (MusicCaps) or tags (MagnaTagATune, MTG-Jamendo), not heard",
        "the licence is that of its card; the program's repository is under the GPL 3",
        "the evaluation file holds 5,040 rows where the paper says 4,500",
    ),
)
SPLITS = {"pretrain": "pretrain", "finetune": "train", "eval": "eval"}
SIDES = ("human", "gpt")


def records(folder: Path) -> Iterator[Record | Reject]:
    """A record a conversation. Raises `DataError` where there is no file of the set."""
    sounds = Sounds(folder)
    for path in find_files(folder, INFO):
        split = next((split for name, split in SPLITS.items() if path.name.lower().startswith(name)), "train")
        rows = json_list(path, folder, INFO.name)
        yield from converted(rows, INFO.name, partial(_record, split=split, sounds=sounds))


def _record(row: Row, split: str, sounds: Sounds) -> Record:
    name = PurePosixPath(read_text(row.value, "audio_name"))
    exchanges = _read_exchanges(row.value.get("conversation"))
    if split == "pretrain" and is_youtube_id(name.stem):
        group, sound = f"youtube:{name.stem}", sounds.find_clip(name.stem)
    else:
        group, sound = name.stem, Sound(sounds.find(name.stem) or str(name))
    return Record(
        id=f"{name.stem}#{fingerprint(*(text for exchange in exchanges for text in exchange))}", source=INFO.name,
        licence=INFO.licence, place=row.place, language="en", group=group, audio=sound.audio, exchanges=exchanges,
        tags={"split": split},
    )  # fmt: skip


def _read_exchanges(conversation: object) -> tuple[Exchange, ...]:
    """The turns of a conversation, a person's and the model's in turn."""
    if not isinstance(conversation, list) or not conversation or len(conversation) % 2:
        raise DataError('"conversation" is no list of questions and answers in turn')
    texts = []
    for at, turn in enumerate(conversation):
        if not isinstance(turn, dict) or turn.get("from") != SIDES[at % 2]:
            raise DataError(f'turn {at + 1} of "conversation" is not from {SIDES[at % 2]!r}')
        texts.append(read_text(turn, "value"))
    return tuple(map(Exchange, texts[::2], texts[1::2]))
