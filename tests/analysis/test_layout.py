"""An even layout changes how a tune is written, never what is heard."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from abcllm.analysis.layout import lay_out
from abcllm.analysis.sections import count_bars
from abcllm.notation import Severity, Tune, parse, write

DATA = Path(__file__).resolve().parents[2] / "data"
HEAD = "X:1\nM:4/4\nL:1/8\nK:C\n"


def laid_out(music: str, head: str = HEAD) -> str:
    return write(lay_out(parse(head + music + "\n").tunes[0]))


@pytest.mark.parametrize(
    ("music", "wanted"),
    [
        ("C8|D8|E8|F8|\nG8|]", "C8|D8|E8|F8|G8|]"),  # no bar stands alone
        ("C8|D8|E8|F8|G8|\nA8|]", "C8|D8|E8|F8|\nG8|A8|]"),
        ("G2|C8|D8|\nE8|F8|G8|A6:|", "G2|C8|D8|E8|F8|\nG8|A6:|"),
        ("C8|D4\nE4|F8|G8", "C8|D4 E4|F8|G8|]"),
        ("C8|D8|1 E8:|2 F8||G8|]", "C8|D8|[1 E8:|[2 F8||\nG8|]"),
        ("C8|D8||E8|F8|]", "C8|D8||\nE8|F8|]"),
        ("C8|D8|\\\nP:B\nE8|]", "C8|D8|\nP:B\nE8|]"),
        ("C D E F G A B c|]", "CDEF GABc|]"),
        ("CD E/F/GABcd|]", "CD E/F/G ABcd|]"),
        ("(3CDE FGABcd|]", "(3CDE FG ABcd|]"),
        ("{c}C2 {de}D2 .E.F !trill!G2|]", "{c}C2{de}D2 .E.FTG2|]"),
        ("C2>D2 E4 & C8|]", "C2>D2 E4&C8|]"),
        ("C4 D4|[M:6/8] EFGABc|]", "C4 D4|[M:6/8] EFG ABc|]"),
    ],
)
def test_lines_and_spaces_are_even(music: str, wanted: str) -> None:
    assert laid_out(music) == f"{HEAD}{wanted}\n"


def test_the_header_has_one_order_and_one_unit() -> None:
    head = "X:1\nL:1/16\nR:jig\nQ:3/8=100\nM:6/8\nT:A tune\nK:D\n"
    assert laid_out("d4A2 F4A2|]", head) == "X:1\nT:A tune\nR:jig\nM:6/8\nL:1/8\nQ:3/8=100\nK:D\nd2A F2A|]\n"


def test_another_unit_and_width() -> None:
    tune = parse(HEAD + "C8|D8|E8|F8|]\n").tunes[0]
    narrow = lay_out(tune, bars_per_line=2, unit_length=Fraction(1, 4))
    assert write(narrow) == "X:1\nM:4/4\nL:1/4\nK:C\nC4|D4|\nE4|F4|]\n"


def test_free_metre_and_voices() -> None:
    assert laid_out("C D E|F G|]", "X:1\nM:none\nL:1/4\nK:C\n").splitlines()[-1] == "C2 D2 E2|F2 G2|]"
    two = laid_out("V:1\nC8|D8|\nE8|F8|\nG8|A8|]\nV:2\nC8|D8|E8|F8|G8|A8|]")
    assert two.splitlines()[-4:] == ["[V:1]C8|D8|E8|F8|", "[V:2]C8|D8|E8|F8|", "[V:1]G8|A8|]", "[V:2]G8|A8|]"]


def heard(tune: Tune) -> list[object]:
    return [
        (type(item), getattr(item, "pitch", None), item.duration, getattr(item, "tie", ""))
        for voice in tune.voices
        for bar in voice.bars
        for items in (bar.items, *bar.overlays)
        for item in items
        if hasattr(item, "duration")
    ]


@pytest.mark.parametrize("path", sorted(DATA.rglob("*.abc")), ids=lambda path: path.stem)
def test_the_music_stays_and_a_second_time_changes_nothing(path: Path) -> None:
    for tune in parse(path.read_text(encoding="utf-8")).tunes[:40]:
        even = lay_out(tune)
        assert heard(even) == heard(tune)
        assert count_bars(even) == count_bars(tune)
        errors = [one.code for one in parse(write(tune)).diagnostics if one.severity is Severity.ERROR]
        assert [one.code for one in parse(write(even)).diagnostics if one.severity is Severity.ERROR] == errors
        assert lay_out(even) == even
