"""What guides an answer: whole characters, valid ABC with exact bars, the number of bars, and a way to the end."""

from __future__ import annotations

from copy import copy
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abcllm.analysis.sections import count_bars
from abcllm.backends import Sampling
from abcllm.backends.bars import BarGuide
from abcllm.backends.endings import find_ending
from abcllm.backends.guiding import Guide, TuneGuide
from abcllm.backends.header import write_header
from abcllm.backends.writing import Task, write_all
from abcllm.models.tokeniser import Tokeniser
from abcllm.notation import check, parse
from abcllm.notation.prefix import PrefixReader
from abcllm.request import Request
from tests.tiny_models import CountingEngine, vocabulary

HEADER = "X:1\nT:t\nM:4/4\nL:1/8\nK:D\n"


def faults(text: str) -> list[str]:
    return [fault.code for fault in check(text) if str(fault.severity) == "error" or fault.code == "R203"]


def offer(guide: Guide, text: str) -> bool:
    return guide.offer(text.encode())


def test_characters_come_whole() -> None:
    guide = Guide()
    first, second = "曲".encode()[:2], "曲".encode()[2:]
    assert guide.offer(first)
    assert (guide.text, guide.may_end, guide.ending()) == ("", False, None)
    assert not offer(guide, "a")  # no character continues so
    assert guide.offer(second)
    assert (guide.text, guide.may_end) == ("曲", True)
    assert not guide.offer(b"\xff")
    assert not guide.offer(b"")  # a mark has no text


def test_words_are_free_and_tunes_are_held() -> None:
    guide = TuneGuide()
    assert offer(guide, "Here it is|||:\nX:")
    assert not offer(guide, "z")
    assert offer(guide, "1\nT:曲\nM:2/4\nL:1/4\nK:G\nG A|")
    assert not guide.may_end or guide.reader is not None
    assert not offer(guide, "B c d|")
    assert offer(guide, "B c|]")
    assert offer(guide, "\n")
    assert offer(guide, "\n")
    assert guide.reader is None
    assert offer(guide, "B c d| was refused.")
    assert guide.may_end


def test_a_tune_is_not_left_before_it_is_whole() -> None:
    guide = TuneGuide()
    assert offer(guide, "X:1\nM:2/4\nL:1/8\n")
    assert not guide.may_end
    assert not offer(guide, "\n")
    assert guide.ending() == "K:C\nz4|]\n"
    assert offer(guide, "K:G\nG2 A2|")
    assert guide.may_end


@pytest.mark.parametrize("junk", ["%", '"words without an end, of no use to any player', "2345", ":::", "Q"])
def test_what_says_nothing_is_refused(junk: str) -> None:
    guide = TuneGuide(HEADER)
    assert offer(guide, "d2")
    assert not offer(guide, junk)


def test_a_header_is_one() -> None:
    guide = TuneGuide()
    assert offer(guide, "X:1\nT:t\n")
    assert not offer(guide, "d:|")
    assert not offer(guide, "K:D " + "^c" * 30)
    assert offer(guide, "K:D\n")
    assert not offer(guide, "X:2")  # a tune begins after a blank line
    assert offer(guide, "d8|")


def test_bars_are_counted_to_the_end() -> None:
    guide = BarGuide(HEADER, 2)
    assert offer(guide, "d4 f4")
    assert not guide.may_end
    assert offer(guide, "|")
    assert not offer(guide, "\nK:")
    assert offer(guide, "a8")
    assert guide.may_end  # the bar line is put there
    assert guide.ending() == "|]\n"
    assert not offer(guide, "|")  # the last one must be one that ends a tune
    assert offer(guide, "|]")
    assert guide.is_finished
    assert guide.ending() == "\n"
    assert count_bars(parse(guide.text).tunes[0]) == 2


def test_a_tune_cannot_have_too_many_bars() -> None:
    guide = BarGuide(HEADER, 1)
    assert offer(guide, "d4 f4")
    assert not offer(guide, "|a8|]")
    assert offer(guide, ":|")
    assert not offer(guide, "\n")


def test_parts_of_eight_are_closed_and_only_they() -> None:
    guide = BarGuide(HEADER, 16)
    for _ in range(7):
        assert offer(guide, "d4 f4")
        assert not offer(guide, ":|")
        assert not offer(guide, "|1")
        assert offer(guide, "|")
    assert offer(guide, "a8")
    assert not offer(guide, "|")
    assert offer(guide, ":|")
    assert not guide.may_end
    assert offer(guide, "\n|:")


def test_a_line_that_begins_with_a_repeat_is_music_too() -> None:
    guide = TuneGuide(HEADER)
    assert offer(guide, "|:d4 f4|d")
    assert not copy(guide).offer(b"222/222")
    assert not copy(guide).offer(b" Q")


def test_a_double_repeat_closes_a_part_and_only_there() -> None:
    guide = BarGuide(HEADER, 16)
    for _ in range(7):
        assert offer(guide, "d8")
        assert not offer(guide, "::")
        assert offer(guide, "|")
    assert offer(guide, "d8")
    assert offer(guide, "::")
    assert not offer(guide, "2")
    assert not offer(guide, " 1")
    assert guide.done == 8
    assert offer(guide, "d8")


@pytest.mark.parametrize("more", ["-", ">", "(3", "H", '"G"', "\n", "/", "z"])
def test_a_part_that_is_full_can_only_be_closed(more: str) -> None:
    guide = BarGuide(HEADER, 1)
    assert offer(guide, "d4 f4")
    assert not offer(guide, more)
    assert offer(guide, ":|")
    assert guide.is_finished


