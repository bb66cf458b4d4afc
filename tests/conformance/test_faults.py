"""Each planted fault gives one diagnostic, at its place."""

from __future__ import annotations

import pytest

from abcllm.notation import check

from .faults import Fault, read_faults

CLEAN, *FAULTS = read_faults()


def test_the_clean_tune_has_no_fault() -> None:
    assert not check(CLEAN.abc)
    assert len(FAULTS) == len({fault.kind for fault in FAULTS}) == 24


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.kind.replace(" ", "-"))
def test_fault(fault: Fault) -> None:
    found = check(fault.abc)
    assert [diagnostic.code for diagnostic in found] == [fault.code]
    assert fault.is_at(found[0].line, found[0].column), found[0]
