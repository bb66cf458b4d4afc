"""The corpus of twelve tunes, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from abcllm.evaluation.held_out import HeldOut
from tests.evaluation.given import make_corpus


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_corpus(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="session")
def held_out(corpus: Path) -> HeldOut:
    return HeldOut(corpus)
