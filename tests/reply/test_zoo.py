"""The zoo: every answer is read as it is meant, and what is said of it is what was kept."""

from __future__ import annotations

import pytest

from abcllm.reply import read_reply

from .zoo import FILES, Case, as_meant, read_again, read_cases, write_cases

CASES = [(f"{path.stem}: {case.name}", case) for path in FILES for case in read_cases(path)]
FEWEST = 200


def test_the_zoo_is_large() -> None:
    assert len({case.text for _, case in CASES}) >= FEWEST


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES])
def test_tunes_are_read_as_they_are_meant(case: Case) -> None:
    tunes = read_reply(case.text).tunes
    meant = [as_meant(tune, case.loose) for tune in case.meant]
    assert [as_meant(tune, case.loose) for tune in tunes] == meant


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES])
def test_what_is_said_is_what_was_kept(case: Case) -> None:
    assert read_again(case) == case


def test_files_can_be_written_again() -> None:
    for path in FILES:
        assert write_cases(read_cases(path)) == path.read_text(encoding="utf-8")
