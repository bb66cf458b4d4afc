"""OpenAQA: 5.6 million questions and answers about sounds, of which LTU learned to listen and think."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..record import Record, Reject
from .audio_questions import question_records
from .card import Info

__all__ = ["INFO", "records"]

INFO = Info(
    name="openaqa",
    title="OpenAQA",
    summary="5.6 million questions and answers about sounds; 3.7 million of them open-ended",
    origin="https://github.com/YuanGongND/ltu",
    licence="unknown",
    citation="Gong, Luo, Liu, Karlinsky, Glass: Listen, Think, and Understand. ICLR 2024",
    files=("openaqa*.json", "openaqa*.json.gz"),
    faults=(
        "open-ended answers were made by GPT-3.5 from labels, captions and times, without the sound",
        "sounds come from AudioSet, VGGSound, FSD50K, AudioCaps, Freesound, Clotho and others, each under its licence",
    ),
    documented_only=True,
)


def records(folder: Path) -> Iterator[Record | Reject]:
    """A record a question. Raises `DataError` where there is no file of the set."""
    return question_records(folder, INFO)
