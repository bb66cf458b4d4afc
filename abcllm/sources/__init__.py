"""Data sets: one module per data set, each read in the form in which its publisher ships it.

A module has `INFO`, the card of the data set, and `records(folder)`, which streams its items: a `Record` for each
row that can be read, a `Reject` for each that cannot. `SOURCES` are those of the house; another package joins with an
entry point in the group `abcllm.sources` that names its module.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, cast

from .. import registry
from ..record import Record, Reject
from .card import Info

__all__ = ["SOURCES", "Info", "Source", "get_source", "source_names"]

GROUP = "abcllm.sources"

SOURCES = {
    "abc": "abcllm.sources.abc",
    "audiocaps": "abcllm.sources.audiocaps",
    "audioset": "abcllm.sources.audioset",
    "common_voice": "abcllm.sources.common_voice",
    "fma": "abcllm.sources.fma",
    "giantmidi": "abcllm.sources.giantmidi",
    "gigaspeech": "abcllm.sources.gigaspeech",
    "instructions": "abcllm.sources.instructions",
    "irishman": "abcllm.sources.irishman",
    "librispeech": "abcllm.sources.librispeech",
    "lp_musiccaps": "abcllm.sources.lp_musiccaps",
    "midi": "abcllm.sources.midi",
    "music_instruct": "abcllm.sources.music_instruct",
    "music_text_alignment": "abcllm.sources.music_text_alignment",
    "musiccaps": "abcllm.sources.musiccaps",
    "musicpile": "abcllm.sources.musicpile",
    "musicpile_sft": "abcllm.sources.musicpile_sft",
    "musicqa": "abcllm.sources.musicqa",
    "openaqa": "abcllm.sources.openaqa",
    "openasqa": "abcllm.sources.openasqa",
    "self_cognition": "abcllm.sources.self_cognition",
    "vggsound": "abcllm.sources.vggsound",
}


class Source(Protocol):
    """What a module of a data set offers."""

    INFO: Info

    @staticmethod
    def records(folder: Path) -> Iterator[Record | Reject]:
        """All rows below the folder, in a fixed order. Raises `DataError` where the folder is not that of the set."""


def source_names() -> list[str]:
    """The names of all data sets, those of other packages included."""
    return registry.names(SOURCES, GROUP)


def get_source(name: str) -> Source:
    """The data set called `name`. Raises `UnknownName`."""
    return cast(Source, registry.resolve("source", SOURCES, name, GROUP))
