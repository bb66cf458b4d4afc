"""Any text at all is read: no exception, bounded time, bounded memory."""

from __future__ import annotations

import gc
import random
import time
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm.notation import Tune, check, parse, transpose, unfold, write

from ..strategies import broken_texts, tune_texts
from .reading import HEADER

abc_like = st.text(alphabet="ABCdefgzxyZXTKMLQVPwWsm:|[](){}\"!><-^_=,'/0123 .~\\%&+$\n\t\x00é", max_size=120)

LINES = (
    "C D E F|",
    "V:1",
    "V:2 clef=bass",
    "[V:2]",
    "w:a b",
    "W:x",
    "K:G",
    "[K:D]C",
    "|:C:|",
    "% r",
    "%%MIDI program 1",
    "%%begintext",
    "%%endtext",
    "P:A",
    "T:x",
    "M:3/4",
    "L:1/16",
    "[L:1/4]",
    "+:more",
    "|1 A:|2 B|]",
    "C4 & E4|",
    "(3CDE",
    "A>B",
    "C-",
    "{cd}",
    "(C",
    "D)",
    "s:!f!",
    "U:T=!f!",
    "m:~G=GFG",
    "~G",
    "I:linebreak $",
    "$",
    "\\",
    "C \\",
    "!",
    "C!",
    "Q:120",
    "X:2",
    "y",
    "(Z4)|",
    "[|",
    "|]",
    ":|",
    "::",
    '"Am"',
    "[CEG]2-",
    "r:x",
    "[N:x]",
    "&X",
    "?",
)
lines_in_any_order = st.lists(st.sampled_from(LINES), max_size=14).map(lambda lines: "X:1\nK:C\n" + "\n".join(lines))


def read_and_write(text: str) -> None:
    for tune in parse(text).tunes:
        canonical = write(tune)
        assert parse(canonical).tunes == (tune,)


@given(st.text(max_size=120) | abc_like | abc_like.map(lambda body: HEADER + body))
def test_any_text_is_read(text: str) -> None:
    check(text)
    read_and_write(text)


@given(lines_in_any_order, st.integers(-12, 12))
def test_lines_in_any_order_are_read(text: str, semitones: int) -> None:
    check(text)
    read_and_write(text)
    for tune in parse(text).tunes:
        for changed in (transpose(tune, semitones), unfold(tune)):
            assert parse(write(changed)).tunes == (changed,)


@given(broken_texts(), st.integers(-12, 12))
def test_tunes_with_faults_can_still_be_transformed(text: str, semitones: int) -> None:
    for tune in parse(text).tunes:
        for changed in (transpose(tune, semitones), unfold(tune)):
            assert isinstance(changed, Tune)
            assert parse(write(changed)).tunes == (changed,)


@given(tune_texts(), st.data())
def test_a_tune_may_break_off_anywhere(text: str, data: st.DataObject) -> None:
    check(text[: data.draw(st.integers(0, len(text)))])


ABSURD = [
    "C99999999999",
    "C/99999999999",
    "C99999999999/99999999999",
    "C" + "/" * 10_000,
    "C" + "," * 10_000,
    "c" + "'" * 10_000,
    "Z99999999999",
    "(99999999999C",
    "(3:99999999999:9C",
    "(3:0:0CDE",
    "(0C",
    ">" * 10_000,
    "C" + ">" * 10_000 + "D",
    "[1-99999999999 C",
    "[0C",
    "|" + "1," * 5_000,
    ":" * 10_000,
    "|" * 10_000,
    "^" * 10_000 + "C",
    "{" * 10_000,
    "[" * 10_000,
    "(" * 10_000 + "C",
    "(" * 5_000 + "C" + ")" * 5_000,
    '"' * 9_999,
    "!" * 9_999,
    "[K:" * 5_000,
    "&" * 10_000,
    "-" * 10_000,
    "\x00" * 1_000,
    "\\" * 10_000,
    "[C" * 5_000,
    "{C" * 5_000,
    "$" * 10_000,
    "[V:" + "x" * 10_000 + "]C",
    "C" * 10_000 + "\nw:" + "a-" * 20_000,
    "[K:C" + "^f" * 5_000 + "]",
    "[M:" + "9+" * 5_000 + "9/8]",
    "[Q:" + "1/4 " * 5_000 + "=9]",
    "[L:1/" + "9" * 5_000 + "]",
    "P:" + "(" * 5_000,
]


@pytest.mark.parametrize("body", ABSURD, ids=lambda body: body[:12].replace("\x00", "NUL"))
def test_absurd_music(body: str) -> None:
    start = time.process_time()
    found = check(HEADER + body + "|]\n")
    assert time.process_time() - start < 5
    assert len(found) < 25_000
    read_and_write(HEADER + body + "|]\n")


@pytest.mark.parametrize(
    "line",
    [
        "M:0/0",
        "M:1/0",
        "M:99999999999/4",
        "M:" + "(" * 9_999,
        "L:1/0",
        "L:0",
        "L:9/0",
        "L:" + "9" * 9_999,
        "Q:1/0=0",
        "Q:" + "9" * 9_999,
        "K:" + "#" * 9_999,
        "K:C" + " clef=" * 999,
        "K:C octave=99999999999",
        "V:" + "x" * 99_999,
        "V:1 " + "a=b " * 5_000,
        "U:" + "=" * 9_999,
        "P:A999999(B999999)999999",
        "P:" + "(A2)2" * 5_000,
        "X:" + "9" * 9_999,
        "m:" + "n" * 999 + "=" + "n" * 9_999,
        "%%" + "begin" * 999,
        "I:linebreak " + "x" * 999,
    ],
    ids=lambda line: line[:12],
)
def test_absurd_headers(line: str) -> None:
    text = f"X:1\nT:t\n{line}\nK:C\nC D E F|]\n"
    assert len(check(text)) < 50
    read_and_write(text)