def test_a_repeat_begins_with_its_part() -> None:
    guide = BarGuide(HEADER, 16)
    assert offer(guide, "A2")
    assert offer(guide, "|:")
    assert offer(guide, "d8")
    assert not offer(guide, "|:")
    assert offer(guide, "|")


def test_the_last_bar_leaves_room_for_the_pickup() -> None:
    guide = BarGuide(HEADER, 2)
    assert all(offer(guide, piece) for piece in ("A2", "|", "d8", "|", "d4 f2"))
    assert not offer(guide, "a")
    assert offer(guide, "|]")
    assert not faults(guide.text + "\n")


@pytest.mark.parametrize("stuck", [">", "--"])
def test_no_sign_leads_into_a_dead_end(stuck: str) -> None:
    guide = BarGuide(HEADER, 8)
    assert offer(guide, "d4 f4")
    assert not offer(guide, stuck)
    assert offer(guide, "|")


def test_what_was_never_opened_is_not_closed() -> None:
    guide = TuneGuide(HEADER)
    assert offer(guide, "d2")
    assert not offer(guide, ")")
    assert all(offer(guide, piece) for piece in (" (", "f2", "a2", ")"))


@pytest.mark.parametrize("last", ["a8", "a4 f4", "a4 "])
def test_a_repeat_that_was_opened_is_closed(last: str) -> None:
    guide = BarGuide(HEADER, 2)
    assert all(offer(guide, piece) for piece in ("|:", "d8", "|", last))
    text = guide.text + (guide.ending() or "")
    assert text.endswith(":|\n")
    assert not check(text)
    if guide.may_end:
        assert not offer(guide, "|]")
        assert offer(guide, ":|")


PIECES = (
    "d",
    "2",
    "4",
    "8",
    " ",
    "|",
    ":|",
    "|]",
    "|:",
    "||",
    "\n",
    "(3",
    "^f",
    "-",
    '"G"',
    "{g}",
    "z",
    "]",
    "\nX:2",
    "a8",
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.integers(0, 40), st.sampled_from([2, 8, 0]))
def test_what_was_refused_leaves_no_trace(pieces: list[str], copied: int, bars: int) -> None:
    """A guide that refused much takes what one takes that was offered only what is accepted; so does a copy."""
    begin = (lambda: BarGuide(HEADER, bars)) if bars else (lambda: TuneGuide(HEADER))
    guide, taken = begin(), []
    for at, piece in enumerate(pieces):
        if at == copied:
            left, guide = guide, copy(guide)
            offer(left, "d")  # what one of the two takes is nothing to the other
        fresh = begin()
        assert all(offer(fresh, one) for one in taken)
        accepted = offer(guide, piece)
        assert accepted == offer(fresh, piece)
        assert (guide.text, guide.is_safe, guide.may_end) == (fresh.text, fresh.is_safe, fresh.may_end)
        taken += [piece] * accepted


@pytest.mark.parametrize(
    "begun",
    ["", "d2 f2|", "d2 f2|\n", "d2 f|a", "(3dfa ", "d2|:", "d8|1 a8:|2 ", "A|d8|"],
)
def test_an_ending_is_found(begun: str) -> None:
    text = f"X:1\nM:4/4\nL:1/8\nK:D\n{begun}"
    ending = find_ending(PrefixReader(text, exact=True))
    assert ending is not None
    assert not faults(text + ending)


def test_a_header_is_ended_too() -> None:
    ending = find_ending(PrefixReader("X:1\nT:t\nM:3/4\n", exact=True))
    assert ending is not None
    assert not faults(f"X:1\nT:t\nM:3/4\n{ending}")


def test_open_signs_have_no_ending() -> None:
    assert find_ending(PrefixReader(f"{HEADER}d2 {{fa", exact=True)) is None


@pytest.mark.parametrize("seed", [0, 1])
def test_what_counts_write_is_valid_and_as_long_as_asked(root: Path, tmp_path: Path, seed: int) -> None:
    """A model that knows three pieces and no bars is held to what was asked, whatever it would rather say."""
    pytest.importorskip("sentencepiece")
    path = tmp_path / "tokenizer.model"
    path.write_bytes(vocabulary())
    tokeniser = Tokeniser(path)
    text = (root / "data" / "ryans_mammoth" / "tunes.abc").read_text("utf-8")
    bodies = [tune.split("\nK:", 1)[1] for tune in text.split("\n\n") if "\nK:" in tune][:150]
    engine = CountingEngine(tokeniser, [f"\nK:{body}" for body in bodies])
    requests = [Request.for_rhythm(rhythm, bars=bars) for rhythm, bars in (("reel", 8), ("jig", 4), ("waltz", 5))]
    tasks = [
        Task(tokeniser.encode(header), BarGuide(header, request.bars), Sampling(), np.random.default_rng(seed))
        for request in requests
        for header in [write_header(request, "t")]
    ]
    said = {task: task.guide.text for task in tasks}
    for task, piece in write_all(engine, tokeniser, tasks, 2):  # type: ignore[arg-type]
        said[task] += piece
    for request, task in zip(requests, tasks, strict=True):
        tune = parse(said[task]).tunes[0]
        assert not faults(said[task]), said[task]
        assert (count_bars(tune), tune.key, tune.meter) == (request.bars, request.key, request.meter), said[task]
