"""OpenASQA: questions and answers about sounds and what is said among them, of which LTU-AS learned.

What is said (`input`, as Whisper heard it) is the tag `said`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..record import Record, Reject
from .audio_questions import question_records
from .card import Info

__all__ = ["INFO", "records"]

INFO = Info(
    name="openasqa",
    title="OpenASQA",
    summary="10.3 million questions and answers about sounds and speech",
    origin="https://github.com/YuanGongND/ltu",
    licence="unknown",
    citation="Gong, Liu, Luo, Karlinsky, Glass: Joint Audio and Speech Understanding. ASRU 2023",
    files=("openasqa*.json", "openasqa*.json.gz"),
    faults=(
        "open-ended answers were made by GPT-3.5 from labels, captions and transcripts, without the sound",
        "transcripts are Whisper's; the sounds come from many sets, each with its own licence",
    ),
    documented_only=True,
)


def records(folder: Path) -> Iterator[Record | Reject]:
    """A record a question. Raises `DataError` where there is no file of the set."""
    return question_records(folder, INFO)
