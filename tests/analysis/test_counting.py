"""Counting aloud: what a model is taught to write down at the end of each line."""

import re

from hypothesis import given
from hypothesis import strategies as st

from abcllm.analysis.counting import count_aloud
from abcllm.analysis.layout import lay_out
from abcllm.analysis.sections import count_bars
from abcllm.notation import parse, write

COUNT = re.compile(r"%(\d+)$", re.MULTILINE)
HEAD = "X:1\nL:1/4\nM:2/4\nK:C\n"


def counts(text: str) -> list[int]:
    return [int(number) for number in COUNT.findall(count_aloud(text))]


def test_a_pickup_and_a_second_ending_are_no_bars():
    text = HEAD + "|:c|d f|[1 d a:|[2 d2||\n|:f a|d2:|\n"
    assert count_aloud(text) == f"{HEAD[:-1]}%4\n|:c|d f|[1 d a:|[2 d2||%2\n|:f a|d2:|\n"


def test_a_pickup_on_a_line_of_its_own_is_none_either():
    text = HEAD + "c|\n|:d f|d a|\nd f|d:|\n"
    counted = count_aloud(text)
    assert counted == f"{HEAD[:-1]}%4\nc|%4\n|:d f|d a|%2\nd f|d:|\n"
    assert count_bars(parse(counted).tunes[0]) == count_bars(parse(text).tunes[0]) == 4


def test_only_the_first_voice_is_counted():
    text = HEAD + "V:1\nc d|e f|\nV:2\nC2|C2|\nV:1\nc d|e f|]\nV:2\nC2|C2|]\n"
    assert counts(text) == [4, 2]
    assert "C2|C2|\n" in count_aloud(text)


def test_lines_that_break_a_bar_or_have_a_comment_are_left_alone():
    text = HEAD + "c d|e\nf|c d|% so far\nc d|]"
    assert count_aloud(text) == f"{HEAD[:-1]}%4\nc d|e\nf|c d|% so far\nc d|]"


def test_words_around_tunes_stay_as_they_are():
    text = f"Two of them:\n{HEAD}c d|]\n\nand\n\n{HEAD}c d|\ne f|]\n\n100 %"
    counted = f"Two of them:\n{HEAD[:-1]}%1\nc d|]\n\nand\n\n{HEAD[:-1]}%2\nc d|%1\ne f|]\n\n100 %"
    assert count_aloud(text) == counted
    assert count_aloud("no tune, 50%") == "no tune, 50%"


@given(st.lists(st.sampled_from(["c d", "e2", "(3gab", "z2", "|:c d", "[1 c2:|[2 e2", "c:"]), min_size=1, max_size=24))
def test_the_first_count_is_the_bars_of_the_tune(bars: list[str]):
    tune = lay_out(parse(HEAD + "|".join(bars).replace("||", "|") + "|]\n").tunes[0])
    text = write(tune)
    counted = count_aloud(text)
    assert COUNT.sub("", counted) == text
    said = counts(text)
    assert said[0] == count_bars(tune) == count_bars(parse(counted).tunes[0])
    assert said == sorted(said, reverse=True)
