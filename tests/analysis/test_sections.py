import pytest

from abcllm.analysis.sections import count_bars, find_sections
from abcllm.notation import parse

HEADER = "X:1\nL:1/4\nM:4/4\nK:C\n"
COUNTED = {
    "CDEF|GABc|]": [2],
    "G|CDEF|GAB:|": [2],
    "G|CDEF|GABc:|": [2],  # nothing is taken from the last bar
    "CDEF|GAB:|": [2],  # the pickup of the next part was taken from it
    "CDEF|GAB:|c|BAGF|EDC|]": [2, 2],
    "|:CD|EFGA|Bc:|": [2],
    "CDEF|GA||Bc|BAGF|]": [2, 1],
    "CDEF|1 GABc:|2 GABc|]": [2],
    "CDEF|1 GA:|2 GA|]": [2],
    "CDEF|1 GABc:|2 GABc|CDEF|]": [3],  # the longer way
    "CDEF|1 GABc|cdef:|2 GABc|]CDEF|]": [3, 1],
    "CDEF|GA[|]Bc|CDEF|]": [2, 1],
    "C2|]": [1],
}


@pytest.mark.parametrize("music", COUNTED)
def test_bars_are_counted_as_musicians_do(music: str) -> None:
    tune = parse(HEADER + music + "\n").tunes[0]
    assert [section.full_bars for section in find_sections(tune)] == COUNTED[music]
    assert count_bars(tune) == sum(COUNTED[music])
