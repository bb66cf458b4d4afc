"""Corpora: sources x tasks x weights -> files of conversations, with a card that accounts for every row.

from abcllm.corpus import build_corpus

card = build_corpus("configs/corpus/folk.toml", "corpora/folk")
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .building import build
from .card import read_card, render_card
from .engines import get_engine
from .gathering import present_sources
from .plan import Plan, SourceOrder, read_plan

__all__ = [
    "Plan",
    "SourceOrder",
    "build",
    "build_corpus",
    "get_engine",
    "present_sources",
    "read_card",
    "read_plan",
    "render_card",
]


def build_corpus(plan: str | Path, out: str | Path, *, workers: int = 1, engine: str = "local") -> dict[str, Any]:
    """Build the corpus of a plan's file into a folder, and give its card. Raises `ConfigError`, `DataError`."""
    return build(read_plan(plan), Path(out), get_engine(engine, workers), lambda stage, rows: None)
