"""Bar arithmetic: which bars are too long, too short, or completed by another."""

from __future__ import annotations

import pytest

from abcllm.notation import check

from .reading import codes, read

EXACT = [
    "C D E F|G4|]",
    # pickups
    "C|D E F G|A B c2|]",
    "C|D E F G|A B c|]",
    "|:C|D E F G|A B c:|",
    "C|:D E F G|A B c2:|",
    # a section's last bar and the pickup of the next
    "|:C|D E F G|A B c:|:d|e d c B|A G F:|",
    "|:C|D E F G|A B c:|d|e d c B|A G F|]",
    # endings that complete the pickup
    "|:C|D E F G|1 A B c:|2 A4|]",
    "|:C D E F|1 G4:|2 A4|]",
    "|:C|D E F G|A2 [1 B:|[2 B2|]",
    # bars split at a seam
    "C D E F|G2:|:A2|B4:|",
    "C D||E F|G4|]",
    "C D E F|G2||A2|B4|]",
    # rests of whole bars, changed and free metres, overlays
    "C4|Z2|D4|]",
    "C4|[M:3/4]C3|D3|[M:2/4]E2|]",
    "C4|\nM:3/4\nC3|D3|]",
    "[M:none]C|D2 E F G A|B|]",
    "C4 & E2 G2|C4|]",
    # dotted lines divide no bar; the length of chords is that of their first note
    "C D.|E F|G4|]",
    "[C2E4] D2|G4|]",
    "{cde}C4|C{c}C C C|]",
    "(3CDE F2|(5:4:5C/D/E/F/G/ A2|]",
]

FAULTY = [
    (
        "C D E F G|A4|B4|]",
        "R201",
        1,
        "bar 1 lasts 5/4 but the metre is 4/4",
        "remove 1/4 from it, or write [M:5/4] before it",
    ),
    ("C4|C D E|A4|]", "R202", 2, "bar 2 lasts 3/4 but the metre is 4/4", "add 1/4 to it, or write [M:3/4] before it"),
    (
        "C4|C D E|A4|B4|]",
        "R202",
        2,
        "bar 2 lasts 3/4 but the metre is 4/4",
        "add 1/4 to it, or write [M:3/4] before it",
    ),
    (
        "C|C4|C D E F/|A4|]",
        "R202",
        2,
        "bar 2 lasts 7/8 but the metre is 4/4",
        "add 1/8 to it, or write [M:7/8] before it",
    ),
    (
        "C|D4|E6|F3|]",
        "R201",
        2,
        "bar 2 lasts 6/4 but the metre is 4/4",
        "remove 2/4 from it, or write [M:6/4] before it",
    ),
    ("C D E F|C D E|]", "R203", 2, "bar 2 lasts 3/4 and no pickup completes it to 4/4", "add 1/4 to it"),
    ("|:C D E F|G3:|:C D E F|G4:|", "R203", 2, "bar 2 lasts 3/4 and no pickup completes it to 4/4", "add 1/4 to it"),
]


@pytest.mark.parametrize("body", EXACT)
def test_bars_that_are_right(body: str) -> None:
    assert codes(body + "\n") == []


@pytest.mark.parametrize(("body", "code", "bar", "message", "hint"), FAULTY)
def test_bars_that_are_wrong(body: str, code: str, bar: int, message: str, hint: str) -> None:
    (fault,) = read(body + "\n").diagnostics
    assert (fault.code, fault.bar, fault.message, fault.hint) == (code, bar, message, hint)


def test_the_place_is_the_whole_bar() -> None:
    book = read("C D E F|G A B c d|e4|]\n")
    (fault,) = book.diagnostics
    assert book.source.slice(fault.span).strip() == "G A B c d"
    assert fault.render(book.source).splitlines() == [
        "<text>:6:9: error R201: bar 2 lasts 5/4 but the metre is 4/4",
        "    C D E F|G A B c d|e4|]",
        "            ^^^^^^^^^",
        "    hint: remove 1/4 from it, or write [M:5/4] before it",
    ]


def test_every_wrong_bar_is_said_once_and_none_for_its_neighbours() -> None:
    assert codes("C5|D3|E4|F5|G4|]\n") == ["R201", "R202", "R201"]


def test_a_bar_that_cannot_be_read_is_not_measured() -> None:
    assert codes("C D E F|C ? E F G A|C4|]\n") == ["N201"]
    assert codes("C D E F|C [D E F|C4|]\n") == ["N202"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("V:1\nC4|D4|]\nV:2\nC4|]\n", "voice 2 is 4/4 shorter than voice 1"),
        ("V:1\nC4|]\nV:2\nZ3|]\n", "voice 1 is 8/4 shorter than voice 2"),
    ],
)
def test_voices_last_equally_long(body: str, message: str) -> None:
    (fault,) = read(body).diagnostics
    assert (fault.code, fault.message) == ("V401", message)


def test_each_voice_is_counted_by_itself() -> None:
    (fault,) = read("V:1\nC4|D4|]\nV:2\nC4|D5|]\n").diagnostics
    assert (fault.code, fault.voice, fault.bar) == ("R201", "2", 2)


def test_a_short_overlay() -> None:
    assert codes("C4 & E2|D4|]\n") == ["R206"]


@pytest.mark.parametrize(
    "tune",
    ["X:1\nL:1/8\nM:6/8\nK:D\nA|d2f afd|B2d AFA|d3 d2:|\n", "X:1\nL:1/16\nM:9/8\nK:D\n(3ABA A4 A6 A4 A2|A18|]\n"],
)
def test_compound_metres(tune: str) -> None:
    assert check(tune) == ()
