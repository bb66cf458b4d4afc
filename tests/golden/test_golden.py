"""What is written is what was kept; `tools/regolden` shows the difference and keeps the new."""

from __future__ import annotations

from pathlib import Path

import pytest

from abcllm.notation import parse

from .golden import RESULTS, cases, kept, result


@pytest.mark.parametrize("suffix", RESULTS)
@pytest.mark.parametrize("case", cases(), ids=lambda case: case.stem)
def test_result_is_the_kept_one(case: Path, suffix: str) -> None:
    assert result(case, suffix) == kept(case, suffix).read_text(encoding="utf-8")


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.stem)
def test_cases_are_valid(case: Path) -> None:
    book = parse(case.read_text(encoding="utf-8"), name=case.name)
    book.raise_for_errors()
