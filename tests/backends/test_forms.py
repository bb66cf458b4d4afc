"""Tunes of a form that control codes ask for: sections and bars as the authors of the codes count them."""

from __future__ import annotations

from copy import copy
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abcllm.analysis.control_codes import irishman_codes
from abcllm.backends import Sampling
from abcllm.backends.counts import drop_counts
from abcllm.backends.forms import FormGuide, read_form
from abcllm.backends.guiding import Guide
from abcllm.backends.neural import NeuralBackend
from abcllm.backends.writing import Task, write_all
from abcllm.conversation import Conversation, Message
from abcllm.models.tokeniser import Tokeniser
from abcllm.notation import check
from tests.tiny_models import CountingEngine, vocabulary, write_model

HEADER = "\nT:t\nM:4/4\nL:1/8\nK:D\n"
FORMS = st.lists(st.integers(1, 5), min_size=1, max_size=5).map(tuple)


def faults(text: str) -> list[str]:
    return [fault.code for fault in check(text) if str(fault.severity) == "error" or fault.code == "R203"]


def offer(guide: Guide, text: str) -> bool:
    return guide.offer(text.encode())


def begun(*form: int) -> FormGuide:
    guide = FormGuide(form)
    assert offer(guide, HEADER)
    return guide


def takes(guide: FormGuide, *pieces: str) -> bool:
    return all(offer(guide, piece) for piece in pieces)


def form_of(text: str) -> tuple[int, ...]:
    codes = irishman_codes(text)
    assert codes is not None
    return codes.bars


# -- what is asked -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("S:2\nB:9\nE:4\nB:9\n请按此结构作曲", (9, 9)),
        ("A tune, please:\nS:1\nB:32", (32,)),
        ("a 16-bar jig in D", None),
        ("S:2\nB:9\n", None),  # not whole
        ("S:1\nB:33", None),  # the authors of the codes have no such tunes
        ("S:1\nB:0", None),
        ("S:9\n" + "".join("E:1\n" * at + "B:4\n" for at in range(9)), None),
        ("What is this?\nX:1\nS:1\nB:2\nM:4/4\nK:D\nd8|a8|]", None),  # codes of a tune that is shown
    ],
)
def test_a_form_is_read_from_whole_codes(text: str, form: tuple[int, ...] | None) -> None:
    assert read_form(text) == form


# -- what may stand ----------------------------------------------------------------------------------------


def test_sections_are_closed_where_they_have_their_bars_and_only_there() -> None:
    guide = begun(3, 2)
    assert takes(guide, "|:", "A2", "|", "d8")  # a pickup is a bar
    assert not offer(guide, ":|")
    assert takes(guide, "|", "d4 f2")
    assert not offer(guide, "|")
    assert not offer(guide, "|]")  # a repeat is closed
    assert takes(guide, ":|", "\n", "d8", "|", "d8")
    assert guide.may_end
    assert guide.ending() == "|]\n"
    assert not offer(guide, "|")
    assert offer(guide, "||")
    assert guide.is_finished
    assert not offer(guide, "\n|:")
    assert form_of(guide.text) == (3, 2)


def test_a_single_bar_between_two_sections_is_the_repeat_that_opens() -> None:
    guide = begun(2, 1, 2)
    assert takes(guide, "d8", "|", "d8", ":|")
    for more in ("d8", "|", "||", "z", "::", "|:", "[K:G]"):  # on the same line, the sign would be no section
        assert not offer(copy(guide), more)
    assert takes(copy(guide), "%", "2", "\n", "|:", "d8", "|", "d8", ":|")
    assert takes(guide, "\n", "|:")
    assert not offer(guide, "|:")
    assert takes(guide, "d8", "|", "d8")
    assert not offer(guide, "|]")
    assert offer(guide, ":|")
    assert form_of(guide.text) == (2, 1, 2)


def test_a_single_bar_is_a_bar_at_either_end() -> None:
    guide = begun(1, 2, 1)
    assert takes(guide, "A2", "|:", "d8", "|", "d6", ":|", "\n")
    assert not offer(guide, "|]")  # there is no bar in it
    assert not offer(guide, "||")
    assert takes(guide, "a8", "|]")
    assert form_of(guide.text) == (1, 2, 1)


def test_a_repeat_on_both_sides_is_not_between_single_bars() -> None:
    assert takes(begun(1, 1), "d8", "::", "d8", ":|")
    guide = begun(1, 1, 1)
    assert offer(guide, "d8")
    assert not offer(guide, "::")
    assert takes(guide, ":|", "\n|:", "d8", ":|")


