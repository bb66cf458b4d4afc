"""The exception tree is the one that its docstring draws, and exceptions survive the way between processes."""

from __future__ import annotations

import inspect
import pickle
import re

import pytest

from abcllm import errors
from abcllm.notation import parse


def drawn() -> dict[str, str]:
    """Class -> parent, read from the picture in the docstring."""
    parents: dict[str, str] = {}
    column_of: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"(    [│ ├└─]*)([A-Z]\w+)", line)
        if not found:
            continue
        column, name = len(found[1]), found[2]
        while column_of and column_of[-1][0] >= column:
            column_of.pop()
        parents[name] = column_of[-1][1] if column_of else "Exception"
        column_of.append((column, name))
    return parents


def test_the_picture_is_the_tree() -> None:
    defined = {
        name: thing.__base__.__name__
        for name, thing in vars(errors).items()
        if inspect.isclass(thing) and issubclass(thing, errors.AbcllmError) and thing.__base__ is not None
    }
    assert drawn() == defined
    assert sorted(defined) == errors.__all__


@pytest.mark.parametrize(
    "fault",
    [
        errors.UnknownName("format", "mdi", ["midi", "svg"]),
        errors.FormatError("too high", format="midi", lost=["the flute"]),
        errors.ConfigError(["a.toml:1: no task", "a.toml:2: no source"]),
        errors.DataError("no abc", source="tunes.jsonl", row=3),
        errors.MissingExtra("install it", program="aplay"),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_exceptions_travel_between_processes(fault: errors.AbcllmError) -> None:
    copy = pickle.loads(pickle.dumps(fault))
    assert str(copy) == str(fault)
    assert type(copy) is type(fault)


def test_a_notation_error_shows_the_first_error() -> None:
    book = parse("X:1\nT:t\nM:4/4\nL:1/4\nK:H\nC D E F|]\n", name="t.abc")
    with pytest.raises(errors.NotationError, match=r"t\.abc:5:\d+: error H104") as caught:
        book.raise_for_errors()
    assert caught.value.diagnostics == book.diagnostics
