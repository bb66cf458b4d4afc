"""Bars counted down aloud: only the true number may stand, and nobody sees it."""

from __future__ import annotations

import re
from copy import copy
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abcllm.analysis.counting import count_aloud
from abcllm.analysis.sections import count_bars
from abcllm.backends import Sampling
from abcllm.backends.bars import BarGuide
from abcllm.backends.counts import drop_counts
from abcllm.backends.guiding import Guide, TuneGuide
from abcllm.backends.neural import NeuralBackend
from abcllm.backends.writing import Task, write_all
from abcllm.conversation import Conversation, Message
from abcllm.models.tokeniser import Tokeniser
from abcllm.notation import parse
from abcllm.request import Request
from tests.tiny_models import CountingEngine, vocabulary, write_model

HEADER = "X:1\nT:100%2\nM:4/4\nL:1/8\nK:D\n"
TUNE = f"{HEADER}A2|d8|d4 f4|\na8|d4 d2:|\n|:f2|a8|a8|[1 f8|d4 d2:|\n[2 f8|d4 d2|]\n"
COUNTED = f"{HEADER[:-1]}%8\nA2|d8|d4 f4|%6\na8|d4 d2:|%4\n|:f2|a8|a8|[1 f8|d4 d2:|\n[2 f8|d4 d2|]\n"


def offer(guide: Guide, text: str) -> bool:
    return guide.offer(text.encode())


def dropped(text: str) -> str:
    return "".join(drop_counts([text]))


# -- what people get ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (COUNTED, TUNE),
        ("d8|]%16", "d8|]"),
        ("d8:| %8\nd", "d8:|\nd"),
        ("d8::%128\n", "d8::\n"),
        ("d8|:%1", "d8|:"),
        ("K:D %16\nd8|", "K:D\nd8|"),
        ("K:D clef=bass%8", "K:D clef=bass"),
        ("K:D % 8\n", "K:D % 8\n"),
        ("a8|%4\r\n", "a8|%4\r\n"),  # no count of ours
        ("a8|%4 bars\n", "a8|%4 bars\n"),
        ("a8|%4%5\n", "a8|%4%5\n"),
        ("a8|%1234\n", "a8|%1234\n"),
        ("a8|%\n", "a8|%\n"),
        ("T:%4\nN:[a]%5\nIt is 100%1\n", "T:%4\nN:[a]%5\nIt is 100%1\n"),
    ],
)
def test_counts_and_only_counts_are_dropped(said: str, told: str) -> None:
    assert dropped(said) == told
    assert dropped(told) == told