def test_far_too_many_voices() -> None:
    lines = "".join(f"V:{number}\nC\n" for number in range(20_000))
    found = check("X:1\nM:1/4\nL:1/4\nK:C\n" + lines)
    assert sum(diagnostic.code == "V403" for diagnostic in found) == 1
    (tune,) = parse("X:1\nM:1/4\nL:1/4\nK:C\n" + lines).tunes
    assert len(tune.voices) <= 256


LARGE: dict[str, Callable[[int], str]] = {
    "one line of music": lambda size: HEADER + "CDEF|" * size + "]\n",
    "one line of chords": lambda size: HEADER + "[CEG]4|" * size + "]\n",
    "one line of words": lambda size: HEADER + "C4|" * size + "\nw:" + "la " * size + "\n",
    "many lines of music": lambda size: HEADER + "C4|\n" * size,
    "many lines of words": lambda size: HEADER + "C4|\n" + "w:la\n" * size,
    "words under a long line": lambda size: HEADER + "C4|" * size + "\n" + "w:la\n" * size,
    "bar signs under a long line": lambda size: HEADER + "C4|" * size + "\n" + "w:|*|\n" * size,
    "symbols under a long line": lambda size: HEADER + "C4|" * size + "\n" + "s:!f!\n" * size,
    "words under the first of many lines": lambda size: HEADER + "C4|\\\nw:la\n" * size + "C4|]\n",
    "words of another voice": lambda size: HEADER + "V:1\n" + "C4|" * size + "\n" + "V:2\nC4|\nV:1\nw:la\n" * size,
    "verses of which the last has words": (
        lambda size: HEADER + "C4|" * size + "\n" + "w:\n" * size + "w:" + "la " * size + "\n"
    ),
    "many tunes": lambda size: (HEADER + "C4|]\n\n") * size,
    "many tunes without a gap": lambda size: (HEADER + "C4|]\n") * size,
    "free text": lambda size: "Some words, and no tune.\n" * size,
    "a text block": lambda size: HEADER + "C4|]\n%%begintext\n" + "words\n" * size + "%%endtext\n",
    "an open text block": lambda size: HEADER + "C4|]\n%%begintext\n" + "words\n" * size,
    "continued lines": lambda size: HEADER + "C4|\\\n" * size + "C4|]\n",
    "continued fields": lambda size: "X:1\nN:a\n" + "+:b\n" * (size // 8) + "K:C\nC4|]\n",
    "ties": lambda size: HEADER + "C4-|" * size + "C4|]\n",
    "slurs": lambda size: HEADER + "(" * size + "C4" + ")" * size + "|]\n",
    "overlays": lambda size: HEADER + "C4" + "&C4" * size + "|]\n",
    "bad bars": lambda size: HEADER + "C3|" * size + "]\n",
    "strays": lambda size: HEADER + "C?" * size + "|]\n",
    "fields in the music": lambda size: HEADER + "[K:G]C4|" * size + "]\n",
    "symbols": lambda size: HEADER + '!f!"Am""^x"C4|' * size + "]\n",
    "words for chords": lambda size: HEADER + "".join(f'"word {number}"C4|' for number in range(size // 4)) + "]\n",
    "remarks": lambda size: HEADER + "C4|% remark\n" * size,
    "macros": lambda size: "X:1\nL:1/4\nM:4/4\nm:~G=GFG\nK:C\n" + "~G C|" * (size // 4) + "]\n",
    "grace notes": lambda size: HEADER + "{" + "c" * size + "}C4|]\n",
    "header fields": lambda size: "X:1\n" + "N:note\n" * size + "K:C\nC4|]\n",
}


@pytest.mark.parametrize("make", LARGE.values(), ids=LARGE.keys())
def test_time_is_linear_in_the_text(make: Callable[[int], str]) -> None:
    """Eight times the text may take eight times as long, with room for a busy machine, but not sixty-four."""

    def seconds(size: int) -> float:
        text = make(size)
        gc.collect()
        gc.disable()  # collecting what other tests left behind would be measured too
        try:
            start = time.process_time()
            check(text)
            return time.process_time() - start
        finally:
            gc.enable()

    seconds(100)
    small, large = min(seconds(1_000), seconds(1_000)), min(seconds(8_000), seconds(8_000))
    assert large < 0.15 + 24 * small, f"{small:.3f} s, then {large:.3f} s for eight times the text"


def test_a_line_of_a_megabyte_in_bounded_memory() -> None:
    text = HEADER + "C D E F|" * 125_000 + "\n"
    assert len(text) > 1_000_000
    tracemalloc.start()
    try:
        found = check(HEADER + "C D E F|" * 4_000 + "\n")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found == ()
    assert peak < 20_000_000
    start = time.process_time()
    assert check(text) == ()
    assert time.process_time() - start < 30


def test_ten_thousand_brackets_in_every_mixture() -> None:
    chance = random.Random(1)
    for _ in range(20):
        body = "".join(chance.choices('[]{}()"!|:CE', k=10_000))
        start = time.process_time()
        check(HEADER + body + "\n")
        assert time.process_time() - start < 10


def test_more_voices_than_are_read_are_reported() -> None:
    text = "X:1\nM:4/4\nL:1/4\n" + "".join(f"V:{number}\n" for number in range(1, 400)) + "K:C\n[V:1]C4|]\n"
    book = parse(text)
    assert "V403" in {one.code for one in book.diagnostics}
    assert parse(write(book.tunes[0])).tunes == book.tunes