@pytest.mark.parametrize("more", ["|1", "|[2", "[1", "\n\n", "[K:G]", "\nV:2", "\nw:la", '"two|bars"', "%3"])
def test_what_would_disturb_the_count_is_refused(more: str) -> None:
    guide = begun(4, 4)
    assert takes(guide, "d8", "|", "d4")
    assert not offer(guide, more)


@pytest.mark.parametrize("line", ["\nV:1", "\n% a remark"])
def test_the_header_has_fields_of_one_voice_alone(line: str) -> None:
    assert not offer(FormGuide((2,)), line)


def test_bars_that_are_counted_aloud_are_no_music() -> None:
    guide = begun(2, 1, 2)
    assert takes(guide, "d8", "|", "%", "1", "\n", "d8", ":|", "%", "2", "\n", "|:", "a8", "|", "%3\n", "a8", ":|")
    assert guide.is_finished


# -- laws --------------------------------------------------------------------------------------------------

PIECES = (
    *["d8", "|"] * 4,
    *("d8", "d2", "d4", "f4", "a", "2", "(", ")", "-", ">", "(3", "z", " ", "\n", "~", '"G"', "{g}", "X"),
    *("|", ":", ":|", "|]", "|:", "||", "::", "|1", "[1", "\n|:", "%", "1", "\n%", "\nV:2"),
)


@settings(max_examples=150, deadline=None)
@given(FORMS, st.lists(st.sampled_from(PIECES), max_size=60))
def test_from_every_safe_place_the_form_is_filled(form: tuple[int, ...], pieces: list[str]) -> None:
    guide = begun(*form)
    taken = []
    for piece in ("d8", *pieces):
        taken += [piece] * offer(guide, piece)
        if guide.is_safe:
            ending = copy(guide).ending()
            assert ending is not None
            said = "".join(drop_counts([guide.text, ending]))
            assert form_of(said) == form
            assert not faults(said)
            assert copy(guide).ending() == ending
        if guide.is_finished:
            break
    fresh = begun(*form)
    assert takes(fresh, *taken)  # what was refused has left no trace
    assert (fresh.text, fresh.is_safe, fresh.may_end) == (guide.text, guide.is_safe, guide.may_end)


@pytest.mark.parametrize("said", ["", "\nT:t", HEADER])
@pytest.mark.parametrize("form", [(1,), (9, 1, 9), (1, 8, 8, 1), (32,) * 8])
def test_a_tune_that_is_not_begun_is_ended_too(said: str, form: tuple[int, ...]) -> None:
    guide = FormGuide(form)
    guide.is_plain = True
    assert not said or offer(guide, said)
    text = guide.text + (guide.ending() or "")
    assert form_of(text) == form
    assert not faults(text)


def test_what_counts_write_has_the_form_that_was_asked(root: Path, tmp_path: Path) -> None:
    """A model that knows three pieces and no form keeps to one, whatever it would rather say."""
    pytest.importorskip("sentencepiece")
    path = tmp_path / "tokenizer.model"
    path.write_bytes(vocabulary())
    tokeniser = Tokeniser(path)
    text = (root / "data" / "ryans_mammoth" / "tunes.abc").read_text("utf-8")
    engine = CountingEngine(tokeniser, [tune.strip() for tune in text.split("\n\n") if "\nK:" in tune][:100])
    forms = [(8, 8), (9, 1, 9), (1, 4, 4), (2, 1, 1, 3)]
    tasks = [
        Task(tokeniser.encode("X:1"), FormGuide(form), Sampling(max_tokens=600), np.random.default_rng(0))
        for form in forms
    ]
    said = {task: task.guide.text for task in tasks}
    for task, piece in write_all(engine, tokeniser, tasks, 3):  # type: ignore[arg-type]
        said[task] += piece
    assert [form_of(said[task]) for task in tasks] == forms
    assert not any(faults(said[task]) for task in tasks)


def test_codes_in_a_message_are_kept(tmp_path: Path) -> None:
    pytest.importorskip("sentencepiece")
    pytest.importorskip("onnxruntime")
    backend = NeuralBackend(str(write_model(tmp_path / "tiny")))
    asked = Conversation((Message("user", "S:3\nB:3\nE:0\nB:1\nE:5\nE:0\nB:3\nCompose a tune with these codes."),))
    text = "".join(backend.generate(asked, Sampling(seed=2, max_tokens=300)))
    assert form_of(text) == (3, 1, 3)
    assert not faults(text)
    unguided = "".join(backend.generate(asked, Sampling(seed=2, max_tokens=30, guided=False)))
    assert not unguided.startswith("X:1")