@settings(deadline=None)
@given(st.text("|]:%18 \nKd", max_size=24), st.data())
def test_it_does_not_matter_how_a_text_is_cut(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert "".join(drop_counts(pieces)) == dropped(text)
    begun = data.draw(st.integers(0, len(text)))
    whole = "".join(drop_counts(pieces, "d|"))
    assert "".join(drop_counts([text[:begun], text[begun:]], "d|")) == whole
    assert dropped(f"d|{text}") == f"d|{whole}"


@settings(deadline=None)
@given(st.text(max_size=40))
def test_a_text_without_counts_stays(text: str) -> None:
    assert dropped(text.replace("%", "")) == text.replace("%", "")


def test_nothing_is_held_back_but_what_may_be_a_count() -> None:
    assert [*drop_counts(["d8|", "d8", "|", " %", "8", "\nf", "8|", "%", "f", "\nd|%2"])] == [
        "d8|", "d8", "|", "\nf", "8|", "%f", "\nd|",
    ]  # fmt: skip


# -- what a model may write --------------------------------------------------------------------------------


def test_the_true_number_may_stand_at_the_end_of_a_line() -> None:
    guide = BarGuide(HEADER, 14)
    assert all(offer(guide, sign) for sign in "A2|d8|d4 f4")
    assert not offer(guide, "%")  # within a bar
    assert offer(guide, "|")
    assert not offer(copy(guide), "%2")
    assert not offer(copy(guide), "%13\n")
    assert not offer(copy(guide), "%1\n")
    assert offer(guide, "%")
    for wrong in ("2", "3", " ", "\n", "d", "%", "|", "13"):
        assert not offer(guide, wrong)
    assert offer(guide, "1")
    assert not guide.is_safe
    for wrong in ("1", " ", "\n", "d", "%", "|", "23"):
        assert not offer(guide, wrong)
    assert offer(guide, "2")
    for wrong in ("0", " ", "d", "%", "|"):
        assert not offer(guide, wrong)
    assert offer(guide, "\n")
    assert offer(guide, "a8")


@pytest.mark.parametrize("guide", [TuneGuide(HEADER), TuneGuide()])
def test_where_no_total_is_known_any_number_will_do(guide: TuneGuide) -> None:
    assert guide.text or offer(guide, f"{HEADER[:-1]}%12\n")
    assert offer(guide, "d8|d8|")
    assert offer(guide, "%")
    assert not guide.may_end
    assert guide.ending() is None
    assert not offer(guide, "\n")
    assert offer(guide, "10")
    assert guide.may_end
    assert (guide.ending(), offer(guide, "\n")) == ("", True)


def test_a_pickup_on_a_line_of_its_own_counts_for_nothing() -> None:
    guide = BarGuide(HEADER, 8)
    said = ("A2|", "%8\n", "|:", "d8|d8|d8|d8|", "%4\n", "d8|d8|d8|", "d6", ":|")
    assert [
        part for part in said if not all(offer(guide, sign) for sign in re.findall(r"[|:]+|%\d+|(?s:.)", part))
    ] == []
    assert guide.is_finished


def test_in_free_metre_all_bars_count() -> None:
    guide = BarGuide("X:1\nM:none\nL:1/8\nK:D\n", 8)
    assert offer(guide, "A2|d8 d|a3|%")
    assert not offer(guide, "6")
    assert offer(guide, "5\n")


@pytest.mark.parametrize("words", ["w:la la 50%3\n", "N:|%7\n"])
def test_words_between_the_lines_are_no_counts(words: str) -> None:
    guide = TuneGuide(HEADER)
    assert offer(guide, "d4 f4|\n")
    assert offer(guide, words)


def test_real_tunes_are_counted_as_they_are_read(root: Path) -> None:
    """A tune with its counts goes through, sign by sign, and comes out as it was."""
    text = (root / "data" / "ryans_mammoth" / "tunes.abc").read_text("utf-8")
    accepted = 0
    for tune in text.split("\n\n")[1:40]:
        said = f"{count_aloud(tune.strip())}\n"
        assert dropped(said) == f"{tune.strip()}\n"
        if "[|]" not in said and goes_through(dropped(said)):  # which adds an empty bar at the end of a tune
            assert goes_through(said), said
            accepted += said.count("|%") + said.count("]%")
    assert accepted > 50


def goes_through(text: str) -> bool:
    guide = TuneGuide()
    guide.total = count_bars(parse(text).tunes[0])
    return all(offer(guide, piece) for piece in re.findall(r"[|:\]]+|(?s:.)", text)) and guide.may_end


def test_the_tune_of_the_examples_is_counted_so() -> None:
    assert count_aloud(TUNE) == COUNTED


# -- from the model to people ------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_model_that_counts_is_held_to_the_truth(tmp_path: Path, seed: int) -> None:
    """It knows no numbers, only that some stand after a bar line: what it says of them is true all the same."""
    pytest.importorskip("sentencepiece")
    path = tmp_path / "tokenizer.model"
    path.write_bytes(vocabulary())
    tokeniser = Tokeniser(path)
    lines = "".join(f"d2 f2 a4|f4 d4|d2 e2 f2 g2|a8|%{count}\n" for count in range(30, 0, -1))
    engine = CountingEngine(tokeniser, [lines] * 3)
    header = "X:1\nM:4/4\nL:1/8\nK:D\n"
    task = Task(tokeniser.encode(header), BarGuide(header, 24), Sampling(), np.random.default_rng(seed))
    text = header
    for _, piece in write_all(engine, tokeniser, [task]):  # type: ignore[arg-type]
        text += piece
        assert not re.search(r"%\d*\Z", text) or dropped(text) != text
    assert "%" in text
    assert count_bars(parse(text).tunes[0]) == 24
    for line, true in zip(text.splitlines(), count_aloud(dropped(text)).splitlines(), strict=True):
        assert line in (true, dropped(true))


def test_the_neural_composer_keeps_its_counts_to_itself(tmp_path: Path) -> None:
    pytest.importorskip("sentencepiece")
    pytest.importorskip("onnxruntime")
    backend = NeuralBackend(str(write_model(tmp_path / "tiny")))
    asked = Conversation((Message("user", "Say it"),))
    begun = HEADER + "d8|" * 8
    held = "".join(backend.write_held(asked, Echo(begun, "%8\n|:a8|%7\nf8|%6"), Sampling()))
    assert held == "\n|:a8|\nf8|"
    assert "%" not in "".join(backend.compose(Request.for_rhythm("reel"), Sampling(seed=1)))


class Echo(Guide):
    """Lets through nothing but a text."""

    def __init__(self, begun: str, wanted: str) -> None:
        super().__init__(begun)
        self.wanted = begun + wanted

    @property
    def is_finished(self) -> bool:
        return self.text == self.wanted

    @property
    def may_end(self) -> bool:
        return self.is_finished

    def _take(self, added: str, unfinished: bool) -> bool:
        return not unfinished and self.wanted.startswith(self.text + added)
